//! The curves of accuracy and loss over the epochs.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::changes::{at_epoch, places};
use crate::state::facts::{Best, EpochMetrics, RunSummary};
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
        match (&lab.runs.compared, part) {
            (Some(compared), _) => draw_alone(lab, compared, part, inner, buffer, theme),
            (None, Part::Accuracy) => {
                let (headline, advice) = before_the_first_run(lab);
                empty(headline, &advice, inner, buffer, theme);
            }
            _ => {}
        }
        return;
    };
    let latest = run.history.len() as f64 + run.running().map_or(0.0, |_| run.epoch_share());
    let range = lab.curves.range(run.facts.epochs, latest);
    let smoothed = |history: &[EpochMetrics]| {
        figures(part).map(|figure| lab.curves.smoothed(&points(history, figure)))
    };
    let [mut training, validation] = smoothed(&run.history);
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
    let compared = lab.runs.compared.as_ref();
    let compared = compared.map(|other| smoothed(&other.history).map(in_sight));
    let best = best_point(run.best(), part);
    let mut series = Vec::new();
    if let Some([training, validation]) = &compared {
        series.push(line("", training, theme.dim, Stroke::Dotted));
        series.push(line("", validation, theme.dim, Stroke::Dashed));
    }
    series.extend(own_series(&training, &validation, best, theme));
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

/// Accuracy and loss of an earlier run, with a line of what it is.
pub fn draw_run_summary(
    run: &RunSummary,
    title: &str,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    buffer.set_line(
        area.x,
        area.y,
        &Line::styled(title, theme.title),
        area.width,
    );
    let below = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        ..area
    };
    let [accuracy, _, loss] = Layout::horizontal([
        Constraint::Fill(1),
        Constraint::Length(2),
        Constraint::Fill(1),
    ])
    .areas(below);
    for (part, area) in [(Part::Accuracy, accuracy), (Part::Loss, loss)] {
        let [training, validation] = figures(part).map(|figure| points(&run.history, figure));
        let series = own_series(&training, &validation, best_point(run.best(), part), theme);
        Curves::new(&series, theme)
            .x_title("epoch")
            .x_range([0.0, run.planned_epochs.max(run.history.len()) as f64])
            .render(area, buffer);
    }
}

/// The chart of a run that is looked at without one of its own on the screen.
fn draw_alone(
    lab: &Lab,
    run: &RunSummary,
    part: Part,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let [training, validation] =
        figures(part).map(|figure| lab.curves.smoothed(&points(&run.history, figure)));
    let series = own_series(&training, &validation, best_point(run.best(), part), theme);
    Curves::new(&series, theme)
        .x_title("epoch")
        .x_range([0.0, run.planned_epochs.max(run.history.len()) as f64])
        .logarithmic(lab.curves.is_log && part == Part::Loss)
        .render(area, buffer);
}

fn best_point(best: Option<Best>, part: Part) -> Option<((f64, f64), char)> {
    best.map(|best| match part {
        Part::Loss => ((best.val_loss_epoch as f64, best.val_loss), '▼'),
        _ => ((best.val_accuracy_epoch as f64, best.val_accuracy), '▲'),
    })
}

fn own_series<'a>(
    training: &'a [(f64, f64)],
    validation: &'a [(f64, f64)],
    best: Option<((f64, f64), char)>,
    theme: &Theme,
) -> [Series<'a>; 2] {
    // Without colours the strokes tell the two apart.
    let stroke = match theme.depth {
        ColorDepth::None => Stroke::Dotted,
        _ => Stroke::Solid,
    };
    [
        line("training", training, theme.train, Stroke::Solid),
        Series {
            best,
            ..line("validation", validation, theme.validation, stroke)
        },
    ]
}

fn line<'a>(name: &'a str, points: &'a [(f64, f64)], style: Style, stroke: Stroke) -> Series<'a> {
    Series {
        name,
        points,
        style,
        stroke,
        best: None,
    }
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
            } else {
                say_set_of_best(run, area, buffer, theme);
            }
        }
        _ => {
            if let Some(other) = &lab.runs.compared {
                let text = format!("╌╌ {}{}", best_in_words(other), other.title());
                footnote(&text, area, buffer, theme.dim);
            } else {
                say_set_of_best(run, area, buffer, theme);
            }
        }
    }
}

/// The set that the title's figure is of, where the run was measured on several.
fn say_set_of_best(run: &Run, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    if let Some(set) = run.best_is_on() {
        footnote(&format!("the best on {set}"), area, buffer, theme.dim);
    }
}

fn best_in_words(run: &RunSummary) -> String {
    run.best().map_or_else(String::new, |best| {
        format!("{:.4} at {}: ", best.val_accuracy, best.val_accuracy_epoch)
    })
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
