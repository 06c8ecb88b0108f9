//! Training one trial, in the process that does it.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rayon::ThreadPool;
use serde::{Deserialize, Serialize};

use super::error::SweepError;
use super::folder::{Outcome, SweepFolder, run_name};
use super::state::{Stand, TrialState, latest, remove_unbegun};
use super::trials::Trial;
use crate::data::{self, Dataset};
use crate::runs::{Claim, RunError, RunLabel, RunNotes};
use crate::session::{Find, Plan, Resumption, Session, SessionError, SessionEvent, thread_pool};
use crate::training::{EpochMetrics, Preset};

/// How long a trial that another process trains is waited for: one that was told to stop needs a moment to save.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks at what no event tells.
const TICK: Duration = Duration::from_millis(100);
/// Between attempts to write a run folder.
const BETWEEN_ATTEMPTS: Duration = Duration::from_secs(2);

/// Hears of every epoch.
pub type Tell<'a> = dyn FnMut(&EpochMetrics) + Send + 'a;

/// A trial to train, and how far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Its number.
    pub trial: usize,
    /// Epochs after which it pauses; `None` trains it to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<usize>,
}

/// How the work on a task ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// As far as it was to go.
    Done,
    /// The trial cannot be trained to its end; that is recorded.
    Failed(String),
    /// It was asked to stop; the run is saved.
    Stopped,
    /// Something else than the trial is in the way, in a sentence.
    Hindered(String),
}

/// What trains trials in this process: its threads, and the data sets that it has read.
pub struct Workplace {
    folder: SweepFolder,
    base: Preset,
    trials: Vec<Trial>,
    pool: Arc<ThreadPool>,
    sets: Arc<Mutex<HashMap<Option<String>, Arc<Dataset>>>>,
}

impl Workplace {
    /// For the trials of a sweep, with so many threads.
    ///
    /// # Errors
    /// If the sweep cannot be read, or the threads cannot be started.
    pub fn new(folder: SweepFolder, threads: Option<usize>) -> Result<Self, SweepError> {
        Ok(Self {
            base: folder.base()?,
            trials: folder.trials()?,
            pool: thread_pool(threads).map_err(|error| SweepError::File(error.to_string()))?,
            sets: Arc::default(),
            folder,
        })
    }

    /// Trains a trial as far as the task says, resuming its run if there is one, and returns how that ended and its run folder. Only one
    /// process at a time trains a trial.
    pub fn train(
        &self,
        task: Task,
        stop: &AtomicBool,
        tell: &mut Tell<'_>,
    ) -> (Ended, Option<PathBuf>) {
        let mut run = None;
        (self.train_into(task, stop, tell, &mut run), run)
    }

    fn train_into(
        &self,
        task: Task,
        stop: &AtomicBool,
        tell: &mut Tell<'_>,
        run: &mut Option<PathBuf>,
    ) -> Ended {
        let Some(trial) = task.trial.checked_sub(1).and_then(|at| self.trials.get(at)) else {
            return Ended::Hindered(format!(
                "{}: there is no trial {}; they are numbered from 1 to {}",
                self.folder.path().display(),
                task.trial,
                self.trials.len()
            ));
        };
        let hindered = |error: SweepError| Ended::Hindered(error.to_string());
        let (_claim, is_first) = match self.claim(trial, stop) {
            Ok(Some(claim)) => claim,
            Ok(None) => return Ended::Stopped,
            Err(error) => return hindered(error),
        };
        let trained = self
            .runs_to_resume(trial, is_first)
            .and_then(|runs| self.train_claimed(trial, task.until, &runs, stop, tell, run));
        match trained {
            Ok(ended) => ended,
            Err(Problem::Hindered(reason)) => Ended::Hindered(reason),
            Err(Problem::Failed(reason)) => {
                let outcome = Outcome::Failed(reason.clone());
                match self.folder.set_outcome(trial.number, Some(&outcome)) {
                    Ok(()) => Ended::Failed(reason),
                    Err(error) => hindered(error),
                }
            }
        }
    }

