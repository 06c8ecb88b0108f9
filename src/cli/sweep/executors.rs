//! The command line of the executors: `--executor NAME`, `--NAME` as short for it, and the options of each, as the list of executors has them.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use super::super::arguments::whole_in;
use crate::sweep::{EXECUTORS, ExecutorKind, ExecutorOption, SweepFolder, Takes, queue_of};

const EXECUTOR: &str = "executor";

/// What trains the trials, and its own options.
#[derive(Debug)]
pub struct ExecutorArguments {
    kind: Option<&'static ExecutorKind>,
    /// Name and value of each option in the order of the list; a flag has no value.
    pub options: Vec<(&'static str, String)>,
}

impl ExecutorArguments {
    /// The kind that was asked for, or else the one that the sweep ran with.
    pub fn kind(&self, folder: &SweepFolder) -> &'static ExecutorKind {
        let former = || queue_of(folder).map(|(kind, _)| kind);
        self.kind.or_else(former).unwrap_or(EXECUTORS[0])
    }

    /// The options that were given, and whose they are not: the kind's.
    pub fn foreign(&self, kind: &ExecutorKind) -> Option<String> {
        let is_own = |name: &str| kind.options.iter().any(|option| option.name == name);
        let (name, _) = self.options.iter().find(|(name, _)| !is_own(name))?;
        let owner = others().find(|(_, option)| option.name == *name)?.0;
        Some(format!(
            "--{name}: is an option of --executor {}, not of {}",
            owner.name, kind.name
        ))
    }
}

fn others() -> impl Iterator<Item = (&'static ExecutorKind, &'static ExecutorOption)> {
    let kinds = EXECUTORS.iter();
    kinds.flat_map(|kind| kind.options.iter().map(|option| (*kind, option)))
}

impl Args for ExecutorArguments {
    fn augment_args(command: Command) -> Command {
        let names = EXECUTORS.iter().map(|kind| kind.name);
        let helps: Vec<String> = EXECUTORS
            .iter()
            .map(|kind| format!("{}, {}", kind.name, kind.help))
            .collect();
        let executor = Arg::new(EXECUTOR)
            .long(EXECUTOR)
            .value_name("NAME")
            .value_parser(PossibleValuesParser::new(names))
            .help(format!(
                "What trains the trials: {} [default: the one that the sweep runs with, or {}]",
                helps.join("; "),
                EXECUTORS[0].name
            ))
            .hide_possible_values(true);
        let mut command = command.arg(executor);
        for kind in &EXECUTORS[1..] {
            let flag = Arg::new(kind.name)
                .long(kind.name)
                .action(ArgAction::SetTrue)
                .conflicts_with(EXECUTOR)
                .help(format!("Short for --executor {}", kind.name));
            command = command.arg(flag);
            for option in kind.options {
                command = command
                    .arg(argument(option).help_heading(format!("Options of --{}", kind.name)));
            }
        }
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn argument(option: &ExecutorOption) -> Arg {
    let argument = Arg::new(option.name).long(option.name).help(option.help);
    match option.takes {
        Takes::Nothing => argument.action(ArgAction::SetTrue),
        Takes::Text(name) => argument.value_name(name),
        Takes::Texts(name) => argument
            .value_name(name)
            .action(ArgAction::Append)
            .allow_hyphen_values(true),
        Takes::Number => argument
            .value_name("N")
            .value_parser(whole_in(1..=u16::MAX)),
    }
}

impl FromArgMatches for ExecutorArguments {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let named = matches.get_one::<String>(EXECUTOR);
        let kind = EXECUTORS
            .iter()
            .copied()
            .enumerate()
            .find(|(at, kind)| match named {
                Some(name) => name == kind.name,
                None => *at > 0 && matches.get_flag(kind.name),
            });
        let mut options = Vec::new();
        for (_, option) in others() {
            let name = option.name;
            match option.takes {
                Takes::Nothing => {
                    options.extend(matches.get_flag(name).then(|| (name, String::new())));
                }
                Takes::Number => {
                    let number = matches.get_one::<u16>(name);
                    options.extend(number.map(|number| (name, number.to_string())));
                }
                Takes::Text(_) | Takes::Texts(_) => {
                    let values = matches.get_many::<String>(name).into_iter().flatten();
                    options.extend(values.map(|value| (name, value.clone())));
                }
            }
        }
        Ok(Self {
            kind: kind.map(|(_, kind)| kind),
            options,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
