//! The question whether a run that another process trains is copied to a run of its own.

use crossterm::event::KeyCode;

use crate::lab::{Action, Lab};
use crate::overlays::Confirm;
use crate::worker::Command;

/// Asks it.
pub(super) fn ask_copy(lab: &mut Lab) {
    let copy = Action::of("copy.take", 'y', "copy")
        .or(KeyCode::Enter)
        .help("copy the run as it stands to a run of its own, and open that")
        .does(|_, lab| copy_run(lab));
    let watch = Action::of("copy.watch", 'n', "watch on")
        .or(KeyCode::Esc)
        .help("copy nothing; the run is followed as it goes on");
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
        answers: vec![(copy, "copy it and open the copy"), (watch, "watch it")],
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
