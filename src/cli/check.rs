//! `convscope check FILE`: whether a preset or network file can be trained.

use clap::Args;

use super::Action;
use super::failure::Failure;
use super::output::line;
use crate::network::NetworkSummary;
use crate::session::check_preset;
use crate::training::Preset;
use crate::wording::counted;

/// Check whether a network or preset file can be trained, and report what is wrong and where
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// Preset name, or preset or network file
    file: String,
}

impl Action for CheckArguments {
    fn run(self) -> Result<(), Failure> {
        let Self { file } = self;
        let preset = Preset::open(&file).map_err(Failure::input)?;
        check_preset(&preset).map_err(Failure::input)?;
        let summary = NetworkSummary::new(&preset.network());
        line(&format!(
            "{file}: can be trained: {}, {}",
            counted(summary.layers.len(), "layer"),
            counted(summary.parameters, "parameter")
        ))
    }
}
