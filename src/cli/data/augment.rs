//! `convscope data augment D TARGET`: several random variants of every image, in random order.

use clap::{Arg, ArgMatches, Command};
use color_eyre::eyre::eyre;

use super::super::failure::Failure;
use super::settings;
use super::target::{define_source, define_task, make, source, take_yaml};
use crate::data::AugmentSettings;
use crate::data::augmented_set::PixelChanges;
use crate::data::tasks::{SHIFTED, TaskRequest, WARPED};
use crate::field::Settings;

pub fn define(command: Command) -> Command {
    let command = command.about(
        "Write an augmented data set: several random variants of every image, in random order",
    );
    let warps = Arg::new("warps")
        .long("warps")
        .value_name("YAML")
        .conflicts_with_all(PixelChanges::FIELDS.iter().map(|field| field.name))
        .help("Random warps instead of shifts, noise and level, written as in a preset's `augment:`: '{rotation: 12, shear: 7, zoom: 0.1}'");
    define_task(define_source(command), &SHIFTED).arg(warps)
}

pub fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let format = matches.get_one::<String>("format");
    if format.is_some_and(|format| format == "idx") {
        return Err(Failure::Input(eyre!(
            "--format idx: an augmented set can only be written as npz; convert it to IDX with `convscope data convert`"
        )));
    }
    let kind = match matches.contains_id("warps") {
        true => &WARPED,
        false => &SHIFTED,
    };
    let mut request = TaskRequest::new(kind, []);
    take_yaml::<AugmentSettings>(&mut request, matches, "warps")?;
    settings::read(matches, &mut request.task).map_err(Failure::input)?;
    make(request, matches, Some(&source(matches)?))
}
