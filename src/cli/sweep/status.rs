//! `convscope sweep status`: how far a sweep is.

use std::collections::BTreeMap;

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
use crate::wording::counted;

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
        line(&summary(&sweep))?;
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

/// `12 trials: 9 finished, 1 failed, 2 waiting; run by process 42 on host since 14:03`
pub fn summary(sweep: &Coordinator) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (trial, state) in sweep.trials() {
        *counts.entry(sweep.word(trial, state)).or_default() += 1;
    }
    let parts: Vec<String> = counts
        .iter()
        .map(|(word, count)| format!("{count} {word}"))
        .collect();
    let all = counted(sweep.trials().count(), "trial");
    let by = match sweep.folder().run_by() {
        Some(by) => format!("; run by {by}{}", by.since()),
        None if sweep.folder().is_cancelled() => "; cancelled".to_owned(),
        None => String::new(),
    };
    format!("{all}: {}{by}", parts.join(", "))
}
