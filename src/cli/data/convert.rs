//! `convscope data convert D TARGET`: any readable set in any form that is written.

use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::super::arguments::ForceArgument;
use super::super::failure::Failure;
use super::super::output::note;
use super::settings;
use super::target::{define_source, load, source, with_bar, with_notes};
use crate::data::WrittenForm;
use crate::data::tasks::ANY_FORM;
use crate::field::{Field, Settings, settings};

settings! {
    struct Converted {
        /// file to write, or the folder for idx, csv and images
        target: PathBuf = Field::text().required(),
        format: &'static WrittenForm = ANY_FORM,
        /// compress an npz file or CSV files: smaller, but slower to read
        packed: bool = Field::flag(),
        /// exchange rows and columns of each image, where files hold them on their side
        transpose: bool = Field::flag(),
    }
}

pub fn define(command: Command) -> Command {
    let command = command.about("Write a data set as npz, IDX, CSV or images");
    let command = define_source(command);
    let mut fields = Converted::FIELDS.to_vec();
    let format = fields.iter_mut().find(|field| field.name == "format");
    format.expect("it is declared above").help = WrittenForm::help();
    let command = settings::define(command, &fields, &[("target", "TARGET")]);
    ForceArgument::augment_args(command)
}

pub fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let mut to = Converted::default();
    settings::read(matches, &mut to).map_err(Failure::input)?;
    let source = source(matches)?;
    ForceArgument::from_arg_matches(matches)?.check(&to.target)?;
    let mut dataset = with_notes(load(&source)?);
    if to.transpose {
        dataset = dataset.transposed();
    }
    with_bar("writing", |progress| {
        (to.format.save)(&dataset, &to.target, to.packed, progress)
    })?;
    note(&format!("written to {}", to.target.display()));
    Ok(())
}
