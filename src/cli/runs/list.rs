//! `convscope runs list`: every run in the runs folder, the newest first.

use std::path::PathBuf;

use clap::Args;

use super::super::Action;
use super::super::failure::Failure;
use super::super::output::{line, note, table};
use super::{as_json, figure};
use crate::runs::RunSummary;

/// List runs, the newest first: network, data, epochs, best figures, and which process trains one now
#[derive(Debug, Args)]
pub struct ListArguments {
    /// The folder in which run folders are
    #[arg(long, value_name = "DIR", default_value = "runs")]
    out: PathBuf,
    /// Print one line of JSON a run, with every epoch
    #[arg(long)]
    json: bool,
}

impl Action for ListArguments {
    fn run(self) -> Result<(), Failure> {
        let Self { out, json } = self;
        let runs = RunSummary::list(&out).map_err(Failure::input)?;
        if json {
            for run in &runs {
                line(&as_json(run))?;
            }
            return Ok(());
        }
        if runs.is_empty() {
            note(&format!("{}: no runs", out.display()));
            return Ok(());
        }
        let header = [
            "run", "network", "data", "epochs", "best", "at", "loss", "test",
        ];
        let mut rows = vec![header.map(str::to_owned).to_vec()];
        rows.extend(runs.iter().map(row));
        if runs.iter().any(|run| run.trained_by.is_some()) {
            rows[0].push("now".to_owned());
            for (row, run) in rows[1..].iter_mut().zip(&runs) {
                let by = run.trained_by.as_ref();
                row.push(by.map_or_else(String::new, |by| format!("training, {by}")));
            }
        }
        line(&table(&rows, |column| column < 3))?;
        for run in &runs {
            if let Some(problem) = &run.problem {
                note(problem);
            }
        }
        Ok(())
    }
}

fn row(run: &RunSummary) -> Vec<String> {
    let best = run.best();
    vec![
        run.title(),
        run.name.clone(),
        run.data.clone(),
        format!("{}/{}", run.history.len(), run.planned_epochs),
        figure(best.map(|best| best.val_accuracy)),
        best.map_or_else(String::new, |best| best.val_accuracy_epoch.to_string()),
        figure(best.map(|best| best.val_loss)),
        figure(run.latest_test().map(|test| test.accuracy)),
    ]
}
