//! The actions of the Results pane.

use crossterm::event::KeyCode;

use super::{ResultsPane, gallery, pad};
use crate::lab::{Action, HasActions, Lab};
use crate::training::Portion;

impl HasActions for ResultsPane {
    fn actions(&self, lab: &Lab) -> Vec<Action<Self>> {
        if self.pad.is_open {
            return pad::actions(&self.pad);
        }
        if self.gallery.open.is_some() {
            return gallery::gallery_actions(self, lab);
        }
        table(self, lab)
    }
}

/// The keys that move the cursor among cells or images.
pub(super) fn moves(help: &str) -> Action<ResultsPane> {
    Action::cursor("results.move", "←↓↑→", "move", help, ResultsPane::go).quiet()
}

/// The key that switches to the test images of a run that validates on others.
pub(super) fn portion_action(pane: &ResultsPane, lab: &Lab) -> Action<ResultsPane> {
    let run = lab.run.as_ref();
    let has_others = run.is_some_and(|run| run.portion != Portion::Test);
    let is_back = pane.test_after.is_some();
    let name = if is_back { "validation" } else { "test set" };
    let help = "switch between validation and test images; measuring the test set is recorded in run.yaml each time";
    let does = |pane: &mut ResultsPane, lab: &mut Lab| pane.toggle_portion(lab);
    let action =
        Action::new("results.portion", 't', name, help, does).blocked_by(pane.portion_blocked(lab));
    match has_others {
        true => action,
        false => action.quiet(),
    }
}

/// Actions on the matrix.
fn table(pane: &ResultsPane, lab: &Lab) -> Vec<Action<ResultsPane>> {
    let blocked = pane.table(lab).is_none();
    let blocked =
        blocked.then(|| "no confusion matrix before the first epoch is finished".to_owned());
    let images = pane.portion(lab).word();
    let mut actions = vec![
        moves("move from cell to cell").blocked_by(blocked.clone()),
        Action::new(
            "results.shares",
            'v',
            "counts/shares",
            "switch between image counts and shares of the true class",
            |pane: &mut ResultsPane, _: &mut Lab| pane.is_percent = !pane.is_percent,
        )
        .blocked_by(blocked.clone()),
        Action::new(
            "results.enter",
            KeyCode::Enter,
            "images",
            &format!(
                "show the {images} images of the cell, most confident first, or those of the class on the View pane"
            ),
            ResultsPane::enter,
        )
        .blocked_by(blocked.clone())
        .first(),
        portion_action(pane, lab),
        pad::open_action(lab).first(),
        Action::new(
            "results.order",
            'o',
            "order",
            "sort the classes by number, or by most errors",
            |pane: &mut ResultsPane, lab: &mut Lab| pane.toggle_order(lab),
        )
        .blocked_by(blocked.clone()),
        Action::new(
            "results.calibration",
            'b',
            "calibration",
            "show calibration bars instead of the summary: the accuracy at each level of confidence; z enlarges them",
            |pane: &mut ResultsPane, _: &mut Lab| {
                pane.shows_calibration = !pane.shows_calibration;
            },
        )
        .blocked_unless(
            pane.results(lab).is_some(),
            "the figures are computed when the run has ended",
        ),
        Action::new(
            "results.part",
            KeyCode::Tab,
            "matrix/classes",
            "move the focus between the matrix and the figures per class",
            |_: &mut ResultsPane, lab: &mut Lab| lab.step_part(1),
        ),
    ];
    actions.extend(gallery::open_actions(pane, lab));
    actions
}
