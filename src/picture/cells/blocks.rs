//! Characters that are areas of their cell: blocks, quadrants, sextants, braille.

use super::{HEIGHT, WIDTH};
use crate::picture::Point;

/// What a character covers of its cell, in points from the cell's upper left corner.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Geometry {
    /// Left, top, width and height of areas; those of lines may overlap.
    pub(super) rectangles: Vec<[f32; 4]>,
    /// Lines of one point's width.
    pub(super) lines: Vec<Vec<Point>>,
    /// How much of the foreground shows; the rest is background.
    pub(super) density: f32,
}

impl Default for Geometry {
    fn default() -> Self {
        Self {
            rectangles: Vec::new(),
            lines: Vec::new(),
            density: 1.0,
        }
    }
}

impl Geometry {
    /// Areas of the foreground's colour.
    pub(super) fn rectangles(rectangles: Vec<[f32; 4]>) -> Self {
        Self {
            rectangles,
            ..Self::default()
        }
    }
}

/// The quadrants of U+2596 to U+259F: upper left 1, upper right 2, lower left 4, lower right 8.
const QUADRANTS: [u8; 10] = [4, 8, 1, 13, 9, 7, 11, 2, 6, 14];

/// The side of a braille dot: a pixel remains between neighbours.
const DOT: f32 = 3.0;

/// The geometry of such a character; `None` for other characters.
pub(super) fn geometry(character: char) -> Option<Geometry> {
    let code = character as u32;
    let whole = |density| Geometry {
        rectangles: vec![[0.0, 0.0, WIDTH, HEIGHT]],
        density,
        ..Geometry::default()
    };
    let one = |left, top, width, height| Geometry::rectangles(vec![[left, top, width, height]]);
    let eighths = |count: u32| HEIGHT * count as f32 / 8.0;
    Some(match code {
        0x2580 => one(0.0, 0.0, WIDTH, HEIGHT / 2.0),
        0x2581..=0x2588 => {
            let height = eighths(code - 0x2580);
            one(0.0, HEIGHT - height, WIDTH, height)
        }
        0x2589..=0x258f => one(0.0, 0.0, WIDTH * (0x2590 - code) as f32 / 8.0, HEIGHT),
        0x2590 => one(WIDTH / 2.0, 0.0, WIDTH / 2.0, HEIGHT),
        0x2591..=0x2593 => whole((code - 0x2590) as f32 / 4.0),
        0x2594 => one(0.0, 0.0, WIDTH, eighths(1)),
        0x2595 => one(WIDTH * 7.0 / 8.0, 0.0, WIDTH / 8.0, HEIGHT),
        0x2596..=0x259f => parts(
            u32::from(QUADRANTS[(code - 0x2596) as usize]),
            &[0.0, HEIGHT / 2.0, HEIGHT],
        ),
        // Six parts, without the patterns that are other characters: none, left half, right half, all.
        0x1fb00..=0x1fb3b => {
            let index = code - 0x1fb00 + 1;
            let bits = index + u32::from(index >= 21) + u32::from(index >= 41);
            parts(bits, &[0.0, 5.0, 11.0, HEIGHT])
        }
        0x2800..=0x28ff => braille(code - 0x2800),
        _ => return None,
    })
}

/// The parts of a cell in two columns whose bits are set, from left to right and from top to bottom, between these heights.
fn parts(bits: u32, heights: &[f32]) -> Geometry {
    let half = WIDTH / 2.0;
    let rows = heights.windows(2).enumerate();
    let found = rows.filter_map(|(row, ends)| {
        let bits = bits >> (2 * row) & 3;
        let (left, width) = match bits {
            0 => return None,
            1 => (0.0, half),
            2 => (half, half),
            _ => (0.0, WIDTH),
        };
        Some([left, ends[0], width, ends[1] - ends[0]])
    });
    Geometry::rectangles(found.collect())
}

