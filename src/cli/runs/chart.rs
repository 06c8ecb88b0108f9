//! Curves or tables of runs as files.

use clap::{Args, ValueEnum};

use super::super::arguments::ForceArgument;
use super::super::failure::Failure;
use super::super::picture_files::PictureFiles;
use crate::picture::Table;
use crate::report::{curves, mean_curves, seed_groups};
use crate::runs::{RunDigest, RunSummary};
use crate::training::FIGURES;

// (Not a doc comment: clap would show it as the command's own help.)
#[derive(Debug, Args)]
pub struct ChartArguments {
    #[command(flatten)]
    files: PictureFiles,
    /// The figure to draw
    #[arg(long, value_name = "FIGURE", default_value = "val_accuracy", value_parser = figures())]
    figure: String,
    /// Draw over the training time instead of epochs
    #[arg(long)]
    by_time: bool,
    /// Draw runs that differ in the seed only as their mean, in a band of one standard deviation to both sides
    #[arg(long, conflicts_with_all = ["by_time", "table"])]
    fold_seeds: bool,
    /// The table to write instead of curves
    #[arg(long, value_name = "TABLE", conflicts_with = "by_time")]
    table: Option<TableName>,
    #[command(flatten)]
    force: ForceArgument,
}

/// A table of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TableName {
    /// What differs between the runs
    Differs,
    /// The best value of each figure
    Best,
    /// Mean, deviation and interval of runs that differ in the seed only
    Seeds,
}

fn figures() -> clap::builder::PossibleValuesParser {
    FIGURES
        .iter()
        .map(|figure| figure.name)
        .collect::<Vec<_>>()
        .into()
}

impl ChartArguments {
    /// Refuses files that exist already, before anything is computed, and a table without a file.
    pub fn check(&self) -> Result<(), Failure> {
        if self.table.is_some() && !self.files.any() {
            return Err(Failure::sentence(
                "--table: says what --svg, --png or --tex writes; name a file with one of them"
                    .to_owned(),
            ));
        }
        self.files.check(self.force)
    }

    /// Writes the requested files; `table` makes a table without its caption.
    pub fn write(
        &self,
        runs: &[RunSummary],
        digests: &[RunDigest],
        table: impl Fn(TableName) -> Table,
    ) -> Result<(), Failure> {
        if let Some(name) = self.table {
            let numbered = runs.iter().zip(1..);
            let caption: Vec<String> = numbered
                .map(|(run, number)| format!("{number}: {}", run.title()))
                .collect();
            return self.files.write_table(&Table {
                caption: caption.join(", "),
                ..table(name)
            });
        }
        let mut figures = FIGURES.iter();
        let figure = figures.find(|figure| figure.name == self.figure);
        let figure = figure.expect("clap accepts only the names of figures");
        let runs: Vec<&RunSummary> = runs.iter().collect();
        let chart = match self.fold_seeds {
            true => mean_curves(&runs, &seed_groups(digests), figure),
            false => curves(&runs, figure, self.by_time),
        };
        self.files.write_chart(&chart)
    }
}
