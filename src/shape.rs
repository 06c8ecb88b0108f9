//! The shape of an image or of a feature volume, and the arithmetic of sliding windows.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Height, width and channels of one image or feature volume; a flat vector of `n` values is `1 × 1 × n`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "[usize; 3]", into = "[usize; 3]")]
pub struct Shape {
    /// Rows of pixels.
    pub height: usize,
    /// Columns of pixels.
    pub width: usize,
    /// Values of one pixel.
    pub channels: usize,
}

impl Shape {
    /// A volume of this height, width and channels.
    pub const fn new(height: usize, width: usize, channels: usize) -> Self {
        Self {
            height,
            width,
            channels,
        }
    }

    /// Whether it is the shape of a vector.
    pub const fn is_flat(self) -> bool {
        self.height == 1 && self.width == 1
    }

    /// The shape of a vector of `length` values, as `flatten` and `dense` give it.
    pub const fn flat(length: usize) -> Self {
        Self::new(1, 1, length)
    }

    /// With rows and columns exchanged.
    pub const fn transposed(self) -> Self {
        Self::new(self.width, self.height, self.channels)
    }

    /// Number of values.
    pub const fn len(self) -> usize {
        self.height * self.width * self.channels
    }

    /// Whether it holds no value, because a side is 0.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }
}

impl From<[usize; 3]> for Shape {
    fn from([height, width, channels]: [usize; 3]) -> Self {
        Self::new(height, width, channels)
    }
}

impl From<Shape> for [usize; 3] {
    fn from(shape: Shape) -> Self {
        [shape.height, shape.width, shape.channels]
    }
}

/// Written `28×28×1`.
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}×{}×{}", self.height, self.width, self.channels))
    }
}

/// How the border of the image is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Padding {
    /// Zeros around the image so that the output has `ceil(input / stride)` positions; the odd zero goes to the bottom and right.
    Same,
    /// No zeros: only windows entirely inside the image.
    Valid,
}

/// A square window that slides over an image with equal strides in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// Height and width, in pixels.
    pub size: usize,
    /// Pixels from one position to the next.
    pub stride: usize,
    /// How the border is treated.
    pub padding: Padding,
}

impl Window {
    /// Number of positions along an axis of `input` pixels; 0 where a `valid` window does not fit.
    ///
    /// Source: Keras 3, `keras.ops.conv` ("same" and "valid").
    pub const fn positions(self, input: usize) -> usize {
        match self.padding {
            Padding::Same => input.div_ceil(self.stride),
            Padding::Valid if input < self.size => 0,
            Padding::Valid => (input - self.size) / self.stride + 1,
        }
    }

    /// Zeros before and after an axis of `input` pixels: `max((positions - 1) * stride + size - input, 0)` in all for `same`,
    /// of which the smaller half comes first.
    pub const fn zeros(self, input: usize) -> (usize, usize) {
        match self.padding {
            Padding::Valid => (0, 0),
            Padding::Same => {
                let reach = (self.positions(input).saturating_sub(1)) * self.stride + self.size;
                let all = reach.saturating_sub(input);
                (all / 2, all - all / 2)
            }
        }
    }

    /// The same with its pixels this far apart, instead of neighbours.
    pub const fn dilated(self, dilation: usize) -> Self {
        Self {
            size: (self.size - 1) * dilation + 1,
            ..self
        }
    }

    /// The shape after this window has slid over `input`, with `channels` values at each position.
    pub const fn slide(self, input: Shape, channels: usize) -> Shape {
        Shape::new(
            self.positions(input.height),
            self.positions(input.width),
            channels,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(size: usize, stride: usize) -> Window {
        Window {
            size,
            stride,
            padding: Padding::Same,
        }
    }

    #[test]
    fn same_windows_put_the_odd_zero_last() {
        assert_eq!(same(2, 1).zeros(28), (0, 1));
        assert_eq!(same(3, 1).zeros(28), (1, 1));
        assert_eq!(same(3, 2).zeros(28), (0, 1));
        assert_eq!(same(3, 2).zeros(7), (1, 1));
        assert_eq!(same(1, 2).zeros(7), (0, 0));
        assert_eq!(same(3, 2).positions(7), 4);
    }

    #[test]
    fn valid_windows_that_do_not_fit_have_no_position() {
        let window = Window {
            size: 5,
            stride: 3,
            padding: Padding::Valid,
        };
        assert_eq!(window.positions(28), 8);
        assert_eq!(window.positions(5), 1);
        assert_eq!(window.positions(4), 0);
    }

    #[test]
    fn every_same_window_covers_the_last_pixel() {
        for size in 1..=11 {
            for stride in 1..=8 {
                for input in 1..40 {
                    let window = same(size, stride);
                    let (before, after) = window.zeros(input);
                    let positions = window.positions(input);
                    assert!((positions - 1) * stride + size <= before + input + after);
                    assert!(after == before || after == before + 1);
                }
            }
        }
    }
}
