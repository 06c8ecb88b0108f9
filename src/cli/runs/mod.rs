//! `convscope runs …`: run folders, without the screen.
//!
//! A new action is one file here, with its [`Action`](super::Action), and one line in [`ACTIONS`].

mod chart;
mod compare;
mod copy;
mod disagreement;
mod export;
mod keep;
mod list;
mod show;

use std::path::Path;

use clap::{ArgMatches, Command};
use color_eyre::eyre::eyre;

use super::failure::Failure;
use super::{Subcommand, group, run_action};
use crate::runs::{RunFolder, RunRecord, RunSummary};

pub fn define(command: Command) -> Command {
    group(
        command,
        "List, show, compare, export, copy, tag and delete runs",
        ACTIONS,
    )
}

pub fn run(matches: &ArgMatches) -> Result<(), Failure> {
    run_action(matches, ACTIONS)
}

/// Every action, in the order in which the help shows them.
static ACTIONS: &[Subcommand] = &[
    Subcommand::of::<list::ListArguments>("list"),
    Subcommand::of::<show::ShowArguments>("show"),
    Subcommand::of::<compare::CompareArguments>("compare"),
    Subcommand::of::<export::ExportArguments>("export"),
    Subcommand::of::<copy::CopyArguments>("copy"),
    Subcommand::of::<keep::NoteArguments>("note"),
    Subcommand::of::<keep::TagArguments>("tag"),
    Subcommand::of::<keep::RenameArguments>("rename"),
    Subcommand::of::<keep::ArchiveArguments>("archive"),
    Subcommand::of::<keep::DeleteArguments>("delete"),
    Subcommand::of::<keep::RestoreArguments>("restore"),
    Subcommand::of::<keep::EmptyBinArguments>("empty-bin"),
];

/// The run in this folder, and its record.
pub(super) fn open(folder: &Path) -> Result<(RunSummary, RunRecord), Failure> {
    let folder = RunFolder::open(folder).map_err(Failure::input)?;
    match RunSummary::with_record(&folder) {
        (summary, Some(record)) if summary.problem.is_none() => Ok((summary, record)),
        (summary, _) => Err(Failure::Input(eyre!(summary.problem.unwrap_or_default()))),
    }
}

fn figure(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| format!("{value:.4}"))
}
