//! `convscope presets`: the built-in presets and the user's own.

use clap::Args;

use super::Action;
use super::failure::Failure;
use super::output::{line, thousands, widest};
use crate::network::NetworkSummary;
use crate::training::{BUILT_IN, Preset, PresetFolder};
use crate::ui::format::left;

/// List the built-in presets and your own: name, parameters, description
#[derive(Debug, Args)]
pub struct PresetsArguments {}

impl Action for PresetsArguments {
    fn run(self) -> Result<(), Failure> {
        let own = PresetFolder::of_user().list();
        let names = BUILT_IN.iter().map(|(name, _)| *name);
        let width = widest(names.chain(own.iter().map(|(name, _)| name.as_str())));
        for (name, text) in BUILT_IN {
            let preset = Preset::parse(text, name).map_err(Failure::failed)?;
            line(&row(name, width, &preset))?;
        }
        for (name, path) in &own {
            // An unreadable file does not hide the others.
            match Preset::open(&path.to_string_lossy()) {
                Ok(preset) => line(&row(name, width, &preset))?,
                Err(error) => line(&format!(
                    "{}  cannot be used: {}",
                    left(name, width),
                    error.reason
                ))?,
            }
        }
        Ok(())
    }
}

fn row(name: &str, width: usize, preset: &Preset) -> String {
    let parameters = thousands(NetworkSummary::new(&preset.network()).parameters);
    let name = left(name, width);
    format!("{name}  {parameters:>9}  {}", preset.description)
}
