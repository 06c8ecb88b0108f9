//! `convscope runs compare RUN RUN…`: what the runs differ in, and their figures side by side.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::super::Action;
use super::super::arguments::run_folder;
use super::super::failure::Failure;
use super::super::output::{csv_cell, line, table};
use super::super::trained::SetArguments;
use super::chart::{ChartArguments, TableName};
use super::disagreement::Disagreement;
use super::{export, figure, open};
use crate::picture::Table;
use crate::report::{best, differing, have_seeds, means, seed_groups};
use crate::runs::{Difference, RunDigest, RunSummary, differences};
use crate::training::Figure;

/// Compare runs: what differs between them, and their validation figures side by side
#[derive(Debug, Args)]
pub struct CompareArguments {
    /// Folders of two or more runs
    #[arg(required = true, num_args = 2.., value_name = "RUN", value_parser = run_folder)]
    runs: Vec<PathBuf>,
    /// Print the figures of every epoch too
    #[arg(long)]
    every_epoch: bool,
    /// Classify the test images with both of two runs: where they disagree, and whether the difference is more than chance
    #[arg(long)]
    images: bool,
    #[command(flatten)]
    set: SetArguments,
    #[command(flatten)]
    chart: ChartArguments,
    /// Print the table as CSV: one row per epoch and run
    #[arg(long, conflicts_with_all = ["json", "every_epoch", "images"])]
    csv: bool,
    /// Print the differences, and every run with its epochs, as JSON
    #[arg(long)]
    json: bool,
}

/// The runs to compare.
struct Compared {
    runs: Vec<RunSummary>,
    digests: Vec<RunDigest>,
    differences: Vec<Difference>,
}

impl Compared {
    fn open(folders: &[PathBuf]) -> Result<Self, Failure> {
        let mut runs = Vec::new();
        let mut digests = Vec::new();
        for folder in folders {
            let (summary, record) = open(folder)?;
            digests.push(RunDigest::new(summary.clone(), Some(&record)));
            runs.push(summary);
        }
        let differences = differences(&digests.iter().collect::<Vec<_>>());
        Ok(Self {
            runs,
            digests,
            differences,
        })
    }

    fn table(&self, name: TableName) -> Table {
        match name {
            TableName::Differs => differing(&self.differences, self.runs.len()),
            TableName::Best => best(&self.runs),
            TableName::Seeds => means(&seed_groups(&self.digests)),
        }
    }

    /// What differs, for people.
    fn differing(&self) -> String {
        match self.differences.is_empty() {
            true => "No differences in network, data, seed, version or settings.".to_owned(),
            false => table(&self.table(TableName::Differs).texts(), |_| true),
        }
    }
}

impl Action for CompareArguments {
    fn run(self) -> Result<(), Failure> {
        self.chart.check()?;
        let compared = Compared::open(&self.runs)?;
        self.chart
            .write(&compared.runs, &compared.digests, |name| {
                compared.table(name)
            })?;
        let disagreement = match (self.images, compared.runs.as_slice()) {
            (false, _) => None,
            (true, [one, other]) => Some(Disagreement::of([one, other], &self.set)?),
            (true, runs) => {
                return Err(Failure::sentence(format!(
                    "--images: expected two runs, got {}",
                    runs.len()
                )));
            }
        };
        if self.json {
            let Compared {
                runs, differences, ..
            } = compared;
            let mut told = json!({"runs": runs, "differences": differences});
            if let Some(disagreement) = disagreement {
                told["images"] = json!(disagreement);
            }
            return line(&told.to_string());
        }
        if self.csv {
            return line(&csv(&compared.runs));
        }
        let mut parts = vec![
            headings(&compared.runs),
            compared.differing(),
            table(&compared.table(TableName::Best).texts(), |column| {
                column == 0
            }),
        ];
        if have_seeds(&seed_groups(&compared.digests)) {
            let means = compared.table(TableName::Seeds);
            let text = table(&means.texts(), |column| column < 2);
            parts.push(format!("{}\n{text}", means.caption));
        }
        if self.every_epoch {
            parts.push(by_epoch(&compared.runs));
        }
        parts.extend(disagreement.map(|disagreement| disagreement.in_words()));
        line(&parts.join("\n\n"))
    }
}

/// Which run each number stands for.
fn headings(runs: &[RunSummary]) -> String {
    let lines = runs.iter().zip(1..).map(|(run, number)| {
        let mut text = format!(
            "{number}: {}, {} on {}",
            run.title(),
            run.name,
            run.data_in_words()
        );
        if run.stretches.len() > 1 {
            text += &format!("\n   best of the epochs on {} only", run.data);
        }
        text
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The first cell of a row, then one for each run.
fn row(name: &str, cells: impl Iterator<Item = String>) -> Vec<String> {
    std::iter::once(name.to_owned()).chain(cells).collect()
}

fn by_epoch(runs: &[RunSummary]) -> String {
    let compared = Figure::compared();
    let headings = compared
        .iter()
        .flat_map(|(_, heading)| (1..=runs.len()).map(move |number| format!("{heading} {number}")));
    let mut rows = vec![row("epoch", headings)];
    let longest = runs.iter().map(|run| run.history.len()).max().unwrap_or(0);
    rows.extend((0..longest).map(|epoch| {
        let cells = compared.iter().flat_map(|(compared, _)| {
            let runs = runs.iter();
            runs.map(move |run| figure(run.history.get(epoch).and_then(compared.of)))
        });
        row(&(epoch + 1).to_string(), cells)
    }));
    table(&rows, |_| false)
}

/// One row per run and epoch, as programs for plots group them.
fn csv(runs: &[RunSummary]) -> String {
    let mut lines = vec![format!("run,{}", export::csv_header())];
    for run in runs {
        let name = csv_cell(&run.title());
        lines.extend(export::csv_rows(run).map(|row| format!("{name},{row}")));
    }
    lines.join("\n")
}
