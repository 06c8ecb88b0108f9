//! Writing a drawing as a picture.

use std::path::{Path, PathBuf};

use crate::data::save_png;
use crate::worker::{Desk, Drawing, Older, Question, Quick, Tell};

/// Writes it as the first `drawing-<number>.png` that is free in the folder in which the program was started.
#[derive(Clone, Debug, PartialEq)]
pub struct SaveDrawing(pub Drawing);

impl Question for SaveDrawing {
    /// The file.
    type Answer = PathBuf;
    type Lane = Quick;
    const PURPOSE: &'static str = "save the drawing";
    const OLDER: Older = Older::Done;

    fn find_out(self, _desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let Self(drawing) = self;
        let path = (1..)
            .map(|number| format!("drawing-{number}.png"))
            .find(|name| !Path::new(name).exists())
            .ok_or("there is no free name")?;
        save_png(Path::new(&path), &drawing.pixels, drawing.shape)
            .map_err(|error| error.to_string())?;
        tell.tell(std::path::absolute(&path).unwrap_or(path.into()));
        Ok(())
    }
}
