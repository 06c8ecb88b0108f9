//! The question before all weights are forgotten.

use crossterm::event::KeyCode;

use super::{Answer, Confirm};
use crate::lab::Lab;
use crate::ui::Key;

/// Asks it.
pub fn ask_reset(lab: &mut Lab) {
    let reset = (
        "start afresh",
        "reset",
        "forget the weights; the next training starts afresh",
    );
    let keep = ("keep them", "keep", "keep the weights as they are");
    let key = |letter, code| [Key::char(letter), Key::code(code)];
    lab.open(Confirm {
        title: "Reset the network?",
        size: (60, 10),
        text: Box::new(what_is_lost),
        answers: vec![
            Answer::new(
                "weights.reset",
                &key('y', KeyCode::Enter),
                reset,
                Lab::reset_weights,
            ),
            Answer::new("weights.keep", &key('n', KeyCode::Esc), keep, |_| {}),
        ],
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
