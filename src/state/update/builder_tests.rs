//! Edits of the network as tables.

use super::tests::{ended, epoch, facts, load, loaded};
use super::update;
use crate::network::NetworkSummary;
use crate::state::{
    BuilderMessage, Edit, EpochTime, Lab, LayerWeights, LineInput, Message, Notice, Overlay,
    PaneId, Side,
};
use crate::training::{BUILT_IN, Pace, Preset};
use crate::worker::{Command, Event, OpenedRun, Outcome, OwnPreset, RunFacts, SaveRequest};

fn start() -> Lab {
    Lab::new(None, Preset::open("fashion-conv1").unwrap(), None).0
}

fn build(lab: &mut Lab, message: BuilderMessage) -> Vec<Command> {
    let commands = update(lab, Message::Builder(message));
    assert_eq!(
        lab.summary,
        NetworkSummary::new(&lab.preset.network()),
        "the table is the network's own"
    );
    commands
}

fn names(lab: &Lab) -> Vec<&str> {
    let layers = lab.preset.layers.iter();
    layers.map(|layer| layer.kind().name).collect()
}

fn said(lab: &Lab) -> (Notice, &str) {
    let status = lab.status.as_ref().unwrap();
    (status.notice, &status.text)
}

/// Adds a layer with the settings that its form opens with.
fn add(lab: &mut Lab, name: &str, side: Side) {
    build(lab, BuilderMessage::Palette(side));
    let layers = crate::layers::LAYERS;
    let position = layers.iter().position(|kind| kind.name == name).unwrap();
    build(lab, BuilderMessage::Take(position));
    if lab.overlay.is_some() {
        update(lab, Message::Accept);
    }
}

#[test]
fn layers_go_beside_the_cursor_and_edits_are_undone() {
    let mut lab = start();
    let before = names(&lab).len();
    let original = lab.preset.clone();
    type Step = (fn(&mut Lab), usize, isize);
    let steps: [Step; 7] = [
        (|lab| add(lab, "relu", Side::Before), 0, 1),
        (|lab| add(lab, "dropout", Side::After), 1, 1),
        (|lab| drop(build(lab, BuilderMessage::MoveDown)), 2, 0),
        (|lab| drop(build(lab, BuilderMessage::MoveUp)), 1, 0),
        (|lab| drop(build(lab, BuilderMessage::Duplicate)), 2, 1),
        (|lab| drop(build(lab, BuilderMessage::Delete)), 2, -1),
        (
            |lab| drop(build(lab, BuilderMessage::NewNetwork)),
            0,
            -(before as isize + 2),
        ),
    ];
    let mut presets = vec![original.clone()];
    for (number, (step, cursor, growth)) in steps.into_iter().enumerate() {
        let count = lab.preset.layers.len() as isize;
        step(&mut lab);
        assert_eq!(lab.cursors.layer, cursor, "step {number}");
        let grown = lab.preset.layers.len() as isize - count;
        assert_eq!(grown, growth, "step {number}");
        presets.push(lab.preset.clone());
    }
    assert!(lab.preset.expect.is_none() && lab.preset.description.is_empty());
    for preset in presets.iter().rev().skip(1) {
        build(&mut lab, BuilderMessage::Undo);
        assert_eq!(lab.preset, *preset);
    }
    build(&mut lab, BuilderMessage::Undo);
    assert_eq!(said(&lab).0, Notice::Refusal);
    for preset in &presets[1..] {
        build(&mut lab, BuilderMessage::Redo);
        assert_eq!(lab.preset, *preset);
    }
}

#[test]
fn undo_leaves_what_was_set_for_the_training_since() {
    let mut lab = start();
    add(&mut lab, "relu", Side::After);
    lab.preset.training.epochs = 3;
    build(&mut lab, BuilderMessage::Undo);
    assert_eq!(lab.preset.training.epochs, 3);

    update(&mut lab, Message::ChoosePreset(0));
    assert_eq!(lab.preset.name, BUILT_IN[0].0);
    build(&mut lab, BuilderMessage::Undo);
    assert_eq!(lab.preset.name, "fashion-conv1");
    assert_eq!(lab.preset.training.epochs, 3);
}

