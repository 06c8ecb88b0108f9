//! What is unsaved, and what leaving does with it, as tables.

use super::Interface;
use super::testing::{act, answer, asked, enter, escape, facts, keys, loaded, press, run_started};
use crate::lab::PaneId;
use crate::panes::{NetworkText, Pad, ResultsPane, SaveDrawing, SavePreset, SavedPreset};
use crate::shape::Shape;
use crate::training::Preset;
use crate::ui::Key;
use crate::worker::{
    Command, Draft, DraftCommand, Drawing, Event, FoundDraft, OwnPreset, Pending, RunFacts,
};

fn build(lab: &mut Interface, id: &str) -> Vec<Command> {
    act(lab, PaneId::Network, id)
}

/// Takes a layer out of the network.
fn edit(lab: &mut Interface) {
    build(lab, "network.delete");
}

/// Another network of the program's.
fn choose_another(lab: &mut Interface) {
    build(lab, "network.choose");
    keys(lab, "fashion-conv2");
    enter(lab);
    assert_eq!(lab.lab.preset.name, "fashion-conv2");
}

/// A dot.
fn draw(lab: &mut Interface) {
    keys(lab, "5d  ");
}

/// What became of a drawing that was on its way to a file.
fn written(lab: &mut Interface, pending: &Pending<SaveDrawing>, is_written: bool) {
    match is_written {
        true => pending.answer("/drawing-1.png".into()),
        false => pending.fail("the disk is full"),
    }
    lab.hear(Event::Answered);
}

fn pad(lab: &Interface) -> &Pad {
    &lab.pane::<ResultsPane>().pad
}

/// Types the name to save under.
fn name(lab: &mut Interface) -> Pending<SavePreset> {
    press(lab, Key::ctrl('u'));
    lab.paste("mine".to_owned());
    asked(enter(lab)).expect("it is saved")
}

fn ask_to_save(lab: &mut Interface) -> Pending<SavePreset> {
    build(lab, "network.save");
    name(lab)
}

fn saved(lab: &mut Interface, pending: &Pending<SavePreset>) -> Vec<Command> {
    let saved = SavedPreset {
        name: "mine".to_owned(),
        path: "/presets/mine.yaml".into(),
    };
    answer(lab, pending, saved)
}

fn not_saved(lab: &mut Interface, pending: &Pending<SavePreset>) {
    pending.fail("the disk is full");
    lab.hear(Event::Answered);
    let said = lab.lab.status.as_ref().map(|status| status.text.as_str());
    assert_eq!(said, Some("Could not save the preset: the disk is full"));
}

/// Opens the text, and types this at the end of its first layer.
fn open_text(lab: &mut Interface, typed: &str) {
    build(lab, "network.text");
    if !typed.is_empty() {
        press(lab, Key::code(crossterm::event::KeyCode::End));
        lab.paste(typed.to_owned());
    }
}

fn text(lab: &Interface) -> &NetworkText {
    lab.lab.overlay_of().expect("the text is open")
}

/// A training starts, with a run folder or without.
fn train(lab: &mut Interface, folder: bool) {
    keys(lab, "4 ");
    assert!(lab.lab.is_starting(), "{:?}", lab.lab.status);
    lab.hear(run_started(RunFacts {
        folder: folder.then(|| "runs/1".into()),
        ..facts(1)
    }));
}

/// The drafts that the worker was asked to keep, the latest last.
fn drafts(commands: &[Command]) -> Vec<&Draft> {
    let drafts = commands.iter().filter_map(|command| match command {
        Command::Draft(DraftCommand::Keep(draft)) => Some(draft),
        _ => None,
    });
    drafts.collect()
}

