//! `convscope data list`: the known sets and where they are on this machine.

use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::super::Subcommand;
use super::super::failure::Failure;
use super::super::output::line;
use crate::data::Places;
use crate::data::browse::known;

pub static SUBCOMMAND: Subcommand = Subcommand {
    name: "list",
    define,
    run,
};

#[derive(Debug, Args)]
struct ListArguments {
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

fn define(command: Command) -> Command {
    ListArguments::augment_args(command)
        .about("List the known data sets and where they are on this machine")
}

fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let ListArguments { json } = ListArguments::from_arg_matches(matches)?;
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
