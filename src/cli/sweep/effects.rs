//! `convscope sweep effects`: what each varied setting does.

use clap::Args;

use super::super::Action;
use super::super::arguments::JsonArgument;
use super::super::failure::Failure;
use super::super::output::line;
use super::{ByArgument, SweepArgument, failure};
use crate::sweep::{Coordinator, Findings};

/// Show what each varied setting does to the result, with 95 % intervals, and what the seed alone does
#[derive(Debug, Args)]
pub struct EffectsArguments {
    #[command(flatten)]
    sweep: SweepArgument,
    #[command(flatten)]
    by: ByArgument,
    #[command(flatten)]
    json: JsonArgument,
}

impl Action for EffectsArguments {
    fn run(self) -> Result<(), Failure> {
        let sweep = Coordinator::look(self.sweep.open()?).map_err(failure)?;
        let path = sweep.folder().path().display();
        let findings = Findings::of(&sweep, self.by.measure())
            .map_err(|reason| Failure::sentence(format!("{path}: {reason}")))?;
        if self.json.json {
            return line(&serde_json::to_string(&findings).map_err(Failure::failed)?);
        }
        line(&findings.caption())?;
        for section in findings.sections() {
            line(&format!("\n{}", section.title))?;
            for text in section.lines {
                line(&format!("  {text}"))?;
            }
        }
        Ok(())
    }
}
