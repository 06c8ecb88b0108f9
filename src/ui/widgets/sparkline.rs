//! A small chart of a series without axes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::blocks::draw_up;
use crate::ui::theme::Theme;

/// Values such as batch losses as columns between their smallest and their largest, the latest at the right; more values
/// than columns are averaged. A column with NaN is a `×`.
///
/// Ratatui's own starts at zero, colours the empty cells too and fills a whole column where a value is missing.
#[derive(Clone, Copy, Debug)]
pub struct Sparkline<'a> {
    values: &'a [f32],
    theme: &'a Theme,
}

impl<'a> Sparkline<'a> {
    pub const fn new(values: &'a [f32], theme: &'a Theme) -> Self {
        Self { values, theme }
    }
}

impl Widget for Sparkline<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let area = area.intersection(buffer.area);
        let columns = self.values.len().min(area.width.into());
        if columns == 0 || area.height == 0 {
            return;
        }
        let means: Vec<f64> = (0..columns)
            .map(|column| {
                let bounds = [column, column + 1].map(|edge| edge * self.values.len() / columns);
                let part = &self.values[bounds[0]..bounds[1]];
                part.iter().map(|&value| f64::from(value)).sum::<f64>() / part.len() as f64
            })
            .collect();
        let finite = || means.iter().copied().filter(|mean| mean.is_finite());
        let (low, high) = (
            finite().fold(f64::INFINITY, f64::min),
            finite().fold(f64::NEG_INFINITY, f64::max),
        );
        // The smallest value shows one eighth; a flat line lies in the middle.
        let most = 8 * usize::from(area.height) - 1;
        let height = |mean: f64| match high - low {
            span if span > 0.0 => 1 + ((mean - low) / span * most as f64).round() as usize,
            _ => 4 * usize::from(area.height),
        };
        for (column, mean) in area.columns().zip(means) {
            if mean.is_finite() {
                draw_up(height(mean), column, self.theme.train, buffer);
            } else {
                let cell = &mut buffer[(column.x, column.bottom() - 1)];
                cell.set_symbol("×").set_style(self.theme.error);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{any_area, drawn, snapshot, stays_inside};
    use super::*;
    use crate::ui::theme::{Background, ColorDepth};
    use proptest::prelude::*;

    #[test]
    fn losses_look_as_before() {
        let theme = Theme::new(ColorDepth::TrueColor, Background::Dark);
        let mut losses: Vec<f32> = (1..60).map(|batch| 2.3 / batch as f32).collect();
        losses.push(f32::NAN);
        let line = |values| Sparkline::new(values, &theme);
        insta::assert_snapshot!("sparkline", snapshot(&drawn(line(&losses), 20, 2)));
        insta::assert_snapshot!("sparkline_flat", snapshot(&drawn(line(&[0.5; 4]), 8, 1)));
    }

    proptest! {
        #[test]
        fn any_series_fits_any_area(
            area in any_area(),
            values in prop::collection::vec(any::<f32>(), 0..200),
        ) {
            let theme = Theme::new(ColorDepth::None, Background::Light);
            stays_inside(Sparkline::new(&values, &theme), area)?;
        }
    }
}
