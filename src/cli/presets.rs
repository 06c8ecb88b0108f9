//! `convscope presets`: the built-in presets, and the person's own.

use clap::{ArgMatches, Command};

use super::Subcommand;
use super::failure::Failure;
use super::output::{line, thousands};
use crate::network::NetworkSummary;
use crate::training::{BUILT_IN, Preset, PresetFolder};

pub static SUBCOMMAND: Subcommand = Subcommand {
    name: "presets",
    define,
    run,
};

fn define(command: Command) -> Command {
    command.about("List the presets, built-in and your own: name, parameters, what it is")
}

fn run(_matches: &ArgMatches) -> Result<(), Failure> {
    let own = PresetFolder::of_user().list();
    let names = BUILT_IN.iter().map(|(name, _)| *name);
    let width = names.chain(own.iter().map(|(name, _)| name.as_str()));
    let width = width.map(|name| name.chars().count()).max();
    let width = width.unwrap_or_default();
    for (name, text) in BUILT_IN {
        let preset = Preset::parse(text, name).map_err(Failure::failed)?;
        line(&row(name, width, &preset))?;
    }
    for (name, path) in &own {
        // One of a person's files that cannot be read hides none of the others.
        match Preset::open(&path.to_string_lossy()) {
            Ok(preset) => line(&row(name, width, &preset))?,
            Err(error) => line(&format!("{name:width$}  cannot be used: {}", error.reason))?,
        }
    }
    Ok(())
}

fn row(name: &str, width: usize, preset: &Preset) -> String {
    let parameters = thousands(NetworkSummary::new(&preset.network()).parameters);
    format!("{name:width$}  {parameters:>9}  {}", preset.description)
}
