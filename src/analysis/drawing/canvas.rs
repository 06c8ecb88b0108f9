//! A canvas to draw on, with undo.

use super::brush::{Brush, Point};
use crate::shape::Shape;

/// Memory limit of the undo and redo history, in bytes; older images are dropped.
const HISTORY_BYTES: usize = 16 << 20;

/// An image to draw on: black paper, one or three channels from 0 to 255.
#[derive(Clone, Debug)]
pub struct Canvas {
    shape: Shape,
    /// `[height, width, channels]`
    pixels: Vec<u8>,
    /// Images before each change, the latest last.
    past: Vec<Vec<u8>>,
    /// Images that were undone, the latest undone last.
    future: Vec<Vec<u8>>,
    stroke: Option<Stroke>,
}

/// A stroke whose pen is down.
#[derive(Clone, Debug)]
struct Stroke {
    brush: Brush,
    at: Point,
    /// `[height × width]`: the largest coverage of each pixel by the brush so far. Passing a pixel twice in a stroke does not
    /// make its edge harder.
    coverage: Vec<f32>,
}

impl Canvas {
    /// Empty paper.
    pub fn new(shape: Shape) -> Self {
        Self {
            shape,
            pixels: vec![0; shape.len()],
            past: Vec::new(),
            future: Vec::new(),
            stroke: None,
        }
    }

    /// Its shape.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// The image, `[height, width, channels]`, 0 to 255.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Whether there is no ink.
    pub fn is_blank(&self) -> bool {
        self.pixels.iter().all(|value| *value == 0)
    }

    /// Whether a stroke's pen is down.
    pub fn is_drawing(&self) -> bool {
        self.stroke.is_some()
    }

    /// Puts the pen down and makes a dot; ends a stroke in progress.
    pub fn pen_down(&mut self, at: Point, brush: Brush) {
        self.pen_up();
        self.remember();
        self.stroke = Some(Stroke {
            brush,
            at,
            coverage: vec![0.0; self.shape.height * self.shape.width],
        });
        self.pen_to(at);
    }

    /// Moves the pen in a straight line; draws only while it is down.
    pub fn pen_to(&mut self, to: Point) {
        let Some(mut stroke) = self.stroke.take() else {
            return;
        };
        let base = self.past.last().map_or(&[][..], Vec::as_slice);
        let Shape {
            height,
            width,
            channels,
        } = self.shape;
        let reach = stroke.brush.reach();
        for row in touched(stroke.at.y, to.y, reach, height) {
            for column in touched(stroke.at.x, to.x, reach, width) {
                let distance = Point::middle(row, column).distance_to_line(stroke.at, to);
                let coverage = stroke.brush.coverage(distance);
                let pixel = row * width + column;
                if coverage <= stroke.coverage[pixel] {
                    continue;
                }
                stroke.coverage[pixel] = coverage;
                for channel in 0..channels {
                    let index = pixel * channels + channel;
                    let (under, ink) = (f32::from(base[index]), stroke.brush.ink[channel]);
                    self.pixels[index] =
                        (under + coverage * (f32::from(ink) - under)).round() as u8;
                }
            }
        }
        stroke.at = to;
        self.stroke = Some(stroke);
    }

    /// Lifts the pen: the stroke is one step of undo.
    pub fn pen_up(&mut self) {
        if self.stroke.take().is_some() {
            self.forget_if_unchanged();
        }
    }

    /// A straight line as one stroke.
    pub fn line(&mut self, from: Point, to: Point, brush: Brush) {
        self.pen_down(from, brush);
        self.pen_to(to);
        self.pen_up();
    }

    /// Fills the pixel at `row` and `column` and all pixels connected to it (side by side) whose every channel differs from it by at most
    /// `tolerance`. Outside the canvas it does nothing.
    pub fn fill(&mut self, row: usize, column: usize, ink: [u8; 3], tolerance: u8) {
        let Shape {
            height,
            width,
            channels,
        } = self.shape;
        if row >= height || column >= width {
            return;
        }
        self.pen_up();
        self.remember();
        let pixel = |number: usize| number * channels..(number + 1) * channels;
        let wanted = self.pixels[pixel(row * width + column)].to_vec();
        let mut seen = vec![false; height * width];
        let mut open = vec![row * width + column];
        while let Some(number) = open.pop() {
            let values = &mut self.pixels[pixel(number)];
            let alike = values
                .iter()
                .zip(&wanted)
                .all(|(value, wanted)| value.abs_diff(*wanted) <= tolerance);
            if std::mem::replace(&mut seen[number], true) || !alike {
                continue;
            }
            values.copy_from_slice(&ink[..channels]);
            let (row, column) = (number / width, number % width);
            let neighbours = [
                (row > 0).then(|| number - width),
                (row + 1 < height).then(|| number + width),
                (column > 0).then(|| number - 1),
                (column + 1 < width).then(|| number + 1),
            ];
            open.extend(neighbours.into_iter().flatten());
        }
        self.forget_if_unchanged();
    }

    /// Erases everything.
    pub fn clear(&mut self) {
        self.load(&vec![0; self.shape.len()]);
    }

    /// Replaces the drawing by an image `[height, width, channels]`, 0 to 255.
    ///
    /// # Panics
    /// If it is not of the canvas's shape.
    pub fn load(&mut self, pixels: &[u8]) {
        assert_eq!(pixels.len(), self.shape.len(), "an image of {}", self.shape);
        self.pen_up();
        self.remember();
        self.pixels.copy_from_slice(pixels);
        self.forget_if_unchanged();
    }

    /// Undoes the latest change; a stroke in progress counts as one. Returns whether there was any.
    pub fn undo(&mut self) -> bool {
        self.pen_up();
        exchange(&mut self.past, &mut self.pixels, &mut self.future)
    }

    /// Redoes the change undone last, unless something was drawn since. Returns whether there was any.
    pub fn redo(&mut self) -> bool {
        self.pen_up();
        exchange(&mut self.future, &mut self.pixels, &mut self.past)
    }

    /// Keeps the current image for undo, before a change.
    fn remember(&mut self) {
        let most = (HISTORY_BYTES / self.pixels.len().max(1)).max(1);
        if self.past.len() >= most {
            self.past.remove(0);
        }
        self.past.push(self.pixels.clone());
    }

    /// After a change: one that changed nothing is no step of undo, and any other ends redo.
    fn forget_if_unchanged(&mut self) {
        if self.past.last() == Some(&self.pixels) {
            self.past.pop();
        } else {
            self.future.clear();
        }
    }
}

/// Replaces `pixels` by the latest image of `from`, and keeps the old ones in `to`. Returns whether there was any.
fn exchange(from: &mut Vec<Vec<u8>>, pixels: &mut Vec<u8>, to: &mut Vec<Vec<u8>>) -> bool {
    let Some(image) = from.pop() else {
        return false;
    };
    to.push(std::mem::replace(pixels, image));
    true
}

/// The pixels along an axis of `length` whose middles may lie within `reach` of the way from `a` to `b`.
fn touched(a: f32, b: f32, reach: f32, length: usize) -> std::ops::Range<usize> {
    // `as` takes what is below 0 to 0.
    let start = (a.min(b) - reach).floor() as usize;
    let end = (a.max(b) + reach).ceil() as usize;
    start.min(length)..end.min(length)
}
