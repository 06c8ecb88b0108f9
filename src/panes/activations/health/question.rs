//! The health of a network after some of its epochs, on test images.

use std::sync::Arc;

use crate::analysis::health::{Health, Remark, health, remarks};
use crate::network::{Model, set_misfit};
use crate::worker::{Network, NetworkDesk, Question, RunId, Tell, Weights};

/// How many test images the health is computed on.
const IMAGES: usize = 256;

/// Asks for the health of a network after these epochs.
#[derive(Clone, Debug, PartialEq)]
pub struct HealthOf {
    pub weights: Weights,
    /// The run of the weights.
    pub run: Option<RunId>,
    /// Name of the loaded set whose test images are used.
    pub dataset: String,
    /// Epochs of the latest run; if it has no folder, or is another network's, only the weights in memory are used.
    pub epochs: Vec<usize>,
}

/// The health of a network after one epoch.
#[derive(Clone, Debug, PartialEq)]
pub struct EpochHealth {
    pub epoch: usize,
    pub health: Health,
    /// The problems, in sentences.
    pub remarks: Vec<Remark>,
}

impl HealthOf {
    /// Whether both are of the same network, regardless of epochs.
    pub(super) fn is_same_network(&self, other: &Self) -> bool {
        (&self.weights, self.run, &self.dataset) == (&other.weights, other.run, &other.dataset)
    }
}

impl Question for HealthOf {
    /// One answer per epoch.
    type Answer = EpochHealth;
    type Lane = Network;
    const PURPOSE: &'static str = "compute the network's health";

    /// Runs on a thread beside training: the latest epoch first, then the others in order.
    fn find_out(self, desk: &mut NetworkDesk, tell: &Tell<Self>) -> Result<(), String> {
        let dataset = desk.library.set(&self.dataset)?;
        let split = dataset.test();
        let network = &self.weights.network;
        let takes = (network.input, network.classes);
        let has = (dataset.shape(), dataset.classes());
        if let Some(misfit) = set_misfit(&network.name, takes, &dataset.name, has) {
            return Err(misfit);
        }
        let chosen = spread(split.len(), IMAGES);
        let mut images = vec![0.0; chosen.len() * dataset.shape().len()];
        split.gather(&chosen, &mut images);
        let mut labels = vec![0; chosen.len()];
        split.gather_labels(&chosen, &mut labels);

        let folder = desk.folder_of(network);
        let (mut model, latest) = desk.copy_at(&self.weights, network.layers.len())?;
        let pool = Arc::clone(&desk.pool);
        tell.beside(move |tell| {
            let look = |epoch: usize, model: &mut Model| {
                let health = pool.install(|| health(model, &images, &labels));
                let remarks = remarks(model.network(), &health);
                tell.tell(EpochHealth {
                    epoch,
                    health,
                    remarks,
                });
            };
            if self.epochs.contains(&latest) || folder.is_none() {
                look(latest, &mut model);
            }
            let Some(folder) = folder else { return Ok(()) };
            for epoch in self.epochs.iter().filter(|epoch| **epoch != latest) {
                if !tell.is_wanted() {
                    return Ok(());
                }
                // An epoch without saved weights, as in runs of earlier versions, leaves a gap.
                if let Ok((weights, _)) = folder.epoch_weights(*epoch)
                    && model.import(&weights).is_ok()
                {
                    look(*epoch, &mut model);
                }
            }
            Ok(())
        });
        Ok(())
    }
}

/// Positions of at most `count` images, evenly spaced.
fn spread(images: usize, count: usize) -> Vec<u32> {
    let count = count.min(images);
    (0..count)
        .map(|number| (number * images / count) as u32)
        .collect()
}
