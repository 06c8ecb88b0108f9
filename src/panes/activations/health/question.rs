//! How a network is after some of its epochs, on test images.

use std::sync::Arc;

use crate::analysis::health::{Health, Remark, health, remarks};
use crate::network::Model;
use crate::worker::{Network, NetworkDesk, Question, RunId, Tell, Weights};

/// Test images by which a network's health is told.
const IMAGES: usize = 256;

/// Of which network, after which epochs.
#[derive(Clone, Debug, PartialEq)]
pub struct HealthOf {
    pub weights: Weights,
    /// The run that they are of.
    pub run: Option<RunId>,
    /// Name of the loaded set on whose test images it is looked at.
    pub dataset: String,
    /// Epochs of the latest run; where it has no folder, or is another network's, only its weights in memory are looked at.
    pub epochs: Vec<usize>,
}

/// How a network is after one of its epochs.
#[derive(Clone, Debug, PartialEq)]
pub struct EpochHealth {
    pub epoch: usize,
    pub health: Health,
    /// What is wrong, in sentences.
    pub remarks: Vec<Remark>,
}

impl HealthOf {
    /// Whether both are of the same network, whatever their epochs.
    pub(super) fn is_same_network(&self, other: &Self) -> bool {
        (&self.weights, self.run, &self.dataset) == (&other.weights, other.run, &other.dataset)
    }
}

impl Question for HealthOf {
    /// One for each epoch.
    type Answer = EpochHealth;
    type Lane = Network;
    const PURPOSE: &'static str = "look at the network's health";

    /// Looks on a thread beside training: the latest epoch first, then the others in their order.
    fn find_out(self, desk: &mut NetworkDesk, tell: &Tell<Self>) -> Result<(), String> {
        let dataset = desk.library.set(&self.dataset)?;
        let split = dataset.test();
        let network = &self.weights.network;
        if (dataset.shape(), dataset.classes()) != (network.input, network.classes) {
            return Err(format!(
                "{} takes images of {} in {} classes, and {} has {} classes of {}",
                network.name,
                network.input,
                network.classes,
                dataset.name,
                dataset.classes(),
                dataset.shape()
            ));
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
                // An epoch whose weights are not there, as in runs of earlier versions, leaves a gap.
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

/// Positions of at most `count` images, evenly over all.
fn spread(images: usize, count: usize) -> Vec<u32> {
    let count = count.min(images);
    (0..count)
        .map(|number| (number * images / count) as u32)
        .collect()
}
