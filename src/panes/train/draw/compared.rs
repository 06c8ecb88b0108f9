//! The curves of several runs in one chart.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

use super::curves::{Chart, Curve, Points, keep_in_sight, line, own_series};
use crate::lab::Part;
use crate::panes::CurveView;
use crate::panes::train::curve_view::first_shown;
use crate::runs::RunSummary;
use crate::statistics::Mean;
use crate::ui::theme::Theme;
use crate::ui::widgets::{Curves as Widgets, Series, Stroke};

/// One curve: of a run, or the mean of several.
pub(in crate::panes::train) struct Compared<'a> {
    pub runs: Vec<&'a RunSummary>,
    pub style: Style,
    pub stroke: Stroke,
    /// Whether one standard deviation to both sides of the mean is drawn too.
    pub has_band: bool,
}

/// What is drawn of each run.
#[derive(Clone, Copy)]
pub(in crate::panes::train) struct Axes<'a> {
    pub view: &'a CurveView,
    /// Over the seconds since the start instead of the epochs.
    pub by_time: bool,
    /// The training images' figures instead of the validation images'.
    pub of_training: bool,
}

/// The curves of one chart, with values to read off.
pub(in crate::panes::train) struct Curves<'a> {
    chart: &'static Chart,
    axes: Axes<'a>,
    /// For each run its curve, and the lower and upper edge of the band around the mean of several.
    curves: Vec<[Points; 3]>,
    styles: Vec<(Style, Stroke)>,
    /// Training and validation of a single run, where nothing else is to be compared.
    alone: Option<(Vec<Curve>, &'a RunSummary)>,
    range: [f64; 2],
    cursor: Option<f64>,
}

