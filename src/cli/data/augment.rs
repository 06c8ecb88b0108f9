//! `convscope data augment D TARGET`: every image several times, each time changed by chance, in random order.

use clap::{Arg, ArgMatches, Command};
use color_eyre::eyre::eyre;

use super::super::failure::Failure;
use super::settings;
use super::target::{define_source, define_task, make, source, take_yaml};
use crate::data::AugmentSettings;
use crate::data::augmented_set::PixelChanges;
use crate::data::tasks::{OpenImages, SHIFTED, TaskRequest, WARPED};
use crate::field::Settings;

pub fn define(command: Command) -> Command {
    let command = command.about(
        "Write a set with every image several times, each time changed by chance, in random order",
    );
    let warps = Arg::new("warps")
        .long("warps")
        .value_name("YAML")
        .conflicts_with_all(PixelChanges::FIELDS.iter().map(|field| field.name))
        .help("Warps instead of shifts, noise and level, as the `augment:` of a preset: '{rotation: 12, shear: 7, zoom: 0.1}'");
    let command = settings::define(command, &OpenImages::fields()[..1], &[("data", "D")]);
    // The seed is that of the changes.
    define_source(define_task(command, &SHIFTED)).arg(warps)
}

pub fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let format = matches.get_one::<String>("format");
    if format.is_some_and(|format| format == "idx") {
        return Err(Failure::Input(eyre!(
            "--format idx: an augmented set is written as npz, image by image; `convscope data convert` makes IDX of it"
        )));
    }
    let kind = match matches.contains_id("warps") {
        true => &WARPED,
        false => &SHIFTED,
    };
    let mut request = TaskRequest::new(kind, []);
    take_yaml::<AugmentSettings>(&mut request, matches, "warps")?;
    settings::read(matches, &mut request.task).map_err(Failure::input)?;
    let source = OpenImages {
        seed: OpenImages::default().seed,
        ..source(matches)?
    };
    make(request, matches, Some(&source))
}
