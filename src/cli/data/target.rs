//! Where data is read from and written to, with a progress bar.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};
use indicatif::{ProgressBar, ProgressStyle};
use serde::de::DeserializeOwned;

use super::super::arguments::{ForceArgument, from_yaml};
use super::super::failure::Failure;
use super::super::interrupt::Interrupt;
use super::super::output::note;
use super::settings;
use crate::data::tasks::{Done, OpenImages, TaskKind, TaskRequest, Work};
use crate::data::{DataError, Dataset, Places, Progress, locate};
use crate::field::{Kind, Setting, rows};

/// The data set to read, from the arguments of [`define_source`], with the scaling of its images if it is an image folder.
pub fn source(matches: &ArgMatches) -> Result<OpenImages, Failure> {
    let mut opened = OpenImages::default();
    settings::read(matches, &mut opened).map_err(Failure::input)?;
    if let Some((height, width)) = matches.get_one(RESIZE) {
        (opened.height, opened.width) = (*height, *width);
    }
    Ok(opened)
}

/// Reads the set, with a progress bar; Ctrl-C cancels it.
pub fn load(source: &OpenImages) -> Result<Dataset, Failure> {
    with_bar("reading", |progress| {
        locate(Some(&source.data))?.load_with(&source.options()?, progress)
    })
}

/// The arguments of a command that reads a set.
pub fn define_source(command: Command) -> Command {
    let resize = Arg::new(RESIZE)
        .long(RESIZE)
        .value_name("HxW")
        .value_parser(size)
        .help("Scale the images of an image folder to this size, such as 28x28; sets --height and --width");
    settings::define(command, OpenImages::fields(), &[("data", "D")]).arg(resize)
}

const RESIZE: &str = "resize";

fn size(text: &str) -> Result<(usize, usize), String> {
    let parts = text.split_once(['x', '×']);
    parts
        .and_then(|(height, width)| Some((height.parse().ok()?, width.parse().ok()?)))
        .filter(|(height, width)| (1..=512).contains(height) && (1..=512).contains(width))
        .ok_or_else(|| "expected HEIGHTxWIDTH, each from 1 to 512, such as 28x28".to_owned())
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
    source: Option<&OpenImages>,
) -> Result<(), Failure> {
    let target = PathBuf::from(request.task.value("write_to").text());
    ForceArgument::from_arg_matches(matches)?.check(&target)?;
    (request.replace, request.is_exact) = (true, true);
    let dataset = source.map(load).transpose()?;
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
