//! The questions before a run that another process trains is copied to a run of its own, and before all weights are forgotten.

use crossterm::event::KeyCode;

use crate::lab::{Action, Lab};
use crate::overlays::Confirm;
use crate::worker::Command;

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

pub(super) fn ask_reset(lab: &mut Lab) {
    let reset = Action::of("weights.reset", 'y', "reset")
        .or(KeyCode::Enter)
        .help("forget the weights; the next training starts afresh")
        .does(|_, lab| lab.reset_weights());
    let keep = Action::of("weights.keep", 'n', "keep")
        .or(KeyCode::Esc)
        .help("keep the weights as they are");
    lab.open(Confirm {
        title: "Reset the network?",
        size: (60, 10),
        text: Box::new(what_is_lost),
        answers: vec![(reset, "start afresh"), (keep, "keep them")],
        hint: "y forgets the weights, n or Esc keeps them.",
        stands: |_| true,
    });
}

fn what_is_lost(lab: &Lab) -> String {
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
