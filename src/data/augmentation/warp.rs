//! Rotation, shear, shift and zoom as one affine map, sampled between pixels.

use crate::shape::Shape;

/// An affine change of an image about its middle, as Keras's `apply_transform` takes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Warp {
    pub rotation_degrees: f64,
    pub shear_degrees: f64,
    /// How far to the right of its place each pixel is looked up (Keras's `tx`).
    pub shift_along_rows: f64,
    /// How far below its place each pixel is looked up (Keras's `ty`).
    pub shift_along_columns: f64,
    /// By how much the picture shrinks to the sides and up and down (Keras's `zx` and `zy`).
    pub zoom_along_rows: f64,
    pub zoom_along_columns: f64,
}

impl Warp {
    /// Changes nothing.
    pub const NONE: Self = Self {
        rotation_degrees: 0.0,
        shear_degrees: 0.0,
        shift_along_rows: 0.0,
        shift_along_columns: 0.0,
        zoom_along_rows: 1.0,
        zoom_along_columns: 1.0,
    };

    /// The matrix that takes a place in the new image, from the middle, to its place in the old one: rotation, shift, shear, zoom, in
    /// Keras's order. `[[xx, xy, x], [yx, yy, y]]` with x to the right and y down.
    ///
    /// Source: Keras, `apply_affine_transform`.
    fn matrix(self) -> [[f64; 3]; 2] {
        let (sin, cos) = self.rotation_degrees.to_radians().sin_cos();
        let (shear_sin, shear_cos) = self.shear_degrees.to_radians().sin_cos();
        let row = |along: f64, across: f64| {
            [
                along * self.zoom_along_rows,
                (across * shear_cos - along * shear_sin) * self.zoom_along_columns,
                along * self.shift_along_rows + across * self.shift_along_columns,
            ]
        };
        [row(cos, -sin), row(sin, cos)]
    }

    /// The image `from`, warped → `to`, both `[height, width, channels]`; places between pixels are interpolated linearly, places outside
    /// have the nearest pixel's value.
    ///
    /// # Panics
    /// When `from` or `to` is not an image of `shape`.
    pub fn apply(self, shape: Shape, from: &[f32], to: &mut [f32]) {
        assert_eq!(from.len(), shape.len(), "an image of {shape}");
        assert_eq!(to.len(), shape.len(), "room for an image of {shape}");
        let [[xx, xy, x0], [yx, yy, y0]] = self.matrix();
        let Shape {
            height,
            width,
            channels,
        } = shape;
        let (middle_x, middle_y) = (width as f64 / 2.0 - 0.5, height as f64 / 2.0 - 0.5);
        let (last_x, last_y) = ((width - 1) as f64, (height - 1) as f64);
        for (row, to) in to.chunks_exact_mut(width * channels).enumerate() {
            let down = row as f64 - middle_y;
            let (base_x, base_y) = (xy * down + x0 + middle_x, yy * down + y0 + middle_y);
            for (column, to) in to.chunks_exact_mut(channels).enumerate() {
                let right = column as f64 - middle_x;
                // Double precision: over hundreds of pixels single precision would blur the fifth decimal.
                let x = (xx * right + base_x).clamp(0.0, last_x);
                let y = (yx * right + base_y).clamp(0.0, last_y);
                let (left, top) = (x as i32 as usize, y as i32 as usize);
                let (across, along) = ((x - left as f64) as f32, (y - top as f64) as f32);
                let step_right = usize::from(left + 1 < width) * channels;
                let step_down = usize::from(top + 1 < height) * width * channels;
                let place = (top * width + left) * channels;
                for (channel, to) in to.iter_mut().enumerate() {
                    let at = |offset: usize| from[place + offset + channel];
                    let upper = at(0) + across * (at(step_right) - at(0));
                    let lower =
                        at(step_down) + across * (at(step_down + step_right) - at(step_down));
                    *to = upper + along * (lower - upper);
                }
            }
        }
    }
}

/// Mirrors an image `[height, width, channels]`, left to right.
pub fn flip_horizontally(shape: Shape, image: &mut [f32]) {
    for row in image.chunks_exact_mut(shape.width * shape.channels) {
        for column in 0..shape.width / 2 {
            let (left, right) = (column, shape.width - 1 - column);
            for channel in 0..shape.channels {
                row.swap(
                    left * shape.channels + channel,
                    right * shape.channels + channel,
                );
            }
        }
    }
}
