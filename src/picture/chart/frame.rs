//! The axes of a chart: their ranges and ticks, and where the plot is.

use super::super::font::{Face, Weight, text_width, wrapped};
use super::super::scene::Point;
use super::Chart;
use crate::axis::{Axis, Tick};

/// Heights of the typeface.
pub(super) const TITLE: f32 = 12.0;
pub(super) const LABEL: f32 = 10.0;
pub(super) const FIGURE: f32 = 9.0;
/// From baseline to baseline, in heights of the typeface.
pub(super) const LEADING: f32 = 1.25;
/// From the upper edge of a line to its baseline, in heights of the typeface.
pub(super) const ASCENT: f32 = 0.95;
/// The space at the picture's edges.
pub(super) const MARGIN: f32 = 8.0;
/// The length of a tick, and the space between it and its figure.
pub(super) const TICK: f32 = 3.5;
/// The space between lines of different kinds.
pub(super) const SPACE: f32 = 5.0;
/// The least space between the figures of two ticks.
const APART: f32 = 8.0;
/// The size of a chart is cut to these.
const SMALLEST: [f32; 2] = [200.0, 120.0];
/// The least height of a plot; the picture grows if title and labels leave less.
const LOWEST: f32 = 60.0;
const LARGEST: f32 = 10_000.0;

pub(super) const REGULAR: (Face, Weight) = (Face::Sans, Weight::Regular);
pub(super) const BOLD: (Face, Weight) = (Face::Sans, Weight::Bold);

/// Where everything is but the legend.
pub(in crate::picture) struct Frame {
    /// Width and height without the legend.
    pub(super) size: [f32; 2],
    /// The plot's ends.
    pub(in crate::picture) left: f32,
    pub(in crate::picture) right: f32,
    pub(in crate::picture) top: f32,
    pub(in crate::picture) bottom: f32,
    pub(in crate::picture) title: Vec<String>,
    pub(in crate::picture) x_label: Vec<String>,
    pub(in crate::picture) y_label: Vec<String>,
    x: Axis,
    y: Axis,
    is_logarithmic: bool,
    pub(in crate::picture) x_ticks: Vec<Mark>,
    pub(in crate::picture) y_ticks: Vec<Mark>,
}

/// A tick.
pub(in crate::picture) struct Mark {
    pub(in crate::picture) value: f64,
    /// Its figure as printed.
    pub(in crate::picture) text: String,
    /// Where it is along its axis.
    pub(super) place: f32,
}

impl Mark {
    /// The width of its figure.
    pub(super) fn width(&self) -> f32 {
        text_width(&self.text, REGULAR.0, REGULAR.1, FIGURE)
    }
}

impl Frame {
    pub(in crate::picture) fn new(chart: &Chart) -> Self {
        let side = |index: usize| match chart.size[index].is_nan() {
            true => SMALLEST[index],
            false => chart.size[index].clamp(SMALLEST[index], LARGEST),
        };
        let size = [side(0), side(1)];
        let room = size[0] - 2.0 * MARGIN;
        let title = wrapped(&chart.title, BOLD, TITLE, room, 3);
        // Half a figure of the uppermost tick may stand above the plot.
        let top = MARGIN + height(&title, TITLE) + 0.5 * FIGURE;
        let x_label = wrapped(&chart.x_label, REGULAR, LABEL, room, 2);
        let below = TICK + 2.0 + LEADING * FIGURE + height(&x_label, LABEL) + MARGIN;
        let bottom = (size[1] - below).max(top + LOWEST);
        let y_label = wrapped(&chart.y_label, REGULAR, LABEL, bottom - top, 2);

        let (y, y_ticks) = y_axis(chart, (bottom - top) / 26.0);
        let y_ticks = marks(y_ticks, |value| {
            Some(bottom - y.position(value)? as f32 * (bottom - top))
        });
        let widest = y_ticks.iter().map(Mark::width).fold(0.0, f32::max);
        let left = MARGIN + height(&y_label, LABEL) + widest + TICK + 3.0;

        let x = x_axis(chart);
        let all_whole = xs(chart).all(|x| x.fract() == 0.0);
        let ticks_in = |left: f32, right: f32| {
            let mut most = ((right - left) / 42.0).max(1.0) as usize;
            loop {
                let ticks = match all_whole {
                    true => x.whole_ticks(most),
                    false => x.round_ticks(most),
                };
                let mut ticks = marks(ticks, |value| {
                    Some(left + x.position(value)? as f32 * (right - left))
                });
                if are_apart(&ticks) {
                    return ticks;
                }
                if most == 1 {
                    // The ends, or one of them.
                    ticks.drain(1..ticks.len() - 1);
                    let count = if are_apart(&ticks) { 2 } else { 1 };
                    ticks.truncate(count);
                    return ticks;
                }
                most -= 1;
            }
        };
        // Half a figure of the last tick may stand beyond the plot.
        let right = size[0] - MARGIN - 1.0;
        let last = ticks_in(left, right).pop();
        let beyond = last.map_or(0.0, |tick| {
            (tick.place + 0.5 * tick.width() - right).max(0.0)
        });
        let right = right - beyond;
        Self {
            x_ticks: ticks_in(left, right),
            y_ticks,
            size: [size[0], bottom + below],
            left,
            right,
            top,
            bottom,
            title,
            x_label,
            y_label,
            x,
            y,
            is_logarithmic: chart.is_logarithmic,
        }
    }

