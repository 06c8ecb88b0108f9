//! Calibration: bars of accuracy over confidence.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::analysis::CalibrationBar;
use crate::training::Portion;
use crate::ui::format::count;
use crate::ui::panel::{below, footnote, lines, panel};
use crate::ui::theme::Theme;
use crate::ui::widgets::up;

/// Most columns of a bar, with the gap after it, if the chart does not fill the pane.
const WIDEST: u16 = 6;
/// Rows from which the legend fits.
const ROWS_FOR_LEGEND: u16 = 7;
/// A bar is overconfident if its confidence exceeds its accuracy by more than this.
const TOO_SURE: f64 = 0.1;

/// Draws a bar for each range of confidence: its height is the accuracy of the images in the range, and a mark shows their mean confidence,
/// where the bar of a calibrated network would end.
pub fn draw(
    bars: &[CalibrationBar],
    (portion, fills_pane): (Portion, bool),
    area: Rect,
    buffer: &mut Buffer,
    theme: &Theme,
) {
    let title = "Calibration · accuracy ↑ confidence →";
    let mut inner = panel(title, fills_pane, area, buffer, theme);
    if inner.height >= ROWS_FOR_LEGEND {
        let legend = [
            Span::styled("█ accuracy", theme.train),
            Span::styled(
                format!("   █ overconfident by more than {TOO_SURE}"),
                theme.warning,
            ),
            Span::styled("   ▸ confidence", theme.accent),
        ];
        lines([Line::from_iter(legend)], inner, buffer);
        inner = below(inner, 2);
    }
    if inner.height < 2 || bars.is_empty() {
        return;
    }
    let widest = if fills_pane { u16::MAX } else { WIDEST };
    let width = (inner.width / bars.len() as u16).clamp(1, widest);
    let height = inner.height - 1;
    let steps = 8 * usize::from(height);
    let level = |share: f64| (share * steps as f64).round() as usize;
    for (column, bar) in (0u16..).zip(bars).filter(|(_, bar)| bar.images > 0) {
        let x = inner.x + column * width;
        // A bar that reaches its confidence is calibrated.
        let style = match bar.confidence - bar.accuracy {
            gap if gap > TOO_SURE => theme.warning,
            _ => theme.train,
        };
        let (filled, trusted) = (level(bar.accuracy), level(bar.confidence));
        for row in 0..height {
            let lower = 8 * usize::from(row);
            let symbol = up(filled, row).unwrap_or(" ");
            let y = inner.y + height - 1 - row;
            for dx in 0..width.saturating_sub(1).max(1) {
                buffer[(x + dx, y)].set_symbol(symbol).set_style(style);
            }
            if (lower..lower + 8).contains(&trusted.saturating_sub(1)) {
                let cell = &mut buffer[(x, y)];
                cell.set_symbol("▸").set_style(theme.accent);
            }
        }
    }
    let images: usize = bars.iter().map(|bar| bar.images).sum();
    let last = (bars.len() as u16 * width).saturating_sub(1);
    let axis = format!("0{:>1$}", "1", usize::from(last).saturating_sub(1));
    lines(
        [Line::styled(axis, theme.dim)],
        below(inner, height),
        buffer,
    );
    let (images, portion) = (count(images), portion.word());
    let note = format!("▸ mean confidence · {images} {portion} images");
    footnote(&note, area, buffer, theme.dim);
}