#[test]
fn a_form_previews_every_key_and_changes_nothing_before_enter() {
    let mut lab = start();
    let original = lab.preset.clone();
    build(&mut lab, BuilderMessage::EditLayer);
    let parameters = |lab: &Lab| match &lab.overlay {
        Some(Overlay::Layer(form)) => form.draft.preview.parameters,
        other => panic!("{other:?}"),
    };
    let at_first = parameters(&lab);
    assert_eq!(at_first, lab.summary.parameters);
    update(&mut lab, Message::Edit(Edit::Insert('3')));
    let with_three = parameters(&lab);
    assert_ne!(with_three, at_first);
    update(&mut lab, Message::Edit(Edit::Insert('0')));
    assert!(parameters(&lab) > with_three);
    for zero in ['0', '0', '0'] {
        update(&mut lab, Message::Edit(Edit::Insert(zero)));
    }
    update(&mut lab, Message::Accept);
    assert!(
        said(&lab)
            .1
            .contains("expected a whole number from 1 to 4096"),
        "{:?}",
        lab.status
    );
    assert_eq!(lab.preset, original);
    update(&mut lab, Message::Edit(Edit::DeleteToStart));
    update(&mut lab, Message::Edit(Edit::Paste("48".to_owned())));
    update(&mut lab, Message::StepValue { up: true });
    update(&mut lab, Message::Accept);
    assert!(lab.overlay.is_none());
    assert_eq!(lab.preset.layers[0].values()[0].whole(), 64);
    build(&mut lab, BuilderMessage::Undo);
    assert_eq!(lab.preset, original);
}

#[test]
fn choices_follow_letters_and_arrows() {
    let mut lab = start();
    build(&mut lab, BuilderMessage::EditLayer);
    update(&mut lab, Message::StepField(3));
    let padding = |lab: &Lab| match &lab.overlay {
        Some(Overlay::Layer(form)) => form.rows[3].input.text().to_owned(),
        other => panic!("{other:?}"),
    };
    let original = padding(&lab);
    update(&mut lab, Message::Edit(Edit::Insert('v')));
    assert_eq!(padding(&lab), "valid");
    update(&mut lab, Message::StepValue { up: true });
    assert_eq!(padding(&lab), "same");
    update(&mut lab, Message::Edit(Edit::Insert('x')));
    update(&mut lab, Message::Edit(Edit::DeleteBefore));
    assert_eq!(padding(&lab), "same");
    assert!(["same", "valid"].contains(&original.as_str()));
}

#[test]
fn what_does_not_fit_is_mended_and_not_trained() {
    let mut lab = start();
    let text = "name: bare\ninput: [28, 28, 1]\nclasses: 10\nlayers:\n  - dense: {units: 8}\n";
    lab.builder.own_presets = vec![OwnPreset {
        name: "bare".to_owned(),
        text: text.to_owned(),
    }];
    update(&mut lab, Message::ChoosePreset(BUILT_IN.len()));
    let problem = lab.summary.problem.clone().unwrap();
    assert_eq!(lab.misfit().as_ref(), Some(&problem));
    assert!(lab.start_blocked().is_some());
    assert_eq!(lab.mend_plan().unwrap().name, "insert flatten before dense");
    build(&mut lab, BuilderMessage::Mend);
    assert_eq!(names(&lab), ["flatten", "dense"]);
    build(&mut lab, BuilderMessage::Mend);
    assert_eq!(names(&lab), ["flatten", "dense", "classify"]);
    assert_eq!(lab.summary.problem, None);
    assert!(lab.mend_plan().is_none());
    for _ in 0..2 {
        build(&mut lab, BuilderMessage::Undo);
    }
    assert_eq!(names(&lab), ["dense"]);
}

fn text_of(lab: &mut Lab) -> Vec<String> {
    build(lab, BuilderMessage::OpenText);
    match &lab.overlay {
        Some(Overlay::Text(text)) => text.lines.clone(),
        other => panic!("{other:?}"),
    }
}

fn type_text(lab: &mut Lab, text: &str) {
    let lines = text.lines().map(str::to_owned).collect();
    let cursor = (0, 0);
    build(lab, BuilderMessage::TextTyped { lines, cursor });
}

