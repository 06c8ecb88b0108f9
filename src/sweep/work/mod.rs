//! Training one trial, in the process that does it.

mod advance;

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rayon::ThreadPool;
use serde::{Deserialize, Serialize};

use advance::{Paused, Problem, advance};

use crate::data::{self, Dataset, Progress};
use crate::runs::{Before, Claim, RunError, RunLabel, RunNotes};
use crate::session::{Find, Plan, Resumption, Session, check_fit, thread_pool};
use crate::sweep::error::SweepError;
use crate::sweep::folder::{Outcome, SweepFolder};
use crate::sweep::runs::{latest, remove_unbegun, run_name};
use crate::sweep::state::{Stand, TrialState};
use crate::sweep::trials::Trial;
use crate::training::{EpochMetrics, Preset};

/// How long a trial that another process trains is waited for: one that was told to stop needs a moment to save.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often the process of a trial may be lost after the same epoch before the trial counts as failed.
pub(in crate::sweep) const MOST_LOSSES: usize = 3;
/// For work that whoever asked for it stops by ending the process.
static NEVER: AtomicBool = AtomicBool::new(false);
/// Between two looks at what no event tells.
const TICK: Duration = Duration::from_millis(100);

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

    /// The same with threads of its own, and the data that are read for either.
    ///
    /// # Errors
    /// If the threads cannot be started.
    pub fn beside(&self) -> Result<Self, SweepError> {
        let threads = Some(self.pool.current_num_threads());
        Ok(Self {
            folder: self.folder.clone(),
            base: self.base.clone(),
            trials: self.trials.clone(),
            pool: thread_pool(threads).map_err(|error| SweepError::File(error.to_string()))?,
            sets: Arc::clone(&self.sets),
        })
    }

    /// The sweep's folder.
    pub fn folder(&self) -> &SweepFolder {
        &self.folder
    }

    /// Trains a trial as far as the task says, resuming its run if there is one, and returns how that ended and its run folder. Only one
    /// process at a time trains a trial; one that is about to end is waited for.
    pub fn train(
        &self,
        task: Task,
        stop: &AtomicBool,
        tell: &mut Tell<'_>,
    ) -> (Ended, Option<PathBuf>) {
        let Some(trial) = task.trial.checked_sub(1).and_then(|at| self.trials.get(at)) else {
            let reason = format!(
                "{}: there is no trial {}; they are numbered from 1 to {}",
                self.folder.path().display(),
                task.trial,
                self.trials.len()
            );
            return (Ended::Hindered(reason), None);
        };
        match self.claim(trial, stop) {
            Ok(Some(claim)) => self.train_claimed(&claim, trial, task.until, stop, tell),
            Ok(None) => (Ended::Stopped, None),
            Err(error) => (Ended::Hindered(error.to_string()), None),
        }
    }

    /// How far a trial with this latest run folder is; `None` if that cannot be read, or not be written as JSON, which has no infinity.
    pub(in crate::sweep) fn state(&self, trial: usize, run: PathBuf) -> Option<TrialState> {
        let trial = &self.trials[trial - 1];
        let state = TrialState::read(&self.folder, trial, &[run]).ok();
        state.filter(|state| state.best.is_none_or(|best| best.val_loss.is_finite()))
    }

    /// The same, unless another process trains the trial: `None` then, at once. A trial whose process is lost again and again counts as
    /// failed, since no coordinator counts that.
    pub(in crate::sweep) fn train_free(
        &self,
        task: Task,
        stop: &AtomicBool,
        tell: &mut Tell<'_>,
    ) -> Option<(Ended, Option<PathBuf>)> {
        let trial = &self.trials[task.trial - 1];
        let claim = match self.try_claim(trial) {
            Ok(claim) => claim?,
            Err(error) => return Some((Ended::Hindered(error.to_string()), None)),
        };
        if claim.before() == Before::Lost
            && let Err(error) = self.count_loss(trial)
        {
            return Some((Ended::Hindered(error.to_string()), None));
        }
        Some(self.train_claimed(&claim, trial, task.until, stop, tell))
    }

    /// Checks that every trial fits its data.
    ///
    /// # Errors
    /// If one does not, or its data cannot be read; in a sentence.
    pub fn check(&self) -> Result<(), String> {
        let mut checked = HashSet::new();
        for trial in &self.trials {
            let wrong = |reason| format!("trial {} ({}): {reason}", trial.number, trial.in_words());
            let preset = trial.preset(&self.base).map_err(wrong)?;
            let recipe = &preset.training;
            let parts = (&preset.data, preset.input, preset.classes);
            let parts = (parts, recipe.validation, &recipe.corrections);
            let parts = (parts, recipe.train_images, &recipe.class_weights);
            // What decides whether they fit is the same for most.
            let parts = serde_json::to_string(&parts).map_err(|error| error.to_string())?;
            if checked.insert(parts) {
                let dataset = self.set(preset.data.as_deref(), &NEVER).map_err(wrong)?;
                check_fit(&preset, &dataset).map_err(|error| wrong(error.to_string()))?;
            }
        }
        Ok(())
    }

    fn train_claimed(
        &self,
        claim: &Claim,
        trial: &Trial,
        until: Option<usize>,
        stop: &AtomicBool,
        tell: &mut Tell<'_>,
    ) -> (Ended, Option<PathBuf>) {
        let mut run = None;
        let trained = self
            .runs_to_resume(trial, claim.before() == Before::Never)
            .and_then(|runs| self.train_on(trial, until, &runs, stop, tell, &mut run));
        let ended = match trained {
            Ok(ended) => ended,
            Err(Problem::Hindered(reason)) => Ended::Hindered(reason),
            Err(Problem::Failed(reason)) => {
                let outcome = Outcome::Failed(reason.clone());
                match self.folder.set_outcome(trial.number, Some(&outcome)) {
                    Ok(()) => Ended::Failed(reason),
                    Err(error) => Ended::Hindered(error.to_string()),
                }
            }
        };
        (ended, run)
    }

    fn count_loss(&self, trial: &Trial) -> Result<(), SweepError> {
        let runs = self.folder.runs_by_trial()?.remove(&trial.number);
        let state = TrialState::read(&self.folder, trial, &runs.unwrap_or_default())?;
        if state.stand.is_ended() {
            return Ok(());
        }
        let times = self.folder.count_loss(trial.number, state.epochs)?;
        if times < MOST_LOSSES {
            return Ok(());
        }
        let reason = format!(
            "its process ended unexpectedly {times} times after epoch {}, perhaps for lack of memory",
            state.epochs
        );
        let outcome = Outcome::Failed(reason);
        self.folder.set_outcome(trial.number, Some(&outcome))
    }

    /// The first trial's preset and data.
    ///
    /// # Errors
    /// If there is none, or its data cannot be read; in a sentence.
    pub(in crate::sweep) fn first(&self) -> Result<(Preset, Arc<Dataset>), String> {
        let first = self.trials.first().ok_or("there are no trials")?;
        let preset = first.preset(&self.base)?;
        let dataset = self.set(preset.data.as_deref(), &NEVER)?;
        Ok((preset, dataset))
    }

    /// Claims the trial; `None` if it was asked to stop meanwhile.
    fn claim(&self, trial: &Trial, stop: &AtomicBool) -> Result<Option<Claim>, SweepError> {
        let began = Instant::now();
        loop {
            if let Some(claim) = self.try_claim(trial)? {
                return Ok(Some(claim));
            }
            if stop.load(Ordering::Relaxed) {
                return Ok(None);
            }
            if began.elapsed() > PATIENCE {
                let path = self.folder.trial(trial.number);
                let by = Claim::holder(&path);
                return Err(SweepError::Taken {
                    by: by.map_or_else(|| "another process".to_owned(), |by| by.to_string()),
                    path,
                });
            }
            thread::sleep(TICK);
        }
    }

    /// Claims the trial; `None` if another process has it.
    fn try_claim(&self, trial: &Trial) -> Result<Option<Claim>, SweepError> {
        let path = self.folder.trial(trial.number);
        fs::create_dir_all(&path).map_err(SweepError::not_written(&path))?;
        match Claim::take(&path) {
            Err(RunError::Taken { .. }) => Ok(None),
            claim => claim.map(Some).map_err(Into::into),
        }
    }

    fn runs_to_resume(&self, trial: &Trial, is_first: bool) -> Result<Vec<PathBuf>, Problem> {
        if is_first {
            return Ok(Vec::new());
        }
        // Over a network, the contents of a folder may be known as they were a minute ago, unless this host has changed it since.
        let change = self.folder.runs().join(".look");
        let _ = fs::create_dir(&change);
        let _ = fs::remove_dir(&change);
        let mut runs = self.folder.runs_by_trial()?;
        let mut runs = runs.remove(&trial.number).unwrap_or_default();
        remove_unbegun(&mut runs)?;
        Ok(runs)
    }

    fn train_on(
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
            // Another process has just done it.
            _ if until.is_some_and(|until| state.epochs >= until) => return Ok(Ended::Done),
            Stand::Waiting | Stand::Training | Stand::Stopped => {}
        }
        let session = match latest(runs) {
            Some(run) => self.resume(&run, stop),
            None => self.start(trial, stop),
        };
        let mut session = match session {
            // Reading the data stopped.
            Err(_) if stop.load(Ordering::Relaxed) => return Ok(Ended::Stopped),
            session => session?,
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

    fn start(&self, trial: &Trial, stop: &AtomicBool) -> Result<Session, Problem> {
        let preset = trial.preset(&self.base).map_err(Problem::Failed)?;
        let plan = Plan {
            dataset: self
                .set(preset.data.as_deref(), stop)
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
                trial: Some(trial.number),
            },
        };
        Ok(Session::start(plan)?)
    }

    fn resume(&self, run: &crate::runs::RunFolder, stop: &AtomicBool) -> Result<Session, Problem> {
        let record = run.record()?;
        let data = run.data_in_use(&record)?;
        let data = data.opened_by(&record.preset).to_owned();
        Ok(Session::resume(Resumption {
            folder: run.path().to_owned(),
            dataset: self.set(Some(&data), stop).map_err(Problem::Hindered)?,
            pool: Arc::clone(&self.pool),
            find: self.find(),
        })?)
    }

    /// A data set, read once for all trials of this process, until `stop` is set.
    fn set(&self, name: Option<&str>, stop: &AtomicBool) -> Result<Arc<Dataset>, String> {
        read_once(&self.sets, name, stop)
    }

    fn find(&self) -> Find {
        let sets = Arc::clone(&self.sets);
        Arc::new(move |name| read_once(&sets, Some(name), &NEVER))
    }
}

fn read_once(
    sets: &Mutex<HashMap<Option<String>, Arc<Dataset>>>,
    name: Option<&str>,
    stop: &AtomicBool,
) -> Result<Arc<Dataset>, String> {
    let mut sets = sets.lock().unwrap_or_else(PoisonError::into_inner);
    let name = name.map(str::to_owned);
    if let Some(set) = sets.get(&name) {
        return Ok(Arc::clone(set));
    }
    let progress = Progress::new(stop, |_, _| {});
    let set = data::load_with(name.as_deref(), &progress).map_err(|error| error.to_string())?;
    let set = Arc::new(set);
    sets.insert(name, Arc::clone(&set));
    Ok(set)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_read_once_unless_the_trial_is_stopped() {
        let sets = Mutex::default();
        let name = Some("synthetic-digits");
        assert!(read_once(&sets, name, &AtomicBool::new(true)).is_err());
        assert!(sets.lock().unwrap().is_empty());
        let set = read_once(&sets, name, &NEVER).unwrap();
        // What is read already takes no time.
        let again = read_once(&sets, name, &AtomicBool::new(true)).unwrap();
        assert!(Arc::ptr_eq(&set, &again));
    }
}
