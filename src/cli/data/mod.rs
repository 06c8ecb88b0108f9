//! `convscope data …`: data sets without a screen.
//!
//! A new action is one file here, with its [`Subcommand`], and one line in [`ACTIONS`].

mod augment;
mod convert;
mod digits;
mod fetch;
mod info;
mod list;
pub(super) mod settings;
mod stats;
mod target;

use clap::{ArgMatches, Command};

use super::Subcommand;
use super::failure::Failure;
use super::interrupt::Request;
use crate::data::DataError;

pub static SUBCOMMAND: Subcommand = Subcommand {
    name: "data",
    define,
    run,
};

/// Every action, in the order in which the help shows them.
static ACTIONS: &[&Subcommand] = &[
    &list::SUBCOMMAND,
    &info::SUBCOMMAND,
    &stats::SUBCOMMAND,
    &fetch::SUBCOMMAND,
    &convert::SUBCOMMAND,
    &augment::SUBCOMMAND,
    &digits::SUBCOMMAND,
];

fn define(command: Command) -> Command {
    command
        .about("List, describe, fetch, convert and make data sets")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(
            ACTIONS
                .iter()
                .map(|action| (action.define)(Command::new(action.name))),
        )
}

fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let (name, matches) = matches.subcommand().expect("clap requires an action");
    let action = ACTIONS
        .iter()
        .find(|action| action.name == name)
        .expect("clap accepts the names in the list alone");
    (action.run)(matches)
}

/// What a data error means for the exit code: a wish to stop is no bad input.
fn failure(error: DataError, request: Option<Request>) -> Failure {
    match (error, request) {
        (DataError::Cancelled, Some(request)) => {
            Failure::Interrupted(request, "; nothing was written".to_owned())
        }
        (error, _) => Failure::input(error),
    }
}