#[test]
fn the_text_is_checked_applied_and_undone() {
    let mut lab = start();
    let original = lab.preset.clone();
    let whole = text_of(&mut lab).join("\n");
    assert_eq!(whole, BUILT_IN[1].1.trim_end(), "comments and all");

    type_text(&mut lab, &whole.replace("filters:", "filter:"));
    let fault = match &lab.overlay {
        Some(Overlay::Text(text)) => text.reading.clone().unwrap_err(),
        other => panic!("{other:?}"),
    };
    let line = whole.lines().position(|line| line.contains("filters:"));
    assert_eq!(fault.line, line);
    assert!(fault.reason.contains("`filters`"), "{}", fault.reason);
    update(&mut lab, Message::Accept);
    assert!(matches!(lab.overlay, Some(Overlay::Text(_))), "not taken");
    build(&mut lab, BuilderMessage::UndoText);
    build(&mut lab, BuilderMessage::RedoText);
    build(&mut lab, BuilderMessage::UndoText);

    type_text(
        &mut lab,
        &format!("# mine\n{}", whole.replace("classes: 10", "classes: 12")),
    );
    update(&mut lab, Message::Accept);
    assert_eq!(lab.preset.classes, 12);
    assert!(lab.overlay.is_none());
    assert!(text_of(&mut lab)[0].starts_with("# mine"));
    update(&mut lab, Message::Back);
    build(&mut lab, BuilderMessage::Undo);
    assert_eq!(lab.preset, original);

    text_of(&mut lab);
    type_text(&mut lab, "name: lost");
    update(&mut lab, Message::Back);
    assert_eq!(lab.preset, original, "Esc leaves the network alone");
}

#[test]
fn a_changed_recipe_is_in_the_text() {
    let mut lab = start();
    lab.preset.training.epochs = 77;
    let text = text_of(&mut lab).join("\n");
    assert!(text.contains("epochs: 77"), "{text}");
    assert!(text.contains("  - conv2d: {"), "a line a layer: {text}");
    assert_eq!(Preset::parse(&text, "text").unwrap(), lab.preset);
}

#[test]
fn a_misfit_names_its_line() {
    let mut lab = start();
    text_of(&mut lab);
    let text = "name: a\ninput: [28, 28, 1]\nclasses: 10\nlayers:\n  # flat?\n  - relu\n  - dense: {units: 8}\n  - classify";
    type_text(&mut lab, text);
    let Some(Overlay::Text(open)) = &lab.overlay else {
        panic!("{:?}", lab.overlay)
    };
    assert_eq!(open.reading.as_ref().unwrap().misfit_line, Some(6));
}

#[test]
fn saving_asks_before_it_replaces_and_takes_the_name() {
    let mut lab = start();
    let listed = build(&mut lab, BuilderMessage::AskName);
    assert_eq!(listed, [Command::ListPresets]);
    update(
        &mut lab,
        Message::Worker(Event::Presets(vec![OwnPreset {
            name: "mine".to_owned(),
            text: String::new(),
        }])),
    );
    let set_name = |lab: &mut Lab| {
        if let Some(Overlay::SaveAs(form)) = &mut lab.overlay {
            form.input = LineInput::new("mine");
        }
    };
    set_name(&mut lab);
    assert_eq!(update(&mut lab, Message::Accept), []);
    let commands = update(&mut lab, Message::Accept);
    let [
        Command::SavePreset(SaveRequest {
            name,
            text,
            replace,
        }),
    ] = &commands[..]
    else {
        panic!("{commands:?}");
    };
    assert!(*replace && name == "mine" && text == BUILT_IN[1].1);
    update(
        &mut lab,
        Message::Worker(Event::PresetSaved {
            name: "mine".to_owned(),
            path: "mine.yaml".into(),
        }),
    );
    assert_eq!(lab.preset.name, "mine");
    assert_eq!(
        said(&lab),
        (Notice::Information, "Saved as mine, in mine.yaml.")
    );
}

#[test]
fn reset_forgets_the_weights_of_the_run() {
    let mut lab = start();
    assert_eq!(
        build(&mut lab, BuilderMessage::ResetWeights),
        [Command::ResetWeights]
    );
    assert!(said(&lab).1.contains("afresh from seed"));
}

fn weights(lab: &Lab) -> Option<Vec<LayerWeights>> {
    lab.layer_weights(&lab.preset.network(), &lab.summary)
}