#[test]
fn what_is_unsaved() {
    type Case = (
        &'static str,
        fn(&mut Interface),
        &'static [&'static str],
        bool,
        usize,
    );
    const EDITED: &[&str] = &["fashion-conv1"];
    let cases: &[Case] = &[
        ("the start", |_| {}, &[], false, 0),
        ("an edit", edit, EDITED, false, 0),
        (
            "an undone edit",
            |lab| {
                edit(lab);
                build(lab, "network.undo");
            },
            &[],
            false,
            0,
        ),
        (
            "and done again",
            |lab| {
                edit(lab);
                build(lab, "network.undo");
                build(lab, "network.redo");
            },
            EDITED,
            false,
            0,
        ),
        (
            "a setting of the training",
            |lab| lab.lab.preset.training.epochs += 1,
            EDITED,
            false,
            0,
        ),
        (
            "a new network without a layer",
            |lab| drop(build(lab, "network.new")),
            &[],
            false,
            0,
        ),
        ("another network", choose_another, &[], false, 0),
        (
            "another network in place of an edited one, which undo brings back",
            |lab| {
                edit(lab);
                choose_another(lab);
            },
            EDITED,
            false,
            0,
        ),
        (
            "a saved one",
            |lab| {
                edit(lab);
                let pending = ask_to_save(lab);
                saved(lab, &pending);
            },
            &[],
            false,
            0,
        ),
        (
            "one that is on its way to a file",
            |lab| {
                edit(lab);
                ask_to_save(lab);
            },
            EDITED,
            false,
            0,
        ),
        (
            "one that was edited on its way to a file",
            |lab| {
                edit(lab);
                let pending = ask_to_save(lab);
                edit(lab);
                saved(lab, &pending);
            },
            &["mine"],
            false,
            0,
        ),
        (
            "one that could not be saved",
            |lab| {
                edit(lab);
                let pending = ask_to_save(lab);
                not_saved(lab, &pending);
            },
            EDITED,
            false,
            0,
        ),
        (
            "one that a run folder holds",
            |lab| {
                lab.lab.preset.training.epochs = 3;
                train(lab, true);
            },
            &[],
            false,
            0,
        ),
        (
            "one that was trained without a folder",
            |lab| {
                lab.lab.preset.training.epochs = 3;
                train(lab, false);
            },
            EDITED,
            false,
            0,
        ),
        (
            "comments, which a run folder does not hold",
            |lab| {
                open_text(lab, " # why");
                build(lab, "text.take");
                train(lab, true);
            },
            EDITED,
            false,
            0,
        ),
        (
            "a text that was only opened",
            |lab| open_text(lab, ""),
            &[],
            false,
            0,
        ),
        (
            "a half-typed text",
            |lab| open_text(lab, "layer"),
            &[],
            true,
            0,
        ),
        ("a drawing", draw, &[], false, 1),
        (
            "an undone drawing",
            |lab| {
                draw(lab);
                keys(lab, "u");
            },
            &[],
            false,
            0,
        ),
        (
            "a written drawing",
            |lab| {
                draw(lab);
                let pending = asked(keys(lab, "w")).unwrap();
                written(lab, &pending, true);
            },
            &[],
            false,
            0,
        ),
        (
            "one that could not be written",
            |lab| {
                draw(lab);
                let pending = asked(keys(lab, "w")).unwrap();
                written(lab, &pending, false);
            },
            &[],
            false,
            1,
        ),
        (
            "a drawing for a network of another shape, which comes back with that shape",
            |lab| {
                draw(lab);
                lab.lab.preset.input = Shape::new(14, 14, 1);
                lab.settle();
                assert_eq!(pad(lab).canvas.shape(), Shape::new(14, 14, 1));
                assert_eq!(lab.lab.unsaved().drawings.len(), 1);
                lab.lab.preset.input = Shape::new(28, 28, 1);
                lab.settle();
                assert!(!pad(lab).canvas.is_blank());
            },
            &[],
            false,
            1,
        ),
    ];
    for (what, act, networks, text, drawings) in cases {
        let mut lab = loaded();
        act(&mut lab);
        let unsaved = lab.lab.unsaved();
        assert_eq!(unsaved.network_names(), *networks, "{what}");
        assert_eq!(unsaved.text.is_some(), *text, "{what}");
        assert_eq!(unsaved.drawings.len(), *drawings, "{what}");
        assert_eq!(
            unsaved.is_empty(),
            networks.is_empty() && !text && *drawings == 0,
            "{what}"
        );
        // Quitting asks exactly where something is lost or ends.
        lab.lab.overlay = None;
        let is_asked = !lab.lab.unsaved().is_empty() || lab.lab.is_training();
        let commands = keys(&mut lab, "q");
        assert_eq!(lab.lab.quitting, !is_asked, "{what}");
        assert_eq!(commands.contains(&Command::Quit), !is_asked, "{what}");
        assert_eq!(lab.lab.overlay.is_some(), is_asked, "{what}");
    }
}

