//! Arguments that several commands take.

use std::convert::Infallible;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;
use color_eyre::eyre::eyre;
use serde::de::DeserializeOwned;

use super::failure::Failure;
use super::opening::OpeningArguments;
use crate::field::TextProblem;

/// Parses a number of pieces, steps or threads.
pub fn whole<N: FromStr>(text: &str) -> Result<N, String> {
    text.parse().map_err(|_| match text.parse::<u128>() {
        Ok(_) => "this number is too large".to_owned(),
        Err(_) => "expected a whole number of at least 0".to_owned(),
    })
}

/// As [`whole`], within `range`.
pub fn whole_in(
    range: RangeInclusive<u16>,
) -> impl Fn(&str) -> Result<u16, String> + Clone + Send + Sync {
    move |text| {
        let number = text.parse().ok().filter(|number| range.contains(number));
        let (least, most) = (range.start(), range.end());
        number.ok_or_else(|| format!("expected a whole number from {least} to {most}"))
    }
}

/// The settings that the option `name` gives as YAML, on one line.
pub fn from_yaml<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, Failure> {
    // Read in two steps, since an error of the second does not speak of a line.
    let tree = serde_yaml::from_str::<serde_yaml::Value>(text);
    let settings = tree.and_then(serde_yaml::from_value);
    settings.map_err(|error| {
        let TextProblem { reason, .. } = TextProblem::new("", &error);
        Failure::Input(eyre!("--{name} {text}: {reason}"))
    })
}

// (Not a doc comment: clap would show it as the command's own help.)
#[derive(Debug, Args)]
pub struct JsonArgument {
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

// Whether a command that writes a file may replace an existing one. (Not a doc comment: clap would show it as the command's own help.)
#[derive(Clone, Copy, Debug, Args)]
pub struct ForceArgument {
    /// Replace existing files
    #[arg(long, alias = "overwrite")]
    force: bool,
}

impl ForceArgument {
    /// Refuses to replace an existing file without `--force`: bad input.
    pub fn check(self, path: &Path) -> Result<(), Failure> {
        if self.force || !path.exists() {
            return Ok(());
        }
        Err(Failure::Input(eyre!(
            "{}: already exists; choose another path, or replace it with --force",
            path.display()
        )))
    }
}

// (Not a doc comment: clap would show it as the command's own help.)
#[derive(Debug, Args)]
pub struct RunsArgument {
    /// Folder that holds the run folders
    #[arg(
        long = "runs",
        alias = "out",
        value_name = "DIR",
        default_value = "runs"
    )]
    pub folder: PathBuf,
}

// (Not a doc comment: clap would show it as the command's own help.)
#[derive(Debug, Args)]
pub struct SweepsArgument {
    /// Folder that holds the sweep folders
    #[arg(id = "sweeps", long, value_name = "DIR", default_value = "sweeps")]
    pub folder: PathBuf,
}

/// A run as a person names it: the path of its folder, or the folder's name in `runs`.
pub fn run_folder(text: &str) -> Result<PathBuf, Infallible> {
    let path = PathBuf::from(text);
    let named = Path::new("runs").join(text);
    Ok(if !path.exists() && named.is_dir() {
        named
    } else {
        path
    })
}

// Data set, runs folder and threads. (Not a doc comment: clap would show it as the command's own help.)
#[derive(Debug, Args)]
pub struct PlaceArguments {
    /// Data set: a name (fashion-mnist, mnist, or either with -starter) or the path of a folder or file
    #[arg(long, value_name = "D")]
    data: Option<String>,
    #[command(flatten)]
    opening: OpeningArguments,
    /// Threads to train with; the result does not depend on them [default: one per processor]
    #[arg(long, value_name = "T", value_parser = whole_in(1..=1024))]
    pub threads: Option<u16>,
    #[command(flatten)]
    pub runs: RunsArgument,
}

impl PlaceArguments {
    /// The set that was named, or else this one, with the choices that it is to be opened with.
    ///
    /// # Errors
    /// [`Failure::Input`] if the choices at the name's end are wrong.
    pub fn data_or(&self, other: Option<&str>) -> Result<Option<String>, Failure> {
        self.opening.choice(self.data.as_deref().or(other))
    }

    pub fn threads(&self) -> Option<usize> {
        self.threads.map(usize::from)
    }
}