    /// The first trial's preset and data.
    ///
    /// # Errors
    /// If there is none, or its data cannot be read; in a sentence.
    pub(super) fn first(&self) -> Result<(Preset, Arc<Dataset>), String> {
        let first = self.trials.first().ok_or("there are no trials")?;
        let preset = first.preset(&self.base)?;
        let dataset = self.set(preset.data.as_deref())?;
        Ok((preset, dataset))
    }

    /// Claims the trial, and tells whether no process ever did before; `None` if it was asked to stop meanwhile.
    fn claim(&self, trial: &Trial, stop: &AtomicBool) -> Result<Option<(Claim, bool)>, SweepError> {
        let path = self.folder.trial(trial.number);
        fs::create_dir_all(&path).map_err(SweepError::not_written(&path))?;
        let began = Instant::now();
        loop {
            let claim = match Claim::take_first(&path) {
                Ok(None) => Claim::take(&path).map(|claim| (claim, false)),
                Ok(Some(claim)) => Ok((claim, true)),
                Err(error) => Err(error),
            };
            match claim {
                Err(RunError::Taken { path, by }) if began.elapsed() > PATIENCE => {
                    return Err(SweepError::Taken {
                        path,
                        by: by.to_string(),
                    });
                }
                Err(RunError::Taken { .. }) if stop.load(Ordering::Relaxed) => return Ok(None),
                Err(RunError::Taken { .. }) => thread::sleep(TICK),
                claim => return claim.map(Some).map_err(Into::into),
            }
        }
    }

    fn runs_to_resume(&self, trial: &Trial, is_first: bool) -> Result<Vec<PathBuf>, Problem> {
        if is_first {
            return Ok(Vec::new());
        }
        let mut runs = self.folder.runs_by_trial()?;
        let mut runs = runs.remove(&trial.number).unwrap_or_default();
        remove_unbegun(&mut runs)?;
        Ok(runs)
    }

    fn train_claimed(
        &self,
        trial: &Trial,
        until: Option<usize>,
        runs: &[PathBuf],
        stop: &AtomicBool,
        tell: &mut Tell<'_>,
        run: &mut Option<PathBuf>,
    ) -> Result<Ended, Problem> {
        let state = TrialState::read(&self.folder, trial, runs)?;
        run.clone_from(&state.run);
        match state.stand {
            Stand::Failed { reason } => return Ok(Ended::Failed(reason)),
            Stand::Finished => return Ok(Ended::Done),
            Stand::Waiting | Stand::Training | Stand::Stopped => {}
        }
        let mut session = match latest(runs) {
            Some(run) => self.resume(&run)?,
            None => self.start(trial)?,
        };
        loop {
            *run = session.folder().map(|folder| folder.path().to_owned());
            let pool = Arc::clone(&self.pool);
            let paused = pool.install(|| advance(&mut session, until, stop, tell))?;
            match paused {
                Paused::Stopped => return Ok(Ended::Stopped),
                Paused::Far => return Ok(Ended::Done),
                Paused::Finished => {}
            }
            let done = session.history().len();
            match session.follow_up()? {
                Some(second) => session = second,
                None if done < trial.epochs => {
                    let early = Outcome::EndedEarly(done);
                    self.folder.set_outcome(trial.number, Some(&early))?;
                    return Ok(Ended::Done);
                }
                None => return Ok(Ended::Done),
            }
        }
    }

    fn start(&self, trial: &Trial) -> Result<Session, Problem> {
        let preset = trial.preset(&self.base).map_err(Problem::Failed)?;
        let plan = Plan {
            dataset: self
                .set(preset.data.as_deref())
                .map_err(Problem::Hindered)?,
            preset,
            runs_folder: Some(self.folder.runs()),
            pool: Arc::clone(&self.pool),
            find: self.find(),
            predecessor: None,
            label: RunLabel {
                name: run_name(trial.number),
                notes: RunNotes {
                    note: trial.in_words(),
                    ..RunNotes::default()
                },
            },
        };
        Ok(Session::start(plan)?)
    }

