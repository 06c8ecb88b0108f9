//! Arguments that several commands take.

use std::path::PathBuf;

use clap::Args;

// (Not a doc comment: clap would show it as the command's own help.)
#[derive(Debug, Args)]
pub struct JsonArgument {
    /// Print it as JSON
    #[arg(long)]
    pub json: bool,
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
    /// The folder in which run folders are made
    #[arg(long, value_name = "DIR", default_value = "runs")]
    pub out: PathBuf,
}

impl PlaceArguments {
    pub fn threads(&self) -> Option<usize> {
        self.threads.map(usize::from)
    }
}
