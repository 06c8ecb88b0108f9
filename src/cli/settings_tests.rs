//! Every setting has the same limits, the same default and the same values on all ways in: a file, a form, the command line.

use clap::Command;
use serde_yaml::Value as Yaml;

use super::data::settings::{define, read};
use crate::analysis::explain::EXPLANATIONS;
use crate::data::tasks::TASKS;
use crate::data::{AugmentSettings, digits::Style};
use crate::field::{
    Configured, Field, FieldKind, Kind, Setting, SettingRow, Value, called, put, rows,
};
use crate::lab::{Action, Edit, Lab};
use crate::layers::LAYERS;
use crate::overlays::{Draft, Form};
use crate::training::{OPTIMIZERS, Pretrain, Recipe, SCHEDULES, Transfer, Validation};

/// What a person might write for a setting: its default, its limits, what is beyond, and what is nothing of its kind.
fn candidates(field: &Field) -> Vec<String> {
    let mut texts = vec![
        field.default().to_string(),
        "word".to_owned(),
        "-1".to_owned(),
    ];
    match field.kind {
        FieldKind::Whole {
            least, most, steps, ..
        } => {
            texts.extend([least, most, most + 1].map(|number| number.to_string()));
            texts.push(least.saturating_sub(1).to_string());
            texts.extend(steps.iter().map(ToString::to_string));
            texts.push("1.5".to_owned());
        }
        FieldKind::Number {
            least, most, steps, ..
        } => {
            texts
                .extend([least, most, most * 1.001, least - 1e-3].map(|number| number.to_string()));
            texts.extend(steps.iter().map(ToString::to_string));
        }
        FieldKind::Choice { choices, .. } => texts.extend(choices.iter().map(ToString::to_string)),
        FieldKind::Text | FieldKind::Written(_) | FieldKind::Group => {}
    }
    texts
}

/// What a way in makes of a text: what the setting holds then, or nothing where it is refused.
type Taken = Option<Value>;

fn held(settings: &dyn Setting, path: &str) -> Taken {
    let mut rows = rows(settings).into_iter();
    rows.find(|row| row.path == path).map(|row| row.value)
}

/// Settings in a form.
struct Tried<S>(S);

impl<S: Setting + 'static> Draft for Tried<S> {
    fn settings(&self) -> Vec<SettingRow> {
        let mut settings = rows(&self.0);
        settings.retain(|setting| setting.is_shown);
        settings
    }

    fn put(&mut self, path: &str, value: Value) {
        put(&mut self.0, path, value);
    }

    fn actions(&self) -> Vec<Action<Form<Self>>> {
        Vec::new()
    }

    fn accept(&self, _lab: &mut Lab) -> Result<(), String> {
        Ok(())
    }
}

fn by_form<S: Setting + 'static>(settings: S, path: &str, text: &str) -> Taken {
    let mut form = Form::new(Tried(settings));
    let at = form.rows.iter().position(|row| row.setting.path == path)?;
    form.step_field(at as isize);
    if let FieldKind::Choice { choices, .. } = form.rows[at].setting.field.kind {
        // Nothing else can be typed there.
        let steps = choices.iter().position(|choice| *choice == text)?;
        while form.rows[at].setting.value != Value::Choice(choices[steps]) {
            form.step_value(true);
        }
    } else {
        form.type_in(&Edit::Paste(text.to_owned()));
    }
    let value = form.rows[at].setting.value.clone();
    form.refusal().is_none().then_some(value)
}

/// By the argument that is generated for it, or by `--set`, whichever a command has.
fn by_command_line<S: Setting>(mut settings: S, row: &SettingRow, text: &str) -> Taken {
    let name = row.field.name;
    let is_flag = row.field.default() == Value::Choice("off");
    if is_flag || row.path.contains('.') || row.field.kind == FieldKind::Text {
        let found = called(&settings, &row.path).pop()?;
        put(&mut settings, &found.path, found.field.parse(text).ok()?);
        return held(&settings, &row.path);
    }
    let command = define(Command::new("test").no_binary_name(true), [row.field], &[]);
    let argument = format!("--{}={text}", name.replace('_', "-"));
    let matches = command.try_get_matches_from([argument]).ok()?;
    read(&matches, &mut settings).ok()?;
    held(&settings, &row.path)
}

/// The text of a file with another value at `path`; of what is chosen, the settings stand below its name.
fn file_with(mut file: Yaml, path: &str, text: &str, is_flag: bool) -> Yaml {
    let value: Yaml = match (text, is_flag) {
        ("on", true) => true.into(),
        ("off", true) => false.into(),
        _ => serde_yaml::from_str(text).unwrap(),
    };
    // A kind whose fields all have their defaults may be its name alone.
    if let Yaml::String(name) = &file {
        let fields = Yaml::Mapping(serde_yaml::Mapping::new());
        file = [(Yaml::from(name.as_str()), fields)]
            .into_iter()
            .collect::<serde_yaml::Mapping>()
            .into();
    }
    let mut place = &mut file;
    for name in path.split('.') {
        let is_chosen = place
            .as_mapping()
            .is_some_and(|map| map.len() == 1 && map.values().all(Yaml::is_mapping));
        if is_chosen {
            let map = place.as_mapping_mut().unwrap();
            place = map.values_mut().next().unwrap();
        }
        place = &mut place[name];
    }
    *place = value;
    file
}

