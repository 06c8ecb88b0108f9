//! `convscope train PRESET`: trains without the screen.

mod drive;
mod report;
mod seeds;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use color_eyre::eyre::eyre;

use super::Action;
use super::arguments::{PlaceArguments, run_folder, whole};
use super::data::{load_choice, with_notes};
use super::failure::Failure;
use super::interrupt::Interrupt;
use super::output;
use crate::data::{self, Corrections, CorrectionsFolder, Dataset};
use crate::runs::{self, RunError, RunFolder, RunLabel, RunNotes};
use crate::session::{Plan, Resumption, Session, check_preset, thread_pool};
use crate::sweep::Seeds;
use crate::training::Preset;
use crate::wording::{are, counted};
pub use drive::drive;
pub use report::{Reporter, Telling};

/// Train a network without the screen, into a new run folder
#[derive(Debug, Args)]
#[command(
    after_help = "Ctrl-C stops before the next batch and saves the weights, with exit code 130; a second Ctrl-C quits immediately. \
    Closing the terminal stops training too, with exit code 129. `--resume RUN` continues as if the run had never stopped."
)]
pub struct TrainArguments {
    /// Preset name (see `convscope presets`), or preset or network file
    #[arg(required_unless_present_any = ["resume", "from"], conflicts_with = "resume")]
    preset: Option<String>,
    /// Resume the run in this folder, exactly where it stopped; --epochs then sets its total number of epochs
    #[arg(long, value_name = "RUN", value_parser = run_folder, conflicts_with_all = ["batch_size", "seed"])]
    resume: Option<PathBuf>,
    /// Resume with another data set, named with --data
    #[arg(long, requires = "resume", requires = "data")]
    switch_data: bool,
    /// Epochs to train, instead of the preset's
    #[arg(long, value_name = "N", value_parser = whole::<usize>)]
    epochs: Option<usize>,
    /// Images per step, instead of the preset's
    #[arg(long, value_name = "N", value_parser = whole::<usize>)]
    batch_size: Option<usize>,
    /// Start from the weights of another run whose network is the same up to its last layer; without PRESET, use that run's network,
    /// training settings and data too
    #[arg(long, value_name = "RUN", conflicts_with = "resume", value_parser = run_folder)]
    from: Option<PathBuf>,
    /// Freeze the layers up to this one, given by name or number from 1
    #[arg(long, value_name = "LAYER", requires = "from")]
    freeze: Option<String>,
    /// Set any value of the preset by its path, such as `training.optimizer.adam.learning_rate=1e-3`, `layers.3.conv2d.filters=32` (lists
    /// count from 1) or `data=mnist`, or a training setting by its name on the screen, such as `warm_up=2`; can be repeated, and applies in
    /// order
    #[arg(long, value_name = "SETTING=VALUE", conflicts_with = "resume")]
    set: Vec<String>,
    /// Fit the network to the data set: set its input shape and number of classes to those of the set
    #[arg(long, conflicts_with = "resume")]
    fit: bool,
    /// Seed of all random numbers, instead of the preset's
    #[arg(long, value_name = "N", value_parser = whole::<u64>)]
    seed: Option<u64>,
    /// Train one run after the other with each of these seeds, `1..5` or `1,4,7`, and summarise them
    #[arg(long, value_name = "SEEDS", conflicts_with_all = ["resume", "seed"])]
    seeds: Option<Seeds>,
    /// Exclude and relabel training images as listed in FILE; `own` uses those marked on the screen for this set, `none` uses none
    /// [default: the preset's]
    #[arg(long, value_name = "FILE", conflicts_with = "resume")]
    corrections: Option<String>,
    /// Name of the run and its folder, instead of the network's name
    #[arg(long, value_name = "NAME", conflicts_with = "resume", value_parser = one_line)]
    name: Option<String>,
    /// Note to keep with the run, shown by `convscope runs list` and `runs show`
    #[arg(long, value_name = "NOTE", conflicts_with = "resume", value_parser = one_line)]
    note: Option<String>,
    /// Tag the run, to find it again with `convscope runs list tag:TAG`; can be repeated
    #[arg(long, value_name = "TAG", conflicts_with = "resume", value_parser = runs::tag)]
    tag: Vec<String>,
    /// Print one line of JSON per epoch and nothing else on stdout
    #[arg(long)]
    json: bool,
    /// Print only the result, warnings and errors
    #[arg(long)]
    quiet: bool,
    #[command(flatten)]
    places: PlaceArguments,
}