#[test]
fn a_question_before_quitting_goes_when_nothing_is_at_stake_any_more() {
    let mut lab = loaded();
    train(&mut lab, true);
    keys(&mut lab, "q");
    assert!(lab.lab.overlay.is_some());
    lab.hear(super::testing::ended(1));
    assert!(lab.lab.overlay.is_none() && !lab.lab.quitting);
}

#[test]
fn steering_a_training_is_nothing_to_save() {
    let mut lab = loaded();
    train(&mut lab, true);
    lab.lab
        .steer_recipe(|recipe| recipe.optimizer.set_learning_rate(0.25));
    assert_eq!(lab.lab.preset.training.optimizer.learning_rate(), 0.25);
    assert!(lab.lab.unsaved().is_empty());
}

#[test]
fn only_a_training_of_the_network_on_the_screen_changes_what_is_set() {
    let mut lab = loaded();
    let before = lab.lab.preset.training.clone();
    let steer = |lab: &mut Interface| {
        lab.lab
            .steer_recipe(|recipe| recipe.optimizer.set_learning_rate(0.25));
    };
    steer(&mut lab);
    assert_eq!(lab.lab.preset.training, before, "nothing trains");
    train(&mut lab, true);
    edit(&mut lab);
    steer(&mut lab);
    assert_eq!(lab.lab.preset.training, before, "another network trains");
    build(&mut lab, "network.undo");
    lab.hear(super::testing::ended(1));
    steer(&mut lab);
    assert_eq!(lab.lab.preset.training, before, "the training has ended");
}

#[test]
fn after_quit_nothing_more_is_asked_for() {
    let mut lab = loaded();
    train(&mut lab, false);
    assert_eq!(press(&mut lab, Key::ctrl('c')), [Command::Quit]);
    assert_eq!(keys(&mut lab, "6"), []);
    lab.lose_worker();
    assert!(lab.lab.active_run().is_some(), "its end comes as an event");
}

#[test]
fn the_draft_follows_the_work() {
    let mut lab = loaded();
    let commands = build(&mut lab, "network.delete");
    let [draft] = drafts(&commands)[..] else {
        panic!("{commands:?}");
    };
    let read = Preset::parse(&draft.presets[0].text, "draft").unwrap();
    assert_eq!(read, lab.lab.preset);
    assert!(draft.text.is_none() && draft.drawings.is_empty());
    // What changes nothing asks for nothing.
    assert_eq!(drafts(&keys(&mut lab, "4")), [] as [&Draft; 0]);
    let commands = build(&mut lab, "network.undo");
    assert_eq!(drafts(&commands), [&Draft::default()]);

    keys(&mut lab, "5d");
    let commands = keys(&mut lab, " ");
    let drawing = Drawing {
        shape: Shape::new(28, 28, 1),
        pixels: pad(&lab).canvas.pixels().to_vec(),
    };
    assert_eq!(drafts(&commands)[0].drawings, [drawing]);

    open_text(&mut lab, "");
    let before = text(&lab).lines().join("\n");
    let commands = lab.paste("lay".to_owned());
    let typed = drafts(&commands)[0].text.clone().unwrap();
    assert_ne!(typed.trim_end(), before);
    assert_eq!(typed.replacen("lay", "", 1).len(), before.len() + 1);
    // Ctrl-C asks nothing and leaves the draft.
    assert_eq!(press(&mut lab, Key::ctrl('c')), [Command::Quit]);
}

