//! A table as shapes.

use super::super::chart::Ground;
use super::super::font::{Face, Weight, text_width, wrapped};
use super::super::scene::{Anchor, Line, Picture, Rectangle, Text};
use super::{Entry, Table};

/// Heights of the typeface, of rows and of lines of the caption.
const SIZE: f32 = 9.0;
const ROW: f32 = 15.0;
const CAPTION: f32 = 10.0;
const LEADING: f32 = 13.0;
/// From the upper edge of a row to its baseline.
const BASELINE: f32 = 10.5;
/// The space at either side of a column, and at the picture's edges.
const PADDING: f32 = 5.0;
const MARGIN: f32 = 8.0;
/// The least width of a caption's lines.
const NARROWEST: f32 = 240.0;
/// A caption has at most so many lines.
const MOST_LINES: usize = 6;

pub(super) fn draw(table: &Table, ground: Ground) -> Picture {
    let widths: Vec<f32> = (0..table.columns.len())
        .map(|at| width(table, at))
        .collect();
    let whole: f32 = widths.iter().sum();
    let room = whole.max(NARROWEST);
    let caption = wrapped(
        &table.caption,
        (Face::Sans, Weight::Regular),
        CAPTION,
        room,
        MOST_LINES,
    );
    let top = MARGIN + caption.len() as f32 * LEADING + if caption.is_empty() { 0.0 } else { 4.0 };
    let rows = 1 + table.rows.len();
    let widest = if caption.is_empty() { whole } else { room };
    let size = [widest + 2.0 * MARGIN, top + rows as f32 * ROW + MARGIN];
    let mut picture = Picture::new(size, ground.background());
    for (line, row) in caption.iter().zip(0u8..) {
        let baseline = MARGIN + f32::from(row) * LEADING + 0.8 * LEADING;
        picture.add(Text::new([MARGIN, baseline], line, CAPTION, ground.ink()));
    }
    for (row, number) in table.rows.iter().zip(1u16..) {
        let mut left = MARGIN;
        for (entry, width) in row.iter().zip(&widths) {
            if let Some(color) = entry.color(ground) {
                picture.add(Rectangle {
                    corner: [left, top + f32::from(number) * ROW],
                    size: [*width, ROW],
                    color,
                });
            }
            left += width;
        }
    }
    let heading = |column: &super::Column| Entry::from(column.title.as_str()).bold(true);
    let head: Vec<Entry> = table.columns.iter().map(heading).collect();
    for (row, number) in std::iter::once(&head).chain(&table.rows).zip(0u16..) {
        let baseline = top + f32::from(number) * ROW + BASELINE;
        let mut left = MARGIN;
        for ((entry, width), column) in row.iter().zip(&widths).zip(&table.columns) {
            let (x, anchor) = match column.is_number {
                true => (left + width - PADDING, Anchor::End),
                false => (left + PADDING, Anchor::Start),
            };
            let text = Text::new([x, baseline], entry.text.as_str(), SIZE, ground.ink());
            picture.add(text.anchored(anchor).weighing(weight(entry)));
            left += width;
        }
    }
    for (below, thickness) in [(0, 1.0), (1, 0.6), (rows, 1.0)] {
        let y = top + below as f32 * ROW;
        picture.add(Line {
            points: vec![[MARGIN, y], [MARGIN + whole, y]],
            color: ground.ink(),
            width: thickness,
            dashes: &[],
            opacity: 1.0,
        });
    }
    picture
}

const fn weight(entry: &Entry) -> Weight {
    match entry.is_bold {
        true => Weight::Bold,
        false => Weight::Regular,
    }
}

/// The width of a column with the space at its sides.
fn width(table: &Table, at: usize) -> f32 {
    let head = text_width(&table.columns[at].title, Face::Sans, Weight::Bold, SIZE);
    let entries = table.rows.iter().filter_map(|row| row.get(at));
    let widths = entries.map(|entry| text_width(&entry.text, Face::Sans, weight(entry), SIZE));
    widths.fold(head, f32::max) + 2.0 * PADDING
}
