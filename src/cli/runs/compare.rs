//! `convscope runs compare RUN RUN…`: the epochs of runs side by side.

use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::super::Subcommand;
use super::super::failure::Failure;
use super::super::output::line;
use super::{figure, open, table};
use crate::runs::RunSummary;

pub static SUBCOMMAND: Subcommand = Subcommand {
    name: "compare",
    define,
    run,
};

#[derive(Debug, Args)]
struct CompareArguments {
    /// The folders of two or more runs
    #[arg(required = true, num_args = 2.., value_name = "RUN")]
    runs: Vec<PathBuf>,
    /// Print one line of JSON a run, with its best figures and every epoch
    #[arg(long)]
    json: bool,
}

fn define(command: Command) -> Command {
    CompareArguments::augment_args(command)
        .about("Put the validation figures of runs side by side, epoch by epoch, and their best")
}

fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let CompareArguments { runs, json } = CompareArguments::from_arg_matches(matches)?;
    let runs: Vec<RunSummary> = runs
        .iter()
        .map(|folder| open(folder))
        .collect::<Result<_, _>>()?;
    if json {
        for run in &runs {
            line(&serde_json::to_string(run).expect("a summary has only string keys"))?;
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
            text += &format!("   its best is of the epochs on {}\n", run.data);
        }
    }
    let columns = |name: &str| {
        let numbers = 1..=runs.len();
        numbers
            .map(|number| format!("{name} {number}"))
            .collect::<Vec<_>>()
    };
    let header = [
        vec!["epoch".to_owned()],
        columns("accuracy"),
        columns("loss"),
    ];
    let mut rows = vec![header.concat()];
    let longest = runs.iter().map(|run| run.history.len()).max().unwrap_or(0);
    for epoch in 0..longest {
        let of = |value: fn(&crate::training::EpochMetrics) -> f64| {
            let runs = runs.iter();
            runs.map(move |run| figure(run.history.get(epoch).map(value)))
        };
        let mut row = vec![(epoch + 1).to_string()];
        row.extend(of(|metrics| metrics.val_accuracy));
        row.extend(of(|metrics| metrics.val_loss));
        rows.push(row);
    }
    let best: Vec<_> = runs.iter().map(RunSummary::best).collect();
    let mut row = vec!["best".to_owned()];
    row.extend(
        best.iter()
            .map(|best| figure(best.map(|best| best.val_accuracy))),
    );
    row.extend(
        best.iter()
            .map(|best| figure(best.map(|best| best.val_loss))),
    );
    rows.push(row);
    line(&format!("{text}\n{}", table(&rows, 0)))
}
