//! Edits of the network as tables.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{
    EpochTime, LayerDraft, ListPresets, MeasurePace, NetworkPane, NetworkText, SavePreset,
    SavedPreset,
};
use crate::lab::{Lab, LayerWeights, Notice, PaneId};
use crate::layers::LAYERS;
use crate::network::NetworkSummary;
use crate::overlays::Form;
use crate::screen::Interface;
use crate::screen::testing::{
    self, act, answer, asked, drawn, ended, enter, epoch, escape, facts, keys, load, loaded, press,
    run_started, started,
};
use crate::training::{BUILT_IN, Pace, Portion, Preset};
use crate::ui::Key;
use crate::ui::theme::{Background, ColorDepth, Theme};
use crate::worker::{Command, Event, OpenedRun, Outcome, OwnPreset, Pending, RunFacts};

fn build(interface: &mut Interface, id: &str) -> Vec<Command> {
    let commands = act(interface, PaneId::Network, id);
    let lab = &interface.lab;
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

/// Adds a layer with the settings that its form opens with: `network.add` or `network.insert`.
fn add(interface: &mut Interface, id: &str, name: &str) {
    build(interface, id);
    let position = LAYERS.iter().position(|kind| kind.name == name).unwrap();
    for _ in 0..position {
        press(interface, Key::code(KeyCode::Down));
    }
    enter(interface);
    if interface.lab.overlay.is_some() {
        enter(interface);
    }
}

fn after(interface: &mut Interface, name: &str) {
    add(interface, "network.add", name);
}

/// Takes the preset at this position of the list.
fn choose(interface: &mut Interface, position: usize) {
    build(interface, "network.choose");
    for _ in 0..BUILT_IN.len() {
        press(interface, Key::code(KeyCode::Up));
    }
    for _ in 0..position {
        press(interface, Key::code(KeyCode::Down));
    }
    enter(interface);
}

#[test]
fn layers_go_beside_the_cursor_and_edits_are_undone() {
    let mut interface = started();
    let before = names(&interface.lab).len();
    let original = interface.lab.preset.clone();
    type Step = (fn(&mut Interface), usize, isize);
    let steps: [Step; 7] = [
        (|lab| add(lab, "network.insert", "relu"), 0, 1),
        (|lab| after(lab, "dropout"), 1, 1),
        (|lab| drop(build(lab, "network.move_down")), 2, 0),
        (|lab| drop(build(lab, "network.move_up")), 1, 0),
        (|lab| drop(build(lab, "network.duplicate")), 2, 1),
        (|lab| drop(build(lab, "network.delete")), 2, -1),
        (
            |lab| drop(build(lab, "network.new")),
            0,
            -(before as isize + 2),
        ),
    ];
    let mut presets = vec![original];
    for (number, (step, cursor, growth)) in steps.into_iter().enumerate() {
        let count = interface.lab.preset.layers.len() as isize;
        step(&mut interface);
        assert_eq!(interface.lab.cursors.layer, cursor, "step {number}");
        let grown = interface.lab.preset.layers.len() as isize - count;
        assert_eq!(grown, growth, "step {number}");
        presets.push(interface.lab.preset.clone());
    }
    let preset = &interface.lab.preset;
    assert!(preset.expect.is_none() && preset.description.is_empty());
    for preset in presets.iter().rev().skip(1) {
        build(&mut interface, "network.undo");
        assert_eq!(interface.lab.preset, *preset);
    }
    build(&mut interface, "network.undo");
    assert_eq!(said(&interface.lab).0, Notice::Refusal);
    for preset in &presets[1..] {
        build(&mut interface, "network.redo");
        assert_eq!(interface.lab.preset, *preset);
    }
}

#[test]
fn undo_leaves_what_was_set_for_the_training_since() {
    let mut interface = started();
    after(&mut interface, "relu");
    interface.lab.preset.training.epochs = 3;
    build(&mut interface, "network.undo");
    assert_eq!(interface.lab.preset.training.epochs, 3);

    choose(&mut interface, 0);
    assert_eq!(interface.lab.preset.name, BUILT_IN[0].0);
    build(&mut interface, "network.undo");
    assert_eq!(interface.lab.preset.name, "fashion-conv1");
    assert_eq!(interface.lab.preset.training.epochs, 3);
}

fn form(interface: &Interface) -> &Form<LayerDraft> {
    interface.lab.overlay_of().expect("the form is open")
}

#[test]
fn a_form_previews_every_key_and_changes_nothing_before_enter() {
    let mut interface = started();
    let original = interface.lab.preset.clone();
    build(&mut interface, "network.edit");
    let parameters = |interface: &Interface| form(interface).draft.preview.parameters;
    let at_first = parameters(&interface);
    assert_eq!(at_first, interface.lab.summary.parameters);
    keys(&mut interface, "3");
    let with_three = parameters(&interface);
    assert_ne!(with_three, at_first);
    keys(&mut interface, "0");
    assert!(parameters(&interface) > with_three);
    keys(&mut interface, "000");
    enter(&mut interface);
    assert!(
        said(&interface.lab)
            .1
            .contains("expected a whole number from 1 to 4096"),
        "{:?}",
        interface.lab.status
    );
    assert_eq!(interface.lab.preset, original);
    press(&mut interface, Key::ctrl('u'));
    interface.paste("48".to_owned());
    press(&mut interface, Key::code(KeyCode::Right));
    enter(&mut interface);
    assert!(interface.lab.overlay.is_none());
    assert_eq!(interface.lab.preset.layers[0].values()[0].whole(), 64);
    build(&mut interface, "network.undo");
    assert_eq!(interface.lab.preset, original);
}

#[test]
fn choices_follow_letters_and_arrows() {
    let mut interface = started();
    build(&mut interface, "network.edit");
    for _ in 0..3 {
        press(&mut interface, Key::code(KeyCode::Tab));
    }
    let padding = |interface: &Interface| form(interface).rows[3].input.text().to_owned();
    let original = padding(&interface);
    keys(&mut interface, "v");
    assert_eq!(padding(&interface), "valid");
    press(&mut interface, Key::code(KeyCode::Right));
    assert_eq!(padding(&interface), "same");
    keys(&mut interface, "x");
    press(&mut interface, Key::code(KeyCode::Backspace));
    assert_eq!(padding(&interface), "same");
    assert!(["same", "valid"].contains(&original.as_str()));
}

/// Answers that the person has one preset.
fn list(interface: &mut Interface, commands: Vec<Command>, name: &str, text: &str) {
    let pending: Pending<ListPresets> = asked(commands).unwrap();
    let preset = OwnPreset {
        name: name.to_owned(),
        text: text.to_owned(),
    };
    answer(interface, &pending, vec![preset]);
}

#[test]
fn what_does_not_fit_is_mended_and_not_trained() {
    let mut interface = started();
    let text = "name: bare\ninput: [28, 28, 1]\nclasses: 10\nlayers:\n  - dense: {units: 8}\n";
    let commands = build(&mut interface, "network.choose");
    list(&mut interface, commands, "bare", text);
    keys(&mut interface, "bare");
    enter(&mut interface);
    let lab = &interface.lab;
    let problem =
        "layer 1, dense: needs flat input, got 28×28×1; press f to insert flatten before dense";
    assert_eq!(lab.misfit().as_deref(), Some(problem));
    assert!(lab.start_blocked().is_some());
    assert_eq!(lab.mend_plan().unwrap().name, "insert flatten before dense");
    build(&mut interface, "network.mend");
    assert_eq!(names(&interface.lab), ["flatten", "dense"]);
    keys(&mut interface, "4");
    let problem = "the network ends with dense and gives no probabilities; press f on the Network pane to add classify";
    assert_eq!(interface.lab.misfit().as_deref(), Some(problem));
    keys(&mut interface, "3");
    build(&mut interface, "network.mend");
    assert_eq!(names(&interface.lab), ["flatten", "dense", "classify"]);
    assert_eq!(interface.lab.summary.problem, None);
    assert!(interface.lab.mend_plan().is_none());
    for _ in 0..2 {
        build(&mut interface, "network.undo");
    }
    assert_eq!(names(&interface.lab), ["dense"]);
}

fn text(interface: &Interface) -> &NetworkText {
    interface.lab.overlay_of().expect("the text is open")
}

/// Opens the text; gives it.
fn open_text(interface: &mut Interface) -> String {
    build(interface, "network.text");
    text(interface).lines().join("\n")
}

/// Opens the text with something else typed over it.
fn type_text(interface: &mut Interface, typed: &str) {
    let typed = typed.to_owned();
    let lab = &mut interface.lab;
    lab.then(move |pane: &mut NetworkPane, lab| pane.open_text(lab, Some(&typed)));
    interface.settle();
}

#[test]
fn the_text_is_judged_with_the_training_that_it_says() {
    let mut interface = started();
    let typed = open_text(&mut interface);
    let batch = format!("batch_size: {}", interface.lab.preset.training.batch_size);
    assert!(typed.contains(&batch));
    escape(&mut interface);
    type_text(&mut interface, &typed.replace(&batch, "batch_size: 77"));
    let area = Rect::new(0, 0, 100, 40);
    let mut buffer = Buffer::empty(area);
    interface.draw(
        area,
        &mut buffer,
        &Theme::new(ColorDepth::None, Background::Unknown),
    );
    let shown: String = buffer.content().iter().map(|cell| cell.symbol()).collect();
    assert!(shown.contains("for a batch of 77"), "{shown}");
}

#[test]
fn the_text_is_checked_applied_and_undone() {
    let mut interface = started();
    let original = interface.lab.preset.clone();
    let whole = open_text(&mut interface);
    assert_eq!(whole, BUILT_IN[1].1.trim_end(), "comments and all");

    let wrong = whole.replace("filters:", "filter:");
    type_text(&mut interface, &wrong);
    let fault = text(&interface).reading.clone().unwrap_err();
    let line = whole.lines().position(|line| line.contains("filters:"));
    assert_eq!(fault.line, line);
    assert!(fault.reason.contains("`filters`"), "{}", fault.reason);
    build(&mut interface, "text.take");
    assert!(said(&interface.lab).1.contains("`filters`"));
    assert!(text(&interface).reading.is_err(), "not taken");
    for _ in 0..2 {
        build(&mut interface, "text.undo");
    }
    assert!(!text(&interface).is_changed() && text(&interface).reading.is_ok());
    for _ in 0..2 {
        build(&mut interface, "text.redo");
    }
    assert_eq!(text(&interface).lines().join("\n"), wrong);

    let twelve = whole.replace("classes: 10", "classes: 12");
    type_text(&mut interface, &format!("# mine\n{twelve}"));
    build(&mut interface, "text.take");
    assert_eq!(interface.lab.preset.classes, 12);
    assert!(interface.lab.overlay.is_none());
    assert!(open_text(&mut interface).starts_with("# mine\n"));
    escape(&mut interface);
    build(&mut interface, "network.undo");
    assert_eq!(interface.lab.preset, original);
    assert_eq!(open_text(&mut interface), whole, "its comments are back");
    escape(&mut interface);

    type_text(&mut interface, "name: lost");
    escape(&mut interface);
    keys(&mut interface, "y");
    assert!(interface.lab.overlay.is_none());
    assert_eq!(interface.lab.preset, original);
}

#[test]
fn a_new_line_begins_below_the_one_before_and_is_one_step_back() {
    let mut interface = started();
    let whole = open_text(&mut interface);
    let first = whole.lines().position(|line| line == "layers:").unwrap() + 1;
    press(&mut interface, Key::code(KeyCode::End));
    enter(&mut interface);
    keys(&mut interface, "- relu");
    assert_eq!(text(&interface).lines()[first + 1], "  - relu");
    for _ in 0.."- relu".len() + 1 {
        build(&mut interface, "text.undo");
    }
    assert_eq!(text(&interface).lines().join("\n"), whole);
    interface.paste("\r\n  # one\r  # two".to_owned());
    assert_eq!(
        text(&interface).lines()[first + 1..first + 3],
        ["  # one", "  # two"]
    );
}

#[test]
fn a_changed_recipe_is_in_the_text() {
    let mut interface = started();
    interface.lab.preset.training.epochs = 77;
    let text = open_text(&mut interface);
    assert!(text.contains("epochs: 77"), "{text}");
    assert!(text.contains("  - conv2d: {"), "a line a layer: {text}");
    assert_eq!(Preset::parse(&text, "text").unwrap(), interface.lab.preset);
}

#[test]
fn a_misfit_names_its_line() {
    let mut interface = started();
    let typed = "name: a\ninput: [28, 28, 1]\nclasses: 10\nlayers:\n  # flat?\n  - relu\n  - dense: {units: 8}\n  - classify";
    type_text(&mut interface, typed);
    let reading = text(&interface).reading.as_ref().unwrap();
    assert_eq!(reading.misfit_line, Some(6));
}

/// Types a name in place of the one that is there.
fn name(interface: &mut Interface, name: &str) -> Vec<Command> {
    press(interface, Key::ctrl('u'));
    interface.paste(name.to_owned());
    enter(interface)
}

/// What is on its way to a file.
fn saving(commands: Vec<Command>) -> Pending<SavePreset> {
    asked(commands).expect("it is saved")
}

/// It is there now.
fn saved(interface: &mut Interface, pending: &Pending<SavePreset>) {
    let saved = SavedPreset {
        name: pending.question.name.clone(),
        path: "mine.yaml".into(),
    };
    answer(interface, pending, saved);
}

#[test]
fn saving_asks_before_it_replaces_and_takes_the_name() {
    let mut interface = started();
    let commands = build(&mut interface, "network.save");
    list(&mut interface, commands, "mine", "");
    assert_eq!(name(&mut interface, "fashion-bn4"), []);
    assert_eq!(name(&mut interface, "mine"), []);
    // Another name in between is another question.
    assert_eq!(name(&mut interface, "fashion-bn4"), []);
    let pending = saving(name(&mut interface, "mine"));
    let SavePreset {
        name,
        text,
        replace,
    } = &pending.question;
    assert!(*replace && name == "mine" && text == BUILT_IN[1].1);
    saved(&mut interface, &pending);
    assert_eq!(interface.lab.preset.name, "mine");
    assert_eq!(
        said(&interface.lab),
        (Notice::Information, "Saved as mine in mine.yaml.")
    );
}

#[test]
fn reset_asks_and_forgets_the_weights_of_the_run() {
    let mut interface = started();
    assert_eq!(build(&mut interface, "network.reset"), []);
    assert!(
        said(&interface.lab)
            .1
            .contains("the weights are the initial ones")
    );
    let mut interface = trained();
    assert_eq!(build(&mut interface, "network.reset"), []);
    let commands = build(&mut interface, "weights.reset");
    assert_eq!(commands, [Command::ResetWeights]);
    assert!(said(&interface.lab).1.contains("initial weights, seed 1"));
}

fn weights(interface: &Interface) -> Option<Vec<LayerWeights>> {
    let lab = &interface.lab;
    lab.layer_weights(&lab.preset.network(), &lab.summary)
}

/// `fashion-conv1`, trained for an epoch.
fn trained() -> Interface {
    let mut interface = started();
    interface.hear(run_started(facts(1)));
    interface.hear(epoch(1, 1));
    interface.hear(ended(1));
    interface
}

#[test]
fn edits_leave_the_weights_of_other_layers_and_another_network_starts_fresh() {
    use LayerWeights::{New, None as Nothing, Trained};
    assert_eq!(weights(&started()), None, "nothing was trained");
    let mut lab = trained();
    // conv2d, relu, max_pool2d, flatten, classify
    let all = vec![Trained(1), Nothing, Nothing, Nothing, Trained(1)];
    assert_eq!(weights(&lab), Some(all.clone()));
    assert!(lab.lab.run_of_network().is_some());

    after(&mut lab, "conv2d");
    assert_eq!(weights(&lab).unwrap()[..2], [Trained(1), New]);
    assert!(lab.lab.run_of_network().is_none() && lab.lab.run_of_weights().is_some());
    build(&mut lab, "network.undo");
    assert_eq!(weights(&lab), Some(all.clone()));

    choose(&mut lab, 0);
    assert_eq!(lab.lab.preset.name, "fashion-bn4");
    assert_eq!(weights(&lab), None, "another network");
    build(&mut lab, "network.undo");
    assert_eq!(weights(&lab), Some(all.clone()), "the old one is back");
    build(&mut lab, "network.new");
    assert_eq!(weights(&lab), None);
    build(&mut lab, "network.undo");

    build(&mut lab, "network.delete");
    assert_eq!(
        weights(&lab).unwrap().last(),
        Some(&New),
        "its input is another one"
    );
    build(&mut lab, "network.undo");
    build(&mut lab, "network.reset");
    build(&mut lab, "weights.reset");
    assert_eq!(weights(&lab), None);
}

fn measurement(commands: Vec<Command>) -> Option<Pending<MeasurePace>> {
    asked(commands)
}

fn epoch_time(interface: &Interface) -> Option<EpochTime> {
    let pane: &NetworkPane = interface.pane();
    pane.epoch_time(&interface.lab, &interface.lab.summary)
}

#[test]
fn an_epoch_is_measured_once_where_it_is_shown_and_scaled_while_the_network_is_edited() {
    let mut interface = testing::started();
    keys(&mut interface, "2");
    assert!(measurement(load(&mut interface, "clothes")).is_none());
    assert_eq!(epoch_time(&interface), Some(EpochTime::Measuring));
    // The Data pane says how long the next step takes.
    let first = measurement(keys(&mut interface, "1")).unwrap();
    assert!(measurement(keys(&mut interface, "3")).is_none(), "once");
    assert!(measurement(keys(&mut interface, "z")).is_none(), "once");
    let pace = Pace {
        steps: 7,
        batch_size: 128,
        threads: 2,
        training_seconds: 0.01,
        validation_seconds: 0.001,
        train_images: 100,
        validation_images: 50,
    };
    answer(&mut interface, &first, Ok(pace));
    let expected = EpochTime::Measured {
        seconds: pace.epoch_seconds(),
        steps: 7,
        threads: 2,
    };
    assert_eq!(epoch_time(&interface), Some(expected.clone()));
    assert!(measurement(keys(&mut interface, "z")).is_none(), "known");

    // Another network: scaled by the multiply-adds until it is measured itself.
    let before = interface.lab.summary.multiply_accumulates as f64;
    let second = measurement(build(&mut interface, "network.duplicate")).unwrap();
    let ratio = interface.lab.summary.multiply_accumulates as f64 / before;
    assert!(ratio > 1.0);
    let estimated = EpochTime::Estimated {
        seconds: ratio * pace.epoch_seconds(),
    };
    assert_eq!(epoch_time(&interface), Some(estimated.clone()));
    // The one that was measured is known still, and nothing else is wanted then.
    assert!(measurement(build(&mut interface, "network.undo")).is_none());
    assert_eq!(epoch_time(&interface), Some(expected));
    answer(&mut interface, &second, Err("late".to_owned()));
    let third = measurement(build(&mut interface, "network.redo")).unwrap();
    answer(&mut interface, &second, Err("late".to_owned()));
    assert_eq!(epoch_time(&interface), Some(estimated));
    answer(&mut interface, &third, Err("too much".to_owned()));
    let reason = EpochTime::Impossible("too much".to_owned());
    assert_eq!(epoch_time(&interface), Some(reason));

    // Not while a training runs: one that begins ends the measurement.
    interface.lab.preset.training.batch_size = 5;
    assert!(measurement(keys(&mut interface, "z")).is_some());
    keys(&mut interface, "4 ");
    assert_eq!(epoch_time(&interface), Some(EpochTime::Later));
    assert_eq!(interface.pane::<NetworkPane>().pace.wanted(), None);
    interface.hear(run_started(facts(1)));
    assert!(measurement(keys(&mut interface, "3")).is_none());
    assert!(measurement(interface.hear(ended(1))).is_some());

    // And not of what does not fit.
    let mut interface = trained();
    load(&mut interface, "clothes");
    let taken = EpochTime::Taken { seconds: 4.0 };
    assert_eq!(epoch_time(&interface), Some(taken));
    after(&mut interface, "relu");
    assert_eq!(epoch_time(&interface), Some(EpochTime::Measuring));
    build(&mut interface, "network.new");
    assert_eq!(epoch_time(&interface), None);
}

#[test]
fn the_text_of_a_preset_that_was_opened_by_its_path_keeps_its_comments() {
    let text = "# Mine.\nname: mine\ninput: [28, 28, 1]\nclasses: 10\nlayers:\n  - flatten # at once\n  - classify\n";
    let preset = Preset::parse(text, "mine.yaml").unwrap();
    let (mut interface, _) = Interface::new(None, preset, None);
    interface.lab.know_preset_text("name: another");
    assert_ne!(interface.lab.preset_text(), text);
    interface.lab.know_preset_text(text);
    assert_eq!(interface.lab.preset_text(), text);
    add(&mut interface, "network.insert", "relu");
    let edited = text.replace("  - flatten", "  - relu\n  - flatten");
    assert_eq!(interface.lab.preset_text(), edited);
}

#[test]
fn an_edited_preset_is_trained_under_a_name_that_says_so() {
    let mut interface = testing::loaded();
    let described = interface.lab.described_preset().description;
    assert_eq!(described, interface.lab.preset.description);
    after(&mut interface, "relu");
    assert_eq!(interface.lab.title(), "fashion-conv1, edited");
    assert_eq!(interface.lab.described_preset().description, "");
    let commands = keys(&mut interface, "4 ");
    let sent = commands.iter().find_map(|command| match command {
        Command::Train(request) => Some(&request.preset),
        _ => None,
    });
    let sent = sent.unwrap();
    assert_eq!(
        (sent.name.as_str(), sent.description.as_str(), sent.expect),
        ("fashion-conv1, edited", "", None)
    );
    build(&mut interface, "network.undo");
    assert_eq!(interface.lab.title(), "fashion-conv1");
    assert_eq!(interface.lab.described_preset().description, described);
    build(&mut interface, "network.redo");
    assert_eq!(interface.lab.title(), "fashion-conv1, edited");
    build(&mut interface, "network.undo");

    for (change, title) in [
        ((|lab| lab.preset.seed = 9) as fn(&mut Lab), "fashion-conv1"),
        (
            |lab| lab.preset.training.epochs = 3,
            "fashion-conv1, edited",
        ),
        (|lab| lab.preset.training.epochs = 20, "fashion-conv1"),
    ] {
        change(&mut interface.lab);
        assert_eq!(interface.lab.title(), title);
    }
}

#[test]
fn what_is_saved_has_its_own_name_and_no_figures_of_another_network() {
    let mut interface = started();
    after(&mut interface, "relu");
    let save = |interface: &mut Interface, as_name: &str| {
        build(interface, "network.save");
        let pending = saving(name(interface, as_name));
        saved(interface, &pending);
        pending.question.text
    };
    let text = save(&mut interface, "mine");
    for gone in ["expect:", "best_val_accuracy", "description:"] {
        assert!(!text.contains(gone), "{text}");
    }
    assert!(Preset::parse(&text, "mine").is_ok(), "{text}");
    assert_eq!(interface.lab.title(), "mine");
    assert_eq!(interface.lab.preset.expect, None);
    after(&mut interface, "relu");
    assert_eq!(interface.lab.title(), "mine, edited");
    build(&mut interface, "network.undo");
    assert_eq!(interface.lab.title(), "mine");
    // The words of a person's own preset stay theirs.
    interface.lab.preset.description = "what I tried".to_owned();
    after(&mut interface, "relu");
    let text = save(&mut interface, "mine-2");
    assert!(text.contains("what I tried"), "{text}");
    for _ in 0..3 {
        build(&mut interface, "network.undo");
    }
    assert_eq!(interface.lab.title(), "fashion-conv1, edited");
    build(&mut interface, "network.undo");
    assert_eq!(interface.lab.title(), "fashion-conv1");

    // A new network shares its name with no other.
    build(&mut interface, "network.new");
    after(&mut interface, "flatten");
    assert_eq!(interface.lab.title(), "new");
}

#[test]
fn an_opened_run_is_compared_with_what_carries_its_name() {
    let mut interface = started();
    let original = interface.lab.preset.clone();
    let open = |interface: &mut Interface, preset: Preset| {
        let mut facts = facts(1);
        facts.name.clone_from(&preset.name);
        facts.network = preset.network();
        let opened = OpenedRun {
            chosen: String::new(),
            measured_on: facts.in_use.set.clone(),
            portion: Portion::Test,
            trained_by: None,
            facts,
            preset,
            outcome: Outcome::Completed,
            table: None,
            test: None,
        };
        interface.hear(Event::RunOpened(Box::new(opened)));
    };
    let mut preset = original.clone();
    preset.training.epochs = 3;
    open(&mut interface, preset.called_edited());
    let run = interface.lab.run.as_ref().unwrap();
    assert_eq!(run.facts.name, "fashion-conv1, edited");
    assert_eq!(interface.lab.title(), "fashion-conv1, edited");
    interface.lab.preset.training.epochs = 20;
    assert_eq!(interface.lab.title(), "fashion-conv1");
    assert_eq!(
        interface.lab.described_preset().description,
        original.description
    );

    let mut own = original;
    own.name = "mine".to_owned();
    open(&mut interface, own.clone());
    assert_eq!(interface.lab.title(), "mine");
    open(&mut interface, own.called_edited());
    assert_eq!(interface.lab.title(), "mine, edited");
    after(&mut interface, "relu");
    assert_eq!(interface.lab.title(), "mine, edited");
}

#[test]
fn published_figures_stand_beside_what_was_published_alone() {
    let published = || {
        let mut interface = testing::loaded();
        interface.lab.sets[0].names = vec!["fashion-mnist".to_owned()];
        interface
    };
    assert_eq!(
        testing::loaded().lab.published(),
        None,
        "nobody knows these clothes"
    );
    let mut interface = published();
    let figures = interface.lab.preset.expect;
    assert_eq!(interface.lab.published(), figures);

    let run = |change: fn(&mut RunFacts)| {
        let mut interface = published();
        let mut facts = facts(1);
        change(&mut facts);
        interface.hear(run_started(facts));
        interface.hear(epoch(1, 1));
        interface.lab
    };
    assert_eq!(run(|_| {}).published(), figures);
    assert_eq!(run(|facts| facts.trained_before[0] = 2).published(), None);
    let elsewhere = run(|facts| facts.in_use.set.dataset = "digits".to_owned());
    assert_eq!(elsewhere.published(), None);
    let longer = run(|facts| facts.name = "fashion-conv1, edited".to_owned());
    assert_eq!(longer.published(), None);
    let mut disturbed = run(|_| {});
    let changes = &mut disturbed.run.as_mut().unwrap().changes;
    changes.push("data clothes".to_owned());
    assert_eq!(disturbed.published(), None);
    after(&mut interface, "relu");
    assert_eq!(interface.lab.published(), None);
}

#[test]
fn a_key_freezes_and_unfreezes_layers_and_undo_restores_them() {
    let mut interface = loaded();
    let freeze = |interface: &mut Interface, layer: usize| {
        interface.lab.cursors.layer = layer;
        act(interface, PaneId::Network, "network.freeze");
    };
    // There are no weights that it would be of use to keep.
    freeze(&mut interface, 0);
    assert_eq!(said(&interface.lab).0, Notice::Refusal);
    assert_eq!(interface.lab.frozen_layers(), 0);

    act(&mut interface, PaneId::Train, "train.pause");
    interface.hear(run_started(RunFacts {
        folder: Some("runs/first".into()),
        ..facts(1)
    }));
    interface.hear(epoch(1, 1));
    interface.hear(ended(1));
    freeze(&mut interface, 1);
    assert_eq!(interface.lab.frozen_layers(), 2);
    let (_, told) = said(&interface.lab);
    assert!(
        told.contains("first 2 of ") && told.contains("weights of first"),
        "{told}"
    );
    let transfer = interface.lab.preset.training.transfer.clone().unwrap();
    assert_eq!(transfer.from.as_deref(), Some("runs/first".as_ref()));
    let rows = |interface: &Interface| drawn(interface).matches('❄').count();
    assert_eq!(rows(&interface), 2, "{}", drawn(&interface));

    freeze(&mut interface, 0);
    assert_eq!((interface.lab.frozen_layers(), rows(&interface)), (0, 0));
    for frozen in [2, 0] {
        build(&mut interface, "network.undo");
        assert_eq!(interface.lab.frozen_layers(), frozen);
    }
    assert_eq!(interface.lab.preset.training.transfer, None);
    // All but the last layer at most.
    let last = interface.lab.preset.layers.len() - 1;
    freeze(&mut interface, last);
    assert_eq!(said(&interface.lab).0, Notice::Refusal);
}

#[test]
fn a_network_that_is_still_being_built_is_no_error() {
    let theme = Theme::new(ColorDepth::TrueColor, Background::Dark);
    let red = |interface: &Interface| {
        let area = Rect::new(0, 0, 80, 24);
        let mut buffer = Buffer::empty(area);
        interface.draw(area, &mut buffer, &theme);
        let wrong = |at: &ratatui::layout::Position| {
            let cell = &buffer[*at];
            Some(cell.fg) == theme.error.fg && cell.symbol() != " "
        };
        area.positions().filter(wrong).count()
    };
    let mut interface = loaded();
    build(&mut interface, "network.new");
    for layer in ["conv2d", "relu", "flatten", "dense"] {
        assert_eq!(red(&interface), 0, "before {layer}: {}", drawn(&interface));
        assert!(
            drawn(&interface).contains("Still missing: "),
            "{}",
            drawn(&interface)
        );
        after(&mut interface, layer);
    }
    // An image behind a vector is wrong.
    after(&mut interface, "conv2d");
    assert!(red(&interface) > 0);
    assert!(!drawn(&interface).contains("Still missing"));
}
