//! Which run folders are a trial's.
//!
//! A run folder says in `run.yaml` which trial it belongs to. So that a look at thousands of them is quick, those that still have the name that the
//! sweep gave them are known by it.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::error::SweepError;
use super::folder::SweepFolder;
use crate::runs::RunFolder;

/// The name of a trial's run in its folder's name, before the number.
const TRIAL: &str = "trial-";
/// The length of `20261130-225000-`.
const DATE_AND_TIME: usize = 16;

impl SweepFolder {
    /// The run folders of every trial that has any, the latest last.
    ///
    /// # Errors
    /// If the runs cannot be read.
    pub fn runs_by_trial(&self) -> Result<HashMap<usize, Vec<PathBuf>>, SweepError> {
        let runs = self.runs();
        let mut found: HashMap<usize, Vec<PathBuf>> = HashMap::new();
        for entry in fs::read_dir(&runs).map_err(SweepError::not_read(&runs))? {
            let entry = entry.map_err(SweepError::not_read(&runs))?;
            let (name, path) = (entry.file_name(), entry.path());
            let named = trial_of(&name.to_string_lossy());
            if let Some(number) = named.or_else(|| recorded_trial(&path)) {
                found.entry(number).or_default().push(path);
            }
        }
        for paths in found.values_mut().filter(|paths| paths.len() > 1) {
            // A copy of a run has its name.
            paths.retain(|path| !is_copy(path));
            paths.sort();
        }
        Ok(found)
    }
}

/// The name of a trial's runs: `trial-00012`.
pub(super) fn run_name(number: usize) -> String {
    format!("{TRIAL}{number:05}")
}

/// The trial of a run folder's name, `20261130-225000-trial-00012` or the same with `-2`.
fn trial_of(name: &str) -> Option<usize> {
    let rest = name.get(DATE_AND_TIME..)?.strip_prefix(TRIAL)?;
    rest.split('-').next()?.parse().ok()
}

fn recorded_trial(path: &Path) -> Option<usize> {
    RunFolder::open(path).ok()?.record().ok()?.trial
}

fn is_copy(path: &Path) -> bool {
    let record = RunFolder::open(path).and_then(|run| run.record());
    record.is_ok_and(|record| record.copied.is_some() && record.trial.is_none())
}

/// The latest of a trial's run folders that hold a run.
pub(super) fn latest(runs: &[PathBuf]) -> Option<RunFolder> {
    runs.iter()
        .rev()
        .find_map(|path| RunFolder::open(path).ok())
}

/// Removes what a process that was killed left of a trial's runs before anything was trained: nothing is lost.
///
/// # Errors
/// If it cannot be removed.
pub(super) fn remove_unbegun(runs: &mut Vec<PathBuf>) -> Result<(), SweepError> {
    let is_begun = |path: &Path| RunFolder::open(path).is_ok_and(|run| run.state_time().is_some());
    let mut kept = Vec::new();
    for path in runs.drain(..) {
        if is_begun(&path) {
            kept.push(path);
        } else {
            fs::remove_dir_all(&path).map_err(SweepError::not_written(&path))?;
        }
    }
    *runs = kept;
    Ok(())
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
