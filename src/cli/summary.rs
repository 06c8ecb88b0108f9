//! `convscope summary PRESET`: the table of a network, as Keras's `summary()` gives it.

use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::Subcommand;
use super::failure::Failure;
use super::output::{line, thousands};
use crate::network::{CheckedNetwork, NetworkSummary};
use crate::shape::Shape;
use crate::training::Preset;
use crate::worker::SessionError;

pub static SUBCOMMAND: Subcommand = Subcommand {
    name: "summary",
    define,
    run,
};

#[derive(Debug, Args)]
struct SummaryArguments {
    /// The name of a built-in preset, or a network or preset file
    preset: String,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

fn define(command: Command) -> Command {
    SummaryArguments::augment_args(command)
        .about("Print a network's layers, output shapes and parameters")
}

fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let SummaryArguments { preset, json } = SummaryArguments::from_arg_matches(matches)?;
    let preset = Preset::open(&preset).map_err(Failure::input)?;
    let network = preset.network();
    CheckedNetwork::new(&network).map_err(|problem| {
        Failure::input(SessionError::Network {
            name: preset.name.clone(),
            problem,
        })
    })?;
    let summary = NetworkSummary::new(&network);
    if json {
        let json = serde_json::to_string_pretty(&summary);
        line(&json.expect("a summary has only string keys"))
    } else {
        line(&table(&summary))
    }
}

/// Three aligned columns between rules, and the totals below.
fn table(summary: &NetworkSummary) -> String {
    let rows: Vec<[String; 3]> = summary
        .layers
        .iter()
        .map(|layer| {
            [
                format!("{} ({})", layer.name, layer.kind),
                layer.output.map_or_else(String::new, output_shape),
                thousands(layer.parameters),
            ]
        })
        .collect();
    let titles = ["Layer (type)", "Output shape", "Parameters"].map(str::to_owned);
    let width = |column: usize| {
        let rows = rows.iter().chain([&titles]);
        rows.map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let (first, second, third) = (width(0), width(1), width(2));
    let text = |[layer, output, parameters]: &[String; 3]| {
        format!("{layer:first$}  {output:second$}  {parameters:>third$}\n")
    };
    let rule = |line: &str| line.repeat(first + second + third + 4) + "\n";

    let mut table = format!(
        "{}: input {}, {} classes\n",
        summary.name, summary.input, summary.classes
    );
    table += &rule("─");
    table += &text(&titles);
    table += &rule("═");
    table.extend(rows.iter().map(text));
    table += &rule("═");
    table += &format!("Total parameters: {}\n", thousands(summary.parameters));
    table += &format!("Trainable parameters: {}\n", thousands(summary.trainable));
    table += &format!(
        "Non-trainable parameters: {}",
        thousands(summary.non_trainable)
    );
    table
}

/// `28×28×16`, or for a vector its length alone.
fn output_shape(shape: Shape) -> String {
    if shape == Shape::flat(shape.channels) {
        shape.channels.to_string()
    } else {
        shape.to_string()
    }
}
