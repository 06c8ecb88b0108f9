//! Augmented batches, prepared in the background on a separate thread.

use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use super::order::Order;
use crate::data::{Augmentation, Dataset};

/// Number of batches prepared in advance.
const AHEAD: usize = 3;

/// The rest of an epoch's images, augmented, batch by batch. They depend only on the seed, the epoch and each image's position in its
/// set.
pub(super) struct Feed {
    batches: Receiver<Vec<f32>>,
    /// Returns used buffers.
    spare: Sender<Vec<f32>>,
}

/// The source of a feed's images.
pub(super) struct Source {
    pub dataset: Arc<Dataset>,
    pub augmentation: Augmentation,
    pub epoch: u64,
    pub order: Order,
    /// The first place in the order that is needed.
    pub from: usize,
    pub batch_size: usize,
}

impl Feed {
    /// Starts preparing batches; dropping the feed stops it.
    pub fn start(source: Source) -> Self {
        let (sender, batches) = mpsc::sync_channel(AHEAD);
        let (spare, returned) = mpsc::channel::<Vec<f32>>();
        thread::spawn(move || {
            let all = source.order.len();
            for from in (source.from..all).step_by(source.batch_size) {
                let mut images = returned.try_recv().unwrap_or_default();
                source.fill(from..all.min(from + source.batch_size), &mut images);
                if sender.send(images).is_err() {
                    return;
                }
            }
        });
        Self { batches, spare }
    }

    /// Hands the next batch's images `[batch, height, width, channels]` to `take`.
    pub fn next(&self, take: impl FnOnce(&[f32])) {
        let images = self.batches.recv();
        let images = images.expect("a feed holds every batch of its epoch's rest");
        take(&images);
        // A thread that has prepared its last batch needs no more buffers.
        let _ = self.spare.send(images);
    }
}

impl Source {
    fn fill(&self, places: Range<usize>, images: &mut Vec<f32>) {
        let split = self.dataset.train();
        let length = split.shape().len();
        images.resize(places.len() * length, 0.0);
        let mut scratch = vec![0.0; length];
        let indices = &self.order.images[places.clone()];
        let epochs = self.order.epochs(self.epoch, places);
        let drawn = indices.iter().zip(epochs);
        for ((&index, epoch), image) in drawn.zip(images.chunks_exact_mut(length)) {
            split.image(index as usize, image);
            self.augmentation.apply(epoch, index, image, &mut scratch);
        }
    }
}
