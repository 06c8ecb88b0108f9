//! What is unsaved, and what leaving does with it, as tables.

use super::tests::{ask_quit, loaded, told};
use super::update;
use crate::lab::{DrawingsWish, UnsavedDrawings};
use crate::lab::testing::facts;
use crate::shape::Shape;
use crate::state::{BuilderMessage, Lab, Message, OldOverlay as Overlay, PaneId, UnsavedMessage};
use crate::training::Preset;
use crate::worker::{
    Command, Draft, DraftCommand, Drawing, Event, FoundDraft, OwnPreset, Purpose, RunFacts,
    SaveRequest,
};

fn build(lab: &mut Lab, message: BuilderMessage) -> Vec<Command> {
    update(lab, Message::Builder(message))
}

fn tell(lab: &mut Lab, event: Event) -> Vec<Command> {
    told(lab, event)
}

/// Takes a layer out of the network.
fn edit(lab: &mut Lab) {
    build(lab, BuilderMessage::Delete);
}

fn draw(lab: &mut Lab) {
    lab.drawings.unsaved = vec![drawing(28)];
}

fn saved(name: &str) -> Event {
    Event::PresetSaved {
        name: name.to_owned(),
        path: format!("/presets/{name}.yaml").into(),
    }
}

fn drawing(side: usize) -> Drawing {
    Drawing {
        shape: Shape::new(side, side, 1),
        pixels: vec![99; side * side],
    }
}

/// Saves the network under a name of its own.
fn save(lab: &mut Lab) {
    ask_to_save(lab);
    tell(lab, saved("mine"));
}

fn ask_to_save(lab: &mut Lab) {
    build(lab, BuilderMessage::AskName);
    let Some(Overlay::SaveAs(form)) = &mut lab.old_overlay else {
        panic!("{:?}", lab.old_overlay);
    };
    form.input = crate::state::LineInput::new("mine");
    update(lab, Message::Accept);
}

fn open_text(lab: &mut Lab, change: fn(&mut Vec<String>)) {
    build(lab, BuilderMessage::OpenText);
    let Some(Overlay::Text(text)) = &lab.old_overlay else {
        panic!("{:?}", lab.old_overlay);
    };
    let mut lines = text.lines.clone();
    change(&mut lines);
    let cursor = (0, 0);
    build(lab, BuilderMessage::TextTyped { lines, cursor });
}