/// `fashion-conv1`, trained for an epoch.
fn trained() -> Lab {
    let mut lab = start();
    update(
        &mut lab,
        Message::Worker(Event::RunStarted(Box::new(facts(1)))),
    );
    update(&mut lab, Message::Worker(epoch(1, 1)));
    lab
}

#[test]
fn edits_leave_the_weights_of_other_layers_and_another_network_starts_fresh() {
    use LayerWeights::{New, None as Nothing, Trained};
    let mut lab = start();
    assert_eq!(weights(&lab), None, "nothing was trained");
    lab = trained();
    // conv2d, relu, max_pool2d, flatten, classify
    let all = vec![Trained(1), Nothing, Nothing, Nothing, Trained(1)];
    assert_eq!(weights(&lab), Some(all.clone()));
    assert!(lab.run_of_network().is_some());

    add(&mut lab, "conv2d", Side::After);
    assert_eq!(weights(&lab).unwrap()[..2], [Trained(1), New]);
    assert!(lab.run_of_network().is_none() && lab.run_of_weights().is_some());
    build(&mut lab, BuilderMessage::Undo);
    assert_eq!(weights(&lab), Some(all.clone()));

    let other = BUILT_IN.iter().position(|(name, _)| *name == "fashion-bn4");
    update(&mut lab, Message::ChoosePreset(other.unwrap()));
    assert_eq!(weights(&lab), None, "another network");
    build(&mut lab, BuilderMessage::Undo);
    assert_eq!(weights(&lab), Some(all.clone()), "the old one is back");
    build(&mut lab, BuilderMessage::NewNetwork);
    assert_eq!(weights(&lab), None);
    build(&mut lab, BuilderMessage::Undo);

    build(&mut lab, BuilderMessage::Delete);
    assert_eq!(
        weights(&lab).unwrap().last(),
        Some(&New),
        "its input is another one"
    );
    build(&mut lab, BuilderMessage::Undo);
    build(&mut lab, BuilderMessage::ResetWeights);
    assert_eq!(weights(&lab), None);
}

/// The request of a measurement, if that is all that is asked for.
fn measurement(commands: &[Command]) -> Option<u64> {
    // An edit also brings a draft of what is not saved.
    let others = commands.iter();
    let others: Vec<_> = others
        .filter(|command| !matches!(command, Command::Draft(_)))
        .collect();
    match others[..] {
        [Command::Measure(request)] => Some(request.request),
        _ => None,
    }
}

#[test]
fn an_epoch_is_measured_once_on_the_network_pane_and_scaled_while_the_network_is_edited() {
    let mut lab = loaded();
    assert_eq!(lab.epoch_time(&lab.summary), Some(EpochTime::Measuring));
    let first = measurement(&update(&mut lab, Message::Show(PaneId::Network))).unwrap();
    assert_eq!(measurement(&update(&mut lab, Message::Zoom)), None, "once");
    let pace = Pace {
        steps: 7,
        batch_size: 128,
        threads: 2,
        training_seconds: 0.01,
        validation_seconds: 0.001,
        train_images: 100,
        validation_images: 50,
    };
    let measured = |request, pace| Message::Worker(Event::Measured { request, pace });
    update(&mut lab, measured(first, Ok(pace)));
    let expected = EpochTime::Measured {
        seconds: pace.epoch_seconds(),
        steps: 7,
        threads: 2,
    };
    assert_eq!(lab.epoch_time(&lab.summary), Some(expected.clone()));
    assert_eq!(measurement(&update(&mut lab, Message::Zoom)), None, "known");

    // Another network: scaled by the multiply-adds until it is measured itself.
    let before = lab.summary.multiply_accumulates as f64;
    let second = measurement(&build(&mut lab, BuilderMessage::Duplicate)).unwrap();
    let ratio = lab.summary.multiply_accumulates as f64 / before;
    assert!(ratio > 1.0);
    let estimated = EpochTime::Estimated {
        seconds: ratio * pace.epoch_seconds(),
    };
    assert_eq!(lab.epoch_time(&lab.summary), Some(estimated));
    update(&mut lab, measured(first, Err("late".to_owned())));
    assert!(matches!(
        lab.epoch_time(&lab.summary),
        Some(EpochTime::Estimated { .. })
    ));
    update(&mut lab, measured(second, Err("too much".to_owned())));
    let reason = EpochTime::Impossible("too much".to_owned());
    assert_eq!(lab.epoch_time(&lab.summary), Some(reason));

    // Not while a training runs, and not of what does not fit.
    lab.preset.training.batch_size = 5;
    update(&mut lab, Message::StartOrPause);
    assert_eq!(lab.epoch_time(&lab.summary), Some(EpochTime::Later));
    update(
        &mut lab,
        Message::Worker(Event::RunStarted(Box::new(facts(1)))),
    );
    assert_eq!(measurement(&update(&mut lab, Message::Zoom)), None);
    let after = update(&mut lab, Message::Worker(ended(1, Outcome::Completed)));
    assert!(measurement(&after).is_some());
    let mut lab = trained();
    load(&mut lab, "clothes");
    assert_eq!(
        lab.epoch_time(&lab.summary),
        Some(EpochTime::Taken { seconds: 4.0 })
    );
    add(&mut lab, "relu", Side::After);
    assert_eq!(lab.epoch_time(&lab.summary), Some(EpochTime::Later));
    build(&mut lab, BuilderMessage::NewNetwork);
    assert_eq!(lab.epoch_time(&lab.summary), None);
}

