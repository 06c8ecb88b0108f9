//! `convscope presets`: the built-in presets.

use clap::{ArgMatches, Command};

use super::Subcommand;
use super::failure::Failure;
use super::output::{line, thousands};
use crate::network::NetworkSummary;
use crate::training::{BUILT_IN, Preset};

pub static SUBCOMMAND: Subcommand = Subcommand {
    name: "presets",
    define,
    run,
};

fn define(command: Command) -> Command {
    command.about("List the built-in presets: name, parameters, what it is")
}

fn run(_matches: &ArgMatches) -> Result<(), Failure> {
    let width = BUILT_IN.iter().map(|(name, _)| name.len()).max();
    let width = width.unwrap_or_default();
    for (name, _) in BUILT_IN {
        let preset = Preset::open(name).map_err(Failure::failed)?;
        let parameters = thousands(NetworkSummary::new(&preset.network()).parameters);
        line(&format!(
            "{name:width$}  {parameters:>9}  {}",
            preset.description
        ))?;
    }
    Ok(())
}
