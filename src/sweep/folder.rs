//! A sweep's folder.
//!
//! `sweeps/<date>-<time>-<name>/` holds `sweep.yaml` (the file as given, whole), `preset.yaml` (what all trials have in common, resolved),
//! `plan.json` ([`Plan`]), `trials.jsonl` (one [`Trial`] a line), `runs/` (the trials' run folders) and
//! `trials/`, with a folder for each trial that was begun: its claim, in `outcome.json` what its run folder cannot tell, and in `losses.json` how
//! often its process was lost. The coordinator holds the claim of the sweep's folder. The file `cancel` asks whoever trains to stop; without a
//! coordinator, the time of the file `began` is when the time limit began.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::error::SweepError;
use super::file::{Limits, SweepFile};
use super::halving::Halving;
use super::trials::{Trial, Trials};
use crate::data::{as_file_name, replace_file};
use crate::runs::{Claim, RunError, TrainedBy};
use crate::training::{Preset, plain_name};

const SWEEP: &str = "sweep.yaml";
const PRESET: &str = "preset.yaml";
const PLAN: &str = "plan.json";
const TRIALS: &str = "trials.jsonl";
const CANCEL: &str = "cancel";
const BEGAN: &str = "began";
const OUTCOME: &str = "outcome.json";
const LOSSES: &str = "losses.json";
const LOG: &str = "log.txt";
/// The longest name in a folder's name.
const MOST_LETTERS: usize = 60;
/// The most sweeps of one name that can start in the same second.
const MOST_IN_A_SECOND: usize = 1000;

/// A folder that holds a sweep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweepFolder {
    path: PathBuf,
}

/// What a trial's run folder cannot tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Early stopping ended it after this epoch.
    EndedEarly(usize),
    /// Why it cannot be trained to its end.
    Failed(String),
}

/// How often the process of a trial was lost after the same epoch.
#[derive(Serialize, Deserialize)]
struct Losses {
    epochs: usize,
    times: usize,
}

/// What the coordinator needs to know, resolved when the sweep was created.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Of the program that created it.
    pub version: String,
    /// When it was created.
    pub started: Timestamp,
    /// Where relative paths of the preset start from.
    pub working_folder: PathBuf,
    /// Whether the worse trials are stopped early.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub halving: Option<Halving>,
    /// When the sweep ends early.
    pub limits: Limits,
    /// The most memory that a trial needs, in bytes, without the data.
    pub memory: u64,
}

