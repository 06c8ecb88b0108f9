//! Keeping a drawing with its class, in a small test set of the person's own.

use std::path::PathBuf;

use crate::data::Drawings;
use crate::shape::Shape;
use crate::worker::{Desk, Drawing, Older, Question, Quick, Tell};

/// A drawing to keep.
#[derive(Clone, Debug, PartialEq)]
pub struct KeepDrawing {
    /// As the network is to see it.
    pub drawing: Drawing,
    /// The pixels as they are on the paper.
    pub drawn: Vec<u8>,
    pub class: usize,
    /// All classes: each set of them has drawings of its own.
    pub class_names: Vec<String>,
}

/// Where it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub path: PathBuf,
    /// Drawings of these classes in all.
    pub kept: usize,
}

impl Question for KeepDrawing {
    type Answer = Kept;
    type Lane = Quick;
    const PURPOSE: &'static str = "keep the drawing";
    const OLDER: Older = Older::Done;

    fn find_out(self, _desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let drawings = drawings_of_user(self.drawing.shape, &self.class_names)?;
        let path = drawings
            .keep(self.class, &self.drawing.pixels)
            .map_err(|error| error.to_string())?;
        let kept = drawings.load().len();
        tell.tell(Kept { path, kept });
        Ok(())
    }
}

/// The person's drawings of these classes.
pub(super) fn drawings_of_user(shape: Shape, class_names: &[String]) -> Result<Drawings, String> {
    Drawings::of_user(shape, class_names).ok_or_else(|| {
        "the system names no home folder to keep drawings in; set $HOME and start again".to_owned()
    })
}
