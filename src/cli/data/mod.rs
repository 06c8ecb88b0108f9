//! `convscope data …`: data sets without a screen.
//!
//! A new action is one file here, with `define` and `run`, and one line in [`ACTIONS`].

mod augment;
mod convert;
mod digits;
mod fetch;
mod info;
mod list;
pub(super) mod settings;
mod stats;
mod target;

pub use target::{load_choice, with_notes};

use clap::{ArgMatches, Command};

use super::failure::Failure;
use super::{Subcommand, group, run_action};

pub fn define(command: Command) -> Command {
    group(
        command,
        "List, describe, fetch, convert and create data sets",
        ACTIONS,
    )
}

pub fn run(matches: &ArgMatches) -> Result<(), Failure> {
    run_action(matches, ACTIONS)
}

/// Every action, in the order in which the help shows them.
static ACTIONS: &[Subcommand] = &[
    Subcommand::of::<list::ListArguments>("list"),
    Subcommand::new("info", info::define, info::run),
    Subcommand::new("stats", stats::define, stats::run),
    Subcommand::new("fetch", fetch::define, fetch::run),
    Subcommand::new("convert", convert::define, convert::run),
    Subcommand::new("augment", augment::define, augment::run),
    Subcommand::new("digits", digits::define, digits::run),
];

/// A set with two validation images, one of which is a training image too.
#[cfg(test)]
fn of_three_splits() -> crate::data::Dataset {
    use crate::data::{Dataset, Parts, Pixels, Source, Split};
    use crate::shape::Shape;

    let split = |images: &[u8], labels: &[u16]| {
        let pixels = images.iter().flat_map(|image| [*image; 4]);
        let pixels = Pixels::U8(pixels.collect());
        Split::new(Shape::new(2, 2, 1), pixels, labels.to_vec())
    };
    let parts = Parts {
        name: "squares".to_owned(),
        source: Source::Digits,
        class_names: ["round", "edgy"].map(str::to_owned).to_vec(),
        train: split(&[1, 2, 3], &[0, 0, 1]),
        test: split(&[9], &[0]),
        validation: Some(split(&[2, 4], &[0, 1])),
    };
    Dataset::new(parts).expect("the parts match")
}
