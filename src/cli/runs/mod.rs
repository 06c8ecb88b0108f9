//! `convscope runs …`: what trainings left, without a screen.
//!
//! A new action is one file here, with its [`Subcommand`], and one line in [`ACTIONS`].

mod compare;
mod copy;
mod export;
mod list;
mod show;

use std::path::Path;

use clap::{ArgMatches, Command};
use color_eyre::eyre::eyre;

use super::Subcommand;
use super::failure::Failure;
use crate::runs::{RunFolder, RunSummary};

pub static SUBCOMMAND: Subcommand = Subcommand {
    name: "runs",
    define,
    run,
};

/// Every action, in the order in which the help shows them.
static ACTIONS: &[&Subcommand] = &[
    &list::SUBCOMMAND,
    &show::SUBCOMMAND,
    &compare::SUBCOMMAND,
    &export::SUBCOMMAND,
    &copy::SUBCOMMAND,
];

fn define(command: Command) -> Command {
    command
        .about("List, show, compare, export and copy runs")
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

/// The run in this folder.
///
/// # Errors
/// Where there is none, or it cannot be read.
fn open(folder: &Path) -> Result<RunSummary, Failure> {
    let summary = RunSummary::of(&RunFolder::open(folder).map_err(Failure::input)?);
    match summary.problem {
        Some(problem) => Err(Failure::Input(eyre!(problem))),
        None => Ok(summary),
    }
}

/// Columns of equal width, the first ones on the left, numbers on the right; the first row is the header.
fn table(rows: &[Vec<String>], left: usize) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let widest = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(widest).collect();
    let lines = rows.iter().map(|row| {
        let cells = row.iter().zip(&widths).enumerate();
        let cells = cells.map(|(column, (cell, width))| match column < left {
            true => format!("{cell:<width$}"),
            false => format!("{cell:>width$}"),
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A figure with four decimals, or nothing.
fn figure(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| format!("{value:.4}"))
}
