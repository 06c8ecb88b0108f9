//! `convscope data convert D TARGET`: any readable set as npz or IDX.

use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::super::Subcommand;
use super::super::failure::Failure;
use super::target::{Format, LoadArguments, check_free, save};

pub static SUBCOMMAND: Subcommand = Subcommand {
    name: "convert",
    define,
    run,
};

#[derive(Debug, Args)]
struct ConvertArguments {
    #[command(flatten)]
    source: LoadArguments,
    /// The npz file, or for IDX the folder, to write
    target: PathBuf,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Npz)]
    format: Format,
    /// Deflate the arrays of an npz file: smaller, and slower to read
    #[arg(long)]
    packed: bool,
    /// Write over what is there
    #[arg(long)]
    overwrite: bool,
}

fn define(command: Command) -> Command {
    ConvertArguments::augment_args(command).about("Write a data set as npz or IDX")
}

fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let arguments = ConvertArguments::from_arg_matches(matches)?;
    check_free(&arguments.target, arguments.overwrite)?;
    let dataset = arguments.source.load()?;
    save(
        &dataset,
        &arguments.target,
        arguments.format,
        arguments.packed,
    )
}
