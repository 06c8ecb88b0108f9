//! An interval in a row of cells.

use ratatui::style::Style;
use ratatui::text::Span;

use crate::ui::theme::Theme;

/// An estimate with its interval, in shares of a row: `├───●──┤`, and `│` where zero is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span95 {
    pub estimate: f64,
    /// `None` if it is not known.
    pub interval: Option<[f64; 2]>,
    pub zero: f64,
}

impl Span95 {
    /// The column of a share of a row.
    pub fn column(share: f64, columns: usize) -> usize {
        let last = columns.saturating_sub(1) as f64;
        (share.clamp(0.0, 1.0) * last).round() as usize
    }

    /// Its cells, in this style.
    pub fn spans(self, columns: usize, style: Style, theme: &Theme) -> Vec<Span<'static>> {
        let zero = Self::column(self.zero, columns);
        let estimate = Self::column(self.estimate, columns);
        let ends = self
            .interval
            .map(|ends| ends.map(|end| Self::column(end, columns)));
        let cell = |column: usize| {
            let within = ends.is_some_and(|[low, high]| (low..=high).contains(&column));
            match ends {
                _ if column == estimate => ("●", style),
                Some([low, _]) if column == low => ("├", style),
                Some([_, high]) if column == high => ("┤", style),
                _ if within && column == zero => ("┼", style),
                _ if within => ("─", style),
                _ if column == zero => ("│", theme.dim),
                _ => (" ", theme.dim),
            }
        };
        let cells = (0..columns).map(cell);
        cells
            .map(|(text, style)| Span::styled(text, style))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::{Background, ColorDepth};

    #[test]
    fn an_interval_shows_whether_it_reaches_zero() {
        let theme = Theme::new(ColorDepth::None, Background::Dark);
        let drawn = |estimate, interval, zero| {
            let span = Span95 {
                estimate,
                interval,
                zero,
            };
            let spans = span.spans(11, Style::new(), &theme);
            spans.iter().map(|span| &*span.content).collect::<String>()
        };
        assert_eq!(drawn(0.7, Some([0.5, 0.9]), 0.2), "  │  ├─●─┤ ");
        assert_eq!(drawn(0.4, Some([0.1, 0.7]), 0.2), " ├┼─●──┤   ");
        assert_eq!(drawn(0.2, Some([0.0, 1.0]), 0.2), "├─●───────┤");
        assert_eq!(drawn(0.9, None, 0.0), "│        ● ");
        assert_eq!(drawn(5.0, Some([-5.0, 9.0]), 0.0), "├─────────●");
    }
}
