//! `convscope runs copy RUN`: a run as it stands, as a run of its own.

use std::path::{Path, PathBuf};

use clap::Args;

use super::super::Action;
use super::super::failure::Failure;
use super::super::output::{line, note};
use crate::runs::RunFolder;
use crate::wording::counted;

/// Copy a run, as its latest state has it, to a run of its own, and print its folder
#[derive(Debug, Args)]
#[command(
    after_help = "A run that another process trains can be copied too. `convscope train --resume` goes on with the copy exactly as the run \
    itself would have gone on."
)]
pub struct CopyArguments {
    /// The folder of the run
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// The folder of the run folders, for the copy [default: the one that RUN is in]
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
            "copied after {}; convscope train --resume {} goes on with it",
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
