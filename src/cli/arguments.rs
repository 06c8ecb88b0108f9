//! Arguments that several commands take.

use std::path::{Path, PathBuf};

use clap::Args;
use color_eyre::eyre::eyre;

use super::failure::Failure;

// (Not a doc comment: clap would show it as the command's own help.)
#[derive(Debug, Args)]
pub struct JsonArgument {
    /// Print it as JSON
    #[arg(long)]
    pub json: bool,
}

// What becomes of a file that a person names and that is there already: of every command that writes one. (Not a doc comment: clap would
// show it as the command's own help.)
#[derive(Clone, Copy, Debug, Args)]
pub struct ForceArgument {
    /// Replace what is there already
    #[arg(long, alias = "overwrite")]
    force: bool,
}

impl ForceArgument {
    /// Refuses to write over what is there, unless that was asked for: bad input.
    pub fn check(self, path: &Path) -> Result<(), Failure> {
        if self.force || !path.exists() {
            return Ok(());
        }
        Err(Failure::Input(eyre!(
            "{}: already exists; name another one, or replace it with --force",
            path.display()
        )))
    }
}

// (Not a doc comment: clap would show it as the command's own help.)
#[derive(Debug, Args)]
pub struct RunsArgument {
    /// The folder of the run folders
    #[arg(
        long = "runs",
        alias = "out",
        value_name = "DIR",
        default_value = "runs"
    )]
    pub folder: PathBuf,
}

// Where data comes from, where runs go, and what computes. (Not a doc comment: clap would show it as the command's own help.)
#[derive(Debug, Args)]
pub struct PlaceArguments {
    /// A data set: its name (fashion-mnist, mnist, or one of these with -starter) or the path of its folder or file
    #[arg(long, value_name = "D")]
    pub data: Option<String>,
    /// Threads to train with; the result is the same for any number [default: one for each processor]
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    #[command(flatten)]
    pub runs: RunsArgument,
}

impl PlaceArguments {
    pub fn threads(&self) -> Option<usize> {
        self.threads.map(usize::from)
    }
}
