//! Pen strokes, lines and fills.

use ratatui::layout::Rect;

use super::Pad;
use crate::analysis::drawing::Point;
use crate::lab::{Lab, Motion, Touch};
use crate::shape::Shape;
use crate::ui::widgets::BrailleImage;

/// Pixels that Page up and Page down move.
const PAGE: usize = 4;

impl Pad {
    pub fn is_pen_down(&self) -> bool {
        self.canvas.is_drawing()
    }

    pub(super) fn pen_up_or_down(&mut self) {
        self.line_from = None;
        match self.is_pen_down() {
            true => self.canvas.pen_up(),
            false => self.put_pen_down(),
        }
    }

    fn put_pen_down(&mut self) {
        let (row, column) = self.cursor;
        let brush = self.tools.brush();
        self.canvas.pen_down(Point::middle(row, column), brush);
    }

    /// Changes the tools; a stroke in progress continues with them.
    pub(super) fn change_tool<T>(&mut self, change: impl FnOnce(&mut super::Tools) -> T) -> T {
        let changed = change(&mut self.tools);
        if self.is_pen_down() {
            self.put_pen_down();
        }
        changed
    }

    /// Starts a straight line, or ends the one that was started.
    pub(super) fn line(&mut self) {
        let to = self.cursor;
        match self.line_from.take() {
            None => {
                self.canvas.pen_up();
                self.line_from = Some(to);
            }
            Some(from) => {
                let point = |(row, column)| Point::middle(row, column);
                self.canvas.line(point(from), point(to), self.tools.brush());
            }
        }
    }

    pub(super) fn fill(&mut self) {
        let ((row, column), ink) = (self.cursor, self.tools.ink());
        // Up to half of full ink counts as paper, so that soft edges leave no rim.
        self.canvas.fill(row, column, ink, 127);
    }

    pub(super) fn undo(&mut self, lab: &mut Lab) {
        self.line_from = None;
        if !self.canvas.undo() {
            lab.refuse("Nothing to undo.");
        }
    }

    pub(super) fn redo(&mut self, lab: &mut Lab) {
        if !self.canvas.redo() {
            lab.refuse("Nothing to redo.");
        }
    }

    pub(super) fn clear(&mut self) {
        self.line_from = None;
        self.canvas.clear();
    }

    /// Draws with the mouse on the paper, whose area is `picture`; a stroke starts where the button is pressed.
    pub(in crate::panes::results) fn touch(&mut self, touch: Touch, picture: Rect) {
        let pixel = |at| BrailleImage::pixel_at(self.canvas.shape(), picture, self.cursor, at);
        match touch {
            Touch::Begins(at) => {
                let Some(pixel) = pixel(at) else { return };
                self.line_from = None;
                self.canvas.pen_up();
                self.pen_to(pixel);
                self.put_pen_down();
            }
            Touch::GoesOn(at) => {
                if let Some(pixel) = pixel(at) {
                    self.pen_to(pixel);
                }
            }
            Touch::Ends => self.canvas.pen_up(),
        }
    }

    pub(super) fn go(&mut self, motion: Motion) {
        let (row, column) = self.cursor;
        self.pen_to(match motion {
            Motion::Left => (row, column.saturating_sub(1)),
            Motion::Right => (row, column + 1),
            Motion::Up => (row.saturating_sub(1), column),
            Motion::Down => (row + 1, column),
            Motion::PageUp => (row.saturating_sub(PAGE), column),
            Motion::PageDown => (row + PAGE, column),
            Motion::First => (row, 0),
            Motion::Last => (row, usize::MAX),
        });
    }

    /// Moves to a pixel, or to the nearest one on the paper; draws a straight line if the pen is down.
    fn pen_to(&mut self, (row, column): (usize, usize)) {
        let Shape { height, width, .. } = self.canvas.shape();
        let row = row.min(height.saturating_sub(1));
        let column = column.min(width.saturating_sub(1));
        self.cursor = (row, column);
        self.canvas.pen_to(Point::middle(row, column));
    }
}