/// Dots in two columns and four rows; the bits of the last row are the highest.
fn braille(bits: u32) -> Geometry {
    let pitch = [WIDTH / 2.0, HEIGHT / 4.0];
    let dots = (0..8u32).filter(|bit| bits >> bit & 1 == 1).map(|bit| {
        let (column, row) = match bit {
            6 | 7 => (bit - 6, 3),
            bit => (bit / 3, bit % 3),
        };
        [column as f32 * pitch[0], row as f32 * pitch[1], DOT, DOT]
    });
    Geometry::rectangles(dots.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rectangles(character: char) -> Vec<[f32; 4]> {
        geometry(character).unwrap().rectangles
    }

    #[test]
    fn blocks_cover_what_their_names_say() {
        for (character, expected) in [
            ('▀', vec![[0.0, 0.0, 8.0, 8.0]]),
            ('▄', vec![[0.0, 8.0, 8.0, 8.0]]),
            ('█', vec![[0.0, 0.0, 8.0, 16.0]]),
            ('▁', vec![[0.0, 14.0, 8.0, 2.0]]),
            ('▏', vec![[0.0, 0.0, 1.0, 16.0]]),
            ('▉', vec![[0.0, 0.0, 7.0, 16.0]]),
            ('▐', vec![[4.0, 0.0, 4.0, 16.0]]),
            ('▕', vec![[7.0, 0.0, 1.0, 16.0]]),
            ('▘', vec![[0.0, 0.0, 4.0, 8.0]]),
            ('▞', vec![[4.0, 0.0, 4.0, 8.0], [0.0, 8.0, 4.0, 8.0]]),
            ('▙', vec![[0.0, 0.0, 4.0, 8.0], [0.0, 8.0, 8.0, 8.0]]),
            ('▟', vec![[4.0, 0.0, 4.0, 8.0], [0.0, 8.0, 8.0, 8.0]]),
            ('\u{1fb00}', vec![[0.0, 0.0, 4.0, 5.0]]),
            // BLOCK SEXTANT-235: the parts are numbered as letters are read.
            (
                '\u{1fb14}',
                vec![
                    [4.0, 0.0, 4.0, 5.0],
                    [0.0, 5.0, 4.0, 6.0],
                    [0.0, 11.0, 4.0, 5.0],
                ],
            ),
            (
                '\u{1fb3b}',
                vec![
                    [4.0, 0.0, 4.0, 5.0],
                    [0.0, 5.0, 8.0, 6.0],
                    [0.0, 11.0, 8.0, 5.0],
                ],
            ),
            ('⠁', vec![[0.0, 0.0, 3.0, 3.0]]),
            ('⢀', vec![[4.0, 12.0, 3.0, 3.0]]),
            ('⠌', vec![[0.0, 8.0, 3.0, 3.0], [4.0, 0.0, 3.0, 3.0]]),
        ] {
            assert_eq!(rectangles(character), expected, "{character}");
        }
        assert_eq!(geometry('▒').unwrap().density, 0.5);
        assert_eq!(rectangles('⠀'), Vec::<[f32; 4]>::new());
        assert!(geometry('a').is_none() && geometry('■').is_none());
    }

    #[test]
    fn all_sextants_differ_and_none_is_a_half_block() {
        let all: Vec<_> = ('\u{1fb00}'..='\u{1fb3b}').map(rectangles).collect();
        for (index, parts) in all.iter().enumerate() {
            assert!(!all[..index].contains(parts), "{index}");
            let area = |[_, _, width, height]: &[f32; 4]| width * height;
            let is_half = |left| {
                let is_in = |part: &[f32; 4]| part[0] == left && part[2] == 4.0;
                parts.len() == 3 && parts.iter().all(is_in)
            };
            assert!(!is_half(0.0) && !is_half(4.0), "{index}");
            assert!((20.0..128.0).contains(&parts.iter().map(area).sum::<f32>()));
        }
    }
}
