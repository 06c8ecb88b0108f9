//! Leaving the program, and what is not saved then: asked about, saved, kept as a draft, put back at the next start.

use std::sync::Arc;

use crossterm::event::KeyCode;

use crate::lab::Run;
use crate::lab::{Lab, Leaving, PaneId, Scope, Unsaved};
use crate::overlays::{Answer, Confirm};
use crate::panes::{NetworkPane, Pad};
use crate::training::Preset;
use crate::ui::Key;
use crate::ui::format::listed;
use crate::worker::{Command, Draft, DraftCommand, FoundDraft};

const ENTER: Key = Key::code(KeyCode::Enter);
const ESC: Key = Key::code(KeyCode::Esc);

/// Leaves, but asks first where something would end or be lost: one question for both.
pub(super) fn ask(lab: &mut Lab) {
    let (is_training, is_saved) = (lab.is_training(), lab.unsaved().is_empty());
    if !is_training && is_saved {
        return lab.quit();
    }
    let yes = Key::char('y');
    let stay = |words| {
        let help = match is_training {
            true => "go back to the training",
            false => "go back",
        };
        Answer::new(
            "quit.stay",
            &[Key::char('n'), ESC],
            (words, "stay", help),
            |_| {},
        )
    };
    let (answers, rows) = match is_saved {
        true => {
            let help = "stop the training, save it and leave";
            let words = ("stop, save and quit", "quit", help);
            let quit = Answer::new("quit.leave", &[yes, ENTER], words, Lab::quit);
            (vec![quit, stay("go on training")], 8)
        }
        false => {
            let help = "save each of them, then leave";
            let words = ("save and quit", "save and quit", help);
            let save = Answer::new("quit.save", &[Key::char('s'), ENTER], words, |lab| {
                lab.drafts.leaving = Leaving::WhenSaved;
            });
            let help = "leave and forget what is not saved; what a training learned is saved";
            let words = ("quit without", "quit without", help);
            let leave = Answer::new("quit.leave", &[yes], words, leave_all);
            (vec![save, leave, stay("stay")], 10)
        }
    };
    lab.open(Confirm {
        title: match is_training {
            true => "Quit while training?",
            false => "Quit without saving?",
        },
        size: (58, rows),
        text: Box::new(at_stake),
        answers,
        hint: match (is_saved, is_training) {
            (true, _) => "y quits, n or Esc goes back to the training.",
            (false, true) => {
                "s saves and quits, y quits without, n or Esc goes back to the training."
            }
            (false, false) => "s saves and quits, y quits without, n or Esc stays.",
        },
        stands: |lab| lab.is_training() || !lab.unsaved().is_empty(),
    });
}

/// Leaves and forgets what is not saved.
fn leave_all(lab: &mut Lab) {
    if !lab.drafts.kept.is_empty() {
        lab.tell(Command::Draft(DraftCommand::Keep(Draft::default())));
    }
    lab.quit();
}

/// What quitting would end and lose, in sentences.
fn at_stake(lab: &Lab) -> String {
    let training = match lab.active_run() {
        Some(run) => Some(about_run(run)),
        None if lab.is_starting() => Some(format!("{} is about to train.", lab.title())),
        None => None,
    };
    let sentences = training.into_iter().chain(lost(&lab.unsaved()));
    sentences.collect::<Vec<_>>().join(" ")
}

fn about_run(run: &Run) -> String {
    let kept = match run.history.len() {
        0 => "No epoch is finished yet.".to_owned(),
        1 => "The first epoch is finished.".to_owned(),
        done => format!("{done} epochs are finished."),
    };
    let folder = run.facts.folder.as_ref().map_or(String::new(), |folder| {
        format!(
            " What it learned stays in {}.",
            folder.file_name().map_or_else(
                || folder.display().to_string(),
                |name| name.to_string_lossy().into_owned()
            )
        )
    });
    format!(
        "{} trains, epoch {} of {}. {kept}{folder}",
        run.facts.name,
        run.epoch(),
        run.facts.epochs
    )
}

/// What quitting would lose, in a sentence.
fn lost(unsaved: &Unsaved) -> Option<String> {
    let networks = unsaved.network_names();
    let changes = match networks.len() {
        0 => None,
        1 => Some(format!("{} has changes that are not saved", networks[0])),
        _ => Some(format!(
            "{} have changes that are not saved",
            listed(&networks)
        )),
    };
    let drawings = match unsaved.drawings.len() {
        0 => None,
        1 => Some("the drawing is not written".to_owned()),
        count => Some(format!("{count} drawings are not written")),
    };
    match (changes, drawings) {
        (Some(changes), Some(drawings)) => Some(format!("{changes}, and {drawings}.")),
        (Some(changes), None) => Some(format!("{changes}.")),
        (None, Some(drawings)) => Some(format!("{}.", drawings.replacen('t', "T", 1))),
        (None, None) => None,
    }
}

