//! The curves of accuracy and loss over the epochs.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::changes::{at_epoch, places};
use crate::state::facts::EpochMetrics;
use crate::state::{Lab, Part, Run, overfitting_since};
use crate::ui::panel::{empty, footnote, panel};
use crate::ui::theme::{ColorDepth, Theme};
use crate::ui::widgets::{Curves, Series, Stroke};

/// A curve as points (epoch, value).
type Points = Vec<(f64, f64)>;

/// Which figure of an epoch a chart shows, of training and of validation.
fn figures(part: Part) -> [fn(&EpochMetrics) -> f64; 2] {
    match part {
        Part::Loss => [|metrics| metrics.loss, |metrics| metrics.val_loss],
        _ => [|metrics| metrics.accuracy, |metrics| metrics.val_accuracy],
    }
}

fn points(history: &[EpochMetrics], figure: fn(&EpochMetrics) -> f64) -> Points {
    let points = history.iter();
    points
        .map(|metrics| (metrics.epoch as f64, figure(metrics)))
        .collect()
}

/// As the seed GUI titles its curves: `best 0.9246 at epoch 7`.
fn curve_title(lab: &Lab, part: Part) -> String {
    let best = lab.run.as_ref().and_then(Run::best);
    let mut title = match (part, best) {
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
    };
    if lab.curves.smoothing() > 0.0 {
        title += &format!(" · smooth {}", lab.curves.smoothing());
    }
    title
}

/// The figure of `part`: accuracy or loss, of training and validation.
pub(super) fn draw_curves(lab: &Lab, part: Part, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let title = curve_title(lab, part);
    let inner = panel(&title, lab.has_focus(part), area, buffer, theme);
    let Some(run) = &lab.run else {
        if part == Part::Accuracy {
            let (headline, advice) = before_the_first_run(lab);
            empty(headline, &advice, inner, buffer, theme);
        }
        return;
    };
    let latest = run.history.len() as f64 + run.running().map_or(0.0, |_| run.epoch_share());
    let range = lab.curves.range(run.facts.epochs, latest);
    let [training, validation] = figures(part).map(|figure| {
        let points = points(&run.history, figure);
        lab.curves.smoothed(&points)
    });
    let mut training = training;
    // The epoch under way, as far as it is.
    if let Some(batch) = run.running() {
        let value = match part {
            Part::Loss => batch.mean_loss,
            _ => batch.mean_accuracy,
        };
        training.push((latest, value));
    }
    let in_sight = |points: Points| in_sight(points, range);
    let (training, validation) = (in_sight(training), in_sight(validation));
    let best = run.best().map(|best| match part {
        Part::Loss => ((best.val_loss_epoch as f64, best.val_loss), '▼'),
        _ => ((best.val_accuracy_epoch as f64, best.val_accuracy), '▲'),
    });
    let series = [
        Series {
            name: "training",
            points: &training,
            style: theme.train,
            stroke: Stroke::Solid,
            best: None,
        },
        Series {
            name: "validation",
            points: &validation,
            style: theme.validation,
            // Without colours the strokes tell the two apart.
            stroke: match theme.depth {
                ColorDepth::None => Stroke::Dotted,
                _ => Stroke::Solid,
            },
            best,
        },
    ];
    let marks = places(run);
    Curves::new(&series, theme)
        .x_title("epoch")
        .x_range(range)
        .logarithmic(lab.curves.is_log && part == Part::Loss)
        .cursor(lab.curves.cursor.map(|epoch| epoch as f64))
        .marks(&marks)
        .render(inner, buffer);
    draw_footnote(lab, run, part, area, buffer, theme);
}

/// What there is to say about the epoch under the cursor, or about the whole curve.
fn draw_footnote(lab: &Lab, run: &Run, part: Part, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let changes = lab.curves.cursor.map(|epoch| at_epoch(run, epoch));
    match changes {
        Some(changes) if !changes.is_empty() => {
            footnote(
                &format!("◆ {}", changes.join("; ")),
                area,
                buffer,
                theme.accent,
            );
        }
        _ if part == Part::Loss => {
            if let Some(epoch) = overfitting_since(&run.history) {
                let text = format!("overfits since epoch {epoch}");
                footnote(&text, area, buffer, theme.warning);
            }
        }
        _ => {}
    }
}

/// The points in a range of epochs, with one on either side, so that curves run to the edge.
fn in_sight(points: Points, [low, high]: [f64; 2]) -> Points {
    let first = points.partition_point(|(x, _)| *x < low).saturating_sub(1);
    let end = points.partition_point(|(x, _)| *x <= high) + 1;
    let end = end.min(points.len());
    points[first.min(end)..end].to_vec()
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
