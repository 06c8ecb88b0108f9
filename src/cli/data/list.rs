//! `convscope data list`: the known sets and where they are on this machine.

use clap::Args;
use serde_json::{Value, json};

use super::super::Action;
use super::super::failure::Failure;
use super::super::output::{line, table};
use crate::data::Places;
use crate::data::browse::known;

/// List the known data sets and where they are on this machine
#[derive(Debug, Args)]
pub struct ListArguments {
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

impl Action for ListArguments {
    fn run(self) -> Result<(), Failure> {
        let rows = known(&Places::here()).into_iter().map(|set| {
            let (name, place) = (set.name, set.place);
            match set.is_whole {
                true => (name, place),
                false => {
                    let advice = format!("(convscope data fetch {name} fetches the rest)");
                    (name, format!("{place} {advice}"))
                }
            }
        });
        if self.json {
            let sets = rows.map(|(name, place)| json!({"name": name, "place": place}));
            return line(&sets.collect::<Value>().to_string());
        }
        let rows: Vec<_> = rows.map(|(name, place)| vec![name, place]).collect();
        line(&table(&rows, |_| true))
    }
}
