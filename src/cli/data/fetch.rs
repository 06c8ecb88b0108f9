//! `convscope data fetch SET`: a known set from its mirrors.

use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, FromArgMatches};
use color_eyre::eyre::eyre;

use super::super::Subcommand;
use super::super::failure::Failure;
use super::super::output::note;
use super::target::{data_folder, with_bar};
use crate::data::fetch::{FetchOptions, fetch};
use crate::data::{DataError, KNOWN_SETS, KnownSet};

pub static SUBCOMMAND: Subcommand = Subcommand {
    name: "fetch",
    define,
    run,
};

#[derive(Debug, Args)]
struct FetchArguments {
    /// fashion-mnist or mnist
    set: String,
    /// A URL or a folder with the four files, instead of the set's mirrors
    #[arg(long, value_name = "URL|DIR")]
    from: Option<String>,
    /// The folder that will hold the set's folder [default: the user's data folder, where the program looks]
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
}

fn define(command: Command) -> Command {
    FetchArguments::augment_args(command).about(
        "Get a known data set whole, from its mirrors or from elsewhere, checked by its SHA-256",
    )
}

fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let FetchArguments { set, from, into } = FetchArguments::from_arg_matches(matches)?;
    let known = KnownSet::by_name(&set).ok_or_else(|| {
        let names: Vec<_> = KNOWN_SETS.iter().map(|set| set.name).collect();
        Failure::Input(eyre!(
            "{set}: is no set that can be fetched; those are {}",
            names.join(", ")
        ))
    })?;
    let into = into.map_or_else(data_folder, Ok)?;
    let options = FetchOptions {
        from,
        ..FetchOptions::new(into)
    };
    let folder =
        with_bar("fetching", |progress| fetch(known, &options, progress)).map_err(|failure| {
            match failure {
                Failure::Interrupted(request, _) => Failure::Interrupted(
                    request,
                    "; what was received is kept, and the same command goes on from there"
                        .to_owned(),
                ),
                // The command was understood and tried; the network or a mirror failed.
                Failure::Input(report)
                    if !matches!(report.downcast_ref(), Some(DataError::Setting { .. })) =>
                {
                    Failure::Failed(report)
                }
                failure => failure,
            }
        })?;
    note(&format!("{} is in {}", known.name, folder.display()));
    Ok(())
}
