//! Parallel coordinates: a vertical axis for each of several figures, and a line through all of them for each item.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::curves::{Canvas, Stroke};
use super::text::over;
use crate::ui::format::{fit, width_of};
use crate::ui::theme::Theme;

/// An axis, and where what is on it.
#[derive(Clone, Debug, PartialEq)]
pub struct ParallelAxis {
    pub title: String,
    /// Labels with their heights, 0 at the bottom and 1 at the top.
    pub ticks: Vec<(f64, String)>,
}

/// An item: its height on each axis, NaN where it has none.
#[derive(Clone, Debug, PartialEq)]
pub struct ParallelLine {
    pub heights: Vec<f64>,
    pub style: Style,
    pub stroke: Stroke,
}

/// Lines through axes in braille; what is drawn later lies above.
#[derive(Clone, Copy, Debug)]
pub struct Parallel<'a> {
    pub axes: &'a [ParallelAxis],
    pub lines: &'a [ParallelLine],
    /// The chosen axis.
    pub chosen: usize,
    pub theme: &'a Theme,
}

impl Widget for Parallel<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let area = area.intersection(buffer.area);
        let (Some(last), true) = (self.axes.last(), area.height > 1 && area.width > 3) else {
            return;
        };
        // The labels of the last axis stand beside it.
        let beside = last.ticks.iter().map(|(_, label)| width_of(label)).max();
        let beside = (beside.unwrap_or(0) as u16 + 1).min(area.width / 3);
        let plot = Rect {
            y: area.y + 1,
            height: area.height - 1,
            width: area.width - beside,
            ..area
        };
        let count = self.axes.len();
        let across = |axis: usize| match count {
            1 => 0.0,
            _ => axis as f64 / (count - 1) as f64,
        };
        let mut canvas = Canvas::between_ticks(plot);
        for line in self.lines {
            let mut step = 0;
            for (axis, pair) in line.heights.windows(2).enumerate() {
                if pair.iter().all(|height| height.is_finite()) {
                    let from = (across(axis), pair[0]);
                    let to = (across(axis + 1), pair[1]);
                    canvas.line(from, to, line.style, (line.stroke, &mut step));
                }
            }
        }
        canvas.draw(buffer);
        for (number, axis) in self.axes.iter().enumerate() {
            let is_chosen = number == self.chosen;
            let Some((x, _)) = canvas.cell((across(number), 0.0)) else {
                continue;
            };
            let style = if is_chosen {
                self.theme.accent
            } else {
                self.theme.dim
            };
            for y in plot.top()..plot.bottom() {
                buffer[(x, y)].set_char('│').set_style(over(style));
            }
            let room = usize::from(if number + 1 == count {
                area.right() - x - 1
            } else {
                plot.width / (count as u16 - 1).max(1)
            });
            for (height, label) in &axis.ticks {
                let Some((_, y)) = canvas.cell((0.0, *height)) else {
                    continue;
                };
                buffer[(x, y)].set_char('┤').set_style(over(style));
                let label = Line::styled(fit(label, room.saturating_sub(1)), over(style));
                buffer.set_line(x + 1, y, &label, room as u16);
            }
            self.draw_title(number, x, area, buffer);
        }
    }
}

impl Parallel<'_> {
    /// Draws the title of an axis above it: of the last one to the left, of the others to the right.
    fn draw_title(&self, number: usize, x: u16, area: Rect, buffer: &mut Buffer) {
        let count = self.axes.len();
        let share = usize::from(area.width) / count;
        let title = fit(&self.axes[number].title, share.saturating_sub(1));
        let width = width_of(&title) as u16;
        let left = match number {
            0 => x,
            last if last + 1 == count => area.right() - width,
            _ => x.saturating_sub(width / 2).max(area.x),
        };
        let style = match number == self.chosen {
            true => self.theme.accent,
            false => self.theme.title,
        };
        buffer.set_line(left, area.y, &Line::styled(title, style), width);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::any_area;
    use super::*;
    use crate::ui::theme::{Background, ColorDepth};
    use proptest::prelude::*;

    fn axis(title: &str, labels: &[&str]) -> ParallelAxis {
        let last = labels.len().saturating_sub(1).max(1) as f64;
        let ticks = labels.iter().enumerate();
        ParallelAxis {
            title: title.to_owned(),
            ticks: ticks
                .map(|(at, label)| (at as f64 / last, (*label).to_owned()))
                .collect(),
        }
    }

    fn drawn(lines: &[Vec<f64>], area: Rect) -> Vec<String> {
        let axes = [axis("rate", &["0", "1"]), axis("accuracy", &["0.8", "0.9"])];
        let lines: Vec<ParallelLine> = lines
            .iter()
            .map(|heights| ParallelLine {
                heights: heights.clone(),
                style: Style::new(),
                stroke: Stroke::Solid,
            })
            .collect();
        let mut buffer = Buffer::empty(area);
        Parallel {
            axes: &axes,
            lines: &lines,
            chosen: 0,
            theme: &Theme::new(ColorDepth::None, Background::Dark),
        }
        .render(area, &mut buffer);
        area.rows()
            .map(|row| row.positions().map(|at| buffer[at].symbol()).collect())
            .collect()
    }

    #[test]
    fn a_line_runs_from_axis_to_axis_and_stops_where_a_value_is_missing() {
        let area = Rect::new(0, 0, 24, 5);
        let rows = drawn(&[vec![0.0, 1.0]], area);
        assert_eq!(rows[0], "rate            accuracy");
        assert!(rows[1].starts_with("┤1"), "{rows:#?}");
        assert!(rows[1].trim_end().ends_with("┤0.9"), "{rows:#?}");
        assert!(rows[4].starts_with("┤0"), "{rows:#?}");
        let is_braille = |row: &String| row.chars().any(|sign| ('⠁'..='⣿').contains(&sign));
        assert!(rows[1..].iter().all(is_braille), "{rows:#?}");
        let rows = drawn(&[vec![0.0, f64::NAN]], area);
        assert!(!rows.iter().any(is_braille), "{rows:#?}");
    }

    proptest! {
        #[test]
        fn any_area_and_any_heights_are_drawn(
            area in any_area(),
            heights in prop::collection::vec(-2.0f64..2.0, 0..4),
        ) {
            drawn(&[heights], area);
        }
    }
}
