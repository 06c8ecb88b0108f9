//! The runs in the runs folder, as the worker listed them last.

use std::path::PathBuf;

use crate::runs::RunSummary;

/// What is known of earlier runs.
#[derive(Clone, Debug, Default)]
pub struct RunList {
    /// The newest first; `None` until they are listed.
    pub runs: Option<Vec<RunSummary>>,
    /// The one whose curves lie under those of the present run.
    pub compared: Option<RunSummary>,
}

/// What a run is chosen for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunUse {
    /// To look into it and go on with it.
    Open,
    /// To lay its curves under the present ones.
    Compare,
    /// To start from its weights.
    StartFrom,
}

/// Where a training's weights come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WeightsFrom {
    /// Random ones.
    Seed,
    /// A training on the set of this name or path, done first.
    Pretrain(String),
    /// The best epoch of the run in this folder.
    Run(PathBuf),
}

impl RunList {
    /// The listed run in this folder.
    pub fn run(&self, folder: &PathBuf) -> Option<&RunSummary> {
        let mut runs = self.runs.iter().flatten();
        runs.find(|run| run.folder == *folder)
    }
}