impl<'a> Curves<'a> {
    /// The curves of runs in the chart of a part of the pane.
    pub fn new(part: Part, compared: &[Compared<'a>], axes: Axes<'a>) -> Self {
        let chart = Chart::of(part);
        let curves = compared.iter().map(|one| axes.curves(chart, one));
        let runs = compared.iter().flat_map(|one| one.runs.iter().copied());
        let styles = compared.iter().map(|one| (one.style, one.stroke));
        Self {
            curves: curves.collect(),
            styles: styles.collect(),
            alone: None,
            range: axes.range(runs.clone()),
            cursor: axes.cursor(runs),
            chart,
            axes,
        }
    }

    /// Both curves of one run, training and validation.
    pub fn alone(part: Part, run: &'a RunSummary, axes: Axes<'a>) -> Self {
        let mut curves = Self::new(part, &[], axes);
        let mut alone = curves.chart.curves(&run.history, axes.view);
        for (_, points) in &mut alone {
            axes.place(points, run);
        }
        curves.range = axes.range([run].into_iter());
        curves.cursor = axes.cursor([run].into_iter());
        curves.alone = Some((alone, run));
        curves
    }

    /// Such as `validation accuracy`.
    fn title(&self) -> String {
        let name = self.chart.name.to_lowercase();
        match (&self.alone, self.axes.of_training) {
            (Some(_), _) => name,
            (None, true) => format!("training {name}"),
            (None, false) => format!("validation {name}"),
        }
    }

    /// The value of a run's curve under the cursor, or its last one.
    pub fn value(&self, number: usize) -> Option<f64> {
        let [points, ..] = self.curves.get(number)?;
        match self.cursor {
            None => points.last().map(|(_, value)| *value),
            Some(at) => {
                let curve = line("", points, Style::new(), Stroke::Solid);
                curve.nearest(at).map(|(_, value)| value)
            }
        }
    }

    pub fn draw(&self, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        let mut curves = self.curves.clone();
        for points in curves.iter_mut().flatten() {
            keep_in_sight(points, self.range);
        }
        let mut series: Vec<Series<'_>> = Vec::new();
        for ([_, low, high], (style, _)) in curves.iter().zip(&self.styles) {
            series.extend([low, high].map(|points| line("", points, *style, Stroke::Dotted)));
        }
        series.retain(|series| !series.points.is_empty());
        for ([points, ..], (style, stroke)) in curves.iter().zip(&self.styles) {
            series.push(line("", points, *style, *stroke));
        }
        if let Some((curves, run)) = &self.alone {
            let best = self.chart.best_point(run.best());
            series.extend(own_series(
                curves,
                best.filter(|_| !self.axes.by_time),
                theme,
            ));
        }
        let widget = Widgets {
            title: &self.title(),
            x_title: if self.axes.by_time {
                "seconds"
            } else {
                "epoch"
            },
            x_range: Some(self.range),
            cursor: self.cursor,
            ..self.chart.plain(self.axes.view, &series, theme)
        };
        widget.render(area, buffer);
    }
}

impl Axes<'_> {
    /// A curve with the edges of its band, one standard deviation below and above, which are empty for one run.
    fn curves(&self, chart: &Chart, compared: &Compared<'_>) -> [Points; 3] {
        let figure = usize::from(!self.of_training);
        let smooth = |points: Points| self.view.smoothed(&points);
        let curves = compared.runs.iter().map(|run| {
            // Smoothed only after the mean is taken.
            let plain = chart.curves(&run.history, &CurveView::default());
            let (_, mut points) = plain.into_iter().nth(figure).unwrap_or_else(|| {
                unreachable!("both curves are always there");
            });
            self.place(&mut points, run);
            points
        });
        let mut curves: Vec<Points> = curves.collect();
        if curves.len() < 2 {
            return [smooth(curves.pop().unwrap_or_default()), vec![], vec![]];
        }
        let longest = curves.iter().map(Vec::len).max().unwrap_or(0);
        let mut band = [vec![], vec![], vec![]];
        for place in 0..longest {
            let points = curves.iter().filter_map(|points| points.get(place));
            let points: Vec<(f64, f64)> = points.filter(|(_, y)| y.is_finite()).copied().collect();
            if points.is_empty() {
                continue;
            }
            let count = points.len() as f64;
            let x = points.iter().map(|(x, _)| x).sum::<f64>() / count;
            let values: Vec<f64> = points.iter().map(|(_, y)| *y).collect();
            let Ok(Mean {
                mean, deviation, ..
            }) = Mean::of(&values)
            else {
                continue;
            };
            let edges = deviation.map(|deviation| [mean - deviation, mean + deviation]);
            band[0].push((x, mean));
            for (points, value) in band[1..].iter_mut().zip(edges.into_iter().flatten()) {
                points.push((x, value));
            }
        }
        let [mean, low, high] = band.map(smooth);
        match compared.has_band {
            true => [mean, low, high],
            false => [mean, vec![], vec![]],
        }
    }

    /// Puts the points of epochs at the end of their time, if time is drawn.
    fn place(&self, points: &mut Points, run: &RunSummary) {
        if self.by_time {
            let mut epochs = run.history.iter().peekable();
            let mut spent = 0.0;
            for (x, _) in points {
                while let Some(metrics) = epochs.next_if(|metrics| metrics.epoch as f64 <= *x) {
                    spent += metrics.seconds;
                }
                *x = spent;
            }
        }
    }

    fn range<'r>(&self, runs: impl Iterator<Item = &'r RunSummary> + Clone) -> [f64; 2] {
        let all = runs.clone().map(|run| match self.by_time {
            false => run.planned_epochs.max(run.history.len()),
            true => run.history.len(),
        });
        let planned = all.max().unwrap_or(1).max(1);
        let done = runs.clone().map(|run| run.history.len()).max();
        let epochs = self.view.range(planned, done.unwrap_or(0) as f64);
        if !self.by_time {
            return epochs;
        }
        let whole = runs
            .clone()
            .map(|run| seconds_until(run, run.history.len()));
        let whole = whole.fold(0.0, f64::max).max(f64::MIN_POSITIVE);
        // As many seconds of all that are shown as epochs of all.
        let first_epoch = first_shown(planned);
        let first = match first_epoch > 0.0 {
            true => runs
                .clone()
                .map(|run| seconds_until(run, 1))
                .fold(whole, f64::min),
            false => 0.0,
        };
        let all = (planned as f64 - first_epoch).max(f64::MIN_POSITIVE);
        let width = (whole - first) * ((epochs[1] - epochs[0]) / all).min(1.0);
        let centre = self.cursor(runs).unwrap_or(whole);
        let low = (centre - width / 2.0).clamp(first, whole - width);
        [low, low + width]
    }

    /// Where the cursor is: at an epoch, or at the time when the longest run ended it.
    fn cursor<'r>(&self, runs: impl Iterator<Item = &'r RunSummary>) -> Option<f64> {
        let epoch = self.view.cursor?;
        match self.by_time {
            false => Some(epoch as f64),
            true => {
                let longest = runs.max_by_key(|run| run.history.len())?;
                Some(seconds_until(longest, epoch))
            }
        }
    }
}

