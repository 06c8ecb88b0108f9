//! The test set, measured once at the end of a run that was validated on a part of its training images.

use super::{Session, SessionEvent, Unsaved};
use crate::network::Model;
use crate::training::{Evaluation, FinalTest, Validation};

/// How far the measurement is.
#[derive(Default)]
pub(super) struct Testing {
    under_way: Option<(Model, Evaluation)>,
    /// The figures since the training was last at its end.
    pub done: Option<FinalTest>,
    /// The latest figures, be they out of date.
    latest: Option<FinalTest>,
}

impl Testing {
    /// What an earlier measurement left; it counts as that of the end only where the training is `finished`.
    pub fn after(test: Option<FinalTest>, finished: bool) -> Self {
        Self {
            under_way: None,
            latest: test,
            done: test.filter(|_| finished),
        }
    }
}

impl Session {
    /// The test set's figures with the best epoch's weights, once they are measured.
    pub fn test(&self) -> Option<FinalTest> {
        self.testing.done
    }

    pub(super) fn is_to_be_tested(&self) -> bool {
        let held_out = matches!(self.trainer.recipe().validation, Validation::Split(_));
        held_out && self.testing.done.is_none()
    }

    /// Measures one batch of test images with the best epoch's weights.
    pub(super) fn test_batch(&mut self) -> SessionEvent {
        if !self.is_to_be_tested() {
            return SessionEvent::Measured;
        }
        let dataset = self.trainer.dataset().clone();
        let (mut model, mut evaluation) = self.testing.under_way.take().unwrap_or_else(|| {
            let objective = self.trainer.recipe().objective();
            let evaluation = Evaluation::new(objective, dataset.test().len());
            (self.best_model(), evaluation)
        });
        let pool = self.trainer.pool().clone();
        pool.install(|| evaluation.advance(&mut model, dataset.test()));
        if !evaluation.is_finished() {
            self.testing.under_way = Some((model, evaluation));
            return SessionEvent::Measured;
        }
        let stretch = self.trainer.stretch();
        let before = self.testing.latest.filter(|test| test.stretch == stretch);
        let test = FinalTest {
            epoch: self.best().map_or(0, |best| best.val_accuracy_epoch),
            loss: evaluation.loss(),
            accuracy: evaluation.accuracy(),
            times: 1 + before.map_or(0, |test| test.times),
            stretch,
        };
        self.testing.done = Some(test);
        self.testing.latest = Some(test);
        if let Some(keeper) = &mut self.keeper {
            keeper.add(Unsaved {
                test: Some(test),
                ..Unsaved::default()
            });
        }
        SessionEvent::Tested(test)
    }

    /// A model with the best epoch's weights; the weights as they are, before the first epoch's end on the data in use.
    fn best_model(&self) -> Model {
        let mut model = self.trainer.evaluated().clone();
        if let Some(best) = self.best_on_data_in_use() {
            model
                .import(&best.weights)
                .expect("the best epoch's weights are this model's own");
        }
        model
    }
}
