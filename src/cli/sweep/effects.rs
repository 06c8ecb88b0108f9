//! `convscope sweep effects`: what each varied setting does.

use clap::{Args, ValueEnum};

use super::super::Action;
use super::super::arguments::JsonArgument;
use super::super::failure::Failure;
use super::super::output::line;
use super::{SweepArgument, failure};
use crate::sweep::{Coordinator, Findings, Measure};

/// Show what each varied setting does to the result, with 95 % intervals, and what the seed alone does
#[derive(Debug, Args)]
pub struct EffectsArguments {
    #[command(flatten)]
    sweep: SweepArgument,
    /// Figure to compare
    #[arg(long, value_name = "FIGURE", default_value = "accuracy")]
    by: By,
    #[command(flatten)]
    json: JsonArgument,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum By {
    /// Best validation accuracy
    Accuracy,
    /// Lowest validation loss
    Loss,
}

impl Action for EffectsArguments {
    fn run(self) -> Result<(), Failure> {
        let sweep = Coordinator::look(self.sweep.open()?).map_err(failure)?;
        let by = match self.by {
            By::Accuracy => Measure::ValAccuracy,
            By::Loss => Measure::ValLoss,
        };
        let path = sweep.folder().path().display();
        let findings = Findings::of(&sweep, by)
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