impl Action for TrainArguments {
    fn run(self) -> Result<(), Failure> {
        if self.quiet {
            output::be_quiet();
        }
        let telling = Telling {
            json: self.json,
            quiet: self.quiet,
        };
        let interrupt = Interrupt::listen().map_err(Failure::failed)?;
        if let Some(seeds) = self.seeds.clone() {
            return seeds::train_all(&self, &seeds.into_vec(), telling, &interrupt);
        }
        let session = match &self.resume {
            Some(folder) => resume(&self, folder),
            None => start(&self, self.seed),
        };
        let session = session.map_err(|failure| before_training(failure, &interrupt))?;
        train(session, telling, &interrupt).map(drop)
    }
}

/// The failure of what comes before training, such as reading a set; whatever failed after a request to end is due to that.
fn before_training(failure: Failure, interrupt: &Interrupt) -> Failure {
    match interrupt.request() {
        Some(request) => Failure::Interrupted(request, "before the data were read".to_owned()),
        None => failure,
    }
}

/// Trains a session, and what follows it, to the end; returns the last one.
fn train(
    mut session: Session,
    telling: Telling,
    interrupt: &Interrupt,
) -> Result<Session, Failure> {
    loop {
        let reporter = Reporter::new(&session, telling);
        drive(&mut session, interrupt, &reporter)?;
        reporter.summary(&session)?;
        let follow_up = session.follow_up().map_err(Failure::failed);
        match follow_up.map_err(|failure| before_training(failure, interrupt))? {
            Some(second) => session = second,
            None => return Ok(session),
        }
    }
}

/// Starts a session, with another seed than the preset's if one is given. All arguments are checked here, before the run folder is created.
fn start(arguments: &TrainArguments, seed: Option<u64>) -> Result<Session, Failure> {
    let (named, original) = original(arguments)?;
    let mut preset = original.clone();
    let recipe = &mut preset.training;
    recipe.epochs = arguments.epochs.unwrap_or(recipe.epochs);
    recipe.batch_size = arguments.batch_size.unwrap_or(recipe.batch_size);
    if let Some(run) = &arguments.from {
        let transfer = recipe.transfer.get_or_insert_default();
        (transfer.from, transfer.pretrain) = (Some(run.clone()), None);
    }
    preset.seed = seed.unwrap_or(preset.seed);
    preset.data = arguments.places.data_or(preset.data.as_deref())?;
    for set in &arguments.set {
        change(&mut preset, set)
            .map_err(|reason| Failure::Input(eyre!("--set {set}: {reason}")))?;
    }
    // The network depends on the set only if it is to be fitted to it: most mistakes are told before a set is read.
    let set = match arguments.fit {
        true => Some(load(preset.data.as_deref())?),
        false => None,
    };
    if let Some(set) = &set {
        (preset.input, preset.classes) = (set.shape(), set.classes());
    }
    let mut preset = preset.titled(Some(&original));
    preset
        .check()
        .map_err(|reason| Failure::Input(eyre!("{named}: {reason}")))?;
    let network = check_preset(&preset).map_err(Failure::input)?;
    if let (Some(layer), Some(transfer)) = (&arguments.freeze, &mut preset.training.transfer) {
        let last = network.layer_called(layer);
        let last = last.map_err(|reason| Failure::Input(eyre!("--freeze {layer}: {reason}")))?;
        transfer.frozen_layers = last + 1;
    }
    let dataset = match set {
        Some(set) => set,
        None => load(preset.data.as_deref())?,
    };
    let published_on = original.data.as_deref();
    if !published_on.is_some_and(|data| data::is_among(data, &dataset.names())) {
        // Figures published for other data do not apply.
        preset.expect = None;
    }
    correct(&mut preset, &dataset, arguments.corrections.as_deref())?;
    let plan = Plan {
        preset,
        dataset,
        runs_folder: Some(arguments.places.runs.folder.clone()),
        pool: thread_pool(arguments.places.threads()).map_err(Failure::failed)?,
        find: Arc::new(find),
        predecessor: None,
        label: RunLabel {
            name: arguments.name.clone().unwrap_or_default(),
            notes: RunNotes {
                note: arguments.note.clone().unwrap_or_default(),
                tags: arguments.tag.iter().cloned().collect(),
                archived: false,
            },
            trial: None,
        },
    };
    Session::start(plan).map_err(Failure::input)
}

/// The named preset, or that of the run whose weights are used, and its name in messages.
fn original(arguments: &TrainArguments) -> Result<(String, Preset), Failure> {
    match (&arguments.preset, &arguments.from) {
        (None, Some(run)) => {
            let folder = RunFolder::open(run).map_err(Failure::input)?;
            let record = folder.record().map_err(Failure::input)?;
            let data = record.latest_data().opened_by(&record.preset).to_owned();
            let preset = Preset {
                data: Some(data),
                training: record.latest_recipe().clone(),
                ..record.preset
            };
            Ok((run.display().to_string(), preset))
        }
        (named, _) => {
            let named = named.clone().unwrap_or_default();
            let preset = Preset::open(&named).map_err(Failure::input)?;
            Ok((named, preset))
        }
    }
}

