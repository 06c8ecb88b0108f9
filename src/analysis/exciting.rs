//! The images of a split that excite each filter of a layer most.

use super::receptive_field::{Rectangle, receptive_field};
use crate::data::Split;
use crate::network::Model;
use crate::ops::Flow;

/// Images per step; more are not faster.
const BATCH: usize = 256;

/// An image that excites a filter, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Excitement {
    /// Position of the image in its split, from 0.
    pub image: usize,
    /// The filter's largest value on it.
    pub activation: f32,
    /// Where in the filter's map, the first of equals.
    pub row: usize,
    /// From the left, from 0.
    pub column: usize,
    /// The receptive field of this value.
    pub sees: Rectangle,
}

/// A search over a split for the images that excite the filters (or units) of one layer most. Each call processes one batch, so that
/// the caller can stop between batches and show the results so far.
#[derive(Clone, Debug)]
pub struct ExcitementSearch {
    layer: usize,
    images: usize,
    total: usize,
    done: usize,
    /// For each filter its best images, the most exciting first.
    found: Vec<Vec<Excitement>>,
}

impl ExcitementSearch {
    /// A search for the `images` most exciting images of `split` for each filter of layer `layer`.
    ///
    /// # Panics
    /// If the network has no such layer.
    pub fn new(model: &Model, split: &Split, layer: usize, images: usize) -> Self {
        let filters = model.network().layers()[layer].output.channels;
        Self {
            layer,
            images,
            total: split.len(),
            done: 0,
            found: vec![Vec::new(); filters],
        }
    }

    /// Whether every image was processed.
    pub fn is_finished(&self) -> bool {
        self.done >= self.total
    }

    /// Number of images processed.
    pub fn done(&self) -> usize {
        self.done
    }

    /// For each filter the best images so far, the most exciting first, equals in the order of the split; each image once.
    pub fn found(&self) -> &[Vec<Excitement>] {
        &self.found
    }

    /// Processes the next batch, in rayon's current pool. `model` and `split` are those that the search was created with.
    pub fn advance(&mut self, model: &mut Model, split: &Split) {
        let end = (self.done + BATCH).min(self.total);
        let indices: Vec<u32> = (self.done as u32..end as u32).collect();
        let images = model.gathered(indices.len(), |images, values| {
            split.gather(&indices[images], values);
        });
        let flow = Flow::inference(images);
        let maps = model.forward_through(0..self.layer + 1, flow, None, |_, _| {});
        let shape = maps.shape();
        let mut best = vec![(0, 0.0f32); shape.channels];
        for (number, maps) in maps.values().chunks_exact(shape.len()).enumerate() {
            for (place, values) in maps.chunks_exact(shape.channels).enumerate() {
                for (best, value) in best.iter_mut().zip(values) {
                    if place == 0 || *value > best.1 {
                        *best = (place, *value);
                    }
                }
            }
            for (filter, (place, activation)) in best.iter().enumerate() {
                let found = &mut self.found[filter];
                let rank = found.partition_point(|other| other.activation >= *activation);
                if rank < self.images {
                    let (row, column) = (place / shape.width, place % shape.width);
                    let excitement = Excitement {
                        image: self.done + number,
                        activation: *activation,
                        row,
                        column,
                        sees: receptive_field(model.network(), self.layer, row, column),
                    };
                    found.insert(rank, excitement);
                    found.truncate(self.images);
                }
            }
        }
        self.done = end;
    }
}
