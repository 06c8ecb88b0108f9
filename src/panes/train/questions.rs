//! What is asked before a run is copied, and before all weights are forgotten.

use crossterm::event::KeyCode;

use crate::lab::Lab;
use crate::overlays::{Answer, Confirm};
use crate::ui::Key;
use crate::worker::Command;

/// Whether a run that another process trains is copied to a run of its own.
pub(super) fn copy() -> Confirm {
    Confirm {
        title: "Copy the run?",
        size: (64, 9),
        text: Box::new(|lab| {
            let taken = lab.taken().unwrap_or_default();
            let epochs = lab.run.as_ref().map_or(0, |run| run.history.len());
            format!(
                "{taken}, and a run has one writer: it can be watched here, and not trained. A copy of it after {epochs} epochs can."
            )
        }),
        answers: vec![
            Answer::new(
                "copy.take",
                &[Key::char('y'), Key::code(KeyCode::Enter)],
                (
                    "copy it and open the copy",
                    "copy",
                    "copy the run as it stands to a run of its own, and open that",
                ),
                copy_run,
            ),
            Answer::new(
                "copy.watch",
                &[Key::char('n'), Key::code(KeyCode::Esc)],
                (
                    "watch it",
                    "watch on",
                    "copy nothing; the run is followed as it goes on",
                ),
                |_| {},
            ),
        ],
        hint: "y copies the run, n or Esc watches it on.",
        stands: |lab| lab.taken().is_some(),
    }
}

fn copy_run(lab: &mut Lab) {
    let run = lab.run.as_ref();
    if let Some(folder) = run.and_then(|run| run.facts.folder.clone()) {
        lab.inform(format!("Copying {} …", folder.display()));
        lab.tell(Command::CopyRun { folder });
    }
}

/// Whether what was learned is forgotten.
pub(super) fn reset() -> Confirm {
    Confirm {
        title: "Reset the network?",
        size: (60, 10),
        text: Box::new(lost),
        answers: vec![
            Answer::new(
                "reset.take",
                &[Key::char('y'), Key::code(KeyCode::Enter)],
                (
                    "start afresh",
                    "reset",
                    "forget the weights; the next training starts afresh",
                ),
                Lab::reset_weights,
            ),
            Answer::new(
                "reset.keep",
                &[Key::char('n'), Key::code(KeyCode::Esc)],
                ("keep them", "keep", "keep the weights as they are"),
                |_| {},
            ),
        ],
        hint: "y forgets the weights, n or Esc keeps them.",
        stands: |_| true,
    }
}

/// What forgetting the weights loses.
fn lost(lab: &Lab) -> String {
    let Some(run) = &lab.run else {
        return String::new();
    };
    let folder = run.facts.folder.as_ref().map_or_else(
        || "It has no run folder, so they are lost for good.".to_owned(),
        |folder| {
            format!(
                "Its run folder stays, with the best and the latest weights: {}",
                folder.display()
            )
        },
    );
    format!(
        "The weights that {} learned in {} epochs are forgotten here, and the next training starts afresh from seed {}. {folder}",
        run.facts.name,
        run.history.len(),
        lab.preset.seed,
    )
}
