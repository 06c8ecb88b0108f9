//! What one output value of a layer is computed from: which input values, with which factors.

use std::ops::Range;

use serde::Serialize;

use crate::shape::{Shape, Window};

/// A position in a volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// From the top, from 0.
    pub row: usize,
    /// From the left, from 0.
    pub column: usize,
    /// From 0.
    pub channel: usize,
}

impl Place {
    /// Whether it lies inside a volume of this shape.
    pub const fn is_inside(self, shape: Shape) -> bool {
        self.row < shape.height && self.column < shape.width && self.channel < shape.channels
    }

    /// The index of its value in a volume `[height, width, channels]`.
    pub const fn offset(self, shape: Shape) -> usize {
        (self.row * shape.width + self.column) * shape.channels + self.channel
    }

    /// The place of the value at this index.
    pub const fn at_offset(offset: usize, shape: Shape) -> Self {
        Self {
            row: offset / (shape.width * shape.channels),
            column: offset / shape.channels % shape.width,
            channel: offset % shape.channels,
        }
    }
}

/// A box of a layer's input; rows and columns outside the image are padding zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// From the top, from 0.
    pub rows: Range<isize>,
    /// From the left, from 0.
    pub columns: Range<isize>,
    /// From 0; never outside the input.
    pub channels: Range<usize>,
}

impl Block {
    /// The value at `place`, moved by this many rows and columns.
    pub fn one(place: Place, moved: isize) -> Self {
        let (row, column) = (place.row as isize + moved, place.column as isize + moved);
        Self {
            rows: row..row + 1,
            columns: column..column + 1,
            channels: place.channel..place.channel + 1,
        }
    }

    /// The part of these channels that `window` covers at this row and column.
    pub fn window(window: Window, input: Shape, place: Place, channels: Range<usize>) -> Self {
        let along = |position: usize, length: usize| {
            let start = (position * window.stride) as isize - window.zeros(length).0 as isize;
            start..start + window.size as isize
        };
        Self {
            rows: along(place.row, input.height),
            columns: along(place.column, input.width),
            channels,
        }
    }

    /// All places of these channels.
    pub const fn whole(input: Shape, channels: Range<usize>) -> Self {
        Self {
            rows: 0..input.height as isize,
            columns: 0..input.width as isize,
            channels,
        }
    }

    /// Its rows, columns and channels, zeros around the image included.
    pub fn shape(&self) -> Shape {
        Shape::new(self.rows.len(), self.columns.len(), self.channels.len())
    }

    /// Its places in the order `[height, width, channels]`; `None` in the zeros around the image.
    pub fn places(&self, input: Shape) -> impl Iterator<Item = Option<Place>> + '_ {
        let shape = self.shape();
        (0..shape.len()).map(move |index| {
            let inner = Place::at_offset(index, shape);
            let row = self.rows.start.checked_add_unsigned(inner.row)?;
            let column = self.columns.start.checked_add_unsigned(inner.column)?;
            let place = Place {
                row: usize::try_from(row).ok()?,
                column: usize::try_from(column).ok()?,
                channel: self.channels.start + inner.channel,
            };
            place.is_inside(input).then_some(place)
        })
    }
}

/// How a value is computed from those of its block.
#[derive(Clone, Copy, Debug)]
pub enum Combination {
    /// A weighted sum, by a filter or unit: each value times its weight, plus a bias. The layer's parameters are the kernel,
    /// `[block, output channels]`, and the bias, `[output channels]`.
    Products,
    /// The value at its own place, unchanged.
    Same,
    /// The value at its own place, normalised. The layer's parameters are gamma, beta, mean and variance, one value per channel.
    Normalised {
        /// Added to the variance.
        epsilon: f32,
    },
    /// The value at another place, unchanged.
    Moved,
    /// The mean of the values.
    Mean,
    /// The largest of the values.
    Largest,
    /// The values at its place in the paths of a block: their sum, or the one of its channel.
    Joined,
}

impl Combination {
    /// The factors of the values of a `block` and the term added to their sum, for the value in `channel`; `parameters` are the layer's
    /// own. `None` where it is not a weighted sum.
    pub fn factors(
        self,
        block: Shape,
        channel: usize,
        parameters: &[&[f32]],
    ) -> Option<(Vec<f32>, f32)> {
        match self {
            Self::Products => {
                let [kernel, bias] = parameters else {
                    unreachable!("a layer with products has a kernel and a bias")
                };
                let column = kernel.iter().skip(channel).step_by(bias.len());
                Some((column.copied().collect(), bias[channel]))
            }
            Self::Normalised { epsilon } => {
                let [gamma, beta, mean, variance] = parameters else {
                    unreachable!("a layer that normalises has four parameters")
                };
                let factor = gamma[channel] / (variance[channel] + epsilon).sqrt();
                Some((vec![factor], beta[channel] - factor * mean[channel]))
            }
            Self::Same | Self::Moved => Some((vec![1.0], 0.0)),
            Self::Mean => Some((vec![1.0 / block.len() as f32; block.len()], 0.0)),
            Self::Largest | Self::Joined => None,
        }
    }
}
