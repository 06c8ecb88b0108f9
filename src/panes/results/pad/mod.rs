//! The drawing pad: canvas, tools and prediction.

mod actions;
mod reading;
mod saving;
mod strokes;
#[cfg(test)]
mod tests;
mod tools;

pub(super) use actions::{actions, open_action};
pub use reading::{JudgedDrawings, Predict, Prediction, ReadDrawings};
pub use saving::{KeepDrawing, Kept, SaveDrawing};
pub use tools::Tools;

use crate::analysis::drawing::{Adjustment, Canvas, Habit};
use crate::lab::{Lab, PaneId};
use crate::shape::Shape;
use crate::worker::{Asked, LabelledImage};

/// The drawing pad.
#[derive(Debug)]
pub struct Pad {
    /// Whether it is open over the Results pane.
    pub is_open: bool,
    pub canvas: Canvas,
    pub tools: Tools,
    /// Row and column of the pixel under the pen.
    pub cursor: (usize, usize),
    /// Row and column where a straight line starts.
    pub line_from: Option<(usize, usize)>,
    /// Whether drawings are scaled and centred like MNIST digits; `None`: only for sets of digits.
    centre: Option<bool>,
    reading: Asked<Predict>,
    /// The training images nearest to the network's input, nearest first.
    pub neighbours: Vec<LabelledImage>,
    /// Whether the kept drawings are shown instead of the nearest images.
    pub shows_kept: bool,
    /// The predictions of the kept drawings.
    pub kept: Asked<ReadDrawings>,
    /// Drawings kept since the start.
    keeps: usize,
    saving: Asked<SaveDrawing>,
    keeping: Asked<KeepDrawing>,
    /// Images loaded one after another.
    loads: usize,
    /// The pixels that were last loaded, written or kept.
    saved: Option<Vec<u8>>,
    /// Unsaved drawings of other shapes; each is restored with a network of its shape.
    aside: Vec<Canvas>,
}

impl Default for Pad {
    fn default() -> Self {
        Self::new(Shape::new(28, 28, 1))
    }
}

impl Pad {
    /// Empty paper with the pen in its middle.
    fn new(shape: Shape) -> Self {
        Self {
            is_open: false,
            canvas: Canvas::new(shape),
            tools: Tools::new(shape),
            cursor: (shape.height / 2, shape.width / 2),
            line_from: None,
            centre: None,
            reading: Asked::default(),
            neighbours: Vec::new(),
            shows_kept: false,
            kept: Asked::default(),
            keeps: 0,
            saving: Asked::default(),
            keeping: Asked::default(),
            loads: 0,
            saved: None,
            aside: Vec::new(),
        }
    }

    /// The latest prediction, possibly of an earlier state of the drawing.
    pub fn shown(&self) -> Option<&Prediction> {
        self.reading.answer()
    }

    /// Whether the prediction of the current drawing is known.
    pub fn is_read(&self) -> bool {
        self.reading.current().is_some()
    }

    fn open(&mut self, lab: &mut Lab) {
        lab.show(PaneId::Results);
        lab.zoomed = false;
        self.is_open = true;
    }

    /// Closes the pad; the drawing is kept.
    pub(super) fn close(&mut self) {
        self.canvas.pen_up();
        self.line_from = None;
        self.is_open = false;
    }

    /// Gives the canvas the network's shape.
    fn fit(&mut self, lab: &Lab) {
        let input = lab.preset.input;
        if self.canvas.shape() != input && blocked(lab).is_none() {
            self.change_shape(input);
        }
    }

    /// Changes to paper of another shape: an unsaved drawing is set aside, and one of the new shape is restored.
    fn change_shape(&mut self, shape: Shape) {
        let mut old = std::mem::replace(self, Self::new(shape));
        old.canvas.pen_up();
        (self.is_open, self.centre) = (old.is_open, old.centre);
        if old.is_unsaved() {
            old.aside.push(old.canvas);
        }
        (self.aside, self.keeps) = (old.aside, old.keeps);
        (self.saving, self.keeping) = (old.saving, old.keeping);
        let fits = |canvas: &Canvas| canvas.shape() == shape;
        if let Some(position) = self.aside.iter().rposition(fits) {
            self.canvas = self.aside.remove(position);
        }
    }

    /// Loads the image under the cursor of the View pane first, then those after it.
    fn load_image(&mut self, lab: &mut Lab) {
        self.fit(lab);
        let shape = self.canvas.shape();
        let page = lab.browsed.as_ref();
        let page = page.filter(|page| page.shape == shape && !page.images.is_empty());
        let Some(page) = page else {
            return lab.refuse(format!("The View pane shows no {shape} image to load."));
        };
        let image = &page.images[(page.cursor + self.loads) % page.images.len()];
        self.canvas.load(&image.pixels);
        self.saved = Some(self.canvas.pixels().to_vec());
        self.line_from = None;
        self.loads += 1;
        let name = lab.class_name(usize::from(image.label));
        let hint = match self.has_dark_ink() {
            true => " It is dark on bright; i inverts it.",
            false => "",
        };
        lab.inform(format!("Loaded: {name}.{hint}"));
    }

    /// Whether the paper is brighter than what is on it.
    fn has_dark_ink(&self) -> bool {
        let habit = Habit::of_image(self.canvas.pixels(), self.canvas.shape());
        habit.has_dark_ink == Some(true)
    }

    /// Swaps dark and bright; bright paper becomes black.
    fn invert(&mut self) {
        let (pixels, shape) = (self.canvas.pixels(), self.canvas.shape());
        let only = Adjustment {
            invert: true,
            centre: false,
        };
        let inverted = match self.has_dark_ink() {
            true => only.applied(pixels, shape, shape),
            false => pixels.iter().map(|value| 255 - value).collect(),
        };
        self.line_from = None;
        self.canvas.load(&inverted);
    }
}

/// Why nothing can be drawn for the current network.
fn blocked(lab: &Lab) -> Option<String> {
    if let Some(problem) = &lab.summary.problem {
        return Some(problem.clone());
    }
    let input = lab.preset.input;
    (![1, 3].contains(&input.channels) || input.is_empty()).then(|| {
        format!(
            "the pad draws in grey or RGB, but {} expects {input} images",
            lab.title()
        )
    })
}
