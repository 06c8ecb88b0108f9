//! The charts of accuracy and loss over the epochs.

use std::iter::repeat;

use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::Fill;
use ratatui::layout::{Layout, Rect};
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::changes::{at_epoch, places};
use super::overfitting::overfitting_note;
use crate::lab::{Lab, Part, Run};
use crate::panes::train::curve_view::first_shown;
use crate::panes::{CurveView, TrainPane};
use crate::runs::RunSummary;
use crate::training::{Best, EpochMetrics, FIGURES, Figure, Unit};
use crate::ui::panel::{below, empty, footnote, lines, panel};
use crate::ui::theme::{ColorDepth, Theme};
use crate::ui::widgets::{Curves, Series, Stroke};
use crate::worker::{BatchFigures, BatchProgress};

pub(super) type Curve = (&'static Figure, Points);

/// Title of a chart, such as `Accuracy · best 0.9246 at epoch 7`.
fn curve_title(pane: &TrainPane, chart: &Chart, best: Option<Best>) -> String {
    let mut title = chart.name.to_owned();
    if let Some(best) = best {
        let (epoch, value) = (chart.best)(&best);
        title += &format!(" · {} {value:.4} at epoch {epoch}", chart.best_word);
    }
    if pane.curves.smoothing() > 0.0 {
        title += &format!(" · smooth {}", pane.curves.smoothing());
    }
    title
}

/// Draws the chart of `part`: its training and validation curves.
pub(super) fn draw_curves(
    pane: &TrainPane,
    lab: &Lab,
    part: Part,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    lab.spots.focus(area, part);
    let chart = Chart::of(part);
    let best = lab.run.as_ref().and_then(Run::best);
    let title = curve_title(pane, chart, best);
    let view = &pane.curves;
    if let Some(run) = &lab.run
        && run.first_batches().is_some()
    {
        let title = format!("{title} · batches of epoch 1");
        let inner = panel(&title, lab.has_focus(part), area, buffer, theme);
        return draw_batches(run, (chart, view), inner, buffer, theme);
    }
    let inner = panel(&title, lab.has_focus(part), area, buffer, theme);
    let Some(run) = &lab.run else {
        match (&pane.compared, part) {
            (Some(compared), _) => draw_alone(compared, (chart, view), inner, buffer, theme),
            (None, Part::Accuracy) => {
                let (headline, advice) = before_the_first_run(lab);
                empty(headline, &advice, inner, buffer, theme);
            }
            _ => {}
        }
        return;
    };
    let latest = run.history.len() as f64 + run.running().map_or(0.0, |_| run.epoch_share());
    let range = view.range(run.facts.epochs, latest);
    let mut curves = chart.curves(&run.history, view);
    // The current epoch so far.
    if let (Some(batch), Some((_, training))) = (run.running(), curves.first_mut()) {
        training.push((latest, (chart.so_far)(batch)));
    }
    let compared = pane.compared.as_ref();
    let mut compared = compared.map_or_else(Vec::new, |other| chart.curves(&other.history, view));
    for (_, points) in curves.iter_mut().chain(&mut compared) {
        keep_in_sight(points, range);
    }
    let strokes = [Stroke::Dotted].into_iter().chain(repeat(Stroke::Dashed));
    let compared = compared.iter().zip(strokes);
    let mut series: Vec<_> = compared
        .map(|((_, points), stroke)| line("", points, theme.dim, stroke))
        .collect();
    series.extend(own_series(&curves, chart.best_point(best), theme));
    // A change within the first epoch is where the axis begins.
    let first = first_shown(run.facts.epochs);
    let marks: Vec<f64> = places(run).into_iter().map(|at| at.max(first)).collect();
    let curves = Curves {
        x_title: "epoch",
        x_range: Some(range),
        cursor: view.cursor.map(|epoch| epoch as f64),
        marks: &marks,
        ..chart.plain(view, &series, theme)
    };
    curves.render(inner, buffer);
    draw_footnote(pane, run, part, area, buffer, theme);
}

/// Draws each batch so far, while no epoch is finished.
fn draw_batches(
    run: &Run,
    (chart, view): (&Chart, &CurveView),
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let Some((batches, done)) = run.first_batches() else {
        return;
    };
    let points: Points = done
        .map(|(number, batch)| (number as f64, (chart.of_batch)(batch)))
        .collect();
    let points = view.smoothed(&points);
    let series = [line("training batch", &points, theme.train, Stroke::Solid)];
    let curves = Curves {
        x_title: "batch",
        x_range: Some([0.0, batches as f64]),
        ..chart.plain(view, &series, theme)
    };
    curves.render(area, buffer);
}

/// Draws accuracy and loss of an earlier run under a title.
pub(in crate::panes::train) fn draw_run_summary(
    run: &RunSummary,
    title: &str,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    lines([Line::styled(title, theme.title)], area, buffer);
    let charts = Layout::horizontal([Fill(1), Fill(1)]).spacing(2);
    let [accuracy, loss] = charts.areas(below(area, 1));
    for (part, area) in [(Part::Accuracy, accuracy), (Part::Loss, loss)] {
        let plain = (Chart::of(part), &CurveView::default());
        draw_alone(run, plain, area, buffer, theme);
    }
}

/// Draws the chart of an earlier run alone, without the current run.
fn draw_alone(
    run: &RunSummary,
    (chart, view): (&Chart, &CurveView),
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let curves = chart.curves(&run.history, view);
    let series = own_series(&curves, chart.best_point(run.best()), theme);
    let last = run.planned_epochs.max(run.history.len());
    let curves = Curves {
        x_title: "epoch",
        x_range: Some(CurveView::default().range(last, 0.0)),
        ..chart.plain(view, &series, theme)
    };
    curves.render(area, buffer);
}

pub(super) fn own_series<'a>(
    curves: &'a [Curve],
    best: Option<((f64, f64), char)>,
    theme: &Theme,
) -> Vec<Series<'a>> {
    // Without colours the strokes distinguish the two.
    let stroke = match theme.depth {
        ColorDepth::None => Stroke::Dotted,
        _ => Stroke::Solid,
    };
    let draw = |(number, (figure, points)): (usize, &'a Curve)| match number {
        0 => line(figure.title, points, theme.train, Stroke::Solid),
        1 => Series {
            best,
            ..line(figure.title, points, theme.validation, stroke)
        },
        _ => line(figure.title, points, theme.accent, Stroke::Dashed),
    };
    curves.iter().enumerate().map(draw).collect()
}