    /// The ends of both axes.
    pub(in crate::picture) fn ranges(&self) -> ([f64; 2], [f64; 2]) {
        let ends = |axis: &Axis, is_logarithmic| {
            let ends = [axis.low(), axis.high()];
            match is_logarithmic {
                true => ends.map(|end| 10f64.powf(end)),
                false => ends,
            }
        };
        (ends(&self.x, false), ends(&self.y, self.is_logarithmic))
    }

    /// The least difference of x and of y that can be seen, a twentieth of a point; 0 on a logarithmic axis, where it depends on the value.
    pub(in crate::picture) fn seen(&self) -> [f64; 2] {
        let ([x_low, x_high], [y_low, y_high]) = self.ranges();
        let [width, height] = [self.right - self.left, self.bottom - self.top].map(f64::from);
        let y = match self.is_logarithmic {
            true => 0.0,
            false => (y_high - y_low) / height / 20.0,
        };
        [(x_high - x_low) / width / 20.0, y]
    }

    /// The place of a point, cut to the plot; `None` if it has none.
    pub(super) fn place(&self, [x, y]: [f64; 2]) -> Option<Point> {
        let x = self.x.position(x)?.clamp(0.0, 1.0) as f32;
        let y = self.y.position(y)?.clamp(0.0, 1.0) as f32;
        Some([
            self.left + x * (self.right - self.left),
            self.bottom - y * (self.bottom - self.top),
        ])
    }
}

/// The height of lines with the space below them.
pub(super) fn height(lines: &[String], size: f32) -> f32 {
    match lines.len() {
        0 => 0.0,
        count => count as f32 * LEADING * size + SPACE,
    }
}

fn are_apart(ticks: &[Mark]) -> bool {
    ticks.is_sorted_by(|tick, next| {
        next.place - tick.place >= 0.5 * (tick.width() + next.width()) + APART
    })
}

/// Every x that something is drawn at.
fn xs(chart: &Chart) -> impl Iterator<Item = f64> + '_ {
    let of = |series: &super::Series| {
        let points = series.points.iter().map(|point| point[0]);
        let band = series.band.iter().map(|point| point[0]);
        points.chain(band).collect::<Vec<f64>>()
    };
    let all = chart.series.iter().flat_map(of);
    all.filter(|x| x.is_finite())
}

fn x_axis(chart: &Chart) -> Axis {
    let (low, high) = xs(chart).fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
        (low.min(x), high.max(x))
    });
    match low <= high {
        true => Axis::fixed([low, high]),
        false => Axis::fixed([0.0, 1.0]),
    }
}

fn y_axis(chart: &Chart, most: f32) -> (Axis, Vec<Tick>) {
    let of = |series: &super::Series| {
        let points = series.points.iter().map(|point| point[1]);
        let band = series.band.iter().flat_map(|[_, low, high]| [*low, *high]);
        points.chain(band).collect::<Vec<f64>>()
    };
    let values = chart.series.iter().flat_map(of);
    let most = most as usize;
    match chart.is_logarithmic {
        true => Axis::around_positive(values, most),
        false => Axis::around_all(values, most, chart.y_limits),
    }
}

