//! `convscope runs list`: every run in the runs folder, newest first.

use clap::Args;

use super::super::Action;
use super::super::arguments::RunsArgument;
use super::super::failure::Failure;
use super::super::output::{line, note, table};
use super::{as_json, figure};
use crate::runs::RunSummary;

/// List runs, newest first: network, data, epochs, best figures, and the process that is training each
#[derive(Debug, Args)]
pub struct ListArguments {
    #[command(flatten)]
    runs: RunsArgument,
    /// Print one line of JSON per run, with every epoch
    #[arg(long)]
    json: bool,
}

impl Action for ListArguments {
    fn run(self) -> Result<(), Failure> {
        let Self { runs, json } = self;
        let folder = runs.folder;
        let runs = RunSummary::list(&folder).map_err(Failure::input)?;
        if json {
            for run in &runs {
                line(&as_json(run))?;
            }
            return Ok(());
        }
        if runs.is_empty() {
            note(&format!("{}: no runs", folder.display()));
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
        let columns = rows[0].len();
        if runs.iter().any(|run| !run.note.is_empty()) {
            rows[0].push("note".to_owned());
            let notes = rows[1..].iter_mut().zip(&runs);
            notes.for_each(|(row, run)| row.push(run.note.clone()));
        }
        line(&table(&rows, |column| column < 3 || column == columns))?;
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