#[test]
fn the_text_of_a_preset_that_was_opened_by_its_path_keeps_its_comments() {
    let text = "# Mine.\nname: mine\ninput: [28, 28, 1]\nclasses: 10\nlayers:\n  - flatten # at once\n  - classify\n";
    let preset = Preset::parse(text, "mine.yaml").unwrap();
    let mut lab = Lab::new(None, preset, None).0;
    lab.know_preset_text("name: another");
    assert_ne!(lab.preset_text(), text);
    lab.know_preset_text(text);
    assert_eq!(lab.preset_text(), text);
    add(&mut lab, "relu", Side::Before);
    let edited = text.replace("  - flatten", "  - relu\n  - flatten");
    assert_eq!(lab.preset_text(), edited);
}

#[test]
fn an_edited_preset_is_trained_under_a_name_that_says_so() {
    let mut lab = start();
    load(&mut lab, "clothes");
    let described = lab.described_preset().description;
    assert_eq!(described, lab.preset.description);
    add(&mut lab, "relu", Side::After);
    assert_eq!(lab.title(), "fashion-conv1, edited");
    assert_eq!(lab.described_preset().description, "");
    let commands = update(&mut lab, Message::StartOrPause);
    let [Command::Train(request)] = &commands[..] else {
        panic!("{commands:?}");
    };
    let sent = &request.preset;
    assert_eq!(
        (sent.name.as_str(), sent.description.as_str(), sent.expect),
        ("fashion-conv1, edited", "", None)
    );
    build(&mut lab, BuilderMessage::Undo);
    assert_eq!(lab.title(), "fashion-conv1");
    assert_eq!(lab.described_preset().description, described);
    build(&mut lab, BuilderMessage::Redo);
    assert_eq!(lab.title(), "fashion-conv1, edited");
    build(&mut lab, BuilderMessage::Undo);

    for (change, title) in [
        ((|lab| lab.preset.seed = 9) as fn(&mut Lab), "fashion-conv1"),
        (
            |lab| lab.preset.training.epochs = 3,
            "fashion-conv1, edited",
        ),
        (|lab| lab.preset.training.epochs = 20, "fashion-conv1"),
    ] {
        change(&mut lab);
        assert_eq!(lab.title(), title);
    }
}

