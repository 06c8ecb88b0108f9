//! `convscope data digits TARGET`: synthetic digits, drawn from typefaces.

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::super::failure::Failure;
use super::settings;
use super::target::{define_task, make, take_yaml};
use crate::data::digits::Style;
use crate::data::tasks::{DIGITS, TaskRequest};

pub fn define(command: Command) -> Command {
    let style = Arg::new("style").long("style").value_name("YAML").help(
        "Style of the digits as one YAML map: '{rotation: 15, slant: 20, elastic: 0.03, …}'; the options of the same names take precedence",
    );
    let command = command
        .about("Draw synthetic digits that look handwritten, from typefaces")
        .arg(style);
    define_task(command, &DIGITS)
        .mut_arg("train_images", |argument| argument.visible_alias("train"))
        .mut_arg("test_images", |argument| argument.visible_alias("test"))
        .mut_arg("fonts", |argument| {
            argument.visible_alias("font").action(ArgAction::Append)
        })
}

pub fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let mut request = TaskRequest::new(&DIGITS, []);
    take_yaml::<Style>(&mut request, matches, "style")?;
    settings::read(matches, &mut request.task).map_err(Failure::input)?;
    make(request, matches, None)
}