pub(super) fn line<'a>(
    name: &'a str,
    points: &'a [(f64, f64)],
    style: Style,
    stroke: Stroke,
) -> Series<'a> {
    Series {
        name,
        points,
        style,
        stroke,
        best: None,
    }
}

/// A note on the epoch under the cursor, or on the whole curve.
fn draw_footnote(
    pane: &TrainPane,
    run: &Run,
    part: Part,
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let changes = pane.curves.cursor.map(|epoch| at_epoch(run, epoch));
    let overfits = overfitting_note(&run.history).filter(|_| part == Part::Loss);
    let compared = pane.compared.as_ref().filter(|_| part != Part::Loss);
    let (text, style) = match (changes, overfits, compared) {
        (Some(changes), _, _) if !changes.is_empty() => {
            (format!("◆ {}", changes.join("; ")), theme.accent)
        }
        (_, Some(overfits), _) => (overfits, theme.warning),
        (_, _, Some(other)) => {
            let best = best_in_words(other);
            (format!("╌╌ {best}{}", other.title()), theme.dim)
        }
        // The set of the title's figure, if the run was measured on several.
        _ => match run.best_is_on() {
            Some(set) => (format!("best on {set}"), theme.dim),
            None => return,
        },
    };
    footnote(&text, area, buffer, style);
}

fn best_in_words(run: &RunSummary) -> String {
    run.best().map_or_else(String::new, |best| {
        format!("{:.4} at {}: ", best.val_accuracy, best.val_accuracy_epoch)
    })
}

