//! `convscope runs copy RUN`: copies a run at its latest checkpoint.

use std::path::{Path, PathBuf};

use clap::Args;

use super::super::Action;
use super::super::arguments::run_folder;
use super::super::failure::Failure;
use super::super::output::{line, note};
use crate::runs::RunFolder;
use crate::wording::counted;

/// Copy a run at its latest checkpoint to a new run folder, and print that folder
#[derive(Debug, Args)]
#[command(
    after_help = "A run that another process is training can be copied too. `convscope train --resume` continues the copy exactly as the \
    original would have continued."
)]
pub struct CopyArguments {
    /// Folder of the run
    #[arg(value_name = "RUN", value_parser = run_folder)]
    run: PathBuf,
    /// Folder to create the copy's run folder in [default: the folder that RUN is in]
    #[arg(long, alias = "out", value_name = "DIR")]
    runs: Option<PathBuf>,
}

impl Action for CopyArguments {
    fn run(self) -> Result<(), Failure> {
        let Self { run, runs } = self;
        let folder = RunFolder::open(&run).map_err(Failure::input)?;
        let runs = runs.unwrap_or_else(|| beside(&run));
        let copy = folder.copy(&runs).map_err(Failure::input)?;
        let epochs = copy.metrics().map_err(Failure::failed)?.len();
        note(&format!(
            "copied after {}; resume it with convscope train --resume {}",
            counted(epochs, "whole epoch"),
            copy.path().display()
        ));
        line(&copy.path().display().to_string())
    }
}

/// The folder that a run's folder is in.
fn beside(run: &Path) -> PathBuf {
    match (run.file_name(), run.parent()) {
        // As in `.`.
        (None, _) => run.join(".."),
        (Some(_), Some(parent)) if !parent.as_os_str().is_empty() => parent.to_owned(),
        (Some(_), _) => PathBuf::from("."),
    }
}
