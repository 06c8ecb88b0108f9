//! `convscope sweep cancel`: stops a running sweep from elsewhere.

use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use color_eyre::eyre::eyre;

use super::super::Action;
use super::super::failure::Failure;
use super::super::output::{note, warn};
use super::{SweepArgument, failure};
use crate::sweep::{Cancel, queue_of};

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
        // Whoever trains sees it and saves, on any machine.
        folder.cancel().map_err(failure)?;
        let queue = queue_of(&folder).map(|(_, queue)| queue);
        let remove = |what| {
            let removed = queue.map_or(Ok(()), |queue| (queue.cancel)(&folder, what));
            removed.unwrap_or_else(|reason| warn(&reason));
        };
        remove(Cancel::Waiting);
        let began = Instant::now();
        while let Some(who) = folder.who_trains() {
            if began.elapsed() > PATIENCE {
                remove(Cancel::All);
                return Err(Failure::Failed(eyre!(
                    "{}: {who}: not stopped yet; it stops as soon as its runs are saved",
                    folder.path().display()
                )));
            }
            // A queue is not to be asked all the time.
            let rests = if queue.is_some() { 10 } else { 1 };
            thread::sleep(TICK * rests);
        }
        note(&format!(
            "{}: no process runs it; continue with `convscope sweep resume {0}`",
            folder.path().display()
        ));
        Ok(())
    }
}
