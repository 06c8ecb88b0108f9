//! A sweep's folder.
//!
//! `sweeps/<date>-<time>-<name>/` holds `sweep.yaml` (the file as given, whole), `preset.yaml` (what all trials have in common, resolved),
//! `plan.json` ([`Plan`]), `trials.jsonl` (one [`Trial`] a line), `runs/` (the trials' run folders) and
//! `trials/`, with a folder for each trial that was begun: its claim, and in `outcome.json` what its run folder cannot tell. The
//! coordinator holds the claim of the sweep's folder. The file `cancel` asks it to stop.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};

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
const OUTCOME: &str = "outcome.json";
/// The name of a trial's run in its folder's name, before the number.
const TRIAL: &str = "trial-";
/// The length of `20261130-225000-`.
const DATE_AND_TIME: usize = 16;
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

    /// Asks the process that runs the sweep to stop, or withdraws that.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn set_cancelled(&self, is_cancelled: bool) -> Result<(), SweepError> {
        let path = self.path.join(CANCEL);
        let done = match is_cancelled {
            true => File::create(&path).map(drop),
            false => match fs::remove_file(&path) {
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
                done => done,
            },
        };
        done.map_err(SweepError::not_written(&path))
    }

    /// Whether the sweep is to stop.
    pub fn is_cancelled(&self) -> bool {
        self.path.join(CANCEL).exists()
    }

    /// The folder of a trial's claim and outcome.
    pub fn trial(&self, number: usize) -> PathBuf {
        self.path.join("trials").join(format!("{number:05}"))
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
        let done = match outcome {
            Some(outcome) => fs::create_dir_all(&folder)
                .and_then(|()| replace_file(&path, &serde_json::to_vec(outcome)?)),
            None => match fs::remove_file(&path) {
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
                done => done,
            },
        };
        done.map_err(SweepError::not_written(&path))
    }

    /// The run folders of every trial that has any, the latest last.
    ///
    /// # Errors
    /// If the runs cannot be read.
    pub fn runs_by_trial(&self) -> Result<HashMap<usize, Vec<PathBuf>>, SweepError> {
        let runs = self.runs();
        let mut found: HashMap<usize, Vec<PathBuf>> = HashMap::new();
        for entry in fs::read_dir(&runs).map_err(SweepError::not_read(&runs))? {
            let entry = entry.map_err(SweepError::not_read(&runs))?;
            if let Some(number) = trial_of(&entry.file_name().to_string_lossy()) {
                found.entry(number).or_default().push(entry.path());
            }
        }
        found.values_mut().for_each(|paths| paths.sort());
        Ok(found)
    }
}

/// The name of a trial's runs: `trial-00012`.
pub fn run_name(number: usize) -> String {
    format!("{TRIAL}{number:05}")
}

/// The trial of a run folder's name, `20261130-225000-trial-00012` or the same with `-2`.
fn trial_of(name: &str) -> Option<usize> {
    // After date and time: any other run in the folder may have any other name.
    let rest = name.get(DATE_AND_TIME..)?.strip_prefix(TRIAL)?;
    rest.split('-').next()?.parse().ok()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_is_known_by_the_name_of_its_run_folder() {
        for (name, number) in [
            ("20261130-225000-trial-00012", Some(12)),
            ("20261130-225000-trial-00012-2", Some(12)),
            ("20261130-225000-trial-123456", Some(123_456)),
            ("20261130-225000-tiny", None),
            ("20261130-225000-my-trial-3", None),
            (".index.jsonl", None),
        ] {
            assert_eq!(trial_of(name), number, "{name}");
        }
        assert_eq!(
            trial_of(&format!("20261130-225000-{}", run_name(7))),
            Some(7)
        );
    }
}
