//! One training together with its run folder: what the training thread and the command line both drive, a batch a call.

use std::path::PathBuf;
use std::sync::Arc;

use rayon::ThreadPool;

use crate::analysis::ConfusionTable;
use crate::data::Dataset;
use crate::network::{CheckedNetwork, Model, NetworkProblem};
use crate::runs::{RunError, RunFolder, RunRecord};
use crate::training::{
    Best, Checkpoint, EpochFigures, EpochMetrics, Preset, Progress, StepReport, TrainError,
    Trainer, check_data,
};

/// What [`Session::start`] puts together.
pub struct Plan {
    pub preset: Preset,
    pub dataset: Arc<Dataset>,
    /// Folder in which the run folder is made; `None` keeps the run in memory.
    pub runs_folder: Option<PathBuf>,
    /// The threads to train with; see [`thread_pool`].
    pub pool: Arc<ThreadPool>,
}

/// A training under way, and what it wrote so far.
pub struct Session {
    preset: Preset,
    trainer: Trainer,
    folder: Option<RunFolder>,
    history: Vec<EpochMetrics>,
    /// How many epochs of the history are in the run folder.
    recorded: usize,
    /// What the latest epochs left to write, each kept until it is written.
    unsaved_best: Option<Checkpoint>,
    unsaved_table: Option<ConfusionTable>,
    /// Whether the weights were lost to numbers that are not finite.
    spoilt: bool,
}

/// What one call of [`Session::advance`] did.
#[derive(Debug)]
pub enum SessionEvent {
    /// Trained on one batch.
    Batch(StepReport),
    /// Measured one batch of the validation images.
    Validation,
    /// Finished an epoch.
    Epoch(Box<EpochEnd>),
}

/// An epoch's outcome.
#[derive(Debug)]
pub struct EpochEnd {
    pub metrics: EpochMetrics,
    /// Of the validation images.
    pub table: ConfusionTable,
    /// Of the run so far.
    pub best: Best,
    /// Whether the run folder holds this epoch now. After a failure nothing is lost: the session can go on, and the next save
    /// catches up.
    pub saved: Result<(), RunError>,
}

