//! The command line: the screen if there is no subcommand, and one file per subcommand.
//!
//! A new subcommand is one file here, with its [`Action`], and one line in [`SUBCOMMANDS`].

mod arguments;
mod bench;
mod check;
mod data;
mod eval;
mod explain;
mod failure;
mod interrupt;
mod logging;
mod opening;
mod output;
mod picture_files;
mod pictures;
mod predict;
mod presets;
mod report;
mod reproduce;
mod runs;
mod screen;
#[cfg(test)]
mod settings_tests;
mod shot;
mod summary;
mod suspects;
mod sweep;
mod train;
mod trained;

use std::process::ExitCode;

use clap::{ArgMatches, Args, Command, FromArgMatches};

use failure::Failure;
pub use logging::report_panics;
use screen::ScreenArguments;

/// Every subcommand, in the order in which the help shows them.
static SUBCOMMANDS: &[Subcommand] = &[
    Subcommand::of::<train::TrainArguments>("train"),
    Subcommand::new("runs", runs::define, runs::run),
    Subcommand::new("sweep", sweep::define, sweep::run),
    Subcommand::of::<report::ReportArguments>("report"),
    Subcommand::of::<shot::ShotArguments>("shot"),
    Subcommand::of::<eval::EvalArguments>("eval"),
    Subcommand::of::<predict::PredictArguments>("predict"),
    Subcommand::of::<explain::ExplainArguments>("explain"),
    Subcommand::of::<summary::SummaryArguments>("summary"),
    Subcommand::of::<presets::PresetsArguments>("presets"),
    Subcommand::of::<reproduce::ReproduceArguments>("reproduce"),
    Subcommand::of::<check::CheckArguments>("check"),
    Subcommand::of::<bench::BenchArguments>("bench"),
    Subcommand::new("data", data::define, data::run),
];

/// A subcommand: its name, its arguments and its action.
struct Subcommand {
    name: &'static str,
    /// Adds help and arguments to an empty command of this name.
    define: fn(Command) -> Command,
    run: fn(&ArgMatches) -> Result<(), Failure>,
}

/// The arguments of a subcommand; the type's doc comment is its help.
trait Action: Args {
    /// Runs the subcommand.
    fn run(self) -> Result<(), Failure>;
}

impl Subcommand {
    const fn new(
        name: &'static str,
        define: fn(Command) -> Command,
        run: fn(&ArgMatches) -> Result<(), Failure>,
    ) -> Self {
        Self { name, define, run }
    }

    const fn of<A: Action>(name: &'static str) -> Self {
        Self::new(name, A::augment_args, |matches| {
            A::from_arg_matches(matches)?.run()
        })
    }
}

/// The command with these subcommands.
fn with_subcommands(command: Command, subcommands: &[Subcommand]) -> Command {
    let commands = subcommands.iter();
    command.subcommands(commands.map(|one| (one.define)(Command::new(one.name))))
}

/// Runs the given subcommand; `None` if there is none.
fn run_one(matches: &ArgMatches, subcommands: &[Subcommand]) -> Option<Result<(), Failure>> {
    let (name, matches) = matches.subcommand()?;
    let mut subcommands = subcommands.iter();
    let asked = subcommands.find(|one| one.name == name);
    Some((asked
        .expect("clap accepts only the names in the list")
        .run)(matches))
}

/// The command, which requires one of these subcommands.
fn group(command: Command, about: &'static str, actions: &[Subcommand]) -> Command {
    let command = command.about(about).subcommand_required(true);
    with_subcommands(command.arg_required_else_help(true), actions)
}

/// As [`run_one`], for a [`group`].
fn run_action(matches: &ArgMatches, actions: &[Subcommand]) -> Result<(), Failure> {
    run_one(matches, actions).expect("clap requires an action")
}

/// Runs the command line and returns the exit code: 0 success, 1 failure, 2 usage error or invalid input, 129 hung up, 130
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
    match run_one(matches, SUBCOMMANDS) {
        None => screen::open(ScreenArguments::from_arg_matches(matches)?),
        Some(done) => done,
    }
}

fn command() -> Command {
    // The arguments first: otherwise their type would set the command's help.
    let command = logging::define(ScreenArguments::augment_args(Command::new("convscope")))
        .version(env!("CARGO_PKG_VERSION"))
        .about("A laboratory for convolutional networks in the terminal")
        .long_about(
            "A laboratory for convolutional networks in the terminal: view image data, build and train networks, and inspect \
             what they do. Without a subcommand, it opens full screen.",
        )
        .after_help("Exit codes: 0 success, 1 failure, 2 usage error or invalid input, 129 hung up, 130 interrupted")
        .args_conflicts_with_subcommands(true);
    with_subcommands(command, SUBCOMMANDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        command().debug_assert();
    }

    /// Every command that does something, with the words that call it.
    fn all(command: &Command, called: &str) -> Vec<(String, Command)> {
        let below = command.get_subcommands();
        let below = below.flat_map(|one| all(one, format!("{called} {}", one.get_name()).trim()));
        let own = (called.to_owned(), command.clone());
        std::iter::once(own).chain(below).collect()
    }

    #[test]
    fn an_option_means_one_thing_in_all_commands() {
        // What it takes, by what calls it; `fetch` gets a set from elsewhere, as `train` its weights.
        let allowed = ["from"];
        let mut meanings: std::collections::BTreeMap<String, Vec<(String, String)>> =
            Default::default();
        for (called, command) in all(&command(), "") {
            for option in command.get_arguments().filter(|one| !one.is_hide_set()) {
                let Some(name) = option.get_long().filter(|name| !allowed.contains(name)) else {
                    continue;
                };
                let takes = option
                    .get_value_names()
                    .map_or(String::new(), |names| names.join(" "));
                meanings
                    .entry(name.to_owned())
                    .or_default()
                    .push((takes, called.clone()));
            }
        }
        assert!(meanings["data"].len() > 5, "{meanings:?}");
        for (name, uses) in &meanings {
            let first = &uses[0].0;
            assert!(
                uses.iter().all(|(takes, _)| takes == first),
                "--{name}: {uses:?}"
            );
        }
        // What is written, where runs are and what may be replaced is said in one way.
        let has = |called: &str, name: &str| meanings[name].iter().any(|(_, by)| by == called);
        for called in ["", "train", "reproduce", "runs list", "runs copy"] {
            assert!(has(called, "runs"), "{called}");
        }
        for called in ["explain", "eval"] {
            assert!(has(called, "out") && has(called, "force"), "{called}");
        }
        for called in ["runs export", "data convert", "data augment", "data digits"] {
            assert!(has(called, "force"), "{called}");
        }
        for former in ["overwrite", "write", "format json"] {
            assert!(!meanings.contains_key(former), "{former}");
        }
    }

    #[test]
    fn a_number_that_is_none_is_refused_in_our_words() {
        let mut refused = 0;
        for (called, command) in all(&command(), "") {
            let options = command.get_arguments().filter_map(clap::Arg::get_long);
            for option in options {
                for value in ["abc", "99999999999999999999"] {
                    let given = [format!("--{option}={value}")];
                    let tried = command.clone().no_binary_name(true);
                    let told = tried.try_get_matches_from(given).map_err(|e| e.to_string());
                    let told = told.err().unwrap_or_default();
                    assert!(
                        !["invalid digit", "is not in", "target type"]
                            .iter()
                            .any(|words| told.contains(words)),
                        "{called}: {told}"
                    );
                    refused += usize::from(told.contains("expected a whole number"));
                }
            }
        }
        assert!(refused > 10, "{refused}");
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
