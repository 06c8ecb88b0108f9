//! `convscope data list`: the known sets and where they are on this machine.

use clap::Args;

use super::super::Action;
use super::super::failure::Failure;
use super::super::output::line;
use crate::data::Places;
use crate::data::browse::known;

/// List the known data sets and where they are on this machine
#[derive(Debug, Args)]
pub struct ListArguments {
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

impl Action for ListArguments {
    fn run(self) -> Result<(), Failure> {
        let Self { json } = self;
        let rows = known(&Places::here()).into_iter().map(|set| {
            let place = match set.is_whole {
                true => set.place,
                false => format!(
                    "{} (convscope data fetch {} gets the rest)",
                    set.place, set.name
                ),
            };
            (set.name, place)
        });
        let rows: Vec<_> = rows.collect();
        if json {
            let sets: Vec<_> = rows
                .iter()
                .map(|(name, place)| serde_json::json!({"name": name, "place": place}))
                .collect();
            return line(&serde_json::Value::from(sets).to_string());
        }
        let rows: Vec<_> = rows
            .iter()
            .map(|(name, place)| format!("{name:18}{place}"))
            .collect();
        line(&rows.join("\n"))
    }
}
