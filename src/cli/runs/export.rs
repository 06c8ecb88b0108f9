//! `convscope runs export RUN`: a run's epochs as CSV or JSON, for spreadsheets and plots.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::super::Action;
use super::super::arguments::{ForceArgument, run_folder};
use super::super::failure::Failure;
use super::super::output::{csv_cell, line, note, write_file};
use super::open;
use crate::runs::RunSummary;
use crate::training::FIGURES;
use crate::wording::counted;

/// Write the figures of every epoch as CSV or JSON
#[derive(Debug, Args)]
pub struct ExportArguments {
    /// Folder of the run
    #[arg(value_name = "RUN", value_parser = run_folder)]
    run: PathBuf,
    /// File to write [default: stdout]
    #[arg(value_name = "FILE")]
    target: Option<PathBuf>,
    /// Write everything about the run as JSON, instead of one CSV row per epoch
    #[arg(long)]
    json: bool,
    /// Former name of --json
    #[arg(long, hide = true, value_enum, default_value_t = Format::Csv)]
    format: Format,
    #[command(flatten)]
    force: ForceArgument,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Csv,
    Json,
}

impl Action for ExportArguments {
    fn run(self) -> Result<(), Failure> {
        if let Some(target) = &self.target {
            self.force.check(target)?;
        }
        let (run, _) = open(&self.run)?;
        let text = match (self.json, self.format) {
            (false, Format::Csv) => {
                let mut lines = vec![csv_header()];
                lines.extend(csv_rows(&run));
                lines.join("\n")
            }
            _ => serde_json::to_string_pretty(&run).expect("a summary has only string keys"),
        };
        let Some(target) = &self.target else {
            return line(&text);
        };
        write_file(target, (text + "\n").as_bytes())?;
        note(&format!(
            "{}: {}",
            target.display(),
            counted(run.history.len(), "epoch")
        ));
        Ok(())
    }
}

/// CSV as in RFC 4180: the keys of `metrics.jsonl`, the changes in one cell, and what each epoch was measured on.
pub(super) fn csv_header() -> String {
    let names: String = FIGURES
        .iter()
        .map(|figure| format!("{},", figure.name))
        .collect();
    format!("epoch,{names}changes,stretch,data,validation")
}

/// A row for each epoch.
pub(super) fn csv_rows(run: &RunSummary) -> impl Iterator<Item = String> {
    run.history.iter().map(|metrics| {
        let changes = csv_cell(&metrics.changes.join("; "));
        let measured = run.stretch_of(metrics);
        let data = csv_cell(measured.map_or("", |measured| &measured.data));
        let validation = csv_cell(measured.map_or("", |measured| &measured.validation));
        let figures: String = FIGURES
            .iter()
            .map(|figure| {
                (figure.of)(metrics).map_or_else(|| ",".to_owned(), |value| format!("{value},"))
            })
            .collect();
        let (epoch, stretch) = (metrics.epoch, metrics.stretch);
        format!("{epoch},{figures}{changes},{stretch},{data},{validation}")
    })
}
