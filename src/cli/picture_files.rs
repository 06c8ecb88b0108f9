//! Curves and tables as files, in the formats that papers and pages take.

use std::path::{Path, PathBuf};

use clap::Args;

use super::arguments::ForceArgument;
use super::failure::Failure;
use super::output::{note, write_file};
use crate::picture::{Chart, Ground, Picture, Table, to_png, to_svg, to_tex};

/// Pixels per point of a PNG.
const SCALE: u8 = 2;

// (Not a doc comment: clap would show it as the command's own help.)
#[derive(Debug, Args)]
pub struct PictureFiles {
    /// Write the curves or the table as an SVG picture
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Write the curves or the table as a PNG picture
    #[arg(long, value_name = "FILE")]
    png: Option<PathBuf>,
    /// Write the curves as a TeX file for pgfplots, or the table as one for booktabs
    #[arg(long, value_name = "FILE")]
    tex: Option<PathBuf>,
}

impl PictureFiles {
    /// Whether any is asked for.
    pub fn any(&self) -> bool {
        self.files().next().is_some()
    }

    fn files(&self) -> impl Iterator<Item = &PathBuf> {
        [&self.svg, &self.png, &self.tex].into_iter().flatten()
    }

    /// Refuses files that exist already, before anything is computed.
    pub fn check(&self, force: ForceArgument) -> Result<(), Failure> {
        self.files().try_for_each(|file| force.check(file))
    }

    /// Writes the files of a chart that are asked for.
    pub fn write_chart(&self, chart: &Chart) -> Result<(), Failure> {
        self.write(|| chart.picture(), || to_tex(chart))
    }

    /// Writes the files of a table that are asked for.
    pub fn write_table(&self, table: &Table) -> Result<(), Failure> {
        self.write(|| table.picture(Ground::Light), || table.to_tex())
    }

    fn write(
        &self,
        picture: impl Fn() -> Picture,
        tex: impl Fn() -> String,
    ) -> Result<(), Failure> {
        if let Some(file) = &self.svg {
            write(file, to_svg(&picture()).as_bytes())?;
        }
        if let Some(file) = &self.png {
            write(file, &png(&picture())?)?;
        }
        if let Some(file) = &self.tex {
            write(file, tex().as_bytes())?;
        }
        Ok(())
    }
}

/// A picture as a PNG file.
pub fn png(picture: &Picture) -> Result<Vec<u8>, Failure> {
    to_png(picture, SCALE).map_err(Failure::failed)
}

/// Writes a file that the user named, and says so.
pub fn write(file: &Path, content: &[u8]) -> Result<(), Failure> {
    write_file(file, content)?;
    note(&format!("{} is written", file.display()));
    Ok(())
}
