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

use super::{Subcommand, group, run_action};

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
