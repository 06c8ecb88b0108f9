//! `convscope sweep …`: many runs of one preset that differ in some settings.
//!
//! A new action is one file here, with its [`Action`](super::Action), and one line in [`ACTIONS`].

mod effects;
mod executors;
mod export;
mod follow;
mod list;
mod report;
mod run;
mod status;
mod stop;
mod trial;

use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, FromArgMatches, ValueEnum};

use super::failure::Failure;
use super::{Action, Subcommand, run_one, with_subcommands};
use crate::sweep::{Measure, SweepError, SweepFolder};

pub fn define(command: Command) -> Command {
    let command = run::StartArguments::augment_args(command);
    let command = with_subcommands(command, ACTIONS)
        .about("Train many variants of a preset, and find the best")
        .subcommand_negates_reqs(true)
        .args_conflicts_with_subcommands(true)
        .arg_required_else_help(true);
    // Executors call it, people do not.
    command.mut_subcommand(trial::NAME, |trial| trial.hide(true))
}

pub fn run(matches: &ArgMatches) -> Result<(), Failure> {
    match run_one(matches, ACTIONS) {
        Some(done) => done,
        // `convscope sweep FILE`
        None => run::StartArguments::from_arg_matches(matches)?.run(),
    }
}

/// Every action, in the order in which the help shows them.
static ACTIONS: &[Subcommand] = &[
    Subcommand::of::<run::StartArguments>("start"),
    Subcommand::of::<run::ResumeArguments>("resume"),
    Subcommand::of::<status::StatusArguments>("status"),
    Subcommand::of::<effects::EffectsArguments>("effects"),
    Subcommand::of::<export::ExportArguments>("export"),
    Subcommand::of::<stop::CancelArguments>("cancel"),
    Subcommand::of::<list::ListArguments>("list"),
    Subcommand::of::<trial::TrialArguments>(trial::NAME),
];

// (Not a doc comment: clap would show it as the command's own help.)
#[derive(Debug, Args)]
struct SweepArgument {
    /// Sweep folder
    #[arg(value_name = "SWEEP")]
    sweep: PathBuf,
}

impl SweepArgument {
    fn open(&self) -> Result<SweepFolder, Failure> {
        SweepFolder::open(&self.sweep).map_err(failure)
    }
}

// (Not a doc comment: clap would show it as the command's own help.)
#[derive(Debug, Args)]
struct ByArgument {
    /// Figure to compare trials by
    #[arg(long, value_name = "FIGURE", default_value = "accuracy")]
    by: By,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum By {
    /// Best validation accuracy
    Accuracy,
    /// Lowest validation loss
    Loss,
}

impl ByArgument {
    fn measure(&self) -> Measure {
        match self.by {
            By::Accuracy => Measure::ValAccuracy,
            By::Loss => Measure::ValLoss,
        }
    }
}

/// A failure to write is none of the input.
fn failure(error: SweepError) -> Failure {
    match error {
        SweepError::NotWritten { .. } => Failure::failed(error),
        error => Failure::input(error),
    }
}
