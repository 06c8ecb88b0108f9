//! Curves of runs as a chart, in the formats that papers and pages take.

use std::path::{Path, PathBuf};

use clap::Args;

use super::super::arguments::ForceArgument;
use super::super::failure::Failure;
use super::super::output::{note, write_file};
use crate::picture::{Chart, Series, to_png, to_svg, to_tex};
use crate::runs::RunSummary;
use crate::training::{FIGURES, Figure, Unit};

/// Pixels per point of a PNG.
const SCALE: u8 = 2;

// (Not a doc comment: clap would show it as the command's own help.)
#[derive(Debug, Args)]
pub struct ChartArguments {
    /// Write the curves as an SVG picture
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Write the curves as a PNG picture
    #[arg(long, value_name = "FILE")]
    png: Option<PathBuf>,
    /// Write the curves as a TeX file for pgfplots
    #[arg(long, value_name = "FILE")]
    tex: Option<PathBuf>,
    /// The figure to draw
    #[arg(long, value_name = "FIGURE", default_value = "val_accuracy", value_parser = figures())]
    figure: String,
    /// Draw over the training time instead of epochs
    #[arg(long)]
    by_time: bool,
    #[command(flatten)]
    force: ForceArgument,
}

fn figures() -> clap::builder::PossibleValuesParser {
    FIGURES
        .iter()
        .map(|figure| figure.name)
        .collect::<Vec<_>>()
        .into()
}

impl ChartArguments {
    /// Refuses files that exist already, before anything is computed.
    pub fn check(&self) -> Result<(), Failure> {
        let files = [&self.svg, &self.png, &self.tex];
        files
            .into_iter()
            .flatten()
            .try_for_each(|file| self.force.check(file))
    }

    /// Writes the requested files.
    pub fn write(&self, runs: &[RunSummary]) -> Result<(), Failure> {
        let mut figures = FIGURES.iter();
        let figure = figures.find(|figure| figure.name == self.figure);
        let figure = figure.expect("clap accepts only the names of figures");
        let chart = self.chart(runs, figure);
        if let Some(file) = &self.svg {
            write(file, to_svg(&chart.picture()).as_bytes())?;
        }
        if let Some(file) = &self.png {
            let png = to_png(&chart.picture(), SCALE).map_err(Failure::failed)?;
            write(file, &png)?;
        }
        if let Some(file) = &self.tex {
            write(file, to_tex(&chart).as_bytes())?;
        }
        Ok(())
    }

    fn chart(&self, runs: &[RunSummary], figure: &Figure) -> Chart {
        let series = runs.iter().enumerate().map(|(index, run)| {
            let mut seconds = 0.0;
            let points = run.history.iter().map(|epoch| {
                seconds += epoch.seconds;
                let x = if self.by_time {
                    seconds
                } else {
                    epoch.epoch as f64
                };
                [x, (figure.of)(epoch).unwrap_or(f64::NAN)]
            });
            Series::new(index, run.title(), points.collect())
        });
        Chart {
            x_label: if self.by_time { "seconds" } else { "epoch" }.to_owned(),
            y_label: figure.name.replace('_', " "),
            series: series.collect(),
            y_limits: match figure.unit {
                Unit::Share => [0.0, 1.0],
                _ => [0.0, f64::INFINITY],
            },
            ..Chart::default()
        }
    }
}

fn write(file: &Path, content: &[u8]) -> Result<(), Failure> {
    write_file(file, content)?;
    note(&format!("{} is written", file.display()));
    Ok(())
}
