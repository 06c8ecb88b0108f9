//! `convscope sweep status`: how far a sweep is.

use clap::Args;

use super::super::Action;
use super::super::arguments::JsonArgument;
use super::super::failure::Failure;
use super::super::output::line;
use super::report::{as_json, best_table};
use super::{SweepArgument, failure};
use crate::sweep::{Coordinator, Stand};

/// Show how far a sweep is, its best trials, and why others failed; with --json, a line for each trial
#[derive(Debug, Args)]
pub struct StatusArguments {
    #[command(flatten)]
    sweep: SweepArgument,
    #[command(flatten)]
    json: JsonArgument,
}

impl Action for StatusArguments {
    fn run(self) -> Result<(), Failure> {
        let sweep = Coordinator::look(self.sweep.open()?).map_err(failure)?;
        if self.json.json {
            for (trial, state) in sweep.trials() {
                line(&as_json(&sweep, trial, state))?;
            }
            return Ok(());
        }
        line(&sweep.in_words())?;
        line(&best_table(&sweep))?;
        for (trial, state) in sweep.trials() {
            if let Stand::Failed { reason } = &state.stand {
                line(&format!("trial {} failed: {reason}", trial.number))?;
            }
        }
        Ok(())
    }
}