impl SweepFolder {
    /// Creates the folder of a new sweep in `sweeps`; it appears whole or not at all.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn create(sweeps: &Path, file: &SweepFile, trials: &Trials) -> Result<Self, SweepError> {
        let make = || -> io::Result<PathBuf> {
            fs::create_dir_all(sweeps)?;
            let draft = tempfile::Builder::new()
                .prefix(".new-")
                .tempdir_in(sweeps)?;
            let path = draft.path();
            let mut lines = Vec::new();
            for trial in &trials.trials {
                serde_json::to_writer(&mut lines, trial)?;
                lines.push(b'\n');
            }
            let started = Timestamp::now();
            let plan = Plan {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                started,
                working_folder: std::env::current_dir()?,
                halving: file.sweep.halving,
                limits: file.sweep.limits,
                memory: trials.memory,
            };
            replace_file(&path.join(SWEEP), file.text.as_bytes())?;
            replace_file(&path.join(PRESET), file.base.to_yaml().as_bytes())?;
            replace_file(&path.join(PLAN), &serde_json::to_vec(&plan)?)?;
            replace_file(&path.join(TRIALS), &lines)?;
            fs::create_dir(path.join("runs"))?;
            fs::create_dir(path.join("trials"))?;
            let name = as_file_name(plain_name(&file.base.name), MOST_LETTERS, "_-");
            let time = Timestamp::to_zoned(started, TimeZone::system()).strftime("%Y%m%d-%H%M%S");
            let path = put(path, sweeps, &format!("{time}-{name}"))?;
            // It has moved away: nothing is left to remove.
            let _ = draft.keep();
            Ok(path)
        };
        let path = make().map_err(SweepError::not_written(sweeps))?;
        open_to_all(&path);
        Ok(Self { path })
    }

    /// Opens the sweep at `path`.
    ///
    /// # Errors
    /// If there is none.
    pub fn open(path: &Path) -> Result<Self, SweepError> {
        let missing = [SWEEP, PRESET, PLAN, TRIALS].into_iter();
        let mut missing = missing.filter(|name| !path.join(name).is_file());
        match missing.next() {
            Some(missing) => Err(SweepError::NotASweep {
                path: path.to_owned(),
                missing,
            }),
            None => Ok(Self {
                path: path.to_owned(),
            }),
        }
    }

    /// The sweeps in a folder, oldest first; a missing folder has none.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn list(sweeps: &Path) -> Result<Vec<Self>, SweepError> {
        let entries = match fs::read_dir(sweeps) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(SweepError::not_read(sweeps))?,
        };
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry.map_err(SweepError::not_read(sweeps))?;
            if !entry.file_name().to_string_lossy().starts_with('.') {
                found.extend(Self::open(&entry.path()));
            }
        }
        found.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(found)
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder of its run folders.
    pub fn runs(&self) -> PathBuf {
        self.path.join("runs")
    }

    /// The messages of the processes that ran it without a terminal.
    pub fn log(&self) -> PathBuf {
        self.path.join(LOG)
    }

    /// What was resolved when it was created.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn plan(&self) -> Result<Plan, SweepError> {
        let path = self.path.join(PLAN);
        let bytes = fs::read(&path).map_err(SweepError::not_read(&path))?;
        serde_json::from_slice(&bytes).map_err(|error| SweepError::Damaged {
            path,
            reason: error.to_string(),
        })
    }

    /// The sweep's file as it was given.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn text(&self) -> Result<String, SweepError> {
        let path = self.path.join(SWEEP);
        fs::read_to_string(&path).map_err(SweepError::not_read(&path))
    }

    /// What all trials have in common.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn base(&self) -> Result<Preset, SweepError> {
        let path = self.path.join(PRESET);
        let text = fs::read_to_string(&path).map_err(SweepError::not_read(&path))?;
        Preset::parse(&text, PRESET).map_err(|error| SweepError::Damaged {
            path,
            reason: error.to_string(),
        })
    }

    /// All its trials, in the order of their numbers.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn trials(&self) -> Result<Vec<Trial>, SweepError> {
        let path = self.path.join(TRIALS);
        let file = File::open(&path).map_err(SweepError::not_read(&path))?;
        let mut trials: Vec<Trial> = Vec::new();
        for (line, expected) in BufReader::new(file).lines().zip(1..) {
            let line = line.map_err(SweepError::not_read(&path))?;
            let damaged = |reason: String| SweepError::Damaged {
                path: path.clone(),
                reason: format!("line {expected}: {reason}"),
            };
            let trial: Trial =
                serde_json::from_str(&line).map_err(|error| damaged(error.to_string()))?;
            if trial.number != expected {
                return Err(damaged(format!(
                    "expected trial {expected}, got {}",
                    trial.number
                )));
            }
            trials.push(trial);
        }
        Ok(trials)
    }

    /// Acquires the right to run the sweep, for as long as the claim lives.
    ///
    /// # Errors
    /// If another process has it.
    pub fn claim(&self) -> Result<Claim, SweepError> {
        Claim::take(&self.path).map_err(|error| match error {
            RunError::Taken { path, by } => SweepError::Taken {
                path,
                by: format!("{by}{}", by.since()),
            },
            error => error.into(),
        })
    }

    /// The process that runs the sweep, if any.
    pub fn run_by(&self) -> Option<TrainedBy> {
        Claim::holder(&self.path)
    }

    /// Asks all processes that train its trials to stop.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn cancel(&self) -> Result<(), SweepError> {
        let path = self.path.join(CANCEL);
        let made = File::create(&path).map(drop);
        made.map_err(SweepError::not_written(&path))
    }

    /// Withdraws that, and begins the time limit again.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub(super) fn begin_again(&self) -> Result<(), SweepError> {
        remove(&self.path.join(CANCEL))?;
        remove(&self.path.join(BEGAN))
    }

    /// How long ago the first process without a coordinator began to train; from now on, if this one is the first.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub(super) fn elapsed(&self) -> Result<Duration, SweepError> {
        let path = self.path.join(BEGAN);
        let mut options = File::options();
        let began = options.append(true).create(true).open(&path);
        let began = began.and_then(|file| file.metadata()?.modified());
        let began = began.map_err(SweepError::not_written(&path))?;
        Ok(began.elapsed().unwrap_or_default())
    }

    /// Whether the sweep is to stop.
    pub fn is_cancelled(&self) -> bool {
        self.path.join(CANCEL).exists()
    }

    /// The folder of a trial's claim and outcome.
    pub fn trial(&self, number: usize) -> PathBuf {
        self.path.join("trials").join(format!("{number:05}"))
    }

    /// How many trials a process trains now.
    pub fn held(&self) -> usize {
        let trials = fs::read_dir(self.path.join("trials")).into_iter().flatten();
        let held = trials
            .flatten()
            .filter_map(|trial| Claim::holder(&trial.path()));
        held.count()
    }

    /// What is recorded about a trial's end, if anything.
    ///
    /// # Errors
    /// If that cannot be read.
    pub fn outcome(&self, number: usize) -> Result<Option<Outcome>, SweepError> {
        let path = self.trial(number).join(OUTCOME);
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            bytes => bytes.map_err(SweepError::not_read(&path))?,
        };
        serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| SweepError::Damaged {
                path,
                reason: error.to_string(),
            })
    }

    /// Records how a trial ended; `None` forgets it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn set_outcome(&self, number: usize, outcome: Option<&Outcome>) -> Result<(), SweepError> {
        let folder = self.trial(number);
        let path = folder.join(OUTCOME);
        let Some(outcome) = outcome else {
            remove(&folder.join(LOSSES))?;
            return remove(&path);
        };
        fs::create_dir_all(&folder)
            .and_then(|()| replace_file(&path, &serde_json::to_vec(outcome)?))
            .map_err(SweepError::not_written(&path))
    }

    /// Counts that the process of a trial was lost after so many epochs, and returns how often that happened without another epoch.
    ///
    /// # Errors
    /// If that cannot be written.
    pub(super) fn count_loss(&self, number: usize, epochs: usize) -> Result<usize, SweepError> {
        let path = self.trial(number).join(LOSSES);
        let before = fs::read(&path).ok();
        let before = before.and_then(|text| serde_json::from_slice::<Losses>(&text).ok());
        let before = before.filter(|losses| losses.epochs == epochs);
        let times = before.map_or(1, |losses| losses.times + 1);
        serde_json::to_vec(&Losses { epochs, times })
            .map_err(Into::into)
            .and_then(|text| replace_file(&path, &text))
            .map_err(SweepError::not_written(&path))?;
        Ok(times)
    }
}

/// Removes a file, if it is there.
fn remove(path: &Path) -> Result<(), SweepError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        done => done.map_err(SweepError::not_written(path)),
    }
}

/// Moves a new folder to a name that is not taken.
fn put(draft: &Path, folder: &Path, name: &str) -> io::Result<PathBuf> {
    for number in 1..=MOST_IN_A_SECOND {
        let path = match number {
            1 => folder.join(name),
            number => folder.join(format!("{name}-{number}")),
        };
        match path.exists() {
            true => {}
            false => match fs::rename(draft, &path) {
                Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => {}
                moved => return moved.map(|()| path),
            },
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// Gives a folder that began as a temporary one, for its owner alone, the permissions of the folder beside it.
fn open_to_all(path: &Path) {
    if let Ok(like) = fs::metadata(path.join("runs")) {
        // Where it cannot be changed, it is private, and works.
        let _ = fs::set_permissions(path, like.permissions());
    }
}
