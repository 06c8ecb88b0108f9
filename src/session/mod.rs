//! A run together with its run folder, driven by the training thread and the command line, one batch per call.

mod begin;
mod checks;
mod keeper;
mod predecessor;
mod recording;
mod resume;
mod steering;
mod testing;
mod trained;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::ThreadPool;
use tracing::debug;

use crate::analysis::ConfusionTable;
use crate::data::Dataset;
use crate::network::{Model, NetworkProblem};
use crate::runs::{RunError, RunFolder, RunLabel, RunRecord};
use crate::training::{
    Best, Checkpoint, EpochFigures, EpochMetrics, Expectation, FinalTest, Portion, Preset,
    Progress, Recipe, StepReport, TrainError, Trainer,
};

pub use begin::thread_pool;
pub use checks::{check_fit, check_preset};
use keeper::{Keeper, Unsaved};
pub use predecessor::Predecessor;
pub use resume::Resumption;
use testing::Testing;
pub use trained::Trained;

/// Time between checkpoints within a long epoch.
const BETWEEN_CHECKPOINTS: Duration = Duration::from_secs(60);

/// Finds the data set of a name or path in a preset.
pub type Find = Arc<dyn Fn(&str) -> Result<Arc<Dataset>, String> + Send + Sync>;

/// The inputs of [`Session::start`].
pub struct Plan {
    /// The network, the training settings and the seed.
    pub preset: Preset,
    /// The data to train and validate on.
    pub dataset: Arc<Dataset>,
    /// Folder in which the run folder is created; `None` keeps the run in memory.
    pub runs_folder: Option<PathBuf>,
    /// The threads to train with; see [`thread_pool`].
    pub pool: Arc<ThreadPool>,
    /// Finds the sets that the preset names for pretraining and in its plan.
    pub find: Find,
    /// The run whose weights unchanged layers keep; they take precedence over those of the preset's `transfer:`.
    pub predecessor: Option<Predecessor>,
    /// The user's name and note for the run.
    pub label: RunLabel,
}

/// A run in progress, with its run folder.
pub struct Session {
    preset: Preset,
    /// The recipe as last requested by the user, without changes by the plan.
    asked: Recipe,
    trainer: Trainer,
    keeper: Option<Keeper>,
    history: Vec<EpochMetrics>,
    /// The epochs that each layer's weights had been trained for when this run started.
    trained_before: Vec<usize>,
    /// The weights of the epoch with the highest validation accuracy of the latest stretch.
    best_weights: Option<Arc<Checkpoint>>,
    testing: Testing,
    following: Option<Second>,
    notes: Vec<String>,
    runs_folder: Option<PathBuf>,
    find: Find,
    last_checkpoint: Instant,
    /// Whether a checkpoint waits for the previous one to be written.
    checkpoint_due: bool,
}

/// The run that follows pretraining.
struct Second {
    preset: Preset,
    dataset: Arc<Dataset>,
}

/// The result of one call of [`Session::advance`].
#[derive(Debug)]
pub enum SessionEvent {
    /// Trained on one batch.
    Batch(StepReport),
    /// Evaluated one batch of images.
    Measured,
    /// Finished an epoch.
    Epoch(Box<EpochEnd>),
    /// Evaluated the last images of the test set, once, at the end.
    Tested(FinalTest),
    /// The run folder could not be written. Nothing was trained and nothing is lost: [`Session::save`] tries again.
    NotSaved(RunError),
}

/// The results of an epoch.
#[derive(Debug)]
pub struct EpochEnd {
    /// Its figures, as `metrics.jsonl` has them.
    pub metrics: EpochMetrics,
    /// The confusion matrix of the validation images.
    pub table: ConfusionTable,
    /// The portion of the set used for validation.
    pub portion: Portion,
    /// The set of these images.
    pub dataset: Arc<Dataset>,
}

