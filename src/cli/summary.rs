//! `convscope summary PRESET`: a network's table like Keras's `summary()`, and on request the time of an epoch on this machine.

use std::sync::Arc;

use clap::Args;
use color_eyre::eyre::eyre;
use serde::Serialize;

use super::Action;
use super::arguments::whole_in;
use super::failure::Failure;
use super::opening::OpeningArguments;
use super::output::{self, line, thousands};
use super::train::load;
use crate::network::{CheckedNetwork, NetworkSummary};
use crate::session::{SessionError, thread_pool};
use crate::training::{MemoryNeed, Pace, PaceTrial, Preset, free_memory};
use crate::wording::{counted, seconds};

/// Print a network's layers, output shapes and parameters
#[derive(Debug, Args)]
pub struct SummaryArguments {
    /// Preset name, or preset or network file
    preset: String,
    /// Print as JSON
    #[arg(long)]
    json: bool,
    /// Train initial weights for a few steps, and estimate how long an epoch takes on this machine
    #[arg(long)]
    measure: bool,
    /// Data set to measure with, by name or path [default: the preset's own]
    #[arg(long, value_name = "D", requires = "measure")]
    data: Option<String>,
    #[command(flatten)]
    opening: OpeningArguments,
    /// Threads to measure with [default: one per processor]
    #[arg(long, value_name = "T", requires = "measure", value_parser = whole_in(1..=1024))]
    threads: Option<u16>,
}

/// The summary with the measurement.
#[derive(Serialize)]
struct Measured<'a> {
    #[serde(flatten)]
    summary: &'a NetworkSummary,
    pace: Pace,
    /// Training and validation.
    epoch_seconds: f64,
}

impl Action for SummaryArguments {
    fn run(self) -> Result<(), Failure> {
        let preset = Preset::open(&self.preset).map_err(Failure::input)?;
        let preset = preset.titled(None);
        let network = preset.network();
        let checked = CheckedNetwork::new(&network).map_err(|problem| {
            Failure::input(SessionError::Network {
                name: preset.name.clone(),
                problem,
            })
        })?;
        let summary = NetworkSummary::new(&network);
        let pace = self.measure.then(|| measure(&self, &preset, checked));
        let pace = pace.transpose()?;
        if self.json {
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
    let data = arguments.data.as_deref().or(preset.data.as_deref());
    let choice = arguments.opening.choice(data)?;
    let trial = PaceTrial {
        network: Arc::new(network),
        dataset: load(choice.as_deref())?,
        recipe,
        pool: thread_pool(arguments.threads.map(usize::from)).map_err(Failure::failed)?,
    };
    let pace = trial.measure(|| false);
    let pace = pace.map_err(|reason| Failure::Input(eyre!("{}: {reason}", preset.name)))?;
    pace.ok_or_else(|| Failure::Failed(eyre!("{}: the measurement was cancelled", preset.name)))
}

/// The time of an epoch, and how it was measured.
fn epoch(pace: &Pace) -> String {
    format!(
        "One epoch: about {} (measured {} of {} on {}; {} to train on, then {} to validate on)",
        seconds(pace.epoch_seconds()),
        counted(pace.steps, "step"),
        counted(pace.batch_size, "image"),
        counted(pace.threads, "thread"),
        counted(pace.train_images, "image"),
        thousands(pace.validation_images),
    )
}

/// Three aligned columns between rules, and the totals below.
fn table(summary: &NetworkSummary) -> String {
    let titles = ["Layer (type)", "Output shape", "Parameters"].map(str::to_owned);
    let mut rows = vec![titles.to_vec()];
    rows.extend(summary.layers.iter().map(|layer| {
        vec![
            format!("{} ({})", layer.name, layer.kind),
            layer.output_in_words(),
            thousands(layer.parameters),
        ]
    }));
    let table = output::table(&rows, |column| column < 2);
    let (titles, rows) = table.split_once('\n').unwrap_or((&table, ""));
    let rule = |line: &str| line.repeat(titles.chars().count());
    format!(
        "{}: input {}, {} classes\n\
         {}\n{titles}\n{}\n{rows}\n{}\n\
         Total parameters: {}\n\
         Trainable parameters: {}\n\
         Non-trainable parameters: {}",
        summary.name,
        summary.input,
        summary.classes,
        rule("─"),
        rule("═"),
        rule("═"),
        thousands(summary.parameters),
        thousands(summary.trainable),
        thousands(summary.non_trainable)
    )
}
