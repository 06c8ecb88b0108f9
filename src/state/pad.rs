//! The drawing pad: what is drawn, with what, and what the network takes it for.

use std::collections::VecDeque;

use crate::analysis::drawing::{Brush, Canvas, Point};
use crate::network::NetworkSpec;
use crate::shape::Shape;
use crate::worker::{Drawing, JudgedDrawings, LabelledImage, Prediction, RunId, Weights};

/// Brush diameters in pixels of a canvas of 28; larger canvases have larger brushes.
const DIAMETERS: [f32; 6] = [1.0, 1.5, 2.0, 2.5, 3.5, 5.0];
/// Ink levels, the faintest first.
const LEVELS: [u8; 6] = [40, 85, 130, 175, 215, 255];
/// Inks of canvases with colours, by name, as shares of the level.
const COLORS: [(&str, [u8; 3]); 8] = [
    ("white", [255, 255, 255]),
    ("red", [255, 0, 0]),
    ("orange", [255, 140, 0]),
    ("yellow", [255, 255, 0]),
    ("green", [0, 200, 0]),
    ("cyan", [0, 220, 220]),
    ("blue", [40, 80, 255]),
    ("magenta", [255, 0, 255]),
];

/// Something done on the pad.
#[derive(Clone, Debug, PartialEq)]
pub enum PadMessage {
    Open,
    /// Opens the pad with the View pane's picture under the cursor on it.
    OpenWithImage,
    PenUpOrDown,
    LargerBrush,
    SmallerBrush,
    MoreInk,
    LessInk,
    NextColor,
    /// Draws with the eraser, or with ink again.
    ToggleEraser,
    /// Begins a straight line here, or ends the one that was begun.
    Line,
    Fill,
    Undo,
    Redo,
    Clear,
    /// Takes over the View pane's picture under the cursor; asked again, the next one.
    LoadImage,
    ToggleCentre,
    /// Pins the drawing and shows what the layers make of it.
    LookInside,
    /// Writes the drawing as a PNG.
    Save,
    /// Asks for the class to keep the drawing with.
    AskClass,
    /// Keeps the drawing, as the network sees it, with this class.
    Keep(usize),
    /// Shows how the network reads the kept drawings, or the nearest images again.
    ToggleKept,
    /// The mouse's button went down on a pixel, or moved there with it down.
    Touch {
        row: usize,
        column: usize,
        begins: bool,
    },
    /// The mouse's button went up.
    Lift,
}

/// The pad.
#[derive(Clone, Debug)]
pub struct PadState {
    /// Whether it lies over the Results pane.
    pub is_open: bool,
    pub canvas: Canvas,
    /// Row and column of the pixel under the pen.
    pub cursor: (usize, usize),
    /// Position in the list of brushes.
    size: usize,
    /// Position in the list of ink levels.
    level: usize,
    color: usize,
    pub is_erasing: bool,
    /// Where a straight line begins.
    pub line_from: Option<(usize, usize)>,
    /// Whether drawings are scaled and moved as MNIST's digits; `None` is on for sets of digits.
    pub centre: Option<bool>,
    /// The answer to the latest question that was answered.
    pub shown: Option<Prediction>,
    /// The training images most like what the network saw, the nearest first.
    pub neighbours: Vec<LabelledImage>,
    /// Whether the kept drawings take the place of the nearest images.
    pub shows_kept: bool,
    /// How the network reads the kept drawings.
    pub kept: Option<JudgedDrawings>,
    /// The latest question about the kept drawings: its number, what it asked, and how many had been kept since the start.
    pub(super) asked_kept: Option<(u64, KeptQuery)>,
    /// Drawings kept since the start.
    pub(super) keeps: usize,
    /// The latest request and what it asked for.
    pub(super) asked: Option<(u64, PadQuery)>,
    /// Pictures that were loaded one after another.
    pub(super) loads: usize,
    /// Pixels as they were loaded, written or kept last.
    saved: Option<Vec<u8>>,
    /// Pixels on their way to a file, the first asked for first.
    saving: VecDeque<Vec<u8>>,
    /// Unsaved drawings of other shapes; each comes back with a network of its shape.
    aside: Vec<Canvas>,
}