/// Seconds of training and validation until the end of an epoch.
fn seconds_until(run: &RunSummary, epoch: usize) -> f64 {
    let epochs = run.history.iter().filter(|metrics| metrics.epoch <= epoch);
    epochs.map(|metrics| metrics.seconds).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::RunNotes;
    use crate::training::EpochMetrics;

    fn run(seconds: f64, accuracies: &[f64]) -> RunSummary {
        let epochs = accuracies.iter().zip(1..);
        let history = epochs.map(|(accuracy, epoch)| EpochMetrics {
            epoch,
            seconds,
            val_accuracy: *accuracy,
            ..EpochMetrics::default()
        });
        RunSummary {
            folder: "runs/a".into(),
            name: "a".to_owned(),
            notes: RunNotes::default(),
            data: String::new(),
            started: None,
            planned_epochs: 4,
            history: history.collect(),
            stretches: Vec::new(),
            test: None,
            trained_by: None,
            problem: None,
        }
    }

    /// The curves of these runs as one.
    fn curves<'a>(runs: &'a [RunSummary], view: &'a CurveView, by_time: bool) -> Curves<'a> {
        let axes = Axes {
            view,
            by_time,
            of_training: false,
        };
        let one = Compared {
            runs: runs.iter().collect(),
            style: Style::new(),
            stroke: Stroke::Solid,
            has_band: true,
        };
        Curves::new(Part::Accuracy, &[one], axes)
    }

    #[test]
    fn several_runs_are_their_mean_in_a_band_of_one_standard_deviation() {
        let runs = [run(1.0, &[0.25, 0.5]), run(3.0, &[0.75, 1.0, 0.5])];
        let view = CurveView::default();
        let [mean, low, high] = &curves(&runs, &view, false).curves[0];
        assert_eq!(mean[..], [(1.0, 0.5), (2.0, 0.75), (3.0, 0.5)]);
        // √(2 · 0.25²) of two values that are 0.5 apart; a single one has none.
        let deviation = 0.125_f64.sqrt();
        assert_eq!(low[..], [(1.0, 0.5 - deviation), (2.0, 0.75 - deviation)]);
        assert_eq!(high[..], [(1.0, 0.5 + deviation), (2.0, 0.75 + deviation)]);
        let [alone, low, _] = &curves(&runs[1..], &view, false).curves[0];
        assert_eq!((alone.len(), low.len()), (3, 0));
    }

    #[test]
    fn time_is_that_of_each_run_and_the_cursor_reads_it() {
        let runs = [run(2.0, &[0.25, 0.5, 0.75])];
        let mut view = CurveView::default();
        let by_time = curves(&runs, &view, true);
        // The first of four epochs ends after two seconds.
        assert_eq!(by_time.range, [2.0, 6.0]);
        assert_eq!(by_time.curves[0][0][1], (4.0, 0.5));
        assert_eq!(by_time.value(0), Some(0.75));
        view.cursor = Some(2);
        let read = curves(&runs, &view, true);
        assert_eq!((read.cursor, read.value(0)), (Some(4.0), Some(0.5)));
        assert_eq!(curves(&runs, &view, false).range, [1.0, 4.0]);
    }
}
