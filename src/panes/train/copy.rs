//! The question whether a run that another process trains is copied to a run of its own.

use crossterm::event::KeyCode;

use crate::lab::Lab;
use crate::overlays::{Answer, Confirm};
use crate::ui::Key;
use crate::worker::Command;

/// Asks it.
pub(super) fn ask_copy(lab: &mut Lab) {
    lab.open(Confirm {
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
    });
}

fn copy_run(lab: &mut Lab) {
    let run = lab.run.as_ref();
    if let Some(folder) = run.and_then(|run| run.facts.folder.clone()) {
        lab.inform(format!("Copying {} …", folder.display()));
        lab.tell(Command::CopyRun { folder });
    }
}
