//! Curves over epochs.

mod canvas;

pub(super) use canvas::Canvas;
pub use canvas::Stroke;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::Widget;

use super::text::{fitted, over};
use crate::axis::{Axis, Tick, figure, rows_used, short_figure};
use crate::ui::format::width_of;
use crate::ui::theme::Theme;

/// A curve through points `(x, y)` with ascending x, interrupted where y is NaN.
#[derive(Clone, Copy, Debug)]
pub struct Series<'a> {
    /// Name in the legend; a curve without a name appears there only with a cursor.
    pub name: &'a str,
    pub points: &'a [(f64, f64)],
    pub style: Style,
    pub stroke: Stroke,
    /// A point to mark, such as the best epoch, and its symbol.
    pub best: Option<((f64, f64), char)>,
}

impl Series<'_> {
    /// The point nearest to `x` that has a finite y.
    pub fn nearest(&self, x: f64) -> Option<(f64, f64)> {
        let finite = self.points.iter().filter(|(_, y)| y.is_finite());
        finite
            .min_by(|(one, _), (other, _)| (one - x).abs().total_cmp(&(other - x).abs()))
            .copied()
    }

    /// Its value in the legend: at the cursor, or else the latest.
    fn readout(&self, cursor: Option<f64>) -> Option<f64> {
        match cursor {
            Some(x) => self.nearest(x).map(|(_, y)| y),
            None => self.points.last().map(|(_, y)| *y),
        }
    }
}

/// A chart of several curves in braille, with axes, and a legend with values above it. If there is little room, the legend is
/// dropped first, then the labels of the axes, then the axes.
#[derive(Clone, Debug)]
pub struct Curves<'a> {
    pub series: &'a [Series<'a>],
    pub theme: &'a Theme,
    /// Title of the y axis, such as `loss`.
    pub title: &'a str,
    /// Title of the x axis, such as `epoch`.
    pub x_title: &'a str,
    /// From the first to the last planned epoch; otherwise from the first point to the last.
    pub x_range: Option<[f64; 2]>,
    /// The limits of all values: no tick lies beyond.
    pub limits: [f64; 2],
    /// Whether the y axis is logarithmic; values that are not positive are not drawn then.
    pub is_log: bool,
    /// A vertical line at this x; the legend then has the values there.
    pub cursor: Option<f64>,
    /// Marks on the axis at these x, where something was changed.
    pub marks: &'a [f64],
}

impl<'a> Curves<'a> {
    pub const fn new(series: &'a [Series<'a>], theme: &'a Theme) -> Self {
        Self {
            series,
            theme,
            title: "",
            x_title: "",
            x_range: None,
            limits: [f64::NEG_INFINITY, f64::INFINITY],
            is_log: false,
            cursor: None,
            marks: &[],
        }
    }

    fn x_axis(&self) -> Axis {
        let points = || self.series.iter().flat_map(|series| series.points);
        let finite = || points().map(|(x, _)| *x).filter(|x| x.is_finite());
        Axis::fixed(self.x_range.unwrap_or_else(|| {
            let (low, high) = (
                finite().fold(f64::INFINITY, f64::min),
                finite().fold(f64::NEG_INFINITY, f64::max),
            );
            if low <= high { [low, high] } else { [0.0, 1.0] }
        }))
    }
}

