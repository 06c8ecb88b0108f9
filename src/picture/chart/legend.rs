//! The legend: below the plot, in as many columns as there is room for.

use super::super::font::{shortened, text_width};
use super::super::scene::{Line, Picture, Text};
use super::curves::line_width;
use super::frame::{ASCENT, FIGURE, Frame, LEADING, MARGIN, REGULAR, SPACE};
use super::{Chart, Series};

/// The length of a line beside its name.
const SAMPLE: f32 = 24.0;
/// The space between a line and its name, and between columns.
const GAP: f32 = 5.0;
const COLUMN_GAP: f32 = 14.0;

/// The names of curves, in columns of one width, filled row by row.
pub(in crate::picture) struct Legend<'a> {
    entries: Vec<(&'a Series, String)>,
    columns: usize,
    column_width: f32,
    left: f32,
}

impl<'a> Legend<'a> {
    /// Centred below the plot if it is narrower than this.
    pub(in crate::picture) fn new(chart: &'a Chart, frame: &Frame) -> Self {
        let room = frame.size[0] - 2.0 * MARGIN;
        let entries: Vec<(&Series, String)> = chart
            .series
            .iter()
            .filter(|series| !series.name.trim().is_empty())
            .map(|series| {
                let name = shortened(series.name.trim(), REGULAR, FIGURE, room - SAMPLE - GAP);
                (series, name)
            })
            .collect();
        let width = |(_, name): &(&Series, String)| {
            SAMPLE + GAP + text_width(name, REGULAR.0, REGULAR.1, FIGURE)
        };
        let widest = entries.iter().map(width).fold(1.0, f32::max);
        let most = ((room + COLUMN_GAP) / (widest + COLUMN_GAP)) as usize;
        let columns = most.clamp(1, entries.len().max(1));
        // The same number of rows with the columns as equally filled as can be.
        let rows = entries.len().div_ceil(columns).max(1);
        let columns = entries.len().div_ceil(rows).max(1);
        let whole = columns as f32 * (widest + COLUMN_GAP) - COLUMN_GAP;
        let middle = 0.5 * (frame.left + frame.right);
        let rightmost = (frame.size[0] - MARGIN - whole).max(MARGIN);
        Self {
            entries,
            columns,
            column_width: widest + COLUMN_GAP,
            left: (middle - 0.5 * whole).clamp(MARGIN, rightmost),
        }
    }

    /// The number of its columns.
    pub(in crate::picture) const fn columns(&self) -> usize {
        self.columns
    }

    /// How much it adds to the picture.
    pub(super) fn height(&self) -> f32 {
        match self.entries.len().div_ceil(self.columns) {
            0 => 0.0,
            rows => rows as f32 * LEADING * FIGURE + SPACE,
        }
    }

    /// Adds it below `top`.
    pub(super) fn add(&self, picture: &mut Picture, chart: &Chart, top: f32) {
        let places = |index: usize| {
            let (row, column) = (index / self.columns, index % self.columns);
            [
                self.left + column as f32 * self.column_width,
                top + row as f32 * LEADING * FIGURE + ASCENT * FIGURE,
            ]
        };
        for (index, (series, _)) in self.entries.iter().enumerate() {
            let [x, baseline] = places(index);
            let y = baseline - 0.36 * FIGURE;
            picture.add(Line {
                points: vec![[x, y], [x + SAMPLE, y]],
                color: chart.ground.color(series.color),
                width: line_width(chart),
                dashes: series.pattern.dashes(),
                opacity: 1.0,
            });
        }
        for (index, (_, name)) in self.entries.iter().enumerate() {
            let [x, baseline] = places(index);
            let place = [x + SAMPLE + GAP, baseline];
            picture.add(Text::new(place, name.as_str(), FIGURE, chart.ground.ink()));
        }
    }
}
