//! The person's drawings on disk: written as pictures, kept as a small test set, judged.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Sink;
use super::protocol::Event;
use super::questions::JudgedImage;
use super::training_thread::Weights;
use crate::data::{Drawings, save_png};
use crate::shape::Shape;

/// A drawing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawing {
    pub shape: Shape,
    /// `[height, width, channels]`, 0–255.
    pub pixels: Vec<u8>,
}

/// A drawing to keep with its class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeepRequest {
    /// As the network is to see it.
    pub drawing: Drawing,
    pub class: usize,
    /// All classes: each set of them has drawings of its own.
    pub class_names: Vec<String>,
}

/// How a network reads the kept drawings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DrawingsRequest {
    /// Comes back with the answer.
    pub request: u64,
    pub weights: Weights,
    pub class_names: Vec<String>,
}

/// The answer to a [`DrawingsRequest`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JudgedDrawings {
    pub request: u64,
    /// Where they are kept.
    pub folder: PathBuf,
    pub shape: Shape,
    /// Class by class.
    pub images: Vec<JudgedImage>,
}

/// Writes a drawing as the first `drawing-<number>.png` that is free in the folder in which the program was started.
pub(super) fn save(drawing: &Drawing, events: &Sink) -> Result<(), String> {
    let path = (1..)
        .map(|number| format!("drawing-{number}.png"))
        .find(|name| !Path::new(name).exists())
        .ok_or("there is no free name")?;
    save_png(Path::new(&path), &drawing.pixels, drawing.shape)
        .map_err(|error| error.to_string())?;
    let path = std::path::absolute(&path).unwrap_or(path.into());
    events.send(Event::DrawingSaved { path });
    Ok(())
}

/// Keeps a drawing, and tells its file.
pub(super) fn keep(request: &KeepRequest, events: &Sink) -> Result<(), String> {
    let drawings = of_user(request.drawing.shape, &request.class_names)?;
    let path = drawings
        .keep(request.class, &request.drawing.pixels)
        .map_err(|error| error.to_string())?;
    events.send(Event::DrawingKept {
        path,
        class: request.class,
        kept: drawings.load().len(),
    });
    Ok(())
}

pub(super) fn of_user(shape: Shape, class_names: &[String]) -> Result<Drawings, String> {
    Drawings::of_user(shape, class_names).ok_or_else(|| {
        "the system names no home folder to keep drawings in; set $HOME and start again".to_owned()
    })
}
