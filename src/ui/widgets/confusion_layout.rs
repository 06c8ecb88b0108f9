//! Where the parts of a confusion table go.

use ratatui::layout::{Position, Rect};

/// The places of a confusion table's parts. Names give way first, then recall, then precision; cells that still find no
/// room are scrolled to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ConfusionLayout {
    /// The table alone, its left and top ends centred in what it was given.
    area: Rect,
    name_width: u16,
    recall_width: u16,
    has_precision: bool,
    pub(super) header_rows: u16,
    pub(super) cell_width: u16,
    cell_height: u16,
    /// Rows and columns of cells in sight.
    pub(super) rows: u16,
    pub(super) columns: u16,
    classes: usize,
    /// The first row and column in sight.
    pub(super) first: (usize, usize),
}

/// `recall` and a gap.
const RECALL: u16 = 7;
/// Cells as wide as this are wide enough on any screen.
const WIDEST: u16 = 12;

impl ConfusionLayout {
    /// For `classes` classes, cells of `digits` characters and names of `longest_name`.
    pub(super) fn new(area: Rect, classes: usize, digits: usize, longest_name: usize) -> Self {
        let narrow = |length: usize| {
            u16::try_from(length)
                .unwrap_or(u16::MAX / 8)
                .min(u16::MAX / 8)
        };
        let least_cell = narrow(digits) + 1;
        let number = narrow(classes.saturating_sub(1).to_string().len()) + 1;
        let whole_name = number + narrow(longest_name.min(24)) + 1;
        let all = narrow(classes.min(4096)).saturating_mul(least_cell);
        // Where not all cells fit anyway, a third goes to the names.
        let left = match area.width.checked_sub(all) {
            Some(left) if left >= number => left,
            _ => area.width / 3,
        };
        let recall_width = if left >= number + 4 + RECALL {
            RECALL
        } else {
            0
        };
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
            _ => 2,
        };
        // Three letters of a name are the least that helps.
        let header_rows = header_rows.min(if cell_width >= 4 { 2 } else { 1 });
        let has_precision = area.height >= header_rows + 1 + rows.min(8) && area.height > 4;
        let for_rows = area
            .height
            .saturating_sub(header_rows + u16::from(has_precision));
        let rows = rows.min(for_rows);
        let cell_height = for_rows
            .checked_div(rows)
            .unwrap_or(1)
            .min((cell_width / 4).max(1));

        let width = name_width + columns * cell_width + recall_width;
        let height = header_rows + rows * cell_height + u16::from(has_precision);
        Self {
            area: Rect::new(
                area.x + (area.width - width.min(area.width)) / 2,
                area.y + (area.height - height.min(area.height)) / 2,
                width.min(area.width),
                height.min(area.height),
            ),
            name_width,
            recall_width,
            has_precision,
            header_rows,
            cell_width,
            cell_height,
            rows,
            columns,
            classes,
            first: (0, 0),
        }
    }

    /// Scrolled to these first rows and columns as far as there are cells, and on until the cursor is in sight.
    pub(super) fn scrolled(
        mut self,
        first: (usize, usize),
        cursor: Option<(usize, usize)>,
    ) -> Self {
        let place = |first: usize, cursor: Option<usize>, visible: u16| {
            let visible = usize::from(visible);
            let last = self.classes.saturating_sub(visible);
            let first = match cursor {
                Some(cursor) => first.min(cursor).max((cursor + 1).saturating_sub(visible)),
                None => first,
            };
            first.min(last)
        };
        self.first = (
            place(first.0, cursor.map(|cursor| cursor.0), self.rows),
            place(first.1, cursor.map(|cursor| cursor.1), self.columns),
        );
        self
    }

    const fn cells_left(&self) -> u16 {
        self.area.x + self.name_width
    }

    const fn cells_top(&self) -> u16 {
        self.area.y + self.header_rows
    }

    /// The cell in this row and column, counted from the first in sight.
    pub(super) const fn cell(&self, row: u16, column: u16) -> Rect {
        Rect {
            x: self.cells_left() + column * self.cell_width,
            y: self.cells_top() + row * self.cell_height,
            width: self.cell_width,
            height: self.cell_height,
        }
    }

    /// Row and column at a position, counted from the first in sight.
    pub(super) fn index_at(&self, position: Position) -> Option<(usize, usize)> {
        let column = position
            .x
            .checked_sub(self.cells_left())?
            .checked_div(self.cell_width)?;
        let row = position
            .y
            .checked_sub(self.cells_top())?
            .checked_div(self.cell_height)?;
        (row < self.rows && column < self.columns).then_some((row.into(), column.into()))
    }

    /// One line above a column of cells, its last column left free.
    pub(super) const fn header(&self, column: u16, line: u16) -> Rect {
        let width = if self.cell_width > 1 {
            self.cell_width - 1
        } else {
            1
        };
        Rect {
            x: self.cells_left() + column * self.cell_width,
            y: self.area.y + line,
            width,
            height: 1,
        }
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
            x: self.area.x,
            y: self.line(row),
            width: self.name_width,
            height: 1,
        }
    }

    const fn line(&self, row: u16) -> u16 {
        self.cells_top() + row * self.cell_height + self.cell_height / 2
    }

    const fn recall_at(&self, y: u16) -> Option<Rect> {
        if self.recall_width == 0 {
            return None;
        }
        Some(Rect {
            x: self.area.x + self.area.width - self.recall_width,
            y,
            width: self.recall_width,
            height: 1,
        })
    }

    pub(super) const fn recall_header(&self) -> Option<Rect> {
        self.recall_at(self.area.y)
    }

    pub(super) const fn recall(&self, row: u16) -> Option<Rect> {
        self.recall_at(self.line(row))
    }

    const fn last_line(&self) -> Option<u16> {
        if self.has_precision {
            Some(self.cells_top() + self.rows * self.cell_height)
        } else {
            None
        }
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
