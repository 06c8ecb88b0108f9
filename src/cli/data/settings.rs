//! Arguments generated from the declarations of settings, the same that generate the screen's forms.

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::data::DataError;
use crate::field::{Field, FieldKind, OFF_ON, Setting, Value, put, rows};

/// Adds one argument per setting: `train_factor` becomes `--train-factor`, a setting that is off by default becomes a flag, and the
/// `positional` ones, given with their names in the usage, have no dashes. Arguments that the command already has are kept.
pub fn define<'a>(
    command: Command,
    fields: impl IntoIterator<Item = &'a Field>,
    positional: &[(&'static str, &'static str)],
) -> Command {
    fields.into_iter().fold(command, |command, field| {
        let is_known = command
            .get_arguments()
            .any(|known| known.get_id() == field.name);
        if is_known || field.kind == FieldKind::Group {
            return command;
        }
        let mut help = field.help.to_owned();
        if let Some(first) = help.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let argument = Arg::new(field.name);
        let mut known = positional.iter();
        let called = match field.kind {
            FieldKind::Choice { .. } => "CHOICE",
            FieldKind::Text => "PATH",
            _ => "N",
        };
        let (argument, called) = match known.find(|(name, _)| *name == field.name) {
            Some((_, called)) => (argument.required(field.required), *called),
            None => (argument.long(field.name.replace('_', "-")), called),
        };
        let help = match field.kind {
            FieldKind::Text => help,
            _ if is_flag(field) => help,
            kind if field.required => format!("{help}: {kind}"),
            kind => format!(
                "{help}: {kind} [default: {}]",
                field.shown(&field.default())
            ),
        };
        let argument = argument.help(help);
        command.arg(match is_flag(field) {
            true => argument.action(ArgAction::SetTrue),
            false => argument.value_name(called),
        })
    })
}

/// Whether it is off by default.
fn is_flag(field: &Field) -> bool {
    field.default() == Value::Choice(OFF_ON[0])
}

/// Sets the settings that were given and keeps the others. Values of a repeated argument are joined with `:`.
pub fn read(matches: &ArgMatches, settings: &mut dyn Setting) -> Result<(), DataError> {
    for row in rows(settings) {
        if let Some(value) = given(matches, row.field)? {
            put(settings, &row.path, value);
        }
    }
    Ok(())
}

/// The value of a setting's argument, if it was given.
pub fn given(matches: &ArgMatches, field: &Field) -> Result<Option<Value>, DataError> {
    let text = if is_flag(field) {
        let flag = matches.try_get_one::<bool>(field.name).ok().flatten();
        flag.is_some_and(|on| *on).then(|| OFF_ON[1].to_owned())
    } else {
        let given = matches.try_get_many::<String>(field.name).ok().flatten();
        given.map(|texts| texts.map(String::as_str).collect::<Vec<_>>().join(":"))
    };
    Ok(text.map(|text| field.parse(&text)).transpose()?)
}
