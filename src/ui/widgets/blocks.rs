//! Bars in steps of an eighth of a cell.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Blocks of one to eight eighths, from the left.
const ACROSS: [&str; 8] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"];
/// Blocks of one to eight eighths, from below.
const UP: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// How many eighths of `cells` cells a bar fills; a positive share shows at least one, NaN shows none.
pub(super) fn eighths(share: f64, cells: u16) -> usize {
    let most = 8 * usize::from(cells);
    // A float to integer conversion saturates, and turns NaN to zero.
    let exact = (share.clamp(0.0, 1.0) * most as f64).round() as usize;
    exact.max(usize::from(share > 0.0)).min(most)
}

/// The block in cell `index` of a bar of `eighths` that grows to the right; `None` past its end.
pub fn across(eighths: usize, index: u16) -> Option<&'static str> {
    block(&ACROSS, eighths, index)
}

/// The block in cell `index`, from below, of a bar of `eighths` that grows upwards; `None` past its end.
pub fn up(eighths: usize, index: u16) -> Option<&'static str> {
    block(&UP, eighths, index)
}

/// A bar of `eighths` that grows upwards from the bottom of a column, and is as wide as that.
pub(super) fn draw_up(eighths: usize, column: Rect, style: Style, buffer: &mut Buffer) {
    for (index, row) in (0..).zip(column.rows().rev()) {
        let Some(block) = up(eighths, index) else {
            return;
        };
        for position in row.positions() {
            buffer[position].set_symbol(block).set_style(style);
        }
    }
}

fn block(blocks: &[&'static str; 8], eighths: usize, index: u16) -> Option<&'static str> {
    let rest = eighths.saturating_sub(8 * usize::from(index)).min(8);
    rest.checked_sub(1).map(|block| blocks[block])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_exact_to_an_eighth() {
        let bar = |share| -> String {
            (0..4)
                .filter_map(|i| across(eighths(share, 4), i))
                .collect()
        };
        assert_eq!(bar(1.0), "████");
        assert_eq!(bar(0.5), "██");
        assert_eq!(bar(0.6), "██▍");
        assert_eq!(bar(1e-9), "▏");
        assert_eq!(bar(0.0), "");
        assert_eq!(bar(f64::NAN), "");
        assert_eq!(bar(7.0), "████");
        assert_eq!(up(3, 0), Some("▃"));
        assert_eq!(eighths(0.5, 0), 0);
    }
}