/// What decides the prediction.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PadQuery {
    pub network: NetworkSpec,
    pub seed: u64,
    pub image: Vec<u8>,
    pub centre: bool,
    pub dataset: Option<String>,
    /// Run and finished epochs whose weights are meant.
    pub weights: Option<(RunId, usize)>,
}

/// What decides how the kept drawings are read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct KeptQuery {
    pub weights: Weights,
    pub version: Option<(RunId, usize)>,
    pub class_names: Vec<String>,
    pub keeps: usize,
}

impl PadState {
    /// Empty paper with the pen in its middle.
    pub(super) fn new(shape: Shape) -> Self {
        Self {
            is_open: false,
            canvas: Canvas::new(shape),
            cursor: (shape.height / 2, shape.width / 2),
            size: 2,
            level: LEVELS.len() - 1,
            color: 0,
            is_erasing: false,
            line_from: None,
            centre: None,
            shown: None,
            neighbours: Vec::new(),
            shows_kept: false,
            kept: None,
            asked_kept: None,
            keeps: 0,
            asked: None,
            loads: 0,
            saved: None,
            saving: VecDeque::new(),
            aside: Vec::new(),
        }
    }

    /// Changes to paper of another shape; a drawing that is not saved is put aside, and one of the new shape comes back.
    pub(super) fn change_shape(&mut self, shape: Shape) {
        let mut old = std::mem::replace(self, Self::new(shape));
        old.canvas.pen_up();
        (self.is_open, self.centre) = (old.is_open, old.centre);
        if old.is_unsaved() {
            old.aside.push(old.canvas);
        }
        (self.saving, self.aside) = (old.saving, old.aside);
        let fits = |canvas: &Canvas| canvas.shape() == shape;
        if let Some(position) = self.aside.iter().rposition(fits) {
            self.canvas = self.aside.remove(position);
        }
    }

    /// Whether the drawing has ink that was neither written nor kept. An image of a set is nothing to lose until it is drawn on.
    pub fn is_unsaved(&self) -> bool {
        !self.canvas.is_blank() && self.saved.as_deref() != Some(self.canvas.pixels())
    }

    /// What is on the paper needs no saving.
    pub(super) fn know_saved(&mut self) {
        self.saved = Some(self.canvas.pixels().to_vec());
    }

    /// These pixels are on their way to a file.
    pub(crate) fn saving(&mut self, pixels: Vec<u8>) {
        self.saving.push_back(pixels);
    }

    pub(crate) fn is_saving(&self) -> bool {
        !self.saving.is_empty()
    }

    /// What was on its way to a file is there, or could not be written.
    pub(super) fn saving_ended(&mut self, is_saved: bool) {
        let Some(pixels) = self.saving.pop_front().filter(|_| is_saved) else {
            return;
        };
        self.aside.retain(|canvas| canvas.pixels() != pixels);
        if pixels.len() == self.canvas.pixels().len() {
            self.saved = Some(pixels);
        }
    }

    /// Each drawing that was neither written nor kept, the one on the paper last.
    pub(crate) fn unsaved_drawings(&self) -> Vec<Drawing> {
        let on_paper = self.is_unsaved().then_some(&self.canvas);
        let drawings = self.aside.iter().chain(on_paper);
        drawings
            .map(|canvas| Drawing {
                shape: canvas.shape(),
                pixels: canvas.pixels().to_vec(),
            })
            .collect()
    }