/// `SETTING=VALUE`
fn change(preset: &mut Preset, set: &str) -> Result<(), String> {
    let (name, text) = set
        .split_once('=')
        .ok_or("expected SETTING=VALUE, such as warm_up=2")?;
    preset.set(name.trim(), text.trim())
}

/// A text that fits in a row of a list.
fn one_line(text: &str) -> Result<String, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.is_empty() {
        true => Err("expected at least one word".to_owned()),
        false => Ok(words.join(" ")),
    }
}

/// Gives the preset the requested corrections. The user's own are used only on request, because a command must not depend on a file
/// that it does not name; a note says that they exist.
fn correct(preset: &mut Preset, dataset: &Dataset, asked: Option<&str>) -> Result<(), Failure> {
    let recipe = &mut preset.training;
    let own = CorrectionsFolder::of_user();
    let input = |reason: String| Failure::Input(eyre!(reason));
    match asked {
        Some("none") => recipe.corrections = None,
        Some("own") => {
            let corrections = own.load(dataset).map_err(input)?;
            let nothing = || {
                input(format!(
                    "--corrections own: no images of {} are marked; mark images with s on the screen's Results pane, or name a file",
                    dataset.name
                ))
            };
            recipe.corrections = Some(corrections.ok_or_else(nothing)?);
        }
        Some(file) => {
            let corrections = Corrections::read(Path::new(file)).map_err(input)?;
            recipe.corrections = Some(corrections);
        }
        None => {
            let kept = own.load(dataset).ok().flatten();
            let kept = kept.filter(|kept| !kept.is_empty() && recipe.corrections.is_none());
            if let Some(kept) = kept {
                output::note(&format!("not used: {kept}; --corrections own applies them"));
            }
        }
    }
    Ok(())
}

fn resume(arguments: &TrainArguments, folder: &std::path::Path) -> Result<Session, Failure> {
    let run = RunFolder::open(folder).map_err(Failure::input)?;
    // Its data may take long to load, so this is reported first.
    if let Some(by) = run.trained_by() {
        let path = folder.to_owned();
        return Err(Failure::input(RunError::Taken { path, by }));
    }
    let record = run.record().map_err(Failure::input)?;
    let own = run.data_in_use(&record).map_err(Failure::input)?;
    let own = own.opened_by(&record.preset);
    let named = arguments.places.data_or(Some(own))?;
    let first = match arguments.switch_data {
        true => Some(own),
        false => named.as_deref(),
    };
    let resumed = Session::resume(Resumption {
        folder: folder.to_owned(),
        dataset: load(first)?,
        pool: thread_pool(arguments.places.threads()).map_err(Failure::failed)?,
        find: Arc::new(find),
    });
    let mut session = resumed.map_err(Failure::input)?;
    let done = session.history().len();
    let planned = session.trainer().planned_epochs();
    let epochs = arguments.epochs.unwrap_or(planned);
    let finished = session.is_finished();
    if finished && session.following().is_some() && arguments.epochs.is_none() {
        // The run that follows the pretraining remains.
        return Ok(session);
    }
    if let Some(second) = record.then.and_then(|then| then.run).filter(|_| finished) {
        return Err(Failure::Input(eyre!(
            "{}: this pretraining run is finished, and the run that follows it is {}; resume that one",
            folder.display(),
            second.display()
        )));
    }
    if epochs < done || (finished && (epochs == done || arguments.epochs.is_none())) {
        return Err(Failure::Input(eyre!(
            "{}: {} {} done; to continue, set the total with --epochs, {} or more",
            folder.display(),
            counted(done, "epoch"),
            are(done),
            done + 1
        )));
    }
    let other = arguments.switch_data.then(|| load(named.as_deref()));
    let other = other.transpose()?;
    if finished {
        let mut recipe = session.asked().clone();
        recipe.epochs = epochs - done;
        session.go_on(&recipe, other).map_err(Failure::input)?;
    } else {
        session.set_planned_epochs(epochs);
        if let Some(other) = other {
            session.set_dataset(other).map_err(Failure::input)?;
        }
    }
    Ok(session)
}

/// Loads a set that a preset names, for [`Plan::find`] and [`Resumption::find`].
///
/// # Errors
/// A sentence, if there is no such set, or it cannot be loaded.
pub fn find(name: &str) -> Result<Arc<Dataset>, String> {
    load_choice(Some(name))
        .map(Arc::new)
        .map_err(|failure| failure.in_words())
}

/// Loads a set and prints the notes about it.
pub fn load(choice: Option<&str>) -> Result<Arc<Dataset>, Failure> {
    load_choice(choice).map(with_notes).map(Arc::new)
}
