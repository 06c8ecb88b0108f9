//! The layout of a confusion matrix.

use ratatui::layout::{Rect, Size};

use super::centred;

/// The places of the parts of a confusion matrix. If there is little room, names are dropped first, then recall, then precision;
/// cells that still have no room are reached by scrolling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ConfusionLayout {
    /// The matrix alone, centred in its area.
    area: Rect,
    name_width: u16,
    recall_width: u16,
    has_precision: bool,
    pub(super) header_rows: u16,
    pub(super) cell_width: u16,
    cell_height: u16,
    /// Visible rows and columns of cells.
    pub(super) rows: u16,
    pub(super) columns: u16,
    /// The first visible row and column.
    pub(super) first: (usize, usize),
}

/// Columns of `recall` and a gap.
const RECALL: u16 = 7;
/// Maximum width of a cell.
const WIDEST: u16 = 12;

impl ConfusionLayout {
    /// The layout for `classes` classes, cells of `digits` characters and names of `longest_name`, scrolled so that the row and column of
    /// the cursor are visible.
    pub(super) fn new(
        area: Rect,
        classes: usize,
        (digits, longest_name): (usize, usize),
        (row, column): (usize, usize),
    ) -> Self {
        let narrow = |length: usize| length.min(usize::from(u16::MAX) / 8) as u16;
        let least_cell = narrow(digits) + 1;
        let number = narrow(classes.saturating_sub(1).to_string().len()) + 1;
        let whole_name = number + narrow(longest_name.min(24)) + 1;
        let all = narrow(classes.min(4096)).saturating_mul(least_cell);
        // If not all cells fit anyway, a third of the width is for the names.
        let left = match area.width.checked_sub(all) {
            Some(left) if left >= number => left,
            _ => area.width / 3,
        };
        let has_recall = left >= number + 4 + RECALL;
        let recall_width = if has_recall { RECALL } else { 0 };
        let name_width = (left - recall_width).min(whole_name);
        let for_cells = area.width - recall_width - name_width;
        let columns = narrow(classes).min(for_cells / least_cell);
        let cell_width = for_cells
            .checked_div(columns)
            .unwrap_or(least_cell)
            .min(WIDEST.max(least_cell));

        let rows = narrow(classes);
        let spare = area.height.saturating_sub(rows);
        let header_rows = match (spare, classes) {
            (0, _) => u16::from(area.height > 2),
            (1, _) => 1,
            (_, 0) => 0,
            // The second header line, of names, is dropped before the line of precision.
            (2, _) => 1,
            _ => 2,
        };
        // A name needs at least three letters to be useful.
        let header_rows = header_rows.min(if cell_width >= 4 { 2 } else { 1 });
        let has_precision = area.height >= header_rows + 1 + rows.min(8) && area.height > 4;
        let for_rows = area
            .height
            .saturating_sub(header_rows + u16::from(has_precision));
        let rows = rows.min(for_rows);
        let cell_height = for_rows
            .checked_div(rows)
            .unwrap_or(1)
            .min(((cell_width + 1) / 3).max(1));

        let first = |cursor: usize, visible: u16| {
            let visible = usize::from(visible);
            let first = (cursor + 1).saturating_sub(visible);
            first.min(classes.saturating_sub(visible))
        };
        let width = name_width + columns * cell_width + recall_width;
        let height = header_rows + rows * cell_height + u16::from(has_precision);
        let size = Size::new(width.min(area.width), height.min(area.height));
        Self {
            area: centred(size, area),
            name_width,
            recall_width,
            has_precision,
            header_rows,
            cell_width,
            cell_height,
            rows,
            columns,
            first: (first(row, rows), first(column, columns)),
        }
    }

    const fn cells_left(&self) -> u16 {
        self.area.x + self.name_width
    }

    const fn cells_top(&self) -> u16 {
        self.area.y + self.header_rows
    }

    /// The cell in this row and column, counted from the first visible one.
    pub(super) const fn cell(&self, row: u16, column: u16) -> Rect {
        Rect {
            x: self.cells_left() + column * self.cell_width,
            y: self.cells_top() + row * self.cell_height,
            width: self.cell_width,
            height: self.cell_height,
        }
    }

    /// One line above a column of cells, its last column left free.
    pub(super) fn header(&self, column: u16, line: u16) -> Rect {
        let cell = self.cell(0, column);
        let width = self.cell_width.saturating_sub(1).max(1);
        Rect::new(cell.x, self.area.y + line, width, 1)
    }

    /// The place left of the first header line.
    pub(super) const fn corner(&self) -> Rect {
        Rect {
            width: self.name_width,
            height: 1,
            ..self.area
        }
    }

    /// The line for the name of a row, in the middle of its height.
    pub(super) const fn name(&self, row: u16) -> Rect {
        Rect {
            y: self.line(row),
            ..self.corner()
        }
    }

    const fn line(&self, row: u16) -> u16 {
        self.cells_top() + row * self.cell_height + self.cell_height / 2
    }

    fn recall_at(&self, y: u16) -> Option<Rect> {
        let left = self.area.right() - self.recall_width;
        (self.recall_width > 0).then(|| Rect::new(left, y, self.recall_width, 1))
    }

    pub(super) fn recall_header(&self) -> Option<Rect> {
        self.recall_at(self.area.y)
    }

    pub(super) fn recall(&self, row: u16) -> Option<Rect> {
        self.recall_at(self.line(row))
    }

    fn last_line(&self) -> Option<u16> {
        let line = self.cells_top() + self.rows * self.cell_height;
        self.has_precision.then_some(line)
    }

    pub(super) fn precision_title(&self) -> Option<Rect> {
        let y = self.last_line()?;
        Some(Rect { y, ..self.corner() })
    }

    pub(super) fn precision(&self, column: u16) -> Option<Rect> {
        let y = self.last_line()?;
        Some(Rect {
            y,
            height: 1,
            ..self.cell(0, column)
        })
    }

    /// The corner where recall and precision meet.
    pub(super) fn accuracy(&self) -> Option<Rect> {
        self.recall_at(self.last_line()?)
    }
}
