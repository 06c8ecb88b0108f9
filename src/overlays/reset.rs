//! The question before the weights of a run are reset.

use crossterm::event::KeyCode;

use super::Confirm;
use crate::lab::{Action, Lab};
use crate::wording::counted;

/// Asks whether to reset the weights of the run on the screen. With `keeps_origin`, the next run takes its weights
/// from the recipe's transfer settings, else from the seed.
pub fn ask_reset(keeps_origin: bool, lab: &mut Lab) {
    let reset = Action::of("weights.reset", 'y', "reset")
        .help("reset to initial weights for the next run")
        .does(move |_, lab| {
            if !keeps_origin {
                lab.preset.training.transfer = None;
            }
            lab.reset_weights();
        });
    let keep = Action::of("weights.keep", 'n', "keep")
        .or(KeyCode::Esc)
        .help("keep the weights");
    lab.open(Confirm {
        title: "Reset the weights?",
        size: (60, 10),
        text: Box::new(move |lab| what_is_lost(keeps_origin, lab)),
        answers: vec![(reset, "reset them"), (keep, "keep them")],
        hint: "y resets the weights, n or Esc keeps them.",
        stands: |_| true,
    });
}

fn what_is_lost(keeps_origin: bool, lab: &Lab) -> String {
    let Some(run) = &lab.run else {
        return String::new();
    };
    let folder = run.facts.folder.as_ref().map_or_else(
        || "There is no run folder, so they cannot be restored.".to_owned(),
        |folder| {
            format!(
                "The run folder keeps the best and the latest weights: {}",
                folder.display()
            )
        },
    );
    format!(
        "This discards the weights of {} after {}; the next run starts from {}. {folder}",
        run.facts.name,
        counted(run.history.len(), "epoch"),
        lab.origin_of_weights(keeps_origin),
    )
}