/// A training with a run folder starts.
fn train(lab: &mut Lab, folder: bool) {
    super::tests::train(lab);
    assert!(lab.is_starting(), "{:?}", lab.status);
    let facts = RunFacts {
        folder: folder.then(|| "runs/1".into()),
        ..facts(1)
    };
    tell(lab, Event::RunStarted(Box::new(facts)));
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
        fn(&mut Lab),
        &'static [&'static str],
        bool,
        usize,
    );
    let cases: &[Case] = &[
        ("the start", |_| {}, &[], false, 0),
        ("an edit", edit, &["fashion-conv1"], false, 0),
        (
            "an edit taken back",
            |lab| {
                edit(lab);
                build(lab, BuilderMessage::Undo);
            },
            &[],
            false,
            0,
        ),
        (
            "and done again",
            |lab| {
                edit(lab);
                build(lab, BuilderMessage::Undo);
                build(lab, BuilderMessage::Redo);
            },
            &["fashion-conv1"],
            false,
            0,
        ),
        (
            "a setting of the training",
            |lab| lab.preset.training.epochs += 1,
            &["fashion-conv1"],
            false,
            0,
        ),
        (
            "a new network without a layer",
            |lab| {
                build(lab, BuilderMessage::NewNetwork);
            },
            &[],
            false,
            0,
        ),
        (
            "another network",
            |lab| {
                update(lab, Message::ChoosePreset(0));
            },
            &[],
            false,
            0,
        ),
        (
            "another network in place of an edited one, which undo brings back",
            |lab| {
                edit(lab);
                update(lab, Message::ChoosePreset(0));
            },
            &["fashion-conv1"],
            false,
            0,
        ),
        (
            "a saved one",
            |lab| {
                edit(lab);
                save(lab);
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
            &["fashion-conv1"],
            false,
            0,
        ),
        (
            "one that was edited on its way to a file",
            |lab| {
                edit(lab);
                ask_to_save(lab);
                edit(lab);
                tell(lab, saved("mine"));
            },
            &["mine"],
            false,
            0,
        ),
        (
            "one that could not be saved",
            |lab| {
                edit(lab);
                ask_to_save(lab);
                let (what, message) = (Purpose::SavePreset, "the disk is full".to_owned());
                tell(lab, Event::Failed { what, message });
            },
            &["fashion-conv1"],
            false,
            0,
        ),
        (
            "one that a run folder holds",
            |lab| {
                lab.preset.training.epochs = 3;
                train(lab, true);
            },
            &[],
            false,
            0,
        ),
        (
            "one that was trained without a folder",
            |lab| {
                lab.preset.training.epochs = 3;
                train(lab, false);
            },
            &["fashion-conv1"],
            false,
            0,
        ),
        (
            "comments, which a run folder does not hold",
            |lab| {
                open_text(lab, |lines| lines.push("# why".to_owned()));
                update(lab, Message::Accept);
                train(lab, true);
            },
            &["fashion-conv1"],
            false,
            0,
        ),
        (
            "a text that was only opened",
            |lab| open_text(lab, |_| {}),
            &[],
            false,
            0,
        ),
        (
            "a half-typed text",
            |lab| open_text(lab, |lines| lines.push("layer".to_owned())),
            &[],
            true,
            0,
        ),
        ("a drawing", draw, &[], false, 1),
    ];
    for (what, act, networks, text, drawings) in cases {
        let mut lab = loaded();
        act(&mut lab);
        let unsaved = lab.unsaved();
        assert_eq!(unsaved.network_names(), *networks, "{what}");
        assert_eq!(unsaved.has_text(), *text, "{what}");
        assert_eq!(unsaved.drawing_count(), *drawings, "{what}");
        assert_eq!(
            unsaved.is_empty(),
            networks.is_empty() && !text && *drawings == 0,
            "{what}"
        );
        // Quitting asks exactly where something is lost or ends.
        lab.old_overlay = None;
        let is_asked = !lab.unsaved().is_empty() || lab.is_training();
        let commands = ask_quit(&mut lab);
        assert_eq!(lab.quitting, !is_asked, "{what}");
        assert_eq!(commands.contains(&Command::Quit), !is_asked, "{what}");
        assert_eq!(
            lab.old_overlay == Some(Overlay::ConfirmQuit),
            is_asked,
            "{what}"
        );
    }
}

#[test]
fn steering_a_training_is_nothing_to_save() {
    let mut lab = loaded();
    train(&mut lab, true);
    lab.open_settings("learning_rate");
    update(&mut lab, Message::Edit(crate::state::Edit::DeleteToStart));
    update(
        &mut lab,
        Message::Edit(crate::state::Edit::Paste("0.25".to_owned())),
    );
    update(&mut lab, Message::Accept);
    assert_eq!(lab.preset.training.optimizer.learning_rate(), 0.25);
    assert!(lab.unsaved().is_empty());
}

#[test]
fn the_draft_follows_the_work() {
    let mut lab = loaded();
    let commands = build(&mut lab, BuilderMessage::Delete);
    let [draft] = drafts(&commands)[..] else {
        panic!("{commands:?}");
    };
    let read = Preset::parse(&draft.presets[0].text, "draft").unwrap();
    assert_eq!(read, lab.preset);
    assert!(draft.text.is_none() && draft.drawings.is_empty());
    // What changes nothing asks for nothing.
    assert_eq!(
        drafts(&update(&mut lab, Message::Show(PaneId::Train))),
        [] as [&Draft; 0]
    );
    let commands = build(&mut lab, BuilderMessage::Undo);
    assert_eq!(drafts(&commands), [&Draft::default()]);

    draw(&mut lab);
    let commands = update(&mut lab, Message::Show(PaneId::Results));
    assert_eq!(drafts(&commands)[0].drawings, [drawing(28)]);

    update(&mut lab, Message::Show(PaneId::Network));
    build(&mut lab, BuilderMessage::OpenText);
    let lines = vec!["name: half".to_owned(), "lay".to_owned()];
    let cursor = (1, 3);
    let commands = build(&mut lab, BuilderMessage::TextTyped { lines, cursor });
    let text = drafts(&commands)[0].text.as_deref();
    assert_eq!(text, Some("name: half\nlay\n"));
    // Ctrl-C asks nothing and leaves the draft.
    assert_eq!(update(&mut lab, Message::Quit), [Command::Quit]);
}