impl Widget for Curves<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let area = area.intersection(buffer.area);
        if area.is_empty() {
            return;
        }
        let has_axes = area.height >= 4 && area.width >= 8;
        let legend_rows = u16::from(area.height >= 6);
        let mut plot = area;
        plot.y += legend_rows;
        plot.height -= legend_rows;
        plot.height -= if has_axes { 2 } else { 0 };
        let x_axis = self.x_axis();
        let points = self.series.iter().flat_map(|series| series.points);
        let values = points.map(|(_, y)| *y);
        let (y_axis, ticks) = Axis::around(values, plot.height.into(), self.is_log, self.limits);
        if has_axes {
            // The rows above the highest tick stay free.
            let used = rows_used(plot.height.into(), ticks.len() - 1) as u16;
            plot.y += plot.height - used;
            plot.height = used;
            let widest = ticks.iter().map(|tick| width_of(&tick.label)).max();
            let words = widest.unwrap_or(0) as u16;
            // Numbers may not take more than a third.
            let words = if 3 * words <= area.width { words } else { 0 };
            plot.x += words + 1;
            plot.width -= words + 1;
            self.draw_y_axis(&ticks, words, plot, buffer);
            self.draw_x_axis(&x_axis, plot, buffer);
            self.draw_marks(&x_axis, plot, buffer);
        }
        self.draw_cursor(&x_axis, plot, buffer);
        self.draw_series(&x_axis, &y_axis, plot, buffer);
        if legend_rows > 0 {
            self.draw_legend(area, buffer);
        }
    }
}