/// The next step of saving everything and leaving, and the offer of a draft, as soon as nothing is open. Says whether it took one.
pub(super) fn go_on(lab: &mut Lab) -> bool {
    if lab.quitting || lab.overlay.is_some() {
        return false;
    }
    if let Some(found) = lab.drafts.found.take() {
        offer(lab, *found);
        return true;
    }
    match lab.drafts.leaving {
        Leaving::No => false,
        // Who gives no name stays.
        Leaving::OnceNamed if !lab.history.is_saving() => {
            lab.stay();
            false
        }
        _ if lab.history.is_saving() || lab.drawings.is_saving => {
            lab.drafts.leaving = Leaving::WhenSaved;
            false
        }
        _ => {
            save_next(lab);
            true
        }
    }
}

fn save_next(lab: &mut Lab) {
    let unsaved = lab.unsaved();
    for drawing in unsaved.drawings {
        Pad::write_drawing(drawing, lab);
    }
    if let Some(version) = unsaved.networks.into_iter().next_back() {
        let name = format!("bring {} back", version.preset.name);
        lab.record(name, Scope::Another, version.preset, version.source);
        lab.drafts.leaving = Leaving::OnceNamed;
        lab.then(NetworkPane::ask_name);
    } else if !lab.drawings.is_saving {
        // All is saved, so there is no draft any more.
        keep_draft(lab);
        lab.quit();
    }
}

/// Has the worker keep a draft of what is not saved, where that has changed.
pub(super) fn keep_draft(lab: &mut Lab) {
    let unsaved = lab.unsaved();
    if unsaved != lab.drafts.kept {
        lab.tell(Command::Draft(DraftCommand::Keep(unsaved.draft())));
        lab.drafts.kept = unsaved;
    }
}

/// Asks whether a draft of what an earlier start did not save is put back.
fn offer(lab: &mut Lab, found: FoundDraft) {
    let text = about_draft(&found);
    let draft = found.draft;
    let restoring = ("restore", "restore", "put the draft back, to be saved");
    let later = (
        "leave for later",
        "later",
        "leave the draft for the next start",
    );
    let discarding = ("discard", "discard", "forget the draft for good");
    lab.open(Confirm {
        title: "Unsaved work",
        size: (58, 8),
        text: Box::new(move |_| text.clone()),
        answers: vec![
            Answer::new("draft.restore", &[ENTER], restoring, move |lab| {
                restore(lab, draft.clone());
            }),
            Answer::new("draft.later", &[ESC], later, |_| {}),
            Answer::new("draft.discard", &[Key::char('d')], discarding, |lab| {
                lab.tell(Command::Draft(DraftCommand::ForgetFound));
                lab.inform("The draft is forgotten.");
            }),
        ],
        hint: "Enter restores the draft, Esc leaves it for later, d discards it.",
        stands: |_| true,
    });
}

fn about_draft(found: &FoundDraft) -> String {
    let draft = &found.draft;
    let names = draft.presets.iter().map(|preset| preset.name.clone());
    let mut parts: Vec<String> = names.collect();
    if draft.text.is_some() {
        parts.push("a text in the editor".to_owned());
    }
    match draft.drawings.len() {
        0 => {}
        1 => parts.push("a drawing".to_owned()),
        count => parts.push(format!("{count} drawings")),
    }
    format!(
        "A draft of {}, from {}, was not saved.",
        listed(&parts),
        found.written
    )
}

/// Puts networks, drawings and a half-typed text back, the networks as edits that undo takes back.
fn restore(lab: &mut Lab, draft: Draft) {
    let said = match draft.presets.is_empty() {
        true => "The draft is back.",
        false => "The draft is back: s saves the network, u takes it away again.",
    };
    let mut text = draft.text;
    for preset in draft.presets {
        match Preset::parse(&preset.text, &preset.name) {
            Ok(read) => {
                let source = Some(Arc::from(preset.text));
                let name = format!("restore {}", read.name);
                lab.record(name, Scope::Another, read, source);
                lab.show(PaneId::Network);
            }
            // What another version of the program wrote can be mended by hand.
            Err(_) => text = text.or(Some(preset.text)),
        }
    }
    if !draft.drawings.is_empty() {
        Pad::put_drawings_back(draft.drawings, lab);
        if lab.pane != PaneId::Network {
            lab.show(PaneId::Results);
        }
    }
    if let Some(text) = text {
        lab.show(PaneId::Network);
        lab.then(move |pane: &mut NetworkPane, lab| pane.open_text(lab, Some(&text)));
    }
    lab.inform(said);
    // The old draft may go only when there is a new one.
    lab.then(|(): &mut (), lab| {
        keep_draft(lab);
        lab.tell(Command::Draft(DraftCommand::ForgetFound));
    });
}
