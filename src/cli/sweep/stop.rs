//! `convscope sweep cancel`: stops a running sweep from elsewhere.

use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use color_eyre::eyre::eyre;

use super::super::Action;
use super::super::failure::Failure;
use super::super::output::note;
use super::{SweepArgument, failure};

/// How long the sweep may take to save its runs.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks.
const TICK: Duration = Duration::from_millis(100);

/// Stop a running sweep; its runs are saved, and `convscope sweep resume` continues it
#[derive(Debug, Args)]
pub struct CancelArguments {
    #[command(flatten)]
    sweep: SweepArgument,
}

impl Action for CancelArguments {
    fn run(self) -> Result<(), Failure> {
        let folder = self.sweep.open()?;
        folder.set_cancelled(true).map_err(failure)?;
        let began = Instant::now();
        while let Some(by) = folder.run_by() {
            if began.elapsed() > PATIENCE {
                return Err(Failure::Failed(eyre!(
                    "{}: {by} has not stopped yet; it stops as soon as its runs are saved",
                    folder.path().display()
                )));
            }
            thread::sleep(TICK);
        }
        note(&format!(
            "{}: no process runs it; continue with `convscope sweep resume {0}`",
            folder.path().display()
        ));
        Ok(())
    }
}