/// The points in a range of epochs, with one on either side, so that curves run to the edge.
pub(super) fn keep_in_sight(points: &mut Points, [low, high]: [f64; 2]) {
    let first = points.partition_point(|(x, _)| *x < low).saturating_sub(1);
    let end = points.partition_point(|(x, _)| *x <= high) + 1;
    points.truncate(end);
    points.drain(..first.min(points.len()));
}

/// A headline, and what to do.
fn before_the_first_run(lab: &Lab) -> (&'static str, String) {
    match (lab.start_blocked(), &lab.refusal) {
        _ if lab.is_starting() => ("Starting …", String::new()),
        (Some(reason), _) => ("Not ready", reason),
        (None, Some(_)) => (
            "Refused",
            "See the reason below. Press 3, then p to choose another network.".to_owned(),
        ),
        (None, None) => ("Ready", "Press Space to start training.".to_owned()),
    }
}

/// A curve as points (epoch, value).
pub(super) type Points = Vec<(f64, f64)>;

/// A chart; of its figures training comes first, validation second.
pub(super) struct Chart {
    pub name: &'static str,
    unit: Unit,
    /// What its best value is called.
    best_word: &'static str,
    /// Drawn at its best point.
    mark: char,
    /// Smallest and largest possible value.
    limits: [f64; 2],
    /// The training value of the current epoch so far.
    so_far: fn(&BatchProgress) -> f64,
    of_batch: fn(&BatchFigures) -> f64,
    /// The epoch of the best value, and the value.
    best: fn(&Best) -> (usize, f64),
    /// Whether it can be drawn on a logarithmic scale.
    has_log: bool,
}

static ACCURACY: Chart = Chart {
    name: "Accuracy",
    unit: Unit::Share,
    best_word: "best",
    mark: '▲',
    limits: [0.0, 1.0],
    so_far: |batch| batch.mean_accuracy,
    of_batch: |batch| batch.accuracy,
    best: |best| (best.val_accuracy_epoch, best.val_accuracy),
    has_log: false,
};

static LOSS: Chart = Chart {
    name: "Loss",
    unit: Unit::Nats,
    best_word: "lowest",
    mark: '▼',
    limits: [0.0, f64::INFINITY],
    so_far: |batch| batch.mean_loss,
    of_batch: |batch| batch.loss,
    best: |best| (best.val_loss_epoch, best.val_loss),
    has_log: true,
};

impl Chart {
    /// The chart of a part of the pane.
    pub fn of(part: Part) -> &'static Self {
        match part {
            Part::Loss => &LOSS,
            _ => &ACCURACY,
        }
    }

    /// The widget for its series, with the scale of the view.
    pub fn plain<'a>(
        &self,
        view: &CurveView,
        series: &'a [Series<'a>],
        theme: &'a Theme,
    ) -> Curves<'a> {
        Curves {
            limits: self.limits,
            is_log: view.is_log && self.has_log,
            ..Curves::new(series, theme)
        }
    }

    /// Its figures with their curves, smoothed as in the view.
    pub fn curves(
        &self,
        history: &[EpochMetrics],
        view: &CurveView,
    ) -> Vec<(&'static Figure, Points)> {
        let figures = FIGURES.iter().filter(|figure| figure.unit == self.unit);
        let curve = |figure: &'static Figure| {
            let points = history.iter();
            let points: Points = points
                .filter_map(|metrics| Some((metrics.epoch as f64, (figure.of)(metrics)?)))
                .collect();
            (figure, view.smoothed(&points))
        };
        // Training and validation always; others where they were measured.
        let curves = figures.map(curve).enumerate();
        let there = curves.filter(|(place, (_, points))| *place < 2 || !points.is_empty());
        there.map(|(_, curve)| curve).collect()
    }

    pub fn best_point(&self, best: Option<Best>) -> Option<((f64, f64), char)> {
        let (epoch, value) = (self.best)(&best?);
        Some(((epoch as f64, value), self.mark))
    }
}
