//! The command line: without a subcommand the screen, and one file for each subcommand.
//!
//! A new subcommand is one file here, with its [`Subcommand`], and one line in [`SUBCOMMANDS`].

mod arguments;
mod bench;
mod check;
mod data;
mod eval;
mod explain;
mod failure;
mod interrupt;
mod logging;
mod output;
mod pictures;
mod predict;
mod presets;
mod reproduce;
mod runs;
mod screen;
#[cfg(test)]
mod settings_tests;
mod summary;
mod suspects;
mod train;
mod trained;

use std::process::ExitCode;

use clap::{ArgMatches, Args, Command, FromArgMatches};

use failure::Failure;
pub use logging::report_panics;
use screen::ScreenArguments;

/// Every subcommand, in the order in which the help shows them.
static SUBCOMMANDS: &[&Subcommand] = &[
    &train::SUBCOMMAND,
    &runs::SUBCOMMAND,
    &eval::SUBCOMMAND,
    &predict::SUBCOMMAND,
    &explain::SUBCOMMAND,
    &summary::SUBCOMMAND,
    &presets::SUBCOMMAND,
    &reproduce::SUBCOMMAND,
    &check::SUBCOMMAND,
    &bench::SUBCOMMAND,
    &data::SUBCOMMAND,
];

/// A subcommand: what it is called and takes, and what it does.
struct Subcommand {
    name: &'static str,
    /// Adds help and arguments to an empty command of this name.
    define: fn(Command) -> Command,
    run: fn(&ArgMatches) -> Result<(), Failure>,
}

/// Does what the command line asks for, and tells the exit code: 0 done, 1 failed, 2 wrong usage or bad input, 129 hung up, 130
/// interrupted.
pub fn run() -> ExitCode {
    let done = match command().try_get_matches() {
        Ok(matches) => logging::start(&matches).and_then(|()| dispatch(&matches)),
        Err(usage) => Err(Failure::Usage(usage)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn dispatch(matches: &ArgMatches) -> Result<(), Failure> {
    match matches.subcommand() {
        None => screen::open(ScreenArguments::from_arg_matches(matches)?),
        Some((name, matches)) => {
            let subcommand = SUBCOMMANDS
                .iter()
                .find(|subcommand| subcommand.name == name)
                .expect("clap accepts the names in the list alone");
            (subcommand.run)(matches)
        }
    }
}

fn command() -> Command {
    let subcommands = SUBCOMMANDS
        .iter()
        .map(|subcommand| (subcommand.define)(Command::new(subcommand.name)));
    // The arguments first: what a command is about comes from their type otherwise.
    logging::define(ScreenArguments::augment_args(Command::new("convscope")))
        .version(env!("CARGO_PKG_VERSION"))
        .about("A laboratory for convolutional networks in the terminal")
        .long_about(
            "A laboratory for convolutional networks in the terminal: look at image data, build and train networks, and see \
             what they do. Without a subcommand it opens on the screen.",
        )
        .after_help("Exit codes: 0 done, 1 failed, 2 wrong usage or bad input, 129 hung up, 130 interrupted")
        .args_conflicts_with_subcommands(true)
        .subcommands(subcommands)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        command().debug_assert();
    }

    #[test]
    fn every_subcommand_says_what_it_does() {
        for subcommand in command().get_subcommands() {
            assert!(
                subcommand.get_about().is_some(),
                "{}",
                subcommand.get_name()
            );
            for argument in subcommand.get_arguments() {
                let id = argument.get_id();
                assert!(
                    argument.get_help().is_some(),
                    "{} {id}",
                    subcommand.get_name()
                );
            }
        }
    }
}
