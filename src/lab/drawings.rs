//! Drawings that are saved nowhere, as whoever ends the program has to know them.

use crate::worker::Drawing;

/// What the pad tells of them, and what is to be done with them there.
#[derive(Debug, Default)]
pub struct UnsavedDrawings {
    /// The one on the paper last.
    pub unsaved: Vec<Drawing>,
    /// Whether some are on their way to a file.
    pub is_saving: bool,
    pub wish: Option<DrawingsWish>,
}

/// What is to be done on the pad.
#[derive(Debug)]
pub enum DrawingsWish {
    /// Writes each that is saved nowhere.
    Write,
    /// Puts these back on the paper, and opens the pad.
    PutBack(Vec<Drawing>),
}

impl UnsavedDrawings {
    /// Whether something is still to be done or under way.
    pub fn is_busy(&self) -> bool {
        self.is_saving || self.wish.is_some()
    }
}
