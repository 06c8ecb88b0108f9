//! How a command opens its data set.

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};

use super::data::settings;
use super::failure::Failure;
use crate::data::Opening;
use crate::field::{Field, Value, put};

/// The choices that a data set is opened with, beside its name: the same as the form's.
#[derive(Clone, Debug, Default)]
pub struct OpeningArguments {
    /// Each choice that was made, even one that is the default, by its name.
    made: Vec<(&'static str, Value)>,
}

const RESIZE: &str = "resize";
const HEADING: &str = "How the data set is opened";

impl OpeningArguments {
    /// The set that the name means, opened with these choices where they were made.
    ///
    /// # Errors
    /// [`Failure::Input`] if the choices at the name's end are wrong.
    pub fn of(&self, data: &str) -> Result<Opening, Failure> {
        let mut opening = Opening::parse(data).map_err(Failure::input)?;
        for (name, value) in &self.made {
            put(&mut opening, name, value.clone());
        }
        Ok(opening)
    }

    /// As [`of`](Self::of), as a name with the choices at its end; without a name and choices there is none.
    ///
    /// # Errors
    /// As for [`of`](Self::of).
    pub fn choice(&self, data: Option<&str>) -> Result<Option<String>, Failure> {
        if self.made.is_empty() {
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
        let command = command.mut_arg("pixels", |argument| {
            // `--pixels -1..1` is a value.
            let argument = argument.value_name("LEAST..MOST");
            argument.allow_hyphen_values(true)
        });
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
        let mut made = Vec::new();
        for field in choices() {
            let value = settings::given(matches, field).map_err(|error| {
                let kind = clap::error::ErrorKind::ValueValidation;
                clap::Error::raw(kind, format!("{error}\n"))
            })?;
            made.extend(value.map(|value| (field.name, value)));
        }
        if let Some((height, width)) = matches.get_one::<(usize, usize)>(RESIZE) {
            made.extend([("height", *height), ("width", *width)].map(whole));
        }
        Ok(Self { made })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn whole((name, number): (&'static str, usize)) -> (&'static str, Value) {
    (name, Value::Whole(number))
}

fn size(text: &str) -> Result<(usize, usize), String> {
    let parts = text.split_once(['x', '×']);
    parts
        .and_then(|(height, width)| Some((height.parse().ok()?, width.parse().ok()?)))
        .filter(|(height, width)| (1..=512).contains(height) && (1..=512).contains(width))
        .ok_or_else(|| "expected HEIGHTxWIDTH, each from 1 to 512, such as 28x28".to_owned())
}
