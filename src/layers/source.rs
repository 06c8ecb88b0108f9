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
    /// From one of its rows and columns to the next.
    pub step: usize,
}

impl Block {
    /// The value at `place`, moved by this many rows and columns.
    pub fn one(place: Place, moved: isize) -> Self {
        let (row, column) = (place.row as isize + moved, place.column as isize + moved);
        Self {
            rows: row..row + 1,
            columns: column..column + 1,
            channels: place.channel..place.channel + 1,
            step: 1,
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
            step: 1,
        }
    }

    /// All places of these channels.
    pub const fn whole(input: Shape, channels: Range<usize>) -> Self {
        Self {
            rows: 0..input.height as isize,
            columns: 0..input.width as isize,
            channels,
            step: 1,
        }
    }

    /// Its rows, columns and channels, zeros around the image included.
    pub fn shape(&self) -> Shape {
        let [height, width] =
            [&self.rows, &self.columns].map(|side| side.len().div_ceil(self.step));
        Shape::new(height, width, self.channels.len())
    }

    /// Its places in the order `[height, width, channels]`; `None` in the zeros around the image.
    pub fn places(&self, input: Shape) -> impl Iterator<Item = Option<Place>> + '_ {
        let shape = self.shape();
        (0..shape.len()).map(move |index| {
            let inner = Place::at_offset(index, shape);
            let row = self
                .rows
                .start
                .checked_add_unsigned(inner.row * self.step)?;
            let column = self
                .columns
                .start
                .checked_add_unsigned(inner.column * self.step)?;
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
    /// `[block, output channels]`, and the bias, `[output channels]`, if it has one.
    Products,
    /// A weighted sum in two steps: a sum for each channel of the block, then one of these. The layer's parameters are the kernels,
    /// `[block, multiplier]` and `[channels · multiplier, output channels]`, and the bias, if it has one.
    ProductsOfProducts,
    /// The value at its own place, unchanged.
    Same,
    /// The value at its own place, normalised. The layer's parameters are gamma, beta, mean and variance, one value per channel.
    Normalised {
        /// Added to the variance.
        epsilon: f32,
    },
    /// The value at its own place, normalised by the mean and variance of the values themselves: no sum of them.
    NormalisedTogether,
    /// The value at another place, unchanged.
    Moved,
    /// The mean of the values inside the image.
    Mean,
    /// The largest of the values inside the image.
    Largest,
    /// The values at its place in the paths of a block: their sum, or the one of its channel.
    Joined,
}

impl Combination {
    /// The factors of the values of a `block` of the input and the term added to their sum, for the value in `channel`; `parameters` are
    /// the layer's own. `None` where it is not a weighted sum.
    pub fn factors(
        self,
        block: &Block,
        input: Shape,
        channel: usize,
        parameters: &[&[f32]],
    ) -> Option<(Vec<f32>, f32)> {
        let length = block.shape().len();
        let bias = |place: usize| parameters.get(place).map_or(0.0, |bias| bias[channel]);
        match self {
            Self::Products => {
                let kernel = parameters[0];
                let column = kernel.iter().skip(channel).step_by(kernel.len() / length);
                Some((column.copied().collect(), bias(1)))
            }
            Self::ProductsOfProducts => {
                let multiplier = parameters[0].len() / length;
                let channels = block.channels.len();
                let outputs = parameters[1].len() / (channels * multiplier);
                let second: Vec<f32> = parameters[1]
                    .iter()
                    .skip(channel)
                    .step_by(outputs)
                    .copied()
                    .collect();
                let products = |first: (&[f32], &[f32])| -> f32 {
                    first.0.iter().zip(first.1).map(|(a, b)| a * b).sum()
                };
                let first = parameters[0].chunks_exact(multiplier);
                let second = second.chunks_exact(multiplier).cycle();
                Some((first.zip(second).map(products).collect(), bias(2)))
            }
            Self::Normalised { epsilon } => {
                let [gamma, beta, mean, variance] = parameters else {
                    unreachable!("a layer that normalises has four parameters")
                };
                let factor = gamma[channel] / (variance[channel] + epsilon).sqrt();
                Some((vec![factor], beta[channel] - factor * mean[channel]))
            }
            Self::Same | Self::Moved => Some((vec![1.0], 0.0)),
            Self::Mean => {
                let inside: Vec<bool> = block.places(input).map(|place| place.is_some()).collect();
                let count = inside.iter().filter(|inside| **inside).count();
                let share = |inside| if inside { 1.0 / count as f32 } else { 0.0 };
                Some((inside.into_iter().map(share).collect(), 0.0))
            }
            Self::NormalisedTogether | Self::Largest | Self::Joined => None,
        }
    }
}