    /// Puts a drawing back: on the paper, or aside where that has another shape.
    pub(crate) fn put_back(&mut self, drawing: &Drawing) {
        let Drawing { shape, pixels } = drawing;
        if pixels.len() != shape.len() {
            return;
        }
        if *shape == self.canvas.shape() {
            self.canvas.load(pixels);
        } else {
            let mut canvas = Canvas::new(*shape);
            canvas.load(pixels);
            self.aside.push(canvas);
        }
    }

    /// In pixels.
    pub fn diameter(&self) -> f32 {
        let Shape { height, width, .. } = self.canvas.shape();
        let scale = (height.min(width) as f32 / 28.0).max(1.0);
        DIAMETERS[self.size] * scale
    }

    /// The ink's level, from 0 to 255.
    pub fn level(&self) -> u8 {
        LEVELS[self.level]
    }

    /// The ink's name and its red, green and blue at the present level; `None` on grey canvases.
    pub fn color(&self) -> Option<(&'static str, [u8; 3])> {
        let (name, color) = COLORS[self.color];
        (self.canvas.shape().channels == 3).then(|| (name, at_level(color, self.level())))
    }

    pub fn is_pen_down(&self) -> bool {
        self.canvas.is_drawing()
    }

    fn ink(&self) -> [u8; 3] {
        if self.is_erasing {
            [0; 3]
        } else {
            self.color().map_or([self.level(); 3], |(_, ink)| ink)
        }
    }

    fn brush(&self) -> Brush {
        Brush {
            ink: self.ink(),
            ..Brush::ink(self.diameter(), self.level())
        }
    }

    /// Goes to a pixel, with the pen down in a straight line.
    pub(super) fn go(&mut self, row: usize, column: usize) {
        self.cursor = (row, column);
        self.canvas.pen_to(Point::middle(row, column));
    }

    pub(super) fn pen_up_or_down(&mut self) {
        if self.is_pen_down() {
            self.canvas.pen_up();
        } else {
            self.put_pen_down();
        }
    }

    fn put_pen_down(&mut self) {
        let (row, column) = self.cursor;
        let brush = self.brush();
        self.canvas.pen_down(Point::middle(row, column), brush);
    }

    /// Changes what is drawn with; a stroke under way goes on with it.
    pub(super) fn change_tool(&mut self, change: impl FnOnce(&mut Self)) {
        change(self);
        if self.is_pen_down() {
            self.put_pen_down();
        }
    }

    /// Steps larger or smaller; says whether there was such a brush.
    pub(super) fn step_size(&mut self, larger: bool) -> bool {
        step(&mut self.size, DIAMETERS.len(), larger)
    }

    /// Steps stronger or fainter; says whether there was such an ink.
    pub(super) fn step_level(&mut self, more: bool) -> bool {
        step(&mut self.level, LEVELS.len(), more)
    }

    pub(super) fn next_color(&mut self) {
        self.color = (self.color + 1) % COLORS.len();
    }

    /// Begins a straight line, or ends the one that was begun.
    pub(super) fn line(&mut self) {
        let to = self.cursor;
        match self.line_from.take() {
            None => {
                self.canvas.pen_up();
                self.line_from = Some(to);
            }
            Some(from) => {
                let brush = self.brush();
                let point = |(row, column)| Point::middle(row, column);
                self.canvas.line(point(from), point(to), brush);
            }
        }
    }

    pub(super) fn fill(&mut self) {
        let ((row, column), ink) = (self.cursor, self.ink());
        // Up to half of full ink counts as paper, so that soft edges leave no rim.
        self.canvas.fill(row, column, ink, 127);
    }
}

fn step(at: &mut usize, count: usize, up: bool) -> bool {
    let next = if up { *at + 1 } else { at.wrapping_sub(1) };
    if next < count {
        *at = next;
    }
    next < count
}

/// A colour made fainter.
fn at_level(color: [u8; 3], level: u8) -> [u8; 3] {
    color.map(|value| ((u32::from(value) * u32::from(level) + 127) / 255) as u8)
}
