//! `convscope train PRESET`: trains without a screen.

mod report;

use std::sync::Arc;

use clap::{ArgMatches, Args, Command, FromArgMatches};
use color_eyre::eyre::eyre;

use super::Subcommand;
use super::arguments::PlaceArguments;
use super::failure::Failure;
use super::interrupt::Interrupt;
use super::output;
use crate::data;
use crate::training::Preset;
use crate::worker::{Plan, Session, SessionEvent, check_preset, thread_pool};
use report::Reporter;

pub static SUBCOMMAND: Subcommand = Subcommand {
    name: "train",
    define,
    run,
};

#[derive(Debug, Args)]
struct TrainArguments {
    /// The name of a built-in preset (see `convscope presets`), or a preset or network file
    preset: String,
    /// Passes over the training images, instead of the preset's
    #[arg(long, value_name = "N")]
    epochs: Option<usize>,
    /// Images a step, instead of the preset's
    #[arg(long, value_name = "N")]
    batch_size: Option<usize>,
    /// Where all random numbers come from, instead of the preset's
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// Print one line of JSON an epoch and nothing else on stdout
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    places: PlaceArguments,
}

fn define(command: Command) -> Command {
    TrainArguments::augment_args(command)
        .about("Train a network without a screen, into a run folder of its own")
        .after_help("Ctrl-C stops before the next batch and keeps what was learned, with exit code 130; a second one ends at once.")
}

fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let arguments = TrainArguments::from_arg_matches(matches)?;
    let mut session = start(&arguments)?;
    let interrupt = Interrupt::listen().map_err(Failure::failed)?;
    let reporter = Reporter::new(&session, arguments.json);
    match train(&mut session, &interrupt, &reporter) {
        Ok(()) => reporter.summary(&session),
        Err(Failure::OutputClosed) => {
            session.save().map_err(Failure::failed)?;
            Err(Failure::Failed(eyre!(
                "nobody reads the output any more, so the training stopped {}",
                reporter.what_is_left(&session)
            )))
        }
        Err(Failure::Interrupted(_)) => {
            session.save().map_err(Failure::failed)?;
            Err(Failure::Interrupted(reporter.what_is_left(&session)))
        }
        Err(failure) => Err(failure),
    }
}

/// Everything that can be wrong with what was asked for shows here, before there is a run folder.
fn start(arguments: &TrainArguments) -> Result<Session, Failure> {
    let mut preset = Preset::open(&arguments.preset).map_err(Failure::input)?;
    let recipe = &mut preset.training;
    recipe.epochs = arguments.epochs.unwrap_or(recipe.epochs);
    recipe.batch_size = arguments.batch_size.unwrap_or(recipe.batch_size);
    preset.seed = arguments.seed.unwrap_or(preset.seed);
    if arguments.places.data.is_some() {
        preset.data.clone_from(&arguments.places.data);
    }
    preset
        .check()
        .map_err(|reason| Failure::Input(eyre!("{}: {reason}", arguments.preset)))?;
    check_preset(&preset).map_err(Failure::input)?;
    let dataset = data::load(preset.data.as_deref()).map_err(Failure::input)?;
    let note = dataset.summary().note;
    if !note.is_empty() {
        output::note(&note);
    }
    let plan = Plan {
        preset,
        dataset: Arc::new(dataset),
        runs_folder: Some(arguments.places.out.clone()),
        pool: thread_pool(arguments.places.threads()).map_err(Failure::failed)?,
    };
    Session::start(plan).map_err(Failure::input)
}

fn train(session: &mut Session, interrupt: &Interrupt, reporter: &Reporter) -> Result<(), Failure> {
    while !session.is_finished() {
        if interrupt.is_asked() {
            return Err(Failure::Interrupted(String::new()));
        }
        match session.advance().map_err(Failure::failed)? {
            SessionEvent::Batch(step) => reporter.batch(&step),
            SessionEvent::Validation => {}
            SessionEvent::Epoch(end) => {
                reporter.epoch(&end.metrics)?;
                end.saved.map_err(Failure::failed)?;
            }
        }
    }
    Ok(())
}
