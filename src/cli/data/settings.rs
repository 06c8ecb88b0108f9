//! Arguments that come from a table of settings, the same that the screen's forms are made of.

use clap::{Arg, ArgAction, ArgMatches, Command};

use super::super::failure::Failure;
use crate::data::DataError;
use crate::field::{FieldKind, OFF_ON, Setting};

/// Adds one argument a setting: `train_factor` is `--train-factor`, and what is on or off is a flag.
pub fn define<S>(command: Command, settings: &'static [Setting<S>]) -> Command {
    command.args(settings.iter().map(|setting| {
        let field = &setting.field;
        let argument = Arg::new(field.name).long(field.name.replace('_', "-"));
        let mut help = field.help.to_owned();
        if let Some(first) = help.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        if field.kind == OFF_ON {
            return argument.action(ArgAction::SetTrue).help(help);
        }
        let value = match field.kind {
            FieldKind::Choice(_) => "CHOICE",
            _ => "N",
        };
        argument.value_name(value).help(format!(
            "{help}: {} [default: {}]",
            field.kind, field.default
        ))
    }))
}

/// Takes what was given for the settings of `define`; the others stay as they are.
pub fn read<S>(matches: &ArgMatches, settings: &[Setting<S>], held: &mut S) -> Result<(), Failure> {
    for setting in settings {
        let field = &setting.field;
        let text = if field.kind == OFF_ON {
            matches.get_flag(field.name).then_some("on")
        } else {
            matches.get_one::<String>(field.name).map(String::as_str)
        };
        if let Some(text) = text {
            let value = field.parse(text).map_err(DataError::from);
            (setting.set)(held, value.map_err(Failure::input)?);
        }
    }
    Ok(())
}

/// The names of the arguments of `define`.
pub fn names<S>(settings: &'static [Setting<S>]) -> impl Iterator<Item = &'static str> {
    settings.iter().map(|setting| setting.field.name)
}
