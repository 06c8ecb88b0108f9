//! `convscope data …`: data sets without a screen.
//!
//! A new action is one file here, with `define` and `run`, and one line in [`ACTIONS`].

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

use super::failure::Failure;
use super::{Subcommand, group, run_action};

pub fn define(command: Command) -> Command {
    group(
        command,
        "List, describe, fetch, convert and create data sets",
        ACTIONS,
    )
}

pub fn run(matches: &ArgMatches) -> Result<(), Failure> {
    run_action(matches, ACTIONS)
}

/// Every action, in the order in which the help shows them.
static ACTIONS: &[Subcommand] = &[
    Subcommand::of::<list::ListArguments>("list"),
    Subcommand::new("info", info::define, info::run),
    Subcommand::new("stats", stats::define, stats::run),
    Subcommand::new("fetch", fetch::define, fetch::run),
    Subcommand::new("convert", convert::define, convert::run),
    Subcommand::new("augment", augment::define, augment::run),
    Subcommand::new("digits", digits::define, digits::run),
];
