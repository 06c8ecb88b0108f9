//! The curves of accuracy and loss over the epochs.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use crate::state::{Lab, Part, Run};
use crate::ui::panel::{empty, panel};
use crate::ui::theme::{ColorDepth, Theme};
use crate::ui::widgets::{Curves, Series, Stroke};

/// The two curves of one figure, as points (epoch, value).
struct Curve {
    train: Vec<(f64, f64)>,
    validation: Vec<(f64, f64)>,
}

impl Curve {
    fn of(run: &Run, part: Part) -> Self {
        let is_loss = part == Part::Loss;
        let mut train: Vec<_> = run
            .history
            .iter()
            .map(|metrics| {
                let value = if is_loss {
                    metrics.loss
                } else {
                    metrics.accuracy
                };
                (metrics.epoch as f64, value)
            })
            .collect();
        let validation = run
            .history
            .iter()
            .map(|metrics| {
                let value = if is_loss {
                    metrics.val_loss
                } else {
                    metrics.val_accuracy
                };
                (metrics.epoch as f64, value)
            })
            .collect();
        // The epoch under way, as far as it is.
        if let Some(batch) = run.running() {
            let value = if is_loss {
                batch.mean_loss
            } else {
                batch.mean_accuracy
            };
            train.push((run.history.len() as f64 + run.epoch_share(), value));
        }
        Self { train, validation }
    }
}

/// As the seed GUI titles its curves: `best 0.9246 at epoch 7`.
fn curve_title(run: Option<&Run>, part: Part) -> String {
    let best = run.and_then(Run::best);
    match (part, best) {
        (Part::Loss, Some(best)) => format!(
            "Loss · lowest {:.4} at epoch {}",
            best.val_loss, best.val_loss_epoch
        ),
        (Part::Loss, None) => "Loss".to_owned(),
        (_, Some(best)) => format!(
            "Accuracy · best {:.4} at epoch {}",
            best.val_accuracy, best.val_accuracy_epoch
        ),
        (_, None) => "Accuracy".to_owned(),
    }
}

/// The figure of `part`: accuracy or loss, of training and validation.
pub(super) fn draw_curves(lab: &Lab, part: Part, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let title = curve_title(lab.run.as_ref(), part);
    let inner = panel(&title, lab.has_focus(part), area, buffer, theme);
    let Some(run) = &lab.run else {
        if part == Part::Accuracy {
            let (headline, advice) = before_the_first_run(lab);
            empty(headline, &advice, inner, buffer, theme);
        }
        return;
    };
    let curve = Curve::of(run, part);
    let best = run.best().map(|best| match part {
        Part::Loss => ((best.val_loss_epoch as f64, best.val_loss), '▼'),
        _ => ((best.val_accuracy_epoch as f64, best.val_accuracy), '▲'),
    });
    let series = [
        Series {
            name: "training",
            points: &curve.train,
            style: theme.train,
            stroke: Stroke::Solid,
            best: None,
        },
        Series {
            name: "validation",
            points: &curve.validation,
            style: theme.validation,
            // Without colours the strokes tell the two apart.
            stroke: match theme.depth {
                ColorDepth::None => Stroke::Dotted,
                _ => Stroke::Solid,
            },
            best,
        },
    ];
    Curves::new(&series, theme)
        .x_title("epoch")
        .x_range([0.0, run.facts.epochs as f64])
        .render(inner, buffer);
}

/// A headline, and what to do.
fn before_the_first_run(lab: &Lab) -> (&'static str, String) {
    match (lab.start_blocked(), &lab.refusal) {
        _ if lab.is_starting() => ("Starting …", String::new()),
        (Some(reason), _) => ("Not ready", reason),
        (None, Some(_)) => (
            "Refused",
            "The reason stands below. Choose another network: press 3, then p.".to_owned(),
        ),
        (None, None) => ("Ready", "Press Space to start the training.".to_owned()),
    }
}