#[test]
fn the_answers_before_quitting() {
    let unsaved = || {
        let mut lab = loaded();
        edit(&mut lab);
        draw(&mut lab);
        keys(&mut lab, "qn");
        assert!(lab.lab.overlay.is_none() && !lab.lab.quitting);
        lab
    };

    let mut left = unsaved();
    keys(&mut left, "q");
    let forget = Command::Draft(DraftCommand::Keep(Draft::default()));
    let leave = left.act("quit.leave").unwrap();
    assert_eq!(leave, [forget, Command::Quit]);
    assert!(left.lab.quitting);

    let saving = || {
        let mut lab = unsaved();
        keys(&mut lab, "q");
        let commands = lab.act("quit.save").unwrap();
        let drawing = asked::<SaveDrawing>(commands).expect("it is written");
        // The name of one of the program's presets cannot be taken; the question for a name stays.
        assert_eq!(enter(&mut lab), []);
        assert!(lab.lab.overlay.is_some());
        written(&mut lab, &drawing, true);
        let pending = name(&mut lab);
        assert!(!lab.lab.quitting, "nothing is on the disk yet");
        (lab, pending)
    };
    let (mut lab, pending) = saving();
    let commands = saved(&mut lab, &pending);
    assert!(
        lab.lab.quitting && commands.contains(&Command::Quit),
        "{commands:?}"
    );
    assert_eq!(drafts(&commands), [&Draft::default()], "all is saved");

    // Who cannot save stays, and so does who thinks again.
    let (mut failed, pending) = saving();
    not_saved(&mut failed, &pending);
    assert!(!failed.lab.quitting && failed.lab.overlay.is_none());
    keys(&mut failed, "q");
    failed.act("quit.save").unwrap();
    escape(&mut failed);
    assert!(!failed.lab.quitting && failed.lab.overlay.is_none());
    let pending = ask_to_save(&mut failed);
    saved(&mut failed, &pending);
    assert!(!failed.lab.quitting, "this was no wish to leave");
}

#[test]
fn whoever_thinks_again_while_a_drawing_is_written_stays() {
    let mut lab = loaded();
    edit(&mut lab);
    draw(&mut lab);
    keys(&mut lab, "q");
    let drawing = asked(lab.act("quit.save").unwrap()).unwrap();
    escape(&mut lab);
    assert!(lab.lab.overlay.is_none());
    written(&mut lab, &drawing, true);
    assert!(lab.lab.overlay.is_none() && !lab.lab.quitting);
}

/// Nothing is lost by what takes a network's place on the screen, in the session or at its end.
#[test]
fn networks_that_others_took_the_place_of_come_back_and_are_saved_too() {
    let replaced = || {
        let mut lab = loaded();
        edit(&mut lab);
        let edited = lab.lab.preset.clone();
        choose_another(&mut lab);
        build(&mut lab, "network.new");
        assert_eq!(lab.lab.unsaved().draft().presets[0].name, edited.name);
        (lab, edited)
    };
    let (mut lab, edited) = replaced();
    let (mut back, _) = replaced();
    build(&mut back, "network.undo");
    build(&mut back, "network.undo");
    assert_eq!(back.lab.preset, edited);

    keys(&mut lab, "5q");
    lab.act("quit.save").unwrap();
    assert_eq!(lab.lab.preset, edited, "what is saved is on the screen");
    let pending = name(&mut lab);
    saved(&mut lab, &pending);
    assert!(lab.lab.quitting);
}

#[test]
fn esc_in_a_changed_text_asks() {
    let mut lab = loaded();
    open_text(&mut lab, "");
    escape(&mut lab);
    assert!(lab.lab.overlay.is_none(), "nothing was changed");

    open_text(&mut lab, " # why");
    let typed = text(&lab).lines().to_vec();
    escape(&mut lab);
    assert!(text(&lab).asks);
    lab.paste("no text now".to_owned());
    assert_eq!(
        lab.lab.unsaved().text.as_ref(),
        Some(&typed),
        "it is still there"
    );
    escape(&mut lab);
    assert!(!text(&lab).asks);
    assert_eq!(text(&lab).lines(), typed);
    build(&mut lab, "text.undo");
    escape(&mut lab);
    assert!(lab.lab.overlay.is_none(), "it was undone");

    let before = lab.lab.preset.clone();
    open_text(&mut lab, " # why");
    escape(&mut lab);
    build(&mut lab, "text.forget");
    assert!(lab.lab.overlay.is_none() && lab.lab.unsaved().is_empty());
    assert_eq!(lab.lab.preset, before);
}

