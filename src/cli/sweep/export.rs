//! `convscope sweep export SWEEP`: its trials for other programs.

use std::path::PathBuf;

use clap::Args;

use super::super::Action;
use super::super::arguments::ForceArgument;
use super::super::failure::Failure;
use super::super::output::{csv_cell, line, note, write_file};
use super::report::as_json;
use super::{ByArgument, SweepArgument, failure};
use crate::sweep::{Coordinator, Varied, optuna_journal};
use crate::wording::counted;

/// Write all trials as CSV, as lines of JSON, or as a study that Optuna and its dashboard open
#[derive(Debug, Args)]
#[command(
    after_help = "`optuna-dashboard FILE` shows what `--optuna` writes, and in Python `optuna.load_study(study_name=None, \
    storage=JournalStorage(JournalFileBackend(FILE)))` opens it."
)]
pub struct ExportArguments {
    #[command(flatten)]
    sweep: SweepArgument,
    /// File to write [default: stdout]
    #[arg(value_name = "FILE")]
    target: Option<PathBuf>,
    /// Write a line of JSON for each trial
    #[arg(long, conflicts_with = "optuna")]
    json: bool,
    /// Write a journal of Optuna
    #[arg(long)]
    optuna: bool,
    #[command(flatten)]
    by: ByArgument,
    #[command(flatten)]
    force: ForceArgument,
}

impl Action for ExportArguments {
    fn run(self) -> Result<(), Failure> {
        if let Some(target) = &self.target {
            self.force.check(target)?;
        }
        let sweep = Coordinator::look(self.sweep.open()?).map_err(failure)?;
        let text = match (self.json, self.optuna) {
            (_, true) => optuna_journal(&sweep, self.by.measure()).map_err(failure)?,
            (true, _) => sweep
                .trials()
                .map(|(trial, state)| as_json(&sweep, trial, state) + "\n")
                .collect(),
            _ => csv(&sweep),
        };
        let Some(target) = &self.target else {
            return line(text.trim_end());
        };
        write_file(target, text.as_bytes())?;
        let trials = counted(sweep.trials().count(), "trial");
        note(&format!("{}: {trials}", target.display()));
        Ok(())
    }
}

/// As in RFC 4180: a row for each trial, with its settings by their paths.
fn csv(sweep: &Coordinator) -> String {
    let varied = Varied::of(sweep.trials().map(|(trial, _)| trial));
    let settings: String = varied
        .paths()
        .iter()
        .map(|path| format!("{path},"))
        .collect();
    let mut text = format!(
        "trial,combination,seed,{settings}state,epochs,best_val_accuracy,best_val_accuracy_epoch,lowest_val_loss,lowest_val_loss_epoch,run\n"
    );
    for (trial, state) in sweep.trials() {
        let settings: String = varied
            .values(trial)
            .map(|value| csv_cell(value.unwrap_or_default()) + ",")
            .collect();
        let best = state.best.map_or_else(
            || ",,,".to_owned(),
            |best| {
                format!(
                    "{},{},{},{}",
                    best.val_accuracy, best.val_accuracy_epoch, best.val_loss, best.val_loss_epoch
                )
            },
        );
        let run = state.run.as_ref().map(|run| run.display().to_string());
        text += &format!(
            "{},{},{},{settings}{},{},{best},{}\n",
            trial.number,
            trial.combination,
            trial.seed,
            sweep.word(trial, state),
            state.epochs,
            csv_cell(&run.unwrap_or_default()),
        );
    }
    text
}