#[test]
fn the_answers_before_quitting() {
    let unsaved = || {
        let mut lab = loaded();
        edit(&mut lab);
        draw(&mut lab);
        ask_quit(&mut lab);
        update(&mut lab, Message::Back);
        assert!(lab.old_overlay.is_none() && !lab.quitting);
        lab
    };

    let mut left = unsaved();
    ask_quit(&mut left);
    let leave = Message::Unsaved(UnsavedMessage::Leave);
    let forget = Command::Draft(DraftCommand::Keep(Draft::default()));
    assert_eq!(update(&mut left, leave), [forget, Command::Quit]);
    assert!(left.quitting);

    let save = Message::Unsaved(UnsavedMessage::SaveAndLeave);
    let saving = || {
        let mut lab = unsaved();
        ask_quit(&mut lab);
        let commands = update(&mut lab, save.clone());
        assert!(
            matches!(commands[..], [Command::ListPresets, ..]),
            "{commands:?}"
        );
        assert!(
            matches!(&lab.drawings.wishes[..], [DrawingsWish::Write(wish)] if *wish == drawing(28))
        );
        // The name of one of the program's presets cannot be taken; the question for a name stays.
        update(&mut lab, Message::Accept);
        let Some(Overlay::SaveAs(form)) = &mut lab.old_overlay else {
            panic!("{:?}", lab.old_overlay);
        };
        assert!(form.problem.is_some());
        form.input = crate::state::LineInput::new("mine");
        lab.drawings = UnsavedDrawings::default();
        let commands = update(&mut lab, Message::Accept);
        let is_saved = |command: &Command| matches!(command, Command::SavePreset(SaveRequest { name, .. }) if name == "mine");
        assert!(commands.iter().any(is_saved), "{commands:?}");
        assert!(!lab.quitting, "nothing is on the disk yet");
        lab
    };
    let mut lab = saving();
    let mut failed = saving();
    let commands = tell(&mut lab, saved("mine"));
    assert!(
        lab.quitting && commands.contains(&Command::Quit),
        "{commands:?}"
    );

    assert_eq!(drafts(&commands), [&Draft::default()], "all is saved");

    // Who cannot save stays, and so does who thinks again.
    let (what, message) = (Purpose::SavePreset, "the disk is full".to_owned());
    tell(&mut failed, Event::Failed { what, message });
    assert!(!failed.quitting && failed.old_overlay.is_none());
    ask_quit(&mut failed);
    update(&mut failed, save);
    update(&mut failed, Message::Back);
    assert!(!failed.quitting && failed.old_overlay.is_none());
    ask_to_save(&mut failed);
    tell(&mut failed, saved("mine"));
    assert!(!failed.quitting, "this was no wish to leave");
}

/// Nothing is lost by what takes a network's place on the screen, in the session or at its end.
#[test]
fn networks_that_others_took_the_place_of_come_back_and_are_saved_too() {
    let replaced = || {
        let mut lab = loaded();
        edit(&mut lab);
        let edited = lab.preset.clone();
        update(&mut lab, Message::ChoosePreset(0));
        build(&mut lab, BuilderMessage::NewNetwork);
        assert_eq!(lab.unsaved().draft().presets[0].name, edited.name);
        (lab, edited)
    };
    let (mut lab, edited) = replaced();
    let (mut back, _) = replaced();
    build(&mut back, BuilderMessage::Undo);
    build(&mut back, BuilderMessage::Undo);
    assert_eq!(back.preset, edited);

    ask_quit(&mut lab);
    update(&mut lab, Message::Unsaved(UnsavedMessage::SaveAndLeave));
    assert_eq!(lab.preset, edited, "what is saved is on the screen");
    let Some(Overlay::SaveAs(form)) = &mut lab.old_overlay else {
        panic!("{:?}", lab.old_overlay);
    };
    form.input = crate::state::LineInput::new("mine");
    update(&mut lab, Message::Accept);
    tell(&mut lab, saved("mine"));
    assert!(lab.quitting);
}

