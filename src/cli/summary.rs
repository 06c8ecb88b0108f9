//! `convscope summary PRESET`: the table of a network, as Keras's `summary()` gives it, and on request how long an epoch takes here.

use std::sync::Arc;

use clap::{ArgMatches, Args, Command, FromArgMatches};
use color_eyre::eyre::eyre;
use serde::Serialize;

use super::Subcommand;
use super::failure::Failure;
use super::output::{line, thousands};
use super::train::load;
use crate::network::{CheckedNetwork, NetworkSummary};
use crate::session::{SessionError, thread_pool};
use crate::shape::Shape;
use crate::training::{MemoryNeed, Pace, PaceTrial, Preset, free_memory};

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
    /// Train fresh weights for some steps, and say how long an epoch would take on this machine
    #[arg(long)]
    measure: bool,
    /// The data set to measure with: a name or a path [default: the preset's own]
    #[arg(long, value_name = "D", requires = "measure")]
    data: Option<String>,
    /// Threads to measure with [default: one for each processor]
    #[arg(long, value_name = "T", requires = "measure", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

/// The summary with what was measured.
#[derive(Serialize)]
struct Measured<'a> {
    #[serde(flatten)]
    summary: &'a NetworkSummary,
    pace: Pace,
    /// Training and validation.
    epoch_seconds: f64,
}

fn define(command: Command) -> Command {
    SummaryArguments::augment_args(command)
        .about("Print a network's layers, output shapes and parameters")
}

fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let arguments = SummaryArguments::from_arg_matches(matches)?;
    let preset = Preset::open(&arguments.preset).map_err(Failure::input)?;
    let preset = preset.titled(None);
    let network = preset.network();
    let checked = CheckedNetwork::new(&network).map_err(|problem| {
        Failure::input(SessionError::Network {
            name: preset.name.clone(),
            problem,
        })
    })?;
    let summary = NetworkSummary::new(&network);
    let pace = match arguments.measure {
        true => Some(measure(&arguments, &preset, checked)?),
        false => None,
    };
    if arguments.json {
        let json = match pace {
            None => serde_json::to_string_pretty(&summary),
            Some(pace) => serde_json::to_string_pretty(&Measured {
                summary: &summary,
                epoch_seconds: pace.epoch_seconds(),
                pace,
            }),
        };
        return line(&json.expect("a summary has only string keys"));
    }
    line(&table(&summary))?;
    pace.map_or(Ok(()), |pace| line(&epoch(&pace)))
}

fn measure(
    arguments: &SummaryArguments,
    preset: &Preset,
    network: CheckedNetwork,
) -> Result<Pace, Failure> {
    let recipe = &preset.training;
    MemoryNeed::of(&network, recipe)
        .check(free_memory())
        .map_err(|reason| {
            Failure::input(SessionError::Memory(format!("{}: {reason}", preset.name)))
        })?;
    let choice = arguments.data.as_deref().or(preset.data.as_deref());
    let trial = PaceTrial {
        network: Arc::new(network),
        dataset: load(choice)?,
        recipe,
        pool: thread_pool(arguments.threads.map(usize::from)).map_err(Failure::failed)?,
    };
    let pace = trial.measure(|| false);
    let pace = pace.map_err(|reason| Failure::Input(eyre!("{}: {reason}", preset.name)))?;
    pace.ok_or_else(|| Failure::Failed(eyre!("{}: the measurement was given up", preset.name)))
}

/// How long an epoch takes, and how that was measured.
fn epoch(pace: &Pace) -> String {
    let seconds = pace.epoch_seconds();
    let digits = usize::from(seconds < 10.0);
    format!(
        "An epoch: about {seconds:.digits$} s (measured: {} steps of {} images on {} thread{}; {} images, then {} to validate)",
        pace.steps,
        thousands(pace.batch_size),
        pace.threads,
        if pace.threads == 1 { "" } else { "s" },
        thousands(pace.train_images),
        thousands(pace.validation_images),
    )
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
