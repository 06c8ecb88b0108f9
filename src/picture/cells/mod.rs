//! A screen of a terminal as a picture: areas and lines as exact geometry, so that images have no seams, everything else as text.

mod blocks;
mod lines;
mod merge;

use std::collections::HashMap;

use self::blocks::Geometry;
use self::merge::merged;
use super::font::{Face, Weight, is_known};
use super::scene::{Line, Picture, Rectangle, Rgb, Text};

/// The size of a cell in points: each area of a character begins and ends at a pixel.
const WIDTH: f32 = 8.0;
const HEIGHT: f32 = 16.0;
/// The height of a typeface whose characters are as wide as a cell.
const SIZE: f32 = 13.28;
/// From a cell's upper edge to the baseline.
const BASELINE: f32 = 12.5;
/// The place of an underline below the upper edge.
const UNDERLINE: f32 = 14.0;
/// How much of a dim character's colour shows.
const DIM: f32 = 0.5;

/// One cell of a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// A space for an empty cell, and for the second cell of a wide character.
    pub character: char,
    /// The colour of the character; of reversed cells, what is seen.
    pub foreground: Rgb,
    /// The colour around it.
    pub background: Rgb,
    /// Whether the character is bold.
    pub is_bold: bool,
    /// Whether the character is between the two colours.
    pub is_dim: bool,
    /// Whether the cell is underlined.
    pub is_underlined: bool,
}

impl Cell {
    /// A cell in these colours, neither bold nor dim nor underlined.
    pub const fn new(character: char, foreground: Rgb, background: Rgb) -> Self {
        Self {
            character,
            foreground,
            background,
            is_bold: false,
            is_dim: false,
            is_underlined: false,
        }
    }

    /// The colour of what the character covers to this extent.
    fn ink(&self, density: f32) -> Rgb {
        let density = if self.is_dim { DIM * density } else { density };
        let mixed = |channel: usize| {
            let [from, to] =
                [self.background, self.foreground].map(|color| f32::from(color[channel]));
            (from + density * (to - from)).round() as u8
        };
        [0, 1, 2].map(mixed)
    }

    const fn weight(&self) -> Weight {
        match self.is_bold {
            true => Weight::Bold,
            false => Weight::Regular,
        }
    }
}

/// The cells of a terminal, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screen {
    columns: usize,
    cells: Vec<Cell>,
}

impl Screen {
    /// Cells in rows of `columns`; the last row may be shorter.
    pub fn new(columns: u16, cells: Vec<Cell>) -> Self {
        Self {
            columns: usize::from(columns).max(1),
            cells,
        }
    }

    /// The screen as a picture: 8 × 16 points a cell, on the colour that most cells have around their characters.
    pub fn picture(&self) -> Picture {
        let rows = self.cells.len().div_ceil(self.columns);
        let background = self.most_common_background();
        let size = [self.columns as f32 * WIDTH, rows as f32 * HEIGHT];
        let mut picture = Picture::new(size, Some(background));
        for rectangle in merged(self.backgrounds(background)) {
            picture.add(rectangle);
        }
        let (areas, lines) = self.geometry();
        for rectangle in merged(areas) {
            picture.add(rectangle);
        }
        for line in lines {
            picture.add(line);
        }
        for row in 0..rows {
            self.add_texts(&mut picture, row);
        }
        picture
    }

    fn most_common_background(&self) -> Rgb {
        let mut counts: HashMap<Rgb, usize> = HashMap::new();
        for cell in &self.cells {
            *counts.entry(cell.background).or_default() += 1;
        }
        // Of several, always the same one.
        let most = counts
            .into_iter()
            .max_by_key(|(color, count)| (*count, *color));
        most.map_or([0; 3], |(color, _)| color)
    }

    /// Each cell with the place of its upper left corner.
    fn placed(&self) -> impl Iterator<Item = (&Cell, [f32; 2])> {
        self.cells.iter().enumerate().map(|(index, cell)| {
            let (row, column) = (index / self.columns, index % self.columns);
            (cell, [column as f32 * WIDTH, row as f32 * HEIGHT])
        })
    }

    fn backgrounds(&self, general: Rgb) -> Vec<Rectangle> {
        let others = self.placed().filter(|(cell, _)| cell.background != general);
        let rectangle = |(cell, corner): (&Cell, _)| Rectangle {
            corner,
            size: [WIDTH, HEIGHT],
            color: cell.background,
        };
        others.map(rectangle).collect()
    }

    /// What characters and underlines cover, and lines that are not parallel to the sides.
    fn geometry(&self) -> (Vec<Rectangle>, Vec<Line>) {
        let (mut areas, mut lines) = (Vec::new(), Vec::new());
        for (cell, [x, y]) in self.placed() {
            let geometry = geometry(cell.character).unwrap_or_default();
            let color = cell.ink(geometry.density);
            let underline = cell.is_underlined.then_some([0.0, UNDERLINE, WIDTH, 1.0]);
            if color != cell.background {
                for [left, top, width, height] in geometry.rectangles.into_iter().chain(underline) {
                    areas.push(Rectangle {
                        corner: [x + left, y + top],
                        size: [width, height],
                        color,
                    });
                }
            }
            for points in geometry.lines {
                let points = points.into_iter().map(|[left, top]| [x + left, y + top]);
                lines.push(Line {
                    points: points.collect(),
                    color,
                    width: 1.0,
                    dashes: &[],
                    opacity: 1.0,
                });
            }
        }
        (areas, lines)
    }

    /// Adds the texts of a row: one for cells that look alike, without the spaces around it.
    fn add_texts(&self, picture: &mut Picture, row: usize) {
        let start = row * self.columns;
        let cells = &self.cells[start..(start + self.columns).min(self.cells.len())];
        let is_text = |cell: &Cell| {
            cell.character != ' '
                && !cell.character.is_control()
                && geometry(cell.character).is_none()
        };
        // A character of another typeface may have another width: it stands alone.
        let is_alone = |cell: &Cell| !is_known(cell.character, Face::Mono);
        let mut column = 0;
        while column < cells.len() {
            let first = &cells[column];
            if !is_text(first) {
                column += 1;
                continue;
            }
            let belongs = |cell: &Cell| {
                is_text(cell)
                    && !is_alone(cell)
                    && (cell.weight(), cell.ink(1.0)) == (first.weight(), first.ink(1.0))
            };
            let mut end = column + 1;
            // A single space does not end a text.
            while !is_alone(first) && end < cells.len() {
                let space = usize::from(cells[end].character == ' ');
                match cells.get(end + space) {
                    Some(cell) if belongs(cell) => end += space + 1,
                    _ => break,
                }
            }
            let text: String = cells[column..end]
                .iter()
                .map(|cell| cell.character)
                .collect();
            let place = [column as f32 * WIDTH, row as f32 * HEIGHT + BASELINE];
            picture.add(Text {
                face: Face::Mono,
                weight: first.weight(),
                pitch: Some(WIDTH).filter(|_| !is_alone(first)),
                ..Text::new(place, text, SIZE, first.ink(1.0))
            });
            column = end;
        }
    }
}

/// What a character covers, if it is an area or a line rather than text.
fn geometry(character: char) -> Option<Geometry> {
    blocks::geometry(character).or_else(|| lines::geometry(character))
}

#[cfg(test)]
mod tests;
