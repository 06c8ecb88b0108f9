//! `convscope check FILE`: whether a preset or network file can be trained.

use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::Subcommand;
use super::failure::Failure;
use super::output::{line, thousands};
use crate::network::NetworkSummary;
use crate::session::check_preset;
use crate::training::Preset;

pub static SUBCOMMAND: Subcommand = Subcommand {
    name: "check",
    define,
    run,
};

#[derive(Debug, Args)]
struct CheckArguments {
    /// A network or preset file, or the name of a built-in preset
    file: String,
}

fn define(command: Command) -> Command {
    CheckArguments::augment_args(command)
        .about("Say whether a network or preset file can be trained, and if not, where and why")
}

fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let CheckArguments { file } = CheckArguments::from_arg_matches(matches)?;
    let preset = Preset::open(&file).map_err(Failure::input)?;
    check_preset(&preset).map_err(Failure::input)?;
    let summary = NetworkSummary::new(&preset.network());
    line(&format!(
        "{file}: can be trained: {} layers, {} parameters",
        summary.layers.len(),
        thousands(summary.parameters)
    ))
}