#[test]
fn what_is_saved_has_its_own_name_and_no_figures_of_another_network() {
    let mut lab = start();
    add(&mut lab, "relu", Side::After);
    let save = |lab: &mut Lab, name: &str| {
        build(lab, BuilderMessage::AskName);
        if let Some(Overlay::SaveAs(form)) = &mut lab.overlay {
            form.input = LineInput::new(name);
        }
        let commands = update(lab, Message::Accept);
        let [Command::SavePreset(SaveRequest { text, .. })] = &commands[..] else {
            panic!("{commands:?}");
        };
        let saved = Event::PresetSaved {
            name: name.to_owned(),
            path: "mine.yaml".into(),
        };
        update(lab, Message::Worker(saved));
        text.clone()
    };
    let text = save(&mut lab, "mine");
    for gone in ["expect:", "best_val_accuracy", "description:"] {
        assert!(!text.contains(gone), "{text}");
    }
    assert!(Preset::parse(&text, "mine").is_ok(), "{text}");
    assert_eq!(lab.title(), "mine");
    assert_eq!(lab.preset.expect, None);
    add(&mut lab, "relu", Side::After);
    assert_eq!(lab.title(), "mine, edited");
    build(&mut lab, BuilderMessage::Undo);
    assert_eq!(lab.title(), "mine");
    // The words of a person's own preset stay theirs.
    lab.preset.description = "what I tried".to_owned();
    add(&mut lab, "relu", Side::After);
    let text = save(&mut lab, "mine-2");
    assert!(text.contains("what I tried"), "{text}");
    for _ in 0..3 {
        build(&mut lab, BuilderMessage::Undo);
    }
    assert_eq!(lab.title(), "fashion-conv1, edited");
    build(&mut lab, BuilderMessage::Undo);
    assert_eq!(lab.title(), "fashion-conv1");

    // Nothing else is called as a network that was begun anew.
    build(&mut lab, BuilderMessage::NewNetwork);
    add(&mut lab, "flatten", Side::After);
    assert_eq!(lab.title(), "new");
}

#[test]
fn an_opened_run_is_compared_with_what_carries_its_name() {
    let mut lab = start();
    let original = lab.preset.clone();
    let open = |lab: &mut Lab, preset: Preset| {
        let mut facts = facts(1);
        facts.name.clone_from(&preset.name);
        facts.network = preset.network();
        let opened = OpenedRun {
            chosen: String::new(),
            measured_on: facts.in_use.set.clone(),
            trained_by: None,
            facts,
            preset,
            outcome: Outcome::Completed,
            table: None,
            test: None,
        };
        update(lab, Message::Worker(Event::RunOpened(Box::new(opened))));
    };
    let mut preset = original.clone();
    preset.training.epochs = 3;
    open(&mut lab, preset.called_edited());
    assert_eq!(lab.title(), "fashion-conv1, edited");
    assert_eq!(
        lab.run.as_ref().unwrap().facts.name,
        "fashion-conv1, edited"
    );
    lab.preset.training.epochs = 20;
    assert_eq!(lab.title(), "fashion-conv1");
    assert_eq!(lab.described_preset().description, original.description);

    let mut own = original;
    own.name = "mine".to_owned();
    open(&mut lab, own.clone());
    assert_eq!(lab.title(), "mine");
    open(&mut lab, own.called_edited());
    assert_eq!(lab.title(), "mine, edited");
    add(&mut lab, "relu", Side::After);
    assert_eq!(lab.title(), "mine, edited");
}

#[test]
fn published_figures_stand_beside_what_was_published_alone() {
    let mut lab = start();
    let figures = lab.preset.expect;
    load(&mut lab, "clothes");
    assert_eq!(lab.published(), None, "nobody knows these clothes");
    lab.sets[0].names = vec!["fashion-mnist".to_owned()];
    assert_eq!(lab.published(), figures);

    let run = |change: fn(&mut RunFacts)| {
        let mut lab = lab.clone();
        let mut facts = facts(1);
        change(&mut facts);
        let started = Event::RunStarted(Box::new(facts));
        update(&mut lab, Message::Worker(started));
        update(&mut lab, Message::Worker(epoch(1, 1)));
        lab
    };
    assert_eq!(run(|_| {}).published(), figures);
    assert_eq!(run(|facts| facts.trained_before[0] = 2).published(), None);
    let elsewhere = run(|facts| facts.in_use.set.dataset = "digits".to_owned());
    assert_eq!(elsewhere.published(), None);
    let longer = run(|facts| facts.name = "fashion-conv1, edited".to_owned());
    assert_eq!(longer.published(), None);
    let mut disturbed = run(|_| {});
    disturbed
        .run
        .as_mut()
        .unwrap()
        .changes
        .push("data clothes".to_owned());
    assert_eq!(disturbed.published(), None);
    add(&mut lab, "relu", Side::After);
    assert_eq!(lab.published(), None);
}