/// Two networks, a text that is none, and two drawings of which one is for another shape.
fn found() -> FoundDraft {
    let preset = |name: &str, comment: &str| OwnPreset {
        name: name.to_owned(),
        text: format!(
            "name: {name}{comment}\ninput: [28, 28, 1]\nclasses: 10\nlayers:\n  - flatten\n  - classify\n"
        ),
    };
    let drawing = |side: usize| Drawing {
        shape: Shape::new(side, side, 1),
        pixels: vec![99; side * side],
    };
    FoundDraft {
        draft: Draft {
            presets: vec![preset("left", ""), preset("mine", " # and small")],
            text: Some("name: half\nlay\n".to_owned()),
            drawings: vec![drawing(9), drawing(28)],
        },
        written: "2026-11-23 13:00".to_owned(),
    }
}

fn find(lab: &mut Interface, found: FoundDraft) -> Vec<Command> {
    lab.hear(Event::DraftFound(Box::new(found)))
}

#[test]
fn a_draft_is_offered_and_never_put_back_unasked() {
    let offered = || {
        let mut lab = loaded();
        let commands = find(&mut lab, found());
        assert!(lab.lab.overlay.is_some());
        assert_eq!(drafts(&commands), [] as [&Draft; 0]);
        lab
    };
    let mut lab = offered();
    let before = lab.lab.preset.clone();
    let mut later = offered();
    assert_eq!(escape(&mut later), []);
    assert!(later.lab.overlay.is_none());
    assert_eq!(later.lab.preset, before);

    let mut forgotten = offered();
    let forget = [Command::Draft(DraftCommand::ForgetFound)];
    assert_eq!(forgotten.act("draft.discard").unwrap(), forget);
    assert!(forgotten.lab.unsaved().is_empty());
    assert_eq!(forgotten.lab.preset, before);

    let commands = lab.act("draft.restore").unwrap();
    // First the new one, then the old one may go.
    let of_drafts: Vec<_> = commands
        .iter()
        .filter(|command| matches!(command, Command::Draft(_)))
        .collect();
    assert_eq!(
        of_drafts,
        [
            &Command::Draft(DraftCommand::Keep(found().draft)),
            &Command::Draft(DraftCommand::ForgetFound)
        ]
    );
    assert_eq!(lab.lab.preset.name, "mine");
    let whole = lab.lab.preset_text();
    assert!(whole.starts_with("name: mine # and small\n"));
    assert!(lab.lab.is_network_unsaved() && pad(&lab).is_unsaved());
    assert_eq!(pad(&lab).canvas.pixels(), [99; 28 * 28]);
    let unsaved = lab.lab.unsaved();
    assert_eq!(unsaved.network_names(), ["left", "mine"]);
    assert_eq!(unsaved.drawings.len(), 2);
    assert!(text(&lab).is_changed());
    assert_eq!(text(&lab).lines(), ["name: half", "lay"]);
    escape(&mut lab);
    build(&mut lab, "text.forget");
    build(&mut lab, "network.undo");
    build(&mut lab, "network.undo");
    assert_eq!(lab.lab.preset, before);
}

/// A draft that comes while something is open waits until it is closed.
#[test]
fn an_offer_interrupts_nothing() {
    let mut lab = loaded();
    open_text(&mut lab, "");
    find(&mut lab, found());
    assert!(!text(&lab).is_changed());
    escape(&mut lab);
    assert!(lab.act("draft.later").is_some());
}

/// What this version cannot read is not thrown away: it can be mended by hand.
#[test]
fn a_network_that_is_none_comes_back_as_text() {
    let mut lab = loaded();
    let draft = Draft {
        presets: vec![OwnPreset {
            name: "old".to_owned(),
            text: "name: old\nlayers:\n  - forgotten\n".to_owned(),
        }],
        ..Draft::default()
    };
    let written = String::new();
    find(&mut lab, FoundDraft { draft, written });
    enter(&mut lab);
    assert_eq!(
        text(&lab).lines(),
        ["name: old", "layers:", "  - forgotten"]
    );
    assert_eq!(lab.lab.preset.name, "fashion-conv1");
}

#[test]
fn enter_does_not_quit_where_the_question_names_other_keys() {
    let [mut training, mut unsaved] = [loaded(), loaded()];
    train(&mut training, true);
    edit(&mut unsaved);
    for mut lab in [training, unsaved] {
        keys(&mut lab, "q");
        enter(&mut lab);
        assert!(lab.lab.overlay.is_some() && !lab.lab.quitting);
        let status = lab.lab.status.as_ref().unwrap();
        assert!(status.text.contains("y quits"), "{}", status.text);
    }
}
