//! Rotation, shear, shift and zoom as one affine map with linear interpolation.

use crate::shape::Shape;

/// An affine transform of an image about its centre, with the parameters of Keras's `apply_transform`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Warp {
    /// Rotation, counterclockwise.
    pub rotation_degrees: f64,
    /// Shear of the columns against the rows.
    pub shear_degrees: f64,
    /// How far to the right of its place each pixel is looked up (Keras's `tx`).
    pub shift_along_rows: f64,
    /// How far below its place each pixel is looked up (Keras's `ty`).
    pub shift_along_columns: f64,
    /// The factors by which the picture shrinks horizontally and vertically (Keras's `zx` and `zy`).
    pub zoom_along_rows: f64,
    /// Values above 1 make images smaller.
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

    /// The matrix that maps a place in the new image, from the centre, to its place in the old one: rotation, shift, shear, zoom, in
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
    /// When `from` or `to` is not an image of `shape`, or this has neither 1 nor 3 channels.
    pub fn apply(self, shape: Shape, from: &[f32], to: &mut [f32]) {
        assert_eq!(from.len(), shape.len(), "an image of {shape}");
        assert_eq!(to.len(), shape.len(), "room for an image of {shape}");
        match shape.channels {
            1 => self.sample::<1>(shape, from, to),
            3 => self.sample::<3>(shape, from, to),
            channels => unreachable!("images have 1 or 3 channels, not {channels}"),
        }
    }

    /// As [`apply`](Self::apply); with a fixed number of channels the compiler unrolls the look-ups.
    fn sample<const CHANNELS: usize>(self, shape: Shape, from: &[f32], to: &mut [f32]) {
        let [[xx, xy, x0], [yx, yy, y0]] = self.matrix();
        let Shape { height, width, .. } = shape;
        let (middle_x, middle_y) = (width as f64 / 2.0 - 0.5, height as f64 / 2.0 - 0.5);
        let (last_x, last_y) = ((width - 1) as f64, (height - 1) as f64);
        // One row at a time: first the source places of its pixels, which the compiler vectorizes, then the look-ups.
        let (mut columns, mut rows) = (vec![0.0_f64; width], vec![0.0_f64; width]);
        for (row, to) in to.chunks_exact_mut(width * CHANNELS).enumerate() {
            let down = row as f64 - middle_y;
            let (base_x, base_y) = (xy * down + x0 + middle_x, yy * down + y0 + middle_y);
            for (column, (x, y)) in columns.iter_mut().zip(&mut rows).enumerate() {
                // Double precision: over hundreds of pixels single precision would blur the fifth decimal.
                let right = f64::from(column as i32) - middle_x;
                *x = (xx * right + base_x).max(0.0).min(last_x);
                *y = (yx * right + base_y).max(0.0).min(last_y);
            }
            for ((&x, &y), to) in columns.iter().zip(&rows).zip(to.chunks_exact_mut(CHANNELS)) {
                let (left, top) = (x as i32, y as i32);
                let (across, along) = ((x - f64::from(left)) as f32, (y - f64::from(top)) as f32);
                let (left, top) = (left as usize, top as usize);
                let step_right = usize::from(left + 1 < width) * CHANNELS;
                let below = (top + usize::from(top + 1 < height)) * width;
                let length = step_right + CHANNELS;
                let upper = &from[(top * width + left) * CHANNELS..][..length];
                let lower = &from[(below + left) * CHANNELS..][..length];
                for (channel, to) in to.iter_mut().enumerate() {
                    let between = |row: &[f32]| {
                        let (left, right) = (row[channel], row[channel + step_right]);
                        left + across * (right - left)
                    };
                    let (upper, lower) = (between(upper), between(lower));
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
