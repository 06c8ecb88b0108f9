//! `convscope data convert D TARGET`: any readable set as npz or IDX.

use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::super::arguments::ForceArgument;
use super::super::failure::Failure;
use super::super::output::note;
use super::settings;
use super::target::{define_source, load, source, with_bar};
use crate::data::tasks::Format;
use crate::field::{Field, Settings, settings};

settings! {
    struct Converted {
        /// npz file to write, or for IDX the folder
        target: PathBuf = Field::text().required(),
        /// npz: float32 images and one-hot labels; keras: x_train to y_test, bytes where the source has bytes; idx: a folder of four gzipped
        /// IDX files
        format: Format = Field::choice(Format::NAMES),
        /// compress the arrays of an npz file: smaller, but slower to read
        packed: bool = Field::flag(),
        /// exchange rows and columns of each image, where files hold them on their side
        transpose: bool = Field::flag(),
    }
}

pub fn define(command: Command) -> Command {
    let command = command.about("Write a data set as npz or IDX");
    let command = define_source(command);
    let command = settings::define(command, Converted::FIELDS, &[("target", "TARGET")]);
    ForceArgument::augment_args(command)
}

pub fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let mut to = Converted::default();
    settings::read(matches, &mut to).map_err(Failure::input)?;
    let source = source(matches)?;
    ForceArgument::from_arg_matches(matches)?.check(&to.target)?;
    let mut dataset = load(&source)?;
    if to.transpose {
        dataset = dataset.transposed();
    }
    with_bar("writing", |progress| {
        to.format.save(&dataset, &to.target, to.packed, progress)
    })?;
    note(&format!("written to {}", to.target.display()));
    Ok(())
}
