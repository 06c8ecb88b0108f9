//! A soft round brush.

/// The brush of a stroke.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Brush {
    /// Diameter in pixels.
    pub diameter: f32,
    /// Width of the edge over which the ink fades, in pixels; 1 only antialiases.
    pub softness: f32,
    /// The value of a fully covered pixel, per channel; grey canvases use the first. 0 erases.
    pub ink: [u8; 3],
}

impl Brush {
    /// A brush of grey (or white) ink with a smooth edge; level 0 erases.
    pub fn ink(diameter: f32, level: u8) -> Self {
        Self {
            diameter,
            softness: 1.0,
            ink: [level; 3],
        }
    }

    /// How much of a pixel is covered whose centre is at this distance from the brush's, in pixels: 1 inside, 0 outside, linear over
    /// the edge.
    pub(super) fn coverage(&self, distance: f32) -> f32 {
        let inside = self.diameter / 2.0 - distance;
        (inside / self.softness.max(f32::MIN_POSITIVE) + 0.5).clamp(0.0, 1.0)
    }

    /// Beyond this distance nothing is covered.
    pub(super) fn reach(&self) -> f32 {
        (self.diameter + self.softness) / 2.0
    }
}

/// A point on a canvas in pixels from its top left corner; the middle of the first pixel is at (0.5, 0.5).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Downwards.
    pub y: f32,
}

impl Point {
    /// The point at `x` to the right and `y` down.
    pub const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }

    /// The middle of a pixel.
    pub fn middle(row: usize, column: usize) -> Self {
        Self::new(column as f32 + 0.5, row as f32 + 0.5)
    }

    /// The distance of the point from the line between `from` and `to`.
    pub(super) fn distance_to_line(self, from: Self, to: Self) -> f32 {
        let (along_x, along_y) = (to.x - from.x, to.y - from.y);
        let length = along_x * along_x + along_y * along_y;
        let along = if length > 0.0 {
            ((self.x - from.x) * along_x + (self.y - from.y) * along_y) / length
        } else {
            0.0
        };
        let along = along.clamp(0.0, 1.0);
        (self.x - from.x - along * along_x).hypot(self.y - from.y - along * along_y)
    }
}