impl Curves<'_> {
    /// The ticks from the lowest row of the plot to the highest.
    fn draw_y_axis(&self, ticks: &[Tick], words: u16, plot: Rect, buffer: &mut Buffer) {
        let line = plot.x - 1;
        let border = self.theme.border;
        fill(Rect::new(line, plot.y, 1, plot.height), "│", border, buffer);
        let (rows, intervals) = (usize::from(plot.height) - 1, ticks.len() - 1);
        let last = plot.bottom() - 1;
        for (index, tick) in ticks.iter().enumerate() {
            let row = last - (index * rows / intervals) as u16;
            buffer[(line, row)].set_symbol("┤");
            fill(Rect::new(plot.x, row, plot.width, 1), "┈", border, buffer);
            if words > 0 {
                let left = line - width_of(&tick.label) as u16;
                buffer.set_string(left, row, &tick.label, self.theme.dim);
            }
        }
    }

    fn draw_x_axis(&self, axis: &Axis, plot: Rect, buffer: &mut Buffer) {
        let (line, words) = (plot.bottom(), plot.bottom() + 1);
        let border = self.theme.border;
        fill(Rect::new(plot.x - 1, line, 1, 1), "└", border, buffer);
        fill(Rect::new(plot.x, line, plot.width, 1), "─", border, buffer);
        let longest = [axis.low(), axis.high()].map(|end| width_of(&format!("{end:.0}")));
        let longest = longest[0].max(longest[1]).min(12);
        let most = usize::from(plot.width) / (longest + 3);
        let ticks = axis.whole_ticks(most.max(1));
        // From the right: the last number carries the title, and what would touch it is left out.
        let mut end = plot.right() + 1;
        for (index, tick) in ticks.iter().enumerate().rev() {
            let Some(column) = column(axis, tick.value, plot) else {
                continue;
            };
            buffer[(column, line)].set_symbol("┬");
            let titled = format!("{} {}", self.x_title, tick.label);
            let is_titled = index + 1 == ticks.len() && 3 * width_of(&titled) <= plot.width.into();
            let text = if is_titled {
                titled.trim()
            } else {
                &tick.label
            };
            let width = width_of(text) as u16;
            // Number centred below its tick, the title before it, unless that would leave the chart.
            let after = (width_of(&tick.label) as u16).div_ceil(2);
            let start = (column + after).min(plot.right()).saturating_sub(width);
            let start = start.max(plot.x - 1);
            if start + width < end {
                buffer.set_string(start, words, text, self.theme.dim);
                end = start;
            }
        }
    }

    fn draw_marks(&self, axis: &Axis, plot: Rect, buffer: &mut Buffer) {
        let columns = self.marks.iter();
        for column in columns.filter_map(|mark| column(axis, *mark, plot)) {
            let place = Rect::new(column, plot.bottom(), 1, 1);
            fill(place, "◆", self.theme.accent, buffer);
        }
    }

    fn draw_cursor(&self, axis: &Axis, plot: Rect, buffer: &mut Buffer) {
        if let Some(column) = self.cursor.and_then(|x| column(axis, x, plot)) {
            let style = self.theme.accent.remove_modifier(Modifier::BOLD);
            fill(
                Rect {
                    x: column,
                    width: 1,
                    ..plot
                },
                "│",
                style,
                buffer,
            );
        }
    }

    fn draw_series(&self, x_axis: &Axis, y_axis: &Axis, plot: Rect, buffer: &mut Buffer) {
        let mut canvas = Canvas::between_ticks(plot);
        let place = |(x, y): (f64, f64)| Some((x_axis.position(x)?, y_axis.position(y)?));
        let mut alone = Vec::new();
        for series in self.series {
            let places: Vec<Option<(f64, f64)>> =
                series.points.iter().map(|&point| place(point)).collect();
            let mut step = 0;
            for pair in places.windows(2) {
                if let [Some(from), Some(to)] = *pair {
                    canvas.line(from, to, series.style, (series.stroke, &mut step));
                }
            }
            // A point without neighbours makes no line, so it gets a sign.
            for (index, point) in places.iter().enumerate() {
                let is_there = |index: usize| places.get(index).is_some_and(Option::is_some);
                let before = index.checked_sub(1);
                let is_alone = !before.is_some_and(is_there) && !is_there(index + 1);
                if let Some(point) = point.filter(|_| is_alone) {
                    alone.push((point, '•', series.style));
                }
            }
        }
        let best = self.series.iter().filter_map(|series| {
            let (point, sign) = series.best?;
            Some((
                place(point)?,
                sign,
                series.style.add_modifier(Modifier::BOLD),
            ))
        });
        let signs: Vec<_> = alone.iter().copied().chain(best).collect();
        canvas.draw(buffer);
        for (point, sign, style) in signs {
            if let Some(position) = canvas.cell(point) {
                buffer[position].set_char(sign).set_style(over(style));
            }
        }
    }

    /// Draws the title, and each curve's sample, name and value, shortened to fit one line.
    fn draw_legend(&self, area: Rect, buffer: &mut Buffer) {
        let title = match self.cursor {
            Some(at) => format!("{} {} {}", self.title, self.x_title, at.round()),
            None => self.title.to_owned(),
        };
        let title = fitted(title.trim(), area.width.into());
        buffer.set_string(area.x, area.y, &title, self.theme.title);
        let gap = if title.is_empty() { 0 } else { 2 };
        let room = usize::from(area.width).saturating_sub(width_of(&title) + gap);
        let named = || {
            let series = self.series.iter();
            series.filter(|series| !series.name.is_empty() || self.cursor.is_some())
        };
        let entries = |entry: &dyn Fn(&Series<'_>, Option<f64>) -> String| -> Vec<String> {
            let series = named();
            series
                .map(|series| {
                    let text = entry(series, series.readout(self.cursor));
                    format!("{} {text}", series.stroke.sample())
                })
                .collect()
        };
        let with = |figure: fn(f64) -> String| {
            entries(&|series, value| {
                let value = value.map(figure).unwrap_or_default();
                format!("{} {value}", series.name).trim().to_owned()
            })
        };
        let names = entries(&|series, _| series.name.to_owned());
        let values = entries(&|_, value| value.map(figure).unwrap_or_default());
        let short = entries(&|_, value| value.map(short_figure).unwrap_or_default());
        // With a cursor the values matter most, without one the names.
        let choices = match self.cursor {
            Some(_) => [with(figure), with(short_figure), values, short],
            None => [with(figure), with(short_figure), names, values],
        };
        let needed = |choice: &[String]| {
            let texts: usize = choice.iter().map(|entry| width_of(entry)).sum();
            texts + 2 * choice.len().saturating_sub(1)
        };
        let Some(choice) = choices.into_iter().find(|choice| needed(choice) <= room) else {
            return;
        };
        let mut x = area.right() - room as u16;
        for (entry, series) in choice.iter().zip(named()) {
            buffer.set_string(x, area.y, entry, series.style);
            x = (x + width_of(entry) as u16 + 2).min(area.right());
        }
    }
}

