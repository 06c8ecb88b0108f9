//! Drawings that are saved nowhere, as whoever ends the program has to know them.

use super::Lab;
use crate::worker::Drawing;

/// What the pad tells of them, and what is to be done with them there.
#[derive(Debug, Default)]
pub struct UnsavedDrawings {
    /// The one on the paper last.
    pub unsaved: Vec<Drawing>,
    /// Whether some are on their way to a file.
    pub is_saving: bool,
    pub wishes: Vec<DrawingsWish>,
}

/// What is to be done on the pad.
#[derive(Debug)]
pub enum DrawingsWish {
    /// Writes it as a PNG.
    Write(Drawing),
    /// Puts these back on the paper, and opens the pad.
    PutBack(Vec<Drawing>),
}

impl Lab {
    /// Whether drawings are on their way to files.
    pub fn is_saving_drawings(&self) -> bool {
        self.drawings.is_saving || !self.drawings.wishes.is_empty()
    }

    /// Writes a drawing as a PNG.
    pub fn write_drawing(&mut self, drawing: Drawing) {
        self.drawings.wishes.push(DrawingsWish::Write(drawing));
    }

    /// Puts drawings of a draft back on the pad.
    pub fn put_drawings_back(&mut self, drawings: &[Drawing]) {
        if !drawings.is_empty() {
            // The next draft has them also before the pad has.
            self.drawings.unsaved.extend_from_slice(drawings);
            let wish = DrawingsWish::PutBack(drawings.to_vec());
            self.drawings.wishes.push(wish);
        }
    }
}
