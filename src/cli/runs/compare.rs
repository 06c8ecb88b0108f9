//! `convscope runs compare RUN RUN…`: compares runs epoch by epoch.

use std::path::PathBuf;

use clap::Args;

use super::super::Action;
use super::super::arguments::run_folder;
use super::super::failure::Failure;
use super::super::output::{line, table};
use super::{as_json, figure, open};
use crate::runs::RunSummary;
use crate::training::Figure;

/// Compare the validation figures of runs side by side: every epoch, and the best
#[derive(Debug, Args)]
pub struct CompareArguments {
    /// Folders of two or more runs
    #[arg(required = true, num_args = 2.., value_name = "RUN", value_parser = run_folder)]
    runs: Vec<PathBuf>,
    /// Print one line of JSON per run, with its best figures and every epoch
    #[arg(long)]
    json: bool,
}

impl Action for CompareArguments {
    fn run(self) -> Result<(), Failure> {
        let Self { runs, json } = self;
        let runs: Vec<RunSummary> = runs
            .iter()
            .map(|folder| open(folder).map(|(summary, _)| summary))
            .collect::<Result<_, _>>()?;
        if json {
            for run in &runs {
                line(&as_json(run))?;
            }
            return Ok(());
        }
        let mut text = String::new();
        for (number, run) in runs.iter().enumerate() {
            text += &format!(
                "{}: {}, {} on {}\n",
                number + 1,
                run.title(),
                run.name,
                run.data_in_words()
            );
            if run.stretches.len() > 1 {
                text += &format!("   best of the epochs on {} only\n", run.data);
            }
        }
        // A cell for each figure of each run, after the row's name.
        let row = |name: String, cell: &dyn Fn(&Figure, &RunSummary) -> Option<f64>| {
            let cells = Figure::compared().into_iter().flat_map(|(compared, _)| {
                let runs = runs.iter();
                runs.map(move |run| figure(cell(compared, run)))
            });
            [name].into_iter().chain(cells).collect()
        };
        let headings = Figure::compared().into_iter().flat_map(|(_, heading)| {
            let numbers = 1..=runs.len();
            numbers.map(move |number| format!("{heading} {number}"))
        });
        let mut rows: Vec<Vec<String>> =
            vec![["epoch".to_owned()].into_iter().chain(headings).collect()];
        let longest = runs.iter().map(|run| run.history.len()).max().unwrap_or(0);
        rows.extend((0..longest).map(|epoch| {
            row((epoch + 1).to_string(), &|figure, run| {
                run.history.get(epoch).and_then(figure.of)
            })
        }));
        rows.push(row("best".to_owned(), &|figure, run| {
            figure.best(&run.history)
        }));
        line(&format!("{text}\n{}", table(&rows, |_| false)))
    }
}
