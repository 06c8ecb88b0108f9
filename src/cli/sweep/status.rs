//! `convscope sweep status`: how far a sweep is.

use clap::Args;

use super::super::Action;
use super::super::arguments::JsonArgument;
use super::super::failure::Failure;
use super::super::interrupt::Requests;
use super::super::output::{line, warn};
use super::follow::follow;
use super::report::{as_json, best_table};
use super::{SweepArgument, failure};
use crate::sweep::{Coordinator, Stand, Wish, queue_of};

/// Show how far a sweep is, its best trials, and why others failed; with --json, a line for each trial
#[derive(Debug, Args)]
pub struct StatusArguments {
    #[command(flatten)]
    sweep: SweepArgument,
    #[command(flatten)]
    json: JsonArgument,
    /// Show its progress until its end first
    #[arg(long)]
    follow: bool,
}

impl Action for StatusArguments {
    fn run(self) -> Result<(), Failure> {
        let folder = self.sweep.open()?;
        if self.follow {
            let requests = Requests::listen().map_err(Failure::failed)?;
            let wish = || match requests.request() {
                None => Wish::Continue,
                Some(_) => Wish::Stop,
            };
            follow(&folder, false, &wish)?;
        }
        let sweep = Coordinator::look(folder).map_err(failure)?;
        if self.json.json {
            for (trial, state) in sweep.trials() {
                line(&as_json(&sweep, trial, state))?;
            }
            return Ok(());
        }
        line(&sweep.in_words())?;
        if let Some((_, queue)) = queue_of(sweep.folder()) {
            match (queue.look)(sweep.folder()) {
                Ok(queued) if queued.words.is_empty() => {}
                Ok(queued) => line(&queued.words)?,
                Err(reason) => warn(&reason),
            }
        }
        line(&best_table(&sweep))?;
        for (trial, state) in sweep.trials() {
            if let Stand::Failed { reason } = &state.stand {
                line(&format!("trial {} failed: {reason}", trial.number))?;
            }
        }
        Ok(())
    }
}
