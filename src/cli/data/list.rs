//! `convscope data list`: the known sets and where they are on this machine.

use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::super::Subcommand;
use super::super::failure::Failure;
use super::super::output::line;
use crate::data::{KNOWN_SETS, Located, locate};

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
    let mut rows = Vec::new();
    for set in KNOWN_SETS {
        let place = match locate(Some(set.name)).map_err(super::failure)? {
            Located::Idx(path) | Located::Npz(path) | Located::Images(path) => {
                path.display().to_string()
            }
            Located::Starter(_) | Located::SyntheticDigits { .. } => format!(
                "in the program: the first 10,000 training and 2,000 test images (convscope data fetch {} gets the rest)",
                set.name
            ),
        };
        rows.push((set.name, place));
    }
    rows.push((
        crate::data::digits::NAME,
        "drawn from bundled typefaces when it is loaded; tested on MNIST".to_owned(),
    ));
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
