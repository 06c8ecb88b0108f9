//! Quitting: asks about unsaved work, saves it or keeps it as a draft, and restores the draft at the next start.

use std::sync::Arc;

use crossterm::event::KeyCode;

use super::Panes;
use crate::lab::{Action, Lab, Leaving, PaneId, Run, Scope, Unsaved};
use crate::overlays::Confirm;
use crate::panes::{NetworkPane, Pad};
use crate::training::Preset;
use crate::ui::format::{file_name, listed};
use crate::wording::counted;
use crate::worker::{Command, Draft, DraftCommand, FoundDraft};

/// Quits, but asks first if a run would end or unsaved work would be lost.
pub(super) fn ask(lab: &mut Lab) {
    let (is_training, is_saved) = (lab.is_training(), lab.unsaved().is_empty());
    if !is_training && is_saved {
        return lab.quit();
    }
    let leave = Action::of("quit.leave", 'y', if is_saved { "quit" } else { "discard" });
    let stay = Action::of("quit.stay", 'n', "stay")
        .or(KeyCode::Esc)
        .help(if is_training {
            "keep training"
        } else {
            "stay in the program"
        });
    let (answers, rows) = match is_saved {
        true => {
            let leave = leave
                .help("stop training, save the run and quit")
                .does(|_, lab| lab.quit());
            (
                vec![(leave, "stop, save and quit"), (stay, "keep training")],
                8,
            )
        }
        false => {
            let save = Action::of("quit.save", 's', "save and quit")
                .help("save everything, then quit")
                .does(|_, lab| lab.drafts.leaving = Leaving::WhenSaved);
            let leave = leave
                .help("quit and discard unsaved work; the weights of a run are saved")
                .does(|_, lab| {
                    if !lab.drafts.kept.is_empty() {
                        lab.tell(Command::Draft(DraftCommand::Keep(Draft::default())));
                    }
                    lab.quit();
                });
            (
                vec![
                    (save, "save and quit"),
                    (leave, "discard and quit"),
                    (stay, "stay"),
                ],
                10,
            )
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
            (true, _) => "y quits, n or Esc keeps training.",
            (false, true) => "s saves and quits, y quits without saving, n or Esc keeps training.",
            (false, false) => "s saves and quits, y quits without saving, n or Esc stays.",
        },
        stands: |lab| lab.is_training() || !lab.unsaved().is_empty(),
    });
}

/// The run that quitting would end and the work that it would lose, in sentences.
fn at_stake(lab: &Lab) -> String {
    let training = match lab.active_run() {
        Some(run) => Some(about_run(run)),
        None if lab.is_starting() => Some(format!("{} is about to start training.", lab.title())),
        None => None,
    };
    let sentences = training.into_iter().chain(lost(&lab.unsaved()));
    sentences.collect::<Vec<_>>().join(" ")
}

fn about_run(run: &Run) -> String {
    let kept = match run.history.len() {
        0 => "No epoch is finished yet.".to_owned(),
        1 => "The first epoch is finished.".to_owned(),
        done => format!("{} are finished.", counted(done, "epoch")),
    };
    let folder = run.facts.folder.as_deref();
    let folder = folder.map_or(String::new(), |folder| {
        format!(" Its weights are kept in {}.", file_name(folder))
    });
    format!(
        "{} is training, epoch {} of {}. {kept}{folder}",
        run.facts.name,
        run.epoch(),
        run.facts.epochs
    )
}

fn lost(unsaved: &Unsaved) -> Option<String> {
    let networks = unsaved.network_names();
    let changes = match networks.len() {
        0 => None,
        1 => Some(format!("{} has unsaved changes", networks[0])),
        _ => Some(format!("{} have unsaved changes", listed(&networks))),
    };
    let drawings = match (unsaved.drawings.len(), &changes) {
        (0, _) => None,
        (1, None) => Some("The drawing is not saved".to_owned()),
        (1, Some(_)) => Some("the drawing is not saved".to_owned()),
        (count, _) => Some(format!("{} are not saved", counted(count, "drawing"))),
    };
    let lost: Vec<String> = changes.into_iter().chain(drawings).collect();
    (!lost.is_empty()).then(|| format!("{}.", lost.join(", and ")))
}

/// Takes the next step of saving everything and quitting, or offers a draft, as soon as no overlay is open; `true` if it took one.
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
        // Without a name, quitting is cancelled.
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
        let name = format!("bring back {}", version.preset.name);
        lab.record(name, Scope::Another, version.preset, version.source);
        lab.drafts.leaving = Leaving::OnceNamed;
        lab.then(NetworkPane::ask_name);
    } else if !lab.drawings.is_saving {
        // All is saved, so no draft is needed.
        keep_draft(lab);
        lab.quit();
    }
}

/// Has the worker keep a draft of the unsaved work if that has changed.
pub(super) fn keep_draft(lab: &mut Lab) {
    let unsaved = lab.unsaved();
    if unsaved != lab.drafts.kept {
        lab.tell(Command::Draft(DraftCommand::Keep(unsaved.draft())));
        lab.drafts.kept = unsaved;
    }
}

/// Asks whether to restore the draft of an earlier session.
fn offer(lab: &mut Lab, found: FoundDraft) {
    let text = about_draft(&found);
    let draft = found.draft;
    let restore = Action::of("draft.restore", KeyCode::Enter, "restore")
        .help("restore the draft, to save it")
        .does(move |_, lab| restore(lab, draft.clone()));
    let later =
        Action::of("draft.later", KeyCode::Esc, "later").help("keep the draft for the next start");
    let discard = Action::of("draft.discard", 'd', "discard")
        .help("delete the draft")
        .does(|_, lab| {
            lab.tell(Command::Draft(DraftCommand::ForgetFound));
            lab.inform("Draft deleted.");
        });
    lab.open(Confirm {
        title: "Unsaved work",
        size: (58, 8),
        text: Box::new(move |_| text.clone()),
        answers: vec![
            (restore, "restore"),
            (later, "leave for later"),
            (discard, "discard"),
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
        count => parts.push(counted(count, "drawing")),
    }
    format!(
        "A draft of {}, from {}, was not saved.",
        listed(&parts),
        found.written
    )
}

/// Restores networks, drawings and a half-typed text; the networks as edits that can be undone.
fn restore(lab: &mut Lab, draft: Draft) {
    let said = match draft.presets.is_empty() {
        true => "Draft restored.",
        false => "Draft restored: s saves the network, u undoes it.",
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
            // What another version of the program wrote can be fixed by hand.
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
    lab.then(|_: &mut Panes, lab| {
        keep_draft(lab);
        lab.tell(Command::Draft(DraftCommand::ForgetFound));
    });
}
