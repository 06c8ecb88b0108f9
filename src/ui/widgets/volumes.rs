//! A network as the sequence of its feature volumes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;

use super::text::over;
use crate::shape::Shape;
use crate::ui::theme::Theme;

/// A volume in the sequence.
#[derive(Clone, Copy, Debug)]
pub struct Volume {
    pub shape: Shape,
    /// Whether the cursor is on it.
    pub is_chosen: bool,
}

/// Blocks on a common middle line: as high as the volume's height, on one scale for all, and wider by a step per doubling of the
/// channels. Below each is its number of channels, if there is room; if not all blocks have room, those around the chosen one are
/// shown. Above them are lines from a volume to another that is computed from it without being the next.
#[derive(Clone, Copy, Debug)]
pub struct Volumes<'a> {
    pub volumes: &'a [Volume],
    /// Positions of a volume and of a later one that is computed from it.
    pub bypasses: &'a [(usize, usize)],
    pub theme: &'a Theme,
}

/// The most rows of lines above the volumes, and the rows from which there are lines.
const MOST_LEVELS: usize = 3;
const LEAST_ROWS: u16 = 6;

impl Widget for Volumes<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let area = area.intersection(buffer.area);
        if area.height < 2 || area.width == 0 || self.volumes.is_empty() {
            return;
        }
        let levels = match area.height {
            ..LEAST_ROWS => Vec::new(),
            _ => self.levels(),
        };
        let all = area;
        let area = Rect {
            y: area.y + levels.len() as u16,
            height: area.height - levels.len() as u16,
            ..area
        };
        let room = usize::from(area.width);
        // Half cells for a doubling of the channels: as many as all blocks have room with.
        let step = [16, 12, 8, 6, 4, 2, 1]
            .into_iter()
            .find(|step| self.width(*step) <= room)
            .unwrap_or(1);
        let shown = self.window(step, room);
        let highest = self.volumes.iter().map(|volume| volume.shape.height);
        let highest = highest.max().unwrap_or(1).max(1);
        // Two pixels a cell; the last row holds the numbers.
        let pixels = 2 * (usize::from(area.height) - 1);
        let mut x = area.x;
        let first = shown.start;
        let mut middles = Vec::with_capacity(shown.len());
        for volume in &self.volumes[shown] {
            let width = block_width(volume.shape, step);
            let height = (volume.shape.height * pixels)
                .div_ceil(highest)
                .clamp(1, pixels);
            let top = (pixels - height) / 2;
            let (style, number) = match volume.is_chosen {
                true => (self.theme.accent, self.theme.accent),
                false => (self.theme.dim, self.theme.text),
            };
            middles.push(x + width as u16 / 2);
            for column in (x..area.right()).take(width) {
                draw_column(column, area.y, top..top + height, style, buffer);
            }
            let label = volume.shape.channels.to_string();
            if label.len() <= width {
                let left = area.right().saturating_sub(x);
                buffer.set_stringn(x, area.bottom() - 1, label, left.into(), over(number));
            }
            x = x.saturating_add(width as u16 + 1);
            if x >= area.right() {
                break;
            }
        }
        let place = |volume: usize| middles.get(volume.checked_sub(first)?).copied();
        for (level, lines) in levels.iter().rev().enumerate() {
            let y = all.y + level as u16;
            for (from, to) in lines {
                let ends = match (place(*from), place(*to)) {
                    (Some(from), Some(to)) => (from, to),
                    (Some(from), None) => (from, all.right() - 1),
                    (None, Some(to)) => (all.x, to),
                    (None, None) => continue,
                };
                draw_line(ends, y, all, self.theme.dim, buffer);
            }
        }
    }
}

/// A line from above one column to above another, with its ends bent down.
fn draw_line((from, to): (u16, u16), y: u16, area: Rect, style: Style, buffer: &mut Buffer) {
    for x in (from..=to).filter(|x| (area.x..area.right()).contains(x)) {
        let symbol = match x {
            _ if x == to => "╮",
            _ if x == from => "╭",
            _ => "─",
        };
        buffer[(x, y)].set_symbol(symbol).set_style(over(style));
    }
}

