//! `convscope data fetch SET`: a known set from its mirrors.

use clap::{ArgMatches, Command};
use color_eyre::eyre::eyre;

use super::super::failure::Failure;
use super::super::output::note;
use super::settings;
use super::target::{define_task, perform};
use crate::data::tasks::{Done, FETCH, TaskRequest};
use crate::data::{DataError, KNOWN_SETS, KnownSet, check_usable, is_known_name};

pub fn define(command: Command) -> Command {
    let command = command
        .about("Fetch a known data set from its mirrors or elsewhere, and verify its checksums");
    define_task(command, &FETCH)
        .mut_arg("from", |argument| argument.value_name("URL|DIR"))
        .mut_arg("into", |argument| argument.value_name("DIR"))
}

pub fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let set = matches.get_one::<String>("set");
    let set = set.filter(|set| KnownSet::by_name(set).is_none());
    if let Some(set) = set {
        check_usable(set).map_err(Failure::input)?;
        let names: Vec<_> = KNOWN_SETS.iter().map(|set| set.name).collect();
        let names = names.join(", ");
        return Err(Failure::Input(match is_known_name(set) {
            true => eyre!("{set}: built in, nothing to fetch; sets to fetch are {names}"),
            false => eyre!("{set}: not a known data set; sets to fetch are {names}"),
        }));
    }
    let mut request = TaskRequest::new(&FETCH, []);
    settings::read(matches, &mut request.task).map_err(Failure::input)?;
    if let Some(about) = request.about() {
        note(&about);
    }
    let done = perform(&request, None).map_err(|failure| match failure {
        Failure::Interrupted(request, _) => Failure::Interrupted(
            request,
            "; the partial download is kept, and the same command resumes it".to_owned(),
        ),
        // Not the command line: the network or a mirror failed.
        Failure::Input(report)
            if !matches!(
                report.downcast_ref(),
                Some(DataError::Setting { .. } | DataError::NoPlace)
            ) =>
        {
            Failure::Failed(report)
        }
        failure => failure,
    })?;
    if let Done::Fetched { path } = done {
        let set = request.task.value("set");
        note(&format!("{set} is in {}", path.display()));
    }
    Ok(())
}
