//! Curves or tables of runs as files.

use clap::{Args, ValueEnum};

use super::super::arguments::ForceArgument;
use super::super::failure::Failure;
use super::super::picture_files::PictureFiles;
use crate::picture::Table;
use crate::report::curves;
use crate::runs::RunSummary;
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
        self.files.write_chart(&curves(&runs, figure, self.by_time))
    }
}