/// The column of the plot in which an x lies.
fn column(axis: &Axis, x: f64, plot: Rect) -> Option<u16> {
    let (column, _) = Canvas::new(plot).cell((axis.position(x)?, 0.0))?;
    Some(column)
}

fn fill(area: Rect, symbol: &str, style: Style, buffer: &mut Buffer) {
    for position in area.positions() {
        buffer[position].set_symbol(symbol).set_style(style);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{any_area, drawn, snapshot, stays_inside};
    use super::*;
    use crate::ui::theme::{Background, ColorDepth};
    use proptest::prelude::*;

    const TRAIN: [(f64, f64); 7] = [
        (1.0, 0.52),
        (2.0, 0.35),
        (3.0, 0.3),
        (4.0, 0.27),
        (5.0, 0.245),
        (6.0, 0.23),
        (7.0, 0.21),
    ];
    const VALIDATION: [(f64, f64); 7] = [
        (1.0, 0.41),
        (2.0, 0.33),
        (3.0, 0.31),
        (4.0, 0.29),
        (5.0, 0.301),
        (6.0, 0.295),
        (7.0, 0.32),
    ];

    fn series<'a>(
        theme: &Theme,
        train: &'a [(f64, f64)],
        validation: &'a [(f64, f64)],
    ) -> [Series<'a>; 2] {
        [
            Series {
                name: "training",
                points: train,
                style: theme.train,
                stroke: Stroke::Solid,
                best: None,
            },
            Series {
                name: "validation",
                points: validation,
                style: theme.validation,
                stroke: Stroke::Dashed,
                best: validation.get(3).map(|point| (*point, '◆')),
            },
        ]
    }

    #[test]
    fn charts_look_as_before() {
        let theme = Theme::new(ColorDepth::TrueColor, Background::Dark);
        let series = series(&theme, &TRAIN, &VALIDATION);
        let chart = Curves {
            title: "loss",
            x_title: "epoch",
            x_range: Some([1.0, 10.0]),
            ..Curves::new(&series, &theme)
        };
        let with = |change: fn(&mut Curves), width, height| {
            let mut chart = chart.clone();
            change(&mut chart);
            snapshot(&drawn(chart, width, height))
        };
        insta::assert_snapshot!("curves", snapshot(&drawn(chart.clone(), 60, 14)));
        insta::assert_snapshot!(
            "curves_cursor",
            with(|chart| chart.cursor = Some(5.0), 60, 10)
        );
        insta::assert_snapshot!(
            "curves_marks",
            with(|chart| chart.marks = &[2.0, 5.5], 60, 10)
        );
        insta::assert_snapshot!("curves_log", with(|chart| chart.is_log = true, 40, 10));
        insta::assert_snapshot!("curves_small", snapshot(&drawn(chart, 14, 5)));
    }

    #[test]
    fn few_points_look_as_before() {
        let theme = Theme::new(ColorDepth::None, Background::Dark);
        for (name, points) in [
            ("curves_no_point", &[][..]),
            ("curves_one_point", &[(1.0, 0.9)]),
            ("curves_two_points", &[(1.0, 0.9), (2.0, 0.95)]),
            (
                "curves_interrupted",
                &[(1.0, 0.9), (2.0, f64::NAN), (3.0, 0.8), (4.0, 0.7)],
            ),
        ] {
            let series = series(&theme, points, &[]);
            let chart = Curves {
                title: "accuracy",
                x_range: Some([1.0, 5.0]),
                ..Curves::new(&series, &theme)
            };
            insta::assert_snapshot!(name, snapshot(&drawn(chart, 36, 8)));
        }
    }

    /// Each value that a tick names, drawn alone, stands on the tick's row; others between their ticks, and none beyond the ends.
    #[test]
    fn a_point_stands_on_the_row_that_its_tick_says() {
        let theme = Theme::new(ColorDepth::TrueColor, Background::Dark);
        let share = [0.0, 1.0];
        let loss = [0.0, f64::INFINITY];
        for (values, limits, is_log) in [
            (&[0.117, 0.98][..], share, false),
            (&[0.98, 1.0], share, false),
            (&[0.9, 1.0], share, false),
            (&[0.002, 0.31], loss, false),
            (&[0.0, 2.2868], loss, false),
            (&[0.02, 1.9], loss, true),
        ] {
            for height in 6..40 {
                let rows = |value: f64| -> (Vec<(u16, String)>, u16) {
                    // The others hold the range, at the left end; the value stands alone behind the gap.
                    let mut points: Vec<(f64, f64)> =
                        values.iter().map(|value| (1.0, *value)).collect();
                    points.extend([(5.0, f64::NAN), (9.0, value)]);
                    let series = [Series {
                        name: "",
                        points: &points,
                        style: theme.train,
                        stroke: Stroke::Solid,
                        best: None,
                    }];
                    let chart = Curves {
                        x_range: Some([1.0, 10.0]),
                        limits,
                        is_log,
                        ..Curves::new(&series, &theme)
                    };
                    let buffer = drawn(chart, 40, height);
                    let symbol = |x, y| buffer[(x, y)].symbol();
                    let ticks = (0..height).filter_map(|y| {
                        let line = (0..12).find(|x| symbol(*x, y) == "┤")?;
                        let label: String = (0..line).map(|x| symbol(x, y)).collect();
                        Some((y, label.trim().to_owned()))
                    });
                    let point = (0..height).find(|y| (25..40).any(|x| symbol(x, *y) == "•"));
                    (ticks.collect(), point.expect("the point is drawn"))
                };
                let (ticks, _) = rows(values[0]);
                let numbers = |(row, label): &(u16, String)| (*row, label.parse::<f64>().unwrap());
                let ticks: Vec<(u16, f64)> = ticks.iter().map(numbers).collect();
                let (top, highest) = ticks[0];
                let (bottom, lowest) = ticks[ticks.len() - 1];
                assert!(lowest >= limits[0] && highest <= limits[1], "{ticks:?}");
                for (row, value) in &ticks {
                    assert_eq!(rows(*value).1, *row, "{value} of {ticks:?}, {height} rows");
                }
                for value in values {
                    let row = rows(*value).1;
                    assert!((top..=bottom).contains(&row), "{value} of {ticks:?}");
                }
                for pair in ticks.windows(2) {
                    let [(upper, more), (lower, less)] = pair else {
                        unreachable!()
                    };
                    let row = rows((more + less) / 2.0).1;
                    assert!((*upper..=*lower).contains(&row), "{pair:?}: {row}");
                }
            }
        }
    }

    #[test]
    fn the_readout_is_of_the_nearest_finite_point() {
        let theme = Theme::new(ColorDepth::None, Background::Dark);
        let points = [(1.0, 0.5), (2.0, f64::NAN), (4.0, 0.25)];
        let [series, _] = series(&theme, &points, &[]);
        assert_eq!(series.nearest(2.4), Some((1.0, 0.5)));
        assert_eq!(series.nearest(9.0), Some((4.0, 0.25)));
        assert_eq!(series.readout(None), Some(0.25));
    }

    proptest! {
        #[test]
        fn any_curves_fit_any_area(
            area in any_area(),
            train in prop::collection::vec((any::<f64>(), any::<f64>()), 0..8),
            validation in prop::collection::vec((0f64..20.0, -1e3f64..1e3), 0..8),
            x_range in prop::option::of(any::<[f64; 2]>()),
            cursor in prop::option::of(any::<f64>()),
            is_log: bool,
        ) {
            let theme = Theme::new(ColorDepth::Basic16, Background::Dark);
            let series = series(&theme, &train, &validation);
            let chart = Curves {
                title: "loss",
                x_title: "epoch",
                x_range,
                is_log,
                cursor,
                marks: &[f64::NAN, -1.0, 0.5, 1e300],
                ..Curves::new(&series, &theme)
            };
            stays_inside(chart, area)?;
        }
    }
}
