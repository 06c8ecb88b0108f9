//! A histogram.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

use super::blocks::{draw_up, eighths};

/// One column per count, the largest as high as the area; all are equally wide, and neighbours are added up if there is less
/// than one cell per count.
#[derive(Clone, Copy, Debug)]
pub struct Histogram<'a> {
    pub counts: &'a [u64],
    pub style: Style,
    /// Whether heights are `log(1 + count)`, so that small counts show beside large ones.
    pub is_logarithmic: bool,
}

impl<'a> Histogram<'a> {
    pub const fn new(counts: &'a [u64], style: Style) -> Self {
        Self {
            counts,
            style,
            is_logarithmic: false,
        }
    }

    /// Columns that `counts` counts take of at most `most`.
    pub fn width(counts: usize, most: u16) -> u16 {
        let counts = u16::try_from(counts).unwrap_or(u16::MAX).max(1);
        match most / counts {
            0 => most,
            wide => wide * counts,
        }
    }
}

impl Widget for Histogram<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let area = area.intersection(buffer.area);
        if self.counts.is_empty() || area.is_empty() {
            return;
        }
        let width = usize::from(Self::width(self.counts.len(), area.width));
        let columns = width.min(self.counts.len());
        let sums: Vec<u64> = (0..columns)
            .map(|column| {
                let edge = |column: usize| column * self.counts.len() / columns;
                self.counts[edge(column)..edge(column + 1)].iter().sum()
            })
            .collect();
        let height = |count: u64| match self.is_logarithmic {
            true => (count as f64).ln_1p(),
            false => count as f64,
        };
        let most = sums.iter().copied().max().unwrap_or(0);
        if most == 0 {
            return;
        }
        for (cell, column) in area.columns().take(width).enumerate() {
            let count = sums[cell * columns / width];
            let filled = eighths(height(count) / height(most), area.height);
            draw_up(filled, column, self.style, buffer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{any_area, drawn, snapshot, stays_inside};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn histograms_look_as_before() {
        let counts = [400, 0, 1, 20, 60, 90, 30, 3];
        let plain = Histogram::new(&counts, Style::new());
        insta::assert_snapshot!("histogram", snapshot(&drawn(plain, 18, 4)));
        let logarithmic = Histogram {
            is_logarithmic: true,
            ..plain
        };
        insta::assert_snapshot!("histogram_logarithmic", snapshot(&drawn(logarithmic, 9, 4)));
        insta::assert_snapshot!("histogram_narrow", snapshot(&drawn(plain, 4, 2)));
    }

    proptest! {
        #[test]
        fn any_histogram_fits_any_area(
            area in any_area(),
            counts in prop::collection::vec(0u64..1 << 40, 0..70),
            is_logarithmic in any::<bool>(),
        ) {
            let histogram = Histogram { is_logarithmic, ..Histogram::new(&counts, Style::new()) };
            stays_inside(histogram, area)?;
        }
    }
}
