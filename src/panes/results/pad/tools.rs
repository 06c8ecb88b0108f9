//! Brush and ink of the pad.

use crate::analysis::drawing::Brush;
use crate::shape::Shape;

/// Brush diameters in pixels of a canvas of 28; larger canvases have larger brushes.
const DIAMETERS: [f32; 6] = [1.0, 1.5, 2.0, 2.5, 3.5, 5.0];
/// Ink levels, the faintest first.
const LEVELS: [u8; 6] = [40, 85, 130, 175, 215, 255];
/// Inks of colour canvases by name, at full level.
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

/// Brush and ink.
#[derive(Clone, Copy, Debug)]
pub struct Tools {
    /// The shape of the canvas.
    shape: Shape,
    /// Position in the list of brushes.
    size: usize,
    /// Position in the list of ink levels.
    level: usize,
    color: usize,
    pub is_erasing: bool,
}

impl Tools {
    /// For a canvas of this shape.
    pub(super) fn new(shape: Shape) -> Self {
        Self {
            shape,
            size: 2,
            level: LEVELS.len() - 1,
            color: 0,
            is_erasing: false,
        }
    }

    /// In pixels.
    pub fn diameter(&self) -> f32 {
        let Shape { height, width, .. } = self.shape;
        let scale = (height.min(width) as f32 / 28.0).max(1.0);
        DIAMETERS[self.size] * scale
    }

    /// The ink's level, from 0 to 255.
    pub fn level(&self) -> u8 {
        LEVELS[self.level]
    }

    /// The ink's name and its red, green and blue at the current level; `None` on grey canvases.
    pub fn color(&self) -> Option<(&'static str, [u8; 3])> {
        let (name, color) = COLORS[self.color];
        (self.shape.channels == 3).then(|| (name, at_level(color, self.level())))
    }

    pub(super) fn ink(&self) -> [u8; 3] {
        match self.is_erasing {
            true => [0; 3],
            false => self.color().map_or([self.level(); 3], |(_, ink)| ink),
        }
    }

    pub(super) fn brush(&self) -> Brush {
        Brush {
            ink: self.ink(),
            ..Brush::ink(self.diameter(), self.level())
        }
    }

    /// Selects a larger or smaller brush.
    ///
    /// # Errors
    /// If there is none.
    pub(super) fn step_size(&mut self, larger: bool) -> Result<(), &'static str> {
        step(&mut self.size, DIAMETERS.len(), larger).ok_or(match larger {
            true => "This is the largest brush.",
            false => "This is the smallest brush.",
        })
    }

    /// Selects stronger or fainter ink.
    ///
    /// # Errors
    /// If there is none.
    pub(super) fn step_level(&mut self, more: bool) -> Result<(), &'static str> {
        step(&mut self.level, LEVELS.len(), more).ok_or(match more {
            true => "This is the strongest ink.",
            false => "This is the faintest ink; e erases.",
        })
    }

    pub(super) fn next_color(&mut self) {
        self.color = (self.color + 1) % COLORS.len();
    }
}

fn step(at: &mut usize, count: usize, up: bool) -> Option<()> {
    let next = if up { *at + 1 } else { at.checked_sub(1)? };
    (next < count).then(|| *at = next)
}

/// A colour made fainter.
fn at_level(color: [u8; 3], level: u8) -> [u8; 3] {
    color.map(|value| ((u32::from(value) * u32::from(level) + 127) / 255) as u8)
}
