//! What can be done on the Results pane.

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

/// The keys of a cursor among cells or images.
pub(super) fn moves(help: &str) -> Action<ResultsPane> {
    Action::cursor("results.move", "←↓↑→", "move", help, ResultsPane::go).quiet()
}

/// The key that offers the test images of a run that validates on others.
pub(super) fn portion_action(pane: &ResultsPane, lab: &Lab) -> Action<ResultsPane> {
    let run = lab.run.as_ref();
    let has_others = run.is_some_and(|run| run.portion == Portion::Validation);
    let is_back = pane.test_after.is_some();
    let name = if is_back { "validation" } else { "test set" };
    let help = "the test images in place of the validation images, and back: that measures the test set, and run.yaml notes each time";
    let does = |pane: &mut ResultsPane, lab: &mut Lab| pane.toggle_portion(lab);
    let action =
        Action::new("results.portion", 't', name, help, does).blocked_by(pane.portion_blocked(lab));
    match has_others {
        true => action,
        false => action.quiet(),
    }
}

/// What can be done with the table.
fn table(pane: &ResultsPane, lab: &Lab) -> Vec<Action<ResultsPane>> {
    let blocked = pane.table(lab).is_none();
    let blocked =
        blocked.then(|| "there is no confusion table before the first epoch is done".to_owned());
    let images = pane.portion(lab).word();
    let mut actions = vec![
        moves("go from cell to cell").blocked_by(blocked.clone()),
        Action::new(
            "results.shares",
            'v',
            "counts/shares",
            "show counts of images or shares of the true class",
            |pane: &mut ResultsPane, _: &mut Lab| pane.is_percent = !pane.is_percent,
        )
        .blocked_by(blocked.clone()),
        Action::new(
            "results.enter",
            KeyCode::Enter,
            "images",
            &format!(
                "show the cell's {images} images, the most confident first, or a class's on the View pane"
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
            "the classes by their numbers, or those with the most errors first",
            |pane: &mut ResultsPane, lab: &mut Lab| pane.toggle_order(lab),
        )
        .blocked_by(blocked.clone()),
        Action::new(
            "results.calibration",
            'b',
            "calibration",
            "the bars of calibration in place of the words: how often the network is right when it is so sure; z lets them fill the pane",
            |pane: &mut ResultsPane, _: &mut Lab| {
                pane.shows_calibration = !pane.shows_calibration;
            },
        )
        .blocked_unless(
            pane.results(lab).is_some(),
            "the figures come when the training has ended",
        ),
        Action::new(
            "results.part",
            KeyCode::Tab,
            "table/classes",
            "move the focus between the table and the figures of the classes",
            |_: &mut ResultsPane, lab: &mut Lab| lab.step_part(1),
        ),
    ];
    actions.extend(gallery::open_actions(pane, lab));
    actions
}
