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

use super::failure::Failure;
use super::interrupt::Request;
use super::{Subcommand, group, run_action};
use crate::data::DataError;

pub const SUBCOMMAND: Subcommand = Subcommand {
    name: "data",
    define: |command| {
        group(
            command,
            "List, describe, fetch, convert and make data sets",
            ACTIONS,
        )
    },
    run: |matches| run_action(matches, ACTIONS),
};

/// Every action, in the order in which the help shows them.
static ACTIONS: &[Subcommand] = &[
    Subcommand::of::<list::ListArguments>("list"),
    info::SUBCOMMAND,
    stats::SUBCOMMAND,
    fetch::SUBCOMMAND,
    convert::SUBCOMMAND,
    augment::SUBCOMMAND,
    digits::SUBCOMMAND,
];

/// What a data error means for the exit code: a wish to stop is no bad input.
fn failure(error: DataError, request: Option<Request>) -> Failure {
    match (error, request) {
        (DataError::Cancelled, Some(request)) => {
            Failure::Interrupted(request, "; nothing was written".to_owned())
        }
        (error, _) => Failure::input(error),
    }
}