/// Why a session cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    #[error("{name}: {problem}")]
    Network {
        name: String,
        problem: NetworkProblem,
    },
    /// The preset asks for something that this program cannot do.
    #[error("{0}")]
    Unsupported(String),
    #[error("{0}")]
    Threads(String),
    #[error(transparent)]
    Training(#[from] TrainError),
    #[error(transparent)]
    Run(#[from] RunError),
}

impl Session {
    /// Starts from fresh weights. Everything that can be known to fail is checked before the run folder is made.
    ///
    /// # Errors
    /// A preset that cannot be trained, or not on this data, or a run folder that cannot be written; no folder is left then.
    pub fn start(plan: Plan) -> Result<Self, SessionError> {
        let Plan {
            preset,
            dataset,
            runs_folder,
            pool,
        } = plan;
        let network = check_preset(&preset)?;
        let model = Model::new(network, preset.seed);
        check_data(&model, &dataset)?;
        let folder = match runs_folder {
            None => None,
            Some(runs_folder) => {
                let threads = pool.current_num_threads();
                let record = RunRecord::now(preset.clone(), &dataset, threads);
                Some(RunFolder::create(&runs_folder, &record)?)
            }
        };
        let trainer = Trainer::new(model, dataset, preset.training.clone(), preset.seed, pool);
        Ok(Self {
            preset,
            trainer,
            folder,
            history: Vec::new(),
            recorded: 0,
            unsaved_best: None,
            unsaved_table: None,
            spoilt: false,
        })
    }

    /// Does one batch of work. At the end of an epoch it writes the run folder too.
    ///
    /// # Errors
    /// A loss that is not a finite number; the run folder then keeps what it has.
    pub fn advance(&mut self) -> Result<SessionEvent, SessionError> {
        let progress = self.trainer.advance();
        self.spoilt |= progress.is_err();
        Ok(match progress? {
            Progress::Step(report) => SessionEvent::Batch(report),
            Progress::Validation => SessionEvent::Validation,
            Progress::Epoch(figures) => SessionEvent::Epoch(Box::new(self.end_epoch(figures))),
        })
    }

    /// Writes what is not in the run folder yet, and where the training stands; without a run folder it does nothing. Weights
    /// that are not finite are never written over good ones.
    ///
    /// # Errors
    /// Where something cannot be written; it is kept, and the next call tries it again.
    pub fn save(&mut self) -> Result<(), RunError> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        for metrics in &self.history[self.recorded..] {
            folder.append(metrics)?;
            self.recorded += 1;
        }
        if let Some(best) = &self.unsaved_best {
            folder.save_best(&self.preset.name, best)?;
            self.unsaved_best = None;
        }
        if let Some(table) = &self.unsaved_table {
            folder.save_confusion(&table.to_csv(self.trainer.dataset().class_names()))?;
            self.unsaved_table = None;
        }
        if self.spoilt {
            return Ok(());
        }
        folder.save_last(&self.preset.name, &self.trainer.checkpoint())
    }

    /// Whether all planned epochs are done.
    pub fn is_finished(&self) -> bool {
        self.trainer.is_finished()
    }

    pub fn preset(&self) -> &Preset {
        &self.preset
    }

    pub fn trainer(&self) -> &Trainer {
        &self.trainer
    }

    /// The model as it stands, for looking at what it does; a forward pass needs it mutable.
    pub fn model_mut(&mut self) -> &mut Model {
        self.trainer.model_mut()
    }

    pub fn folder(&self) -> Option<&RunFolder> {
        self.folder.as_ref()
    }

    /// The epochs so far.
    pub fn history(&self) -> &[EpochMetrics] {
        &self.history
    }

    /// The best of the epochs so far.
    pub fn best(&self) -> Option<Best> {
        Best::of(&self.history)
    }

    fn end_epoch(&mut self, figures: EpochFigures) -> EpochEnd {
        let EpochFigures {
            metrics,
            predictions,
        } = figures;
        let dataset = self.trainer.dataset();
        let mut table = ConfusionTable::new(dataset.class_names().len());
        for (&truth, &predicted) in dataset.test().labels().iter().zip(&predictions) {
            table.add(usize::from(truth), usize::from(predicted));
        }
        self.history.push(metrics.clone());
        let best = Best::of(&self.history).expect("an epoch was just added");
        if self.folder.is_some() {
            self.unsaved_table = Some(table.clone());
            if best.val_accuracy_epoch == metrics.epoch {
                self.unsaved_best = Some(self.trainer.checkpoint());
            }
        }
        EpochEnd {
            metrics,
            table,
            best,
            saved: self.save(),
        }
    }
}

/// Says whether this program can train `preset`, and infers its network's shapes.
///
/// # Errors
/// A network that does not fit together, or something asked for that this program cannot do.
pub fn check_preset(preset: &Preset) -> Result<Arc<CheckedNetwork>, SessionError> {
    let network =
        CheckedNetwork::new(&preset.network()).map_err(|problem| SessionError::Network {
            name: preset.name.clone(),
            problem,
        })?;
    check_supported(preset)?;
    Ok(Arc::new(network))
}

/// Refuses what the preset format carries and the trainer cannot do yet, so that nothing is trained without it.
fn check_supported(preset: &Preset) -> Result<(), SessionError> {
    if preset.training.augment.is_some() {
        return Err(SessionError::Unsupported(format!(
            "{}: `training: augment:` asks for random changes to the training images, which this version cannot make; \
             take `augment:` out to train without them",
            preset.name
        )));
    }
    Ok(())
}

/// A pool of so many threads; `None` takes one for each processor that the program may use.
///
/// # Errors
/// Where the system does not give the threads.
pub fn thread_pool(threads: Option<usize>) -> Result<Arc<ThreadPool>, SessionError> {
    let threads = threads
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get));
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|index| format!("kernel-{index}"))
        .build()
        .map(Arc::new)
        .map_err(|error| {
            SessionError::Threads(format!(
                "{threads} threads: the system does not give them ({error}); ask for fewer"
            ))
        })
}
