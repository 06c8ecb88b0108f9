//! Augmented batches, prepared beside training on a thread of their own.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use crate::data::{Augmentation, Dataset};

/// Batches that are prepared before they are asked for.
const AHEAD: usize = 3;

/// The rest of an epoch's images, augmented, batch by batch. What is in them depends on the seed, the epoch and each image's
/// position in its set alone.
pub(super) struct Feed {
    batches: Receiver<Vec<f32>>,
    /// Buffers on their way back.
    spare: Sender<Vec<f32>>,
}

/// What a feed takes its images from.
pub(super) struct Source {
    pub dataset: Arc<Dataset>,
    pub augmentation: Augmentation,
    pub epoch: u64,
    /// The positions of the images that are still to come.
    pub order: Vec<u32>,
    pub batch_size: usize,
}

impl Feed {
    /// Begins to prepare batches; dropping the feed ends it.
    pub fn start(source: Source) -> Self {
        let (sender, batches) = mpsc::sync_channel(AHEAD);
        let (spare, returned) = mpsc::channel::<Vec<f32>>();
        thread::spawn(move || {
            for indices in source.order.chunks(source.batch_size) {
                let mut images = returned.try_recv().unwrap_or_default();
                source.fill(indices, &mut images);
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
        // A thread that has prepared its last batch wants no more buffers.
        let _ = self.spare.send(images);
    }
}

impl Source {
    fn fill(&self, indices: &[u32], images: &mut Vec<f32>) {
        let split = self.dataset.train();
        let length = split.shape().len();
        images.resize(indices.len() * length, 0.0);
        let mut scratch = vec![0.0; length];
        for (&index, image) in indices.iter().zip(images.chunks_exact_mut(length)) {
            split.image(index as usize, image);
            self.augmentation
                .apply(self.epoch, index, image, &mut scratch);
        }
    }
}