/// The ticks that have a place.
fn marks(ticks: Vec<Tick>, place: impl Fn(f64) -> Option<f32>) -> Vec<Mark> {
    let mark = |tick: Tick| {
        Some(Mark {
            value: tick.value,
            text: printed(&tick.label),
            place: place(tick.value)?,
        })
    };
    ticks.into_iter().filter_map(mark).collect()
}

/// A tick's label as books print it: a true minus, `2.5×10⁶`.
fn printed(label: &str) -> String {
    let raised = |digit: char| match digit {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        // The other raised digits follow each other.
        digit => char::from_u32(0x2070 + digit.to_digit(10).unwrap_or(0)).unwrap_or(digit),
    };
    let text = match label.split_once('e') {
        Some((factor, power)) => {
            let power: String = power.chars().map(raised).collect();
            match factor {
                "1" => format!("10{power}"),
                "-1" => format!("-10{power}"),
                factor => format!("{factor}×10{power}"),
            }
        }
        None => label.to_owned(),
    };
    text.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Series;

    fn frame(points: &[[f64; 2]], size: [f32; 2]) -> Frame {
        Frame::new(&Chart {
            title: "accuracy".to_owned(),
            x_label: "epoch".to_owned(),
            y_label: "accuracy".to_owned(),
            series: vec![Series::new(0, "a", points.to_vec())],
            size,
            ..Chart::default()
        })
    }

    fn texts(ticks: &[Mark]) -> Vec<&str> {
        ticks.iter().map(|tick| tick.text.as_str()).collect()
    }

    #[test]
    fn figures_are_printed_as_in_books() {
        for (label, text) in [
            ("1e6", "10⁶"),
            ("-2.5e-10", "−2.5×10⁻¹⁰"),
            ("0.5", "0.5"),
            ("-1e23", "−10²³"),
        ] {
            assert_eq!(printed(label), text);
        }
    }

    #[test]
    fn epochs_have_whole_ticks_and_other_values_round_ones() {
        let epochs = frame(&[[1.0, 0.5], [20.0, 0.9]], [300.0, 200.0]);
        assert_eq!(texts(&epochs.x_ticks), ["1", "5", "10", "15", "20"]);
        assert_eq!(texts(&epochs.y_ticks), ["0.5", "0.6", "0.7", "0.8", "0.9"]);
        let values = frame(&[[0.001, 0.5], [0.1, 0.9]], [300.0, 200.0]);
        assert_eq!(
            texts(&values.x_ticks),
            ["0.02", "0.04", "0.06", "0.08", "0.10"]
        );
    }

    #[test]
    fn figures_do_not_touch_each_other_or_leave_the_picture() {
        for (low, high) in [
            (1.0, 100_000.0),
            (0.0, 1.0),
            (99_990.0, 100_010.0),
            (-3.5e-9, 2e-9),
            (-1e300, 1e300),
        ] {
            for width in [200.0, 260.0, 420.0, 900.0] {
                let frame = frame(&[[low, low], [high, high]], [width, 200.0]);
                assert!(
                    frame.x_ticks.len() <= 2 || are_apart(&frame.x_ticks),
                    "{low} {high} {width}"
                );
                for Mark { place, text, .. } in &frame.x_ticks {
                    let half = 0.5 * text_width(text, REGULAR.0, REGULAR.1, FIGURE);
                    assert!(
                        place + half <= width && place - half >= 0.0,
                        "{text} at {width}"
                    );
                }
                for tick in &frame.y_ticks {
                    let plot = frame.top - 0.1..=frame.bottom + 0.1;
                    assert!(plot.contains(&tick.place), "{}", tick.text);
                    assert!(frame.left - TICK - tick.width() > MARGIN, "{}", tick.text);
                }
                assert!(frame.right - frame.left > 40.0 && frame.bottom - frame.top > 60.0);
            }
        }
    }

    #[test]
    fn a_point_beyond_the_axis_is_cut_to_the_plot() {
        let frame = frame(&[[1.0, 0.5], [20.0, 0.9]], [300.0, 200.0]);
        assert_eq!(frame.place([1.0, 0.5]), Some([frame.left, frame.bottom]));
        assert_eq!(frame.place([50.0, 7.0]), Some([frame.right, frame.top]));
        assert_eq!(frame.place([1.0, f64::NAN]), None);
    }
}
