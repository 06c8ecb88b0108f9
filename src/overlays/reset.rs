//! The question before the weights of a run are forgotten.

use crossterm::event::KeyCode;

use super::Confirm;
use crate::lab::{Action, Lab};
use crate::wording::counted;

/// Asks whether the run on the screen and its weights are to be forgotten; whether the next training
/// then has its weights from where the recipe says, and not from the seed.
pub fn ask_reset(keeps_origin: bool, lab: &mut Lab) {
    let reset = Action::of("weights.reset", 'y', "reset")
        .help("forget the weights; the next training starts afresh")
        .does(move |_, lab| {
            if !keeps_origin {
                lab.preset.training.transfer = None;
            }
            lab.reset_weights();
        });
    let keep = Action::of("weights.keep", 'n', "keep")
        .or(KeyCode::Esc)
        .help("keep the weights as they are");
    lab.open(Confirm {
        title: "Reset the network?",
        size: (60, 10),
        text: Box::new(move |lab| what_is_lost(keeps_origin, lab)),
        answers: vec![(reset, "start afresh"), (keep, "keep them")],
        hint: "y forgets the weights, n or Esc keeps them.",
        stands: |_| true,
    });
}

fn what_is_lost(keeps_origin: bool, lab: &Lab) -> String {
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
        "The weights that {} learned in {} are forgotten here, and the next training starts from {}. {folder}",
        run.facts.name,
        counted(run.history.len(), "epoch"),
        lab.origin_of_weights(keeps_origin),
    )
}
