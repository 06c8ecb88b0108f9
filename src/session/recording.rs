//! Updates of `run.yaml` while a session runs: how it continues, and what its epochs were measured on.

use std::sync::Arc;

use super::Session;
use super::begin::part_in_use;
use crate::data::Dataset;
use crate::runs::{Continuation, DataIdentity, Stretch};
use crate::training::EpochMetrics;

impl Session {
    /// Records a new total of epochs, recipe or data, from now on.
    pub(super) fn record_continuation(&mut self) {
        let continuation = Continuation {
            after_epoch: self.trainer.epochs_done(),
            epochs: self.trainer.planned_epochs(),
            data: DataIdentity::of(self.trainer.dataset()),
            recipe: Some(self.asked.clone()),
        };
        if let Some(keeper) = &mut self.keeper {
            let training_images = part_in_use(&self.trainer);
            keeper.change_record(|record| {
                record.training_images = training_images;
                let is_new = continuation.recipe.as_ref() != Some(record.latest_recipe());
                let recipe = continuation.recipe.filter(|_| is_new);
                record.continued.push(Continuation {
                    recipe,
                    ..continuation
                });
            });
        }
    }

    /// Records the data in use if they differ from the record, whether changed by hand or as planned.
    pub(super) fn record_new_data(&mut self) {
        let dataset = self.trainer.dataset();
        let known = self.keeper.as_ref().map(|keeper| keeper.record());
        if known.is_some_and(|record| record.latest_data().sha256 != dataset.identity()) {
            self.record_continuation();
        }
    }

    /// Records what an epoch was measured on, if that changed since the previous one.
    pub(super) fn record_stretch(&mut self, metrics: &EpochMetrics, dataset: &Arc<Dataset>) {
        let Some(keeper) = &mut self.keeper else {
            return;
        };
        let before = self.history.last().map_or(1, |before| before.stretch);
        let record = keeper.record();
        let is_as_said = metrics.stretch == before
            && (!self.history.is_empty() || record.data.sha256 == dataset.identity());
        if is_as_said {
            return;
        }
        let stretch = Stretch {
            from_epoch: metrics.epoch,
            data: DataIdentity::of(dataset),
            validation: self.trainer.recipe().validation,
        };
        keeper.change_record(|record| record.stretches.push(stretch));
    }
}