    fn resume(&self, run: &crate::runs::RunFolder) -> Result<Session, Problem> {
        let record = run.record()?;
        let data = run.data_in_use(&record)?;
        let data = data.opened_by(&record.preset).to_owned();
        Ok(Session::resume(Resumption {
            folder: run.path().to_owned(),
            dataset: self.set(Some(&data)).map_err(Problem::Hindered)?,
            pool: Arc::clone(&self.pool),
            find: self.find(),
        })?)
    }

    /// A data set, read once for all trials of this process.
    fn set(&self, name: Option<&str>) -> Result<Arc<Dataset>, String> {
        read_once(&self.sets, name)
    }

    fn find(&self) -> Find {
        let sets = Arc::clone(&self.sets);
        Arc::new(move |name| read_once(&sets, Some(name)))
    }
}

fn read_once(
    sets: &Mutex<HashMap<Option<String>, Arc<Dataset>>>,
    name: Option<&str>,
) -> Result<Arc<Dataset>, String> {
    let mut sets = sets.lock().unwrap_or_else(PoisonError::into_inner);
    let name = name.map(str::to_owned);
    if let Some(set) = sets.get(&name) {
        return Ok(Arc::clone(set));
    }
    let set = data::load(name.as_deref()).map_err(|error| error.to_string())?;
    let set = Arc::new(set);
    sets.insert(name, Arc::clone(&set));
    Ok(set)
}

/// Why a trial is not trained: because of itself, or because of what is around it.
enum Problem {
    Failed(String),
    Hindered(String),
}

impl From<SessionError> for Problem {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Threads(_) | SessionError::Run(_) => Self::Hindered(error.to_string()),
            error => Self::Failed(error.to_string()),
        }
    }
}

impl From<SweepError> for Problem {
    fn from(error: SweepError) -> Self {
        Self::Hindered(error.to_string())
    }
}

impl From<RunError> for Problem {
    fn from(error: RunError) -> Self {
        Self::Hindered(error.to_string())
    }
}

/// Why training paused; the run is saved.
enum Paused {
    Finished,
    Far,
    Stopped,
}

/// Trains to the end of the session, to `until` epochs, or until it is to stop.
fn advance(
    session: &mut Session,
    until: Option<usize>,
    stop: &AtomicBool,
    tell: &mut Tell<'_>,
) -> Result<Paused, Problem> {
    let paused = loop {
        if session.is_finished() {
            break Paused::Finished;
        }
        if stop.load(Ordering::Relaxed) {
            break Paused::Stopped;
        }
        // The epochs of pretraining do not count.
        let is_own = session.following().is_none();
        if is_own && until.is_some_and(|until| session.history().len() >= until) {
            break Paused::Far;
        }
        match session.advance() {
            Ok(SessionEvent::Epoch(end)) => tell(&end.metrics),
            Ok(SessionEvent::Batch(_) | SessionEvent::Measured | SessionEvent::Tested(_)) => {}
            Ok(SessionEvent::NotSaved(error)) => wait(session, stop, error)?,
            Err(error) => {
                // What stopped training matters more than a failure to save.
                let _ = session.save();
                return Err(error.into());
            }
        }
    };
    if let Err(error) = session.save() {
        wait(session, stop, error)?;
    }
    Ok(paused)
}

/// Retries writing until it succeeds, or until the process is to stop.
fn wait(session: &mut Session, stop: &AtomicBool, error: RunError) -> Result<(), Problem> {
    loop {
        let tried = Instant::now();
        while tried.elapsed() < BETWEEN_ATTEMPTS {
            if stop.load(Ordering::Relaxed) {
                return Err(error.into());
            }
            thread::sleep(TICK);
        }
        if session.save().is_ok() {
            return Ok(());
        }
    }
}
