//! How a command opens its data set.

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};

use super::data::settings;
use super::failure::Failure;
use crate::data::{Opening, Places};
use crate::field::Field;

/// The choices that a data set is opened with, beside its name: the same as the form's.
#[derive(Clone, Debug, Default)]
pub struct OpeningArguments {
    opening: Opening,
}

const RESIZE: &str = "resize";
const HEADING: &str = "How the data set is opened";

impl OpeningArguments {
    /// The set that the name means, opened with these choices where they were made.
    ///
    /// # Errors
    /// [`Failure::Input`] if the choices at the name's end are wrong.
    pub fn of(&self, data: &str) -> Result<Opening, Failure> {
        let opening = self.opening.with_data(data.to_owned());
        opening.resolved_in(&Places::here()).map_err(Failure::input)
    }

    /// As [`of`](Self::of), as a name with the choices at its end; without a name and choices there is none.
    ///
    /// # Errors
    /// As for [`of`](Self::of).
    pub fn choice(&self, data: Option<&str>) -> Result<Option<String>, Failure> {
        if self.opening == Opening::default() {
            return Ok(data.map(str::to_owned));
        }
        let opening = self.of(data.unwrap_or_default())?;
        Ok(Some(opening.to_string()))
    }
}

/// The fields of the choices.
fn choices() -> &'static [Field] {
    &Opening::fields()[1..]
}

impl Args for OpeningArguments {
    fn augment_args(command: Command) -> Command {
        let resize = Arg::new(RESIZE)
            .long(RESIZE)
            .value_name("HxW")
            .value_parser(size)
            .help("Scale every image to this size, such as 28x28; sets --height and --width");
        let command = settings::define(command, choices(), &[]).arg(resize);
        let command = command.mut_arg("pixels", |argument| argument.value_name("LEAST..MOST"));
        command.mut_args(|argument| {
            let id = argument.get_id();
            match id == RESIZE || choices().iter().any(|field| id == field.name) {
                true => argument.help_heading(HEADING),
                false => argument,
            }
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for OpeningArguments {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut opening = Opening::default();
        settings::read(matches, &mut opening).map_err(|error| {
            clap::Error::raw(
                clap::error::ErrorKind::ValueValidation,
                format!("{error}\n"),
            )
        })?;
        opening.data.clear();
        if let Some((height, width)) = matches.get_one(RESIZE) {
            (opening.height, opening.width) = (*height, *width);
        }
        Ok(Self { opening })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn size(text: &str) -> Result<(usize, usize), String> {
    let parts = text.split_once(['x', '×']);
    parts
        .and_then(|(height, width)| Some((height.parse().ok()?, width.parse().ok()?)))
        .filter(|(height, width)| (1..=512).contains(height) && (1..=512).contains(width))
        .ok_or_else(|| "expected HEIGHTxWIDTH, each from 1 to 512, such as 28x28".to_owned())
}