/// Compares the ways in for every plain setting of `settings`; a choice of something with settings of its own is a file's own syntax.
fn compare<S>(settings: &S, read_file: impl Fn(Yaml) -> Option<S>)
where
    S: Setting + serde::Serialize + Clone + 'static,
{
    let all = rows(settings);
    for row in all.iter().filter(|row| row.is_shown) {
        let below = format!("{}.", row.path);
        let has_inner = all.iter().any(|other| other.path.starts_with(&below));
        for text in candidates(row.field) {
            let form = by_form(settings.clone(), &row.path, &text);
            let line = by_command_line(settings.clone(), row, &text);
            assert_eq!(form, line, "{} {text}: form and command line", row.path);
            // Off is written 0 where a person types, and left out of a file.
            if form == Some(Value::Off) || has_inner || row.field.is_alone {
                continue;
            }
            let is_flag = matches!(row.field.kind, FieldKind::Choice { choices, .. } if choices == ["off", "on"]);
            let file = serde_yaml::to_value(settings).unwrap();
            let file = file_with(file, &row.path, &text, is_flag);
            let read = read_file(file.clone()).and_then(|read| held(&read, &row.path));
            assert_eq!(read, form, "{} {text}: file and form, {file:?}", row.path);
            if let Some(value) = form {
                // What was taken is written so that it is read again.
                let mut changed = settings.clone();
                put(&mut changed, &row.path, value.clone());
                let back = read_file(serde_yaml::to_value(&changed).unwrap());
                assert_eq!(
                    back.and_then(|back| held(&back, &row.path)),
                    Some(value),
                    "{}",
                    row.path
                );
            }
        }
    }
}

#[test]
fn every_setting_of_a_recipe_has_the_same_limits_on_all_ways_in() {
    for optimizer in OPTIMIZERS {
        for schedule in SCHEDULES {
            let recipe = Recipe {
                optimizer: Configured::with_defaults(optimizer),
                schedule: Configured::with_defaults(schedule),
                validation: Validation::Split(0.1),
                early_stopping: crate::training::EarlyStopping { patience: Some(3) },
                augment: Some(AugmentSettings::usual()),
                average: Some(0.9),
                gradient_clip: Some(1.0),
                transfer: Some(Transfer {
                    pretrain: Some(Pretrain {
                        batch_size: Some(64),
                        ..Pretrain::default()
                    }),
                    fresh_from: Some(2),
                    ..Transfer::default()
                }),
                ..Recipe::default()
            };
            compare(
                &recipe,
                // The number of layers is no limit of a setting, but of a network.
                |file| {
                    let read: Recipe = serde_yaml::from_value(file).ok()?;
                    crate::field::problem_of(&read).is_none().then_some(read)
                },
            );
        }
    }
}

#[test]
fn every_setting_of_an_augmentation_has_the_same_limits_on_all_ways_in() {
    compare(&AugmentSettings::default(), |file| {
        let read: AugmentSettings = serde_yaml::from_value(file).ok()?;
        read.check().ok().map(|()| read)
    });
}

/// Of layers, explanations and tasks.
fn compare_kinds<K: Kind>() {
    for kind in K::all() {
        let configured = Configured::<K>::with_defaults(kind);
        compare(&configured, |file| serde_yaml::from_value(file).ok());
    }
}

#[test]
fn every_setting_of_a_layer_an_explanation_or_a_task_has_the_same_limits_on_all_ways_in() {
    assert!(!LAYERS.is_empty() && !EXPLANATIONS.is_empty() && !TASKS.is_empty());
    compare_kinds::<crate::layers::LayerKind>();
    compare_kinds::<crate::analysis::explain::MethodKind>();
    compare_kinds::<crate::data::tasks::TaskKind>();
}

/// The label of the first setting of `settings` whose problem in a form does not begin with it, or whose help leaves open what an empty
/// text means, or tells it twice.
fn misnamed<S: Setting + 'static>(settings: S) -> Option<&'static str> {
    let mut form = Form::new(Tried(settings));
    for at in 0..form.rows.len() {
        form.cursor = at;
        form.type_in(&Edit::Paste("no such value".to_owned()));
        let row = &form.rows[at];
        let (field, label) = (row.setting.field, row.setting.field.label());
        let start = format!("{label}: expected");
        let is_named = row
            .problem
            .iter()
            .all(|problem| problem.starts_with(&start));
        let told = row.about().matches("empty").count();
        let is_told = field.kind != FieldKind::Text || told == usize::from(!field.required);
        if !is_named || !is_told {
            return Some(label);
        }
    }
    None
}

#[test]
fn a_form_calls_its_settings_as_it_shows_them_and_tells_what_is_empty_once() {
    let pretrain = Recipe {
        transfer: Some(Transfer {
            pretrain: Some(Pretrain::default()),
            ..Transfer::default()
        }),
        ..Recipe::default()
    };
    assert_eq!(misnamed(pretrain), None);
    for kind in TASKS {
        let task = Configured::<crate::data::tasks::TaskKind>::with_defaults(kind);
        assert_eq!(misnamed(task), None, "{}", kind.name);
    }
}

#[test]
fn every_default_is_legal_and_what_a_struct_begins_with() {
    fn check<S: crate::field::Settings>() {
        let settings = S::default();
        for ((field, setting), described) in settings.inner().into_iter().zip(S::FIELDS) {
            assert!(!field.help.is_empty(), "{}", field.name);
            let Some(value) = setting.value() else {
                assert_eq!(field.kind, FieldKind::Group, "{}", field.name);
                continue;
            };
            assert_eq!(value, described.default(), "{}", field.name);
            assert_eq!(field.accept(&value), Ok(value.clone()), "{}", field.name);
        }
    }
    check::<Recipe>();
    check::<Transfer>();
    check::<Pretrain>();
    check::<AugmentSettings>();
    check::<Style>();
    check::<crate::data::digits::DigitSettings>();
    check::<crate::data::augmented_set::AugmentedSettings>();
    check::<crate::data::augmented_set::PixelChanges>();
}