/// Why a session cannot start or continue.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each message describes its variant")]
pub enum SessionError {
    #[error("{name}: {problem}")]
    Network {
        name: String,
        problem: NetworkProblem,
    },
    /// The preset asks for something unsupported.
    #[error("{0}")]
    Preset(String),
    /// The run does not match the data or settings to continue with.
    #[error("{0}")]
    Resume(String),
    #[error("{0}")]
    Memory(String),
    #[error("{0}")]
    Threads(String),
    #[error(transparent)]
    Training(#[from] TrainError),
    #[error(transparent)]
    Run(#[from] RunError),
}

impl Session {
    /// Does one batch of work. The run folder is written on another thread.
    ///
    /// # Errors
    /// If the loss is not finite. Model and run folder then have the weights of the end of the last epoch again; the session can
    /// continue, preferably with a smaller learning rate.
    pub fn advance(&mut self) -> Result<SessionEvent, SessionError> {
        if let Err(error) = self.write_beside() {
            return Ok(SessionEvent::NotSaved(error));
        }
        if self.trainer.is_finished() {
            return Ok(self.test_batch());
        }
        match self.trainer.advance() {
            Ok(Progress::Step(report)) => {
                if self.last_checkpoint.elapsed() >= BETWEEN_CHECKPOINTS {
                    self.checkpoint_due = true;
                }
                Ok(SessionEvent::Batch(report))
            }
            Ok(Progress::Validation) => Ok(SessionEvent::Measured),
            Ok(Progress::Epoch(figures)) => {
                Ok(SessionEvent::Epoch(Box::new(self.end_epoch(figures))))
            }
            Err(error) => {
                self.checkpoint_due = true;
                Err(error.into())
            }
        }
    }

    /// Writes unsaved data and the current state to the run folder; without a run folder it does nothing.
    ///
    /// # Errors
    /// If something cannot be written; it is kept, and the next call tries again.
    pub fn save(&mut self) -> Result<(), RunError> {
        let Some(keeper) = &mut self.keeper else {
            return Ok(());
        };
        keeper.add(Unsaved {
            last: Some(self.trainer.checkpoint()),
            ..Unsaved::default()
        });
        self.checkpoint_due = false;
        keeper.write_now()
    }

    /// Acquires the right to write in the run folder, if there is one and the session does not hold it because it was
    /// [opened](Self::open) or [released](Self::release).
    ///
    /// # Errors
    /// If another process is training the run, or has trained it since it was read, or the folder cannot be written.
    pub fn claim(&mut self) -> Result<(), RunError> {
        self.keeper
            .as_mut()
            .map_or(Ok(()), |keeper| keeper.claim().map(drop))
    }

    /// Releases the right to write in the run folder, until this session writes in it again.
    pub fn release(&mut self) {
        if let Some(keeper) = &mut self.keeper {
            keeper.release();
        }
    }

    /// Whether all planned epochs are done, or early stopping ended the run, and the final test is done.
    pub fn is_finished(&self) -> bool {
        self.trainer.is_finished() && !self.is_to_be_tested()
    }

    /// The preset being trained, with changes by the command line or the screen.
    pub fn preset(&self) -> &Preset {
        &self.preset
    }

    /// The published figures that this run can be compared with; a run without a run folder has none.
    pub fn published(&self) -> Option<Expectation> {
        let has_plan = !self.preset.training.plan.is_empty();
        let is_undisturbed = has_plan || self.history.iter().all(|epoch| epoch.changes.is_empty());
        let keeper = self.keeper.as_ref().filter(|_| is_undisturbed)?;
        keeper.record().published()
    }

    /// The recipe as last requested by the user.
    pub fn asked(&self) -> &Recipe {
        &self.asked
    }

    /// The preset and the data of the run that follows, if this one is pretraining.
    pub fn following(&self) -> Option<(&Preset, &Arc<Dataset>)> {
        let second = self.following.as_ref()?;
        Some((&second.preset, &second.dataset))
    }

    /// The trainer, to inspect its progress.
    pub fn trainer(&self) -> &Trainer {
        &self.trainer
    }

    /// The model that validation measures, to inspect it; a forward pass needs it mutable.
    pub fn model_mut(&mut self) -> &mut Model {
        self.trainer.evaluated_mut()
    }

    /// The run folder; `None` if the run is kept in memory.
    pub fn folder(&self) -> Option<&RunFolder> {
        self.keeper.as_ref().map(Keeper::folder)
    }

    /// The run's record.
    pub fn record(&self) -> Option<&RunRecord> {
        self.keeper.as_ref().map(Keeper::record)
    }

    /// The epochs so far.
    pub fn history(&self) -> &[EpochMetrics] {
        &self.history
    }

    /// The best of the latest stretch so far.
    pub fn best(&self) -> Option<Best> {
        Best::of(&self.history)
    }

    /// The best epoch's weights, unless they were trained on other data than those in use: then there is no such epoch yet.
    fn best_on_data_in_use(&self) -> Option<&Arc<Checkpoint>> {
        let identity = self.trainer.dataset().identity();
        self.best_weights.as_ref().filter(|best| {
            let known = best.position.trained_on.as_ref();
            known.is_none_or(|known| known.sha256 == identity)
        })
    }

    /// Preset, requested recipe and set of the run that follows, if this one is pretraining, else of this one.
    pub fn aim(&self) -> (&Preset, &Recipe, &Arc<Dataset>) {
        match self.following() {
            Some((preset, dataset)) => (preset, &preset.training, dataset),
            None => (&self.preset, &self.asked, self.trainer.dataset()),
        }
    }

    /// Notes for the user about how it started, in sentences.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The epochs that each layer's weights had been trained for when this run started.
    pub fn trained_before(&self) -> &[usize] {
        &self.trained_before
    }

    fn end_epoch(&mut self, figures: EpochFigures) -> EpochEnd {
        let EpochFigures {
            metrics,
            predictions,
            labels,
            dataset,
        } = figures;
        let class_names = dataset.class_names();
        let mut table = ConfusionTable::new(class_names.len());
        for (&truth, &predicted) in labels.iter().zip(&predictions) {
            table.add(usize::from(truth), usize::from(predicted));
        }
        let csv = table.to_csv(class_names);
        let is_last = self.trainer.is_finished();
        debug!(
            epoch = metrics.epoch,
            seconds = metrics.seconds,
            is_last,
            "an epoch ends"
        );
        self.record_stretch(&metrics, &dataset);
        self.history.push(metrics.clone());
        let best = Best::of(&self.history);
        let is_best = best.is_some_and(|best| best.val_accuracy_epoch == metrics.epoch);
        let weights = (is_best || self.keeper.is_some())
            .then(|| Arc::new(self.trainer.evaluated_checkpoint()));
        if is_best {
            self.best_weights.clone_from(&weights);
        }
        if let Some(keeper) = &mut self.keeper {
            keeper.add(Unsaved {
                epochs: vec![metrics.clone()],
                best: self.best_weights.clone().filter(|_| is_best),
                weights: weights.into_iter().collect(),
                table: Some(csv),
                ..Unsaved::default()
            });
        }
        // Data planned for the epoch that begins.
        self.record_new_data();
        self.checkpoint_due = true;
        EpochEnd {
            metrics,
            table,
            portion: self.validates_on(),
            dataset,
        }
    }

    /// Writes the run folder on its thread, with the current state if that is due: a checkpoint costs a copy of all weights, so one is
    /// made only when it can be written immediately.
    fn write_beside(&mut self) -> Result<(), RunError> {
        let Some(keeper) = &mut self.keeper else {
            return Ok(());
        };
        if self.checkpoint_due && !keeper.is_busy()? {
            keeper.add(Unsaved {
                last: Some(self.trainer.checkpoint()),
                ..Unsaved::default()
            });
            self.checkpoint_due = false;
            self.last_checkpoint = Instant::now();
        }
        keeper.write_beside()
    }
}