#[test]
fn esc_in_a_changed_text_asks() {
    let mut lab = loaded();
    open_text(&mut lab, |_| {});
    update(&mut lab, Message::Back);
    assert!(lab.old_overlay.is_none(), "nothing was changed");

    open_text(&mut lab, |lines| lines.push("# why".to_owned()));
    let typed = lab.old_overlay.clone();
    update(&mut lab, Message::Back);
    assert!(matches!(lab.old_overlay, Some(Overlay::ConfirmDiscard(_))));
    assert!(lab.unsaved().has_text(), "it is still there");
    update(&mut lab, Message::Back);
    assert_eq!(lab.old_overlay, typed);
    build(&mut lab, BuilderMessage::UndoText);
    update(&mut lab, Message::Back);
    assert!(lab.old_overlay.is_none(), "it was taken back");

    let before = lab.preset.clone();
    open_text(&mut lab, |lines| lines.push("# why".to_owned()));
    update(&mut lab, Message::Back);
    update(&mut lab, Message::Unsaved(UnsavedMessage::DiscardText));
    assert!(lab.old_overlay.is_none() && lab.unsaved().is_empty());
    assert_eq!(lab.preset, before);
}

/// Two networks, a text that is none, and two drawings of which one is for another shape.
fn found() -> FoundDraft {
    let preset = |name: &str, comment: &str| OwnPreset {
        name: name.to_owned(),
        text: format!(
            "name: {name}{comment}\ninput: [28, 28, 1]\nclasses: 10\nlayers:\n  - flatten\n  - classify\n"
        ),
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

#[test]
fn a_draft_is_offered_and_never_put_back_unasked() {
    let offered = || {
        let mut lab = loaded();
        let commands = tell(&mut lab, Event::DraftFound(Box::new(found())));
        assert!(matches!(lab.old_overlay, Some(Overlay::OfferDraft(_))));
        assert_eq!(drafts(&commands), [] as [&Draft; 0]);
        lab
    };
    let mut lab = offered();
    let before = lab.preset.clone();
    let mut later = offered();
    assert_eq!(update(&mut later, Message::Back), []);
    assert_eq!(
        (later.old_overlay.is_none(), &later.preset),
        (true, &before)
    );

    let mut forgotten = offered();
    let forget = Message::Unsaved(UnsavedMessage::ForgetDraft);
    let expected = [Command::Draft(DraftCommand::ForgetFound)];
    assert_eq!(update(&mut forgotten, forget), expected);
    assert!(forgotten.unsaved().is_empty());
    assert_eq!(forgotten.preset, before);

    let restore = Message::Unsaved(UnsavedMessage::RestoreDraft);
    let commands = update(&mut lab, restore);
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
    assert_eq!(lab.preset.name, "mine");
    assert!(lab.preset_text().starts_with("name: mine # and small\n"));
    assert!(lab.is_network_unsaved());
    let back = found().draft.drawings;
    assert!(matches!(&lab.drawings.wishes[..], [DrawingsWish::PutBack(wish)] if *wish == back));
    assert_eq!(lab.unsaved().network_names(), ["left", "mine"]);
    assert_eq!(lab.unsaved().drawing_count(), 2);
    let Some(Overlay::Text(text)) = &lab.old_overlay else {
        panic!("{:?}", lab.old_overlay);
    };
    assert!(text.is_changed());
    assert_eq!(text.text(), "name: half\nlay\n");
    update(&mut lab, Message::Unsaved(UnsavedMessage::DiscardText));
    build(&mut lab, BuilderMessage::Undo);
    build(&mut lab, BuilderMessage::Undo);
    assert_eq!(lab.preset, before);
}

/// A draft that comes while something is open waits until it is closed.
#[test]
fn an_offer_interrupts_nothing() {
    let mut lab = loaded();
    open_text(&mut lab, |_| {});
    tell(&mut lab, Event::DraftFound(Box::new(found())));
    assert!(matches!(lab.old_overlay, Some(Overlay::Text(_))));
    update(&mut lab, Message::Back);
    assert!(matches!(lab.old_overlay, Some(Overlay::OfferDraft(_))));
}

/// What this version cannot read is not thrown away: it can be mended by hand.
#[test]
fn a_network_that_is_none_comes_back_as_text() {
    let mut lab = loaded();
    let text = "name: old\nlayers:\n  - forgotten\n".to_owned();
    let draft = Draft {
        presets: vec![OwnPreset {
            name: "old".to_owned(),
            text: text.clone(),
        }],
        ..Draft::default()
    };
    let written = String::new();
    tell(
        &mut lab,
        Event::DraftFound(Box::new(FoundDraft { draft, written })),
    );
    update(&mut lab, Message::Unsaved(UnsavedMessage::RestoreDraft));
    let Some(Overlay::Text(open)) = &lab.old_overlay else {
        panic!("{:?}", lab.old_overlay);
    };
    assert_eq!(open.text(), text);
    assert_eq!(lab.preset.name, "fashion-conv1");
}
