//! The test set of a run that validates on other images: measured once at the end, and on request.

use super::{Session, SessionError, SessionEvent, Unsaved};
use crate::analysis::PredictionPass;
use crate::network::Model;
use crate::runs::{Occasion, TestRecord};
use crate::training::{Evaluation, FinalTest, Portion};

/// The progress of the measurement.
#[derive(Default)]
pub(super) struct Testing {
    under_way: Option<(Model, Evaluation)>,
    /// The figures since the run last ended.
    pub done: Option<FinalTest>,
    /// The stretch of each measurement.
    stretches: Vec<usize>,
}

impl Testing {
    /// Restores earlier measurements; the latest counts as that at the end only if the run is `finished`.
    pub fn after(test: Option<FinalTest>, known: &[TestRecord], finished: bool) -> Self {
        let mut testing = Self {
            under_way: None,
            done: test.filter(|_| finished),
            stretches: known.iter().map(|test| test.stretch).collect(),
        };
        if let Some(test) = test {
            // Earlier versions recorded none of them.
            let unknown = test.times.saturating_sub(testing.times(test.stretch));
            let unknown = std::iter::repeat_n(test.stretch, unknown);
            testing.stretches.extend(unknown);
        }
        testing
    }

    /// How often the test set of this stretch was measured.
    fn times(&self, stretch: usize) -> usize {
        self.stretches.iter().filter(|one| **one == stretch).count()
    }
}

impl Session {
    /// The test set's figures with the best epoch's weights, once they are measured.
    pub fn test(&self) -> Option<FinalTest> {
        self.testing.done
    }

    pub(super) fn is_to_be_tested(&self) -> bool {
        self.validates_on() != Portion::Test && self.testing.done.is_none()
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
        let best = self.best();
        let epoch = best.map_or(self.history.len(), |best| best.val_accuracy_epoch);
        let (loss, accuracy) = (evaluation.loss(), evaluation.accuracy());
        self.record_test(Occasion::End, epoch, (loss, accuracy));
        let test = FinalTest {
            epoch,
            loss,
            accuracy,
            times: self.testing.times(stretch),
            stretch,
        };
        self.testing.done = Some(test);
        if let Some(keeper) = &mut self.keeper {
            keeper.add(Unsaved {
                test: Some(test),
                ..Unsaved::default()
            });
        }
        SessionEvent::Tested(test)
    }

    /// The portion used for validation.
    pub fn validates_on(&self) -> Portion {
        self.trainer.recipe().validation.portion()
    }

    /// Predicts the whole test set on request, with the weights that validation measures, and records it, because the test set is then no
    /// longer unseen.
    ///
    /// # Errors
    /// If another process is training the run, or its folder cannot be written; nothing is measured then.
    pub fn look_at_test(&mut self) -> Result<PredictionPass, SessionError> {
        self.claim()?;
        let dataset = self.trainer.dataset().clone();
        let objective = self.trainer.recipe().objective();
        let pool = self.trainer.pool().clone();
        let model = self.trainer.evaluated_mut();
        let mut pass = PredictionPass::new(objective, model, dataset.test());
        pool.install(|| {
            while !pass.is_finished() {
                pass.advance(model, dataset.test());
            }
        });
        let table = pass.predictions().confusion();
        let figures = (
            pass.predictions().loss(),
            table.accuracy().unwrap_or_default(),
        );
        self.record_test(Occasion::Asked, self.history.len(), figures);
        Ok(pass)
    }

    /// Records a measurement of the test set.
    fn record_test(&mut self, occasion: Occasion, epoch: usize, figures: (f64, f64)) {
        let stretch = self.trainer.stretch();
        self.testing.stretches.push(stretch);
        if let Some(keeper) = &mut self.keeper {
            let dataset = self.trainer.dataset();
            let test = TestRecord::now(occasion, epoch, (stretch, dataset), figures);
            keeper.change_record(|record| record.tests.push(test));
        }
    }

    /// A model with the best epoch's weights, or the current weights before the first epoch on the data in use is done.
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
