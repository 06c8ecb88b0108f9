//! Where data is read from and written to, with a progress bar.

use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, FromArgMatches};
use indicatif::{ProgressBar, ProgressStyle};
use serde::de::DeserializeOwned;

use super::super::arguments::{ForceArgument, from_yaml};
use super::super::failure::Failure;
use super::super::interrupt::Interrupt;
use super::super::opening::OpeningArguments;
use super::super::output::note;
use super::settings;
use crate::data::tasks::{Done, TaskKind, TaskRequest, Work};
use crate::data::{DataError, Dataset, Opening, Places, Progress};
use crate::field::{Kind, Setting, rows};

/// The data set to read, from the arguments of [`define_source`].
pub fn source(matches: &ArgMatches) -> Result<Opening, Failure> {
    let data = matches.get_one::<String>("data").cloned();
    let choices = OpeningArguments::from_arg_matches(matches)?;
    choices.of(&data.unwrap_or_default())
}

/// Reads the set, with a progress bar; Ctrl-C cancels it.
pub fn load(source: &Opening) -> Result<Dataset, Failure> {
    let places = Places::here();
    with_bar("reading", |progress| source.load_in(&places, progress))
}

/// The same set, whose notes are printed.
pub fn with_notes(dataset: Dataset) -> Dataset {
    let notes = dataset.summary().note;
    if !notes.is_empty() {
        note(&notes);
    }
    dataset
}

/// As [`load`], of the set that a name means, with the choices at its end; without one it is the default set.
pub fn load_choice(choice: Option<&str>) -> Result<Dataset, Failure> {
    load(&Opening::parse(choice.unwrap_or_default()).map_err(Failure::input)?)
}

/// The arguments of a command that reads a set.
pub fn define_source(command: Command) -> Command {
    let data = Opening::fields()[0].required();
    let command = settings::define(command, [&data], &[("data", "D")]);
    OpeningArguments::augment_args(command)
}

/// The arguments of a command that runs a task of the screen: the settings of the task, except whether the screen opens the result.
pub fn define_task(command: Command, kind: &'static TaskKind) -> Command {
    let fields = kind.fields().iter().filter(|field| field.name != "open");
    let command = settings::define(command, fields, &[("write_to", "TARGET"), ("set", "SET")]);
    match kind.fields().iter().any(|field| field.name == "write_to") {
        true => ForceArgument::augment_args(command).after_help(
            "An npz file holds arr_0 to arr_3 (npz) or x_train to y_test (keras) and no other array; the class names are written to a file \
             beside it, clothes.classes.txt for clothes.npz.",
        ),
        false => command,
    }
}

/// Sets the task's settings from the YAML map of the argument `name`, a value of `S`, if it was given.
pub fn take_yaml<S: Setting + DeserializeOwned>(
    request: &mut TaskRequest,
    matches: &ArgMatches,
    name: &str,
) -> Result<(), Failure> {
    let Some(yaml) = matches.get_one::<String>(name) else {
        return Ok(());
    };
    let settings: S = from_yaml(name, yaml)?;
    for row in rows(&settings) {
        let taken = request.task.set(row.field.name, &row.value);
        taken.map_err(DataError::from).map_err(Failure::input)?;
    }
    Ok(())
}

/// Runs a task that writes a file; `source` is the set whose images it changes.
pub fn make(
    mut request: TaskRequest,
    matches: &ArgMatches,
    source: Option<&Opening>,
) -> Result<(), Failure> {
    let target = PathBuf::from(request.task.value("write_to").text());
    ForceArgument::from_arg_matches(matches)?.check(&target)?;
    (request.replace, request.is_exact) = (true, true);
    let dataset = source.map(load).transpose()?.map(with_notes);
    let summary = dataset.as_ref().map(Dataset::summary);
    if let Some(warning) = summary.and_then(|summary| request.warning(&summary)) {
        note(&format!("warning: {warning}"));
    }
    perform(&request, dataset.as_ref())?;
    note(&format!("written to {}", target.display()));
    Ok(())
}

/// Runs a task as the screen does, with a progress bar.
pub fn perform(request: &TaskRequest, dataset: Option<&Dataset>) -> Result<Done, Failure> {
    with_bar(request.task.kind().doing, |progress| {
        let places = &Places::here();
        Work {
            request,
            dataset,
            places,
            progress,
        }
        .run()
    })
}

/// Runs something long with a progress bar on stderr; Ctrl-C cancels it.
pub fn with_bar<T>(
    what: &'static str,
    work: impl FnOnce(&Progress<'_>) -> Result<T, DataError>,
) -> Result<T, Failure> {
    let interrupt = Interrupt::listen().map_err(Failure::failed)?;
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("{msg} {wide_bar} {percent} %  {eta} left")
        .expect("the template is well-formed");
    bar.set_style(style);
    bar.set_message(what);
    let progress = Progress::new(interrupt.flag(), |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    });
    let done = work(&progress);
    drop(progress);
    bar.finish_and_clear();
    done.map_err(|error| match (error, interrupt.request()) {
        // A cancellation is not bad input.
        (DataError::Cancelled, Some(request)) => {
            Failure::Interrupted(request, "before anything was written".to_owned())
        }
        (error, _) => Failure::input(error),
    })
}