impl Volumes<'_> {
    /// The lines, the shortest lowest, so that those of one level do not meet; those without room are left out.
    fn levels(self) -> Vec<Vec<(usize, usize)>> {
        let mut lines = self.bypasses.to_vec();
        lines.sort_by_key(|(from, to)| to - from);
        lines.dedup();
        let mut levels: Vec<Vec<(usize, usize)>> = Vec::new();
        for line in lines {
            let is_free = |level: &Vec<(usize, usize)>| {
                level
                    .iter()
                    .all(|(from, to)| line.1 <= *from || *to <= line.0)
            };
            match levels.iter().position(is_free) {
                Some(level) => levels[level].push(line),
                None if levels.len() < MOST_LEVELS => levels.push(vec![line]),
                None => {}
            }
        }
        levels
    }

    /// Cells that all blocks take.
    fn width(self, step: usize) -> usize {
        let widths = self.volumes.iter();
        let widths = widths.map(|volume| block_width(volume.shape, step) + 1);
        widths.sum::<usize>() - 1
    }

    /// The blocks to show: all, or the chosen one with those before and after it that have room.
    fn window(self, step: usize, room: usize) -> std::ops::Range<usize> {
        let chosen = self.volumes.iter().position(|volume| volume.is_chosen);
        let chosen = chosen.unwrap_or(0);
        let width = |index: usize| block_width(self.volumes[index].shape, step) + 1;
        let (mut first, mut last) = (chosen, chosen + 1);
        let mut used = width(chosen) - 1;
        loop {
            let before = first
                .checked_sub(1)
                .filter(|index| used + width(*index) <= room);
            if let Some(index) = before {
                first = index;
                used += width(index);
            }
            let after = Some(last)
                .filter(|index| *index < self.volumes.len() && used + width(*index) <= room);
            if let Some(index) = after {
                last = index + 1;
                used += width(index);
            }
            if before.is_none() && after.is_none() {
                return first..last;
            }
        }
    }
}

fn block_width(shape: Shape, step: usize) -> usize {
    1 + step * shape.channels.max(1).ilog2() as usize / 2
}

/// Pixels of one column, two a cell from `y` down.
fn draw_column(x: u16, y: u16, pixels: std::ops::Range<usize>, style: Style, buffer: &mut Buffer) {
    for row in pixels.start / 2..pixels.end.div_ceil(2) {
        let halves = (pixels.contains(&(2 * row)), pixels.contains(&(2 * row + 1)));
        let symbol = match halves {
            (true, true) => "█",
            (true, false) => "▀",
            (false, true) => "▄",
            (false, false) => continue,
        };
        buffer[(x, y + row as u16)]
            .set_symbol(symbol)
            .set_style(over(style));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::drawn;
    use super::*;
    use crate::ui::theme::{Background, ColorDepth};
    use proptest::prelude::*;

    fn text(volumes: &[(usize, usize, bool)], width: u16, height: u16) -> Vec<String> {
        text_with(volumes, &[], width, height)
    }

    fn text_with(
        volumes: &[(usize, usize, bool)],
        bypasses: &[(usize, usize)],
        width: u16,
        height: u16,
    ) -> Vec<String> {
        let theme = Theme::new(ColorDepth::TrueColor, Background::Dark);
        let volumes: Vec<Volume> = volumes
            .iter()
            .map(|&(size, channels, is_chosen)| Volume {
                shape: Shape::new(size, size, channels),
                is_chosen,
            })
            .collect();
        let picture = Volumes {
            volumes: &volumes,
            bypasses,
            theme: &theme,
        };
        let buffer = drawn(picture, width, height);
        let rows = buffer.content.chunks(usize::from(width.max(1)));
        rows.map(|row| {
            let row: String = row.iter().map(|cell| cell.symbol()).collect();
            row.trim_end().to_owned()
        })
        .collect()
    }

    #[test]
    fn heights_are_in_scale_and_widths_grow_by_doublings() {
        let rows = text(&[(8, 1, false), (4, 4, true), (1, 16, false)], 20, 5);
        let expected = ["█", "█ █████ ▄▄▄▄▄▄▄▄▄", "█ █████", "█", "1 4     16"];
        assert_eq!(rows, expected);
    }

    #[test]
    fn blocks_get_narrower_before_some_are_left_out() {
        let many: Vec<_> = (0..9).map(|index| (28 - index, 256, index == 0)).collect();
        // Nine blocks and the gaps between them: 9 cells each, or 5.
        for (width, last) in [(89, 80), (53, 48), (52, 42)] {
            let rows = text(&many, width, 4);
            assert_eq!(rows[3].rfind("256"), Some(last), "{rows:?}");
        }
    }

    #[test]
    fn the_chosen_block_is_always_there() {
        let many: Vec<_> = (0..40).map(|index| (28, 64, index == 31)).collect();
        let rows = text(&many, 24, 6);
        assert!(rows[5].contains("64"), "{rows:?}");
    }

    #[test]
    fn lines_go_from_a_volume_to_a_later_one() {
        let volumes = [(8, 4, false), (8, 4, false), (8, 4, true), (8, 4, false)];
        let rows = text_with(&volumes, &[(0, 3), (1, 2)], 30, 6);
        let expected = [
            "  ╭─────────────────╮",
            "        ╭─────╮",
            "█████ █████ █████ █████",
            "█████ █████ █████ █████",
            "█████ █████ █████ █████",
            "4     4     4     4",
        ];
        assert_eq!(rows, expected);
    }

    proptest! {
        #[test]
        fn any_sequence_can_be_drawn(
            volumes in prop::collection::vec((1usize..600, 1usize..5000, any::<bool>()), 0..40),
            lines in prop::collection::vec((0usize..40, 1usize..40), 0..12),
            width in 0u16..120,
            height in 0u16..40,
        ) {
            let lines: Vec<_> = lines.iter().map(|(from, length)| (*from, from + length)).collect();
            text_with(&volumes, &lines, width, height);
        }
    }
}
