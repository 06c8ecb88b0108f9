//! Setting one value of a preset by its path in the preset's file.

use serde::de::Error as _;
use serde_yaml::{Error, Mapping, Value as Yaml};

use super::preset::Preset;
use crate::field::{TextProblem, called, nearest, off_on, rows, unknown_key};

/// The prefix of the paths of recipe settings.
const RECIPE: &str = "training.";

impl Preset {
    /// Sets a setting to a value written as text. Its name is its path in a file, `training.optimizer.adam.learning_rate` or
    /// `layers.3.conv2d.filters`, where lists count from 1 and another kind replaces the chosen one; a recipe's setting can also be named
    /// by its label in forms or by the end of its path, if that is unique. Whether all settings are consistent is left to
    /// [`check`](Self::check).
    ///
    /// # Errors
    /// If there is no such setting, naming the nearest one, if the name is ambiguous, or if the value is not accepted; the preset is then
    /// unchanged.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), String> {
        // Text that is not YAML is a string.
        let value: Yaml = serde_yaml::from_str(text).unwrap_or_else(|_| text.into());
        let is_plain = !matches!(value, Yaml::Mapping(_) | Yaml::Sequence(_));
        let found = called(&self.training, name.strip_prefix(RECIPE).unwrap_or(name));
        *self = match found.as_slice() {
            [row] if is_plain => {
                let written = match &value {
                    Yaml::Bool(on) => off_on(*on),
                    value => value.as_str().unwrap_or(text),
                };
                let value = row.field.parse(written);
                let value = value.map_err(|problem| problem.at(&row.path))?;
                self.training.put(&row.path, value);
                return Ok(());
            }
            [row] => self.with(&format!("{RECIPE}{}", row.path), &value),
            [] => self.with_any(name, &value),
            several => {
                let paths: Vec<_> = several.iter().map(|row| row.path.as_str()).collect();
                return Err(format!("could be {}; choose one", paths.join(" or ")));
            }
        }?;
        Ok(())
    }

    /// As [`with`](Self::with), for a path that may lack the recipe's prefix.
    fn with_any(&self, path: &str, value: &Yaml) -> Result<Self, String> {
        let first = path.split('.').next().unwrap_or(path);
        let of_recipe = format!("{RECIPE}{path}");
        let mut known: Vec<String> = Vec::new();
        for path in [path, of_recipe.as_str()] {
            let problem = match self.edited(path, value) {
                Ok(preset) => return Ok(preset),
                Err(problem) => problem,
            };
            let message = problem.to_string();
            match unknown_key(&message) {
                Some((key, names)) if key == first => {
                    known.extend(names.into_iter().map(str::to_owned));
                }
                _ => return Err(TextProblem::new("", &problem).reason),
            }
        }
        let settings = rows(&self.training).into_iter();
        known.extend(settings.flat_map(|row| {
            let whole = format!("{RECIPE}{}", row.path);
            [row.field.label().to_owned(), row.path, whole]
        }));
        let nearest = nearest(path, known.iter().map(String::as_str));
        let hint =
            nearest.map_or_else(String::new, |name| format!("; the nearest one is `{name}`"));
        Err(format!("no setting `{path}`{hint}"))
    }

    fn with(&self, path: &str, value: &Yaml) -> Result<Self, String> {
        self.edited(path, value)
            .map_err(|problem| TextProblem::new("", &problem).reason)
    }

    /// The preset that a file with this value at this path would give. A new name is added beside the others if that is valid, and
    /// replaces them otherwise, as with optimizers.
    fn edited(&self, path: &str, value: &Yaml) -> Result<Self, Error> {
        let names: Vec<&str> = path.split('.').collect();
        let whole = serde_yaml::to_value(self)?;
        let read = |beside| {
            let mut tree = whole.clone();
            put(&mut tree, &names, 0, value, beside)?;
            serde_yaml::from_value(tree)
        };
        read(true).or_else(|_| read(false))
    }
}

/// Sets the value at the path `names`, from element `at` on.
fn put(
    tree: &mut Yaml,
    names: &[&str],
    at: usize,
    value: &Yaml,
    beside: bool,
) -> Result<(), Error> {
    let Some(name) = names.get(at).copied() else {
        *tree = value.clone();
        return Ok(());
    };
    let here = || names[..at].join(".");
    // The kind of a list item is fixed: another layer is written in full.
    let is_item = at > 0 && names[at - 1].parse::<usize>().is_ok();
    let next = match tree {
        Yaml::Sequence(items) => {
            let number = name
                .parse()
                .ok()
                .and_then(|number: usize| number.checked_sub(1));
            let all = items.len();
            number
                .and_then(|number| items.get_mut(number))
                .ok_or_else(|| {
                    Error::custom(format!(
                        "{}: expected a number from 1 to {all}, got `{name}`",
                        here()
                    ))
                })?
        }
        other if is_item && kind(other).is_some_and(|kind| kind != name) => {
            let kind = kind(other).unwrap_or_default();
            return Err(Error::custom(format!(
                "{0} is {kind}; to replace it, write it in full: {0}='{name}: {{…}}'",
                here()
            )));
        }
        Yaml::Mapping(map) if beside || map.contains_key(name) => {
            map.entry(name.into()).or_insert(Yaml::Null)
        }
        other => {
            *other = Mapping::new().into();
            &mut other[name]
        }
    };
    put(next, names, at + 1, value, beside)
}

/// The kind of a file's `relu` or `conv2d: {…}`.
fn kind(item: &Yaml) -> Option<&str> {
    match item {
        Yaml::String(name) => Some(name),
        Yaml::Mapping(map) if map.len() == 1 => {
            let (name, fields) = map.iter().next()?;
            name.as_str().filter(|_| fields.is_mapping())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::Validation;

    /// What the preset is as YAML after each change.
    fn set(changes: &[&str]) -> Result<Preset, String> {
        let mut preset = Preset::open("fashion-bn4").unwrap();
        for change in changes {
            let (name, text) = change.split_once('=').unwrap();
            preset.set(name, text)?;
        }
        Ok(preset)
    }

    fn refusal(change: &str) -> String {
        set(&[change]).unwrap_err()
    }

    #[test]
    fn any_setting_is_named_by_its_path() {
        let optimizer = |preset: &Preset| preset.training.optimizer.to_string();
        let adam = set(&["training.optimizer.adam.learning_rate=3e-3"]).unwrap();
        assert!(
            optimizer(&adam).starts_with("adam(learning_rate 0.003, "),
            "{adam:?}"
        );
        // What was chosen keeps its other settings.
        let both = [
            "training.optimizer.adam.beta_1=0.8",
            "optimizer.adam.learning_rate=0.5",
        ];
        let adam = set(&both).unwrap();
        assert!(
            optimizer(&adam).starts_with("adam(learning_rate 0.5, beta_1 0.8"),
            "{adam:?}"
        );
        let preset = set(&[
            "layers.1.conv2d.filters=32",
            "seed=18446744073709551615",
            "data=mnist",
            "input.1=30",
            "training.validation.split=0.25",
            "training.augment.rotation=12",
            "training.transfer.from=runs/a",
            "transfer.frozen_layers=2",
            "training.plan=[{epoch: 3, learning_rate: 0.1}]",
            "training.plan.1.learning_rate=0.2",
            "layers.2=relu",
        ])
        .unwrap();
        assert_eq!(preset.layers[0].value("filters").whole(), 32);
        assert_eq!(preset.layers[1].kind().name, "relu");
        assert_eq!((preset.seed, preset.input.height), (u64::MAX, 30));
        assert_eq!(preset.data.as_deref(), Some("mnist"));
        assert_eq!(preset.training.validation, Validation::Split(0.25));
        assert_eq!(preset.training.augment.unwrap().rotation, 12.0);
        let transfer = preset.training.transfer.unwrap();
        assert_eq!(
            (transfer.from, transfer.frozen_layers),
            (Some("runs/a".into()), 2)
        );
        assert_eq!(preset.training.plan[0].learning_rate, Some(0.2));
    }

    #[test]
    fn every_setting_of_a_preset_can_be_set_to_what_it_is() {
        fn leaves(tree: &Yaml, path: &str, found: &mut Vec<(String, String)>) {
            let mut go = |name: String, below: &Yaml| {
                let path = if path.is_empty() {
                    name
                } else {
                    format!("{path}.{name}")
                };
                leaves(below, &path, found);
            };
            match tree {
                Yaml::Mapping(map) => map
                    .iter()
                    .for_each(|(name, below)| go(name.as_str().unwrap().to_owned(), below)),
                Yaml::Sequence(items) => (1..)
                    .zip(items)
                    .for_each(|(number, below)| go(number.to_string(), below)),
                leaf => found.push((path.to_owned(), serde_yaml::to_string(leaf).unwrap())),
            }
        }
        for (name, _) in crate::training::BUILT_IN {
            let preset = Preset::open(name).unwrap();
            let mut found = Vec::new();
            leaves(&serde_yaml::to_value(&preset).unwrap(), "", &mut found);
            assert!(found.len() > 10, "{found:?}");
            for (path, text) in found {
                let mut same = preset.clone();
                assert_eq!(
                    same.set(&path, text.trim()),
                    Ok(()),
                    "{name}: {path}={text}"
                );
                assert_eq!(same, preset, "{name}: {path}={text}");
            }
        }
    }

    #[test]
    fn a_short_name_means_one_setting() {
        let schedule = "training.schedule=reduce_on_plateau";
        assert_eq!(set(&["warm_up=2"]).unwrap().training.warm_up, 2.0);
        assert!(set(&["optimizer=adam", "beta_1=0.5"]).is_ok());
        assert_eq!(
            set(&[schedule, "patience=3"]).unwrap_err(),
            "could be schedule.patience or early_stopping.patience; choose one"
        );
        assert!(set(&[schedule, "schedule.patience=3"]).is_ok());
        assert!(set(&[schedule, "early_stopping=3"]).is_ok());
    }

    #[test]
    fn what_is_wrong_is_said_as_of_a_file() {
        for (change, expected) in [
            ("warm=2", "no setting `warm`; the nearest one is `warm_up`"),
            ("sed=2", "no setting `sed`; the nearest one is `seed`"),
            (
                "trainig.epochs=2",
                "no setting `trainig.epochs`; the nearest one is `training.epochs`",
            ),
            (
                "training.epochs=0",
                "epochs: expected a whole number from 1 to 1000000, got 0",
            ),
            (
                "training.optimizer.adam.learning_rat=1",
                "unknown key `learning_rat`; the nearest known one is `learning_rate`",
            ),
            (
                "training.optimizer.adan.learning_rate=1",
                "unknown key `adan`; the nearest known one is `adam`",
            ),
            (
                "training.optimizer.adam.learning_rate=-1",
                "learning_rate: expected a number of at least 0 and below 1000000, got -1",
            ),
            (
                "layers.1.conv2d.filter=8",
                "unknown key `filter`; the nearest known one is `filters`",
            ),
            (
                "layers.1.conv2d.filters=0",
                "filters: expected a whole number from 1 to 4096, got 0",
            ),
            (
                "layers.1.dense.units=8",
                "layers.1 is conv2d; to replace it, write it in full: layers.1='dense: {…}'",
            ),
            (
                "layers.3.dense.units=8",
                "layers.3 is relu; to replace it, write it in full: layers.3='dense: {…}'",
            ),
            ("layers.99=relu", "layers: expected a number from 1 to "),
            ("layers.0=relu", "layers: expected a number from 1 to "),
        ] {
            let refusal = refusal(change);
            assert!(refusal.starts_with(expected), "{change}: {refusal}");
        }
        let mut preset = Preset::open("fashion-bn4").unwrap();
        let before = preset.clone();
        assert!(preset.set("layers.1.conv2d.filters", "many").is_err());
        assert_eq!(preset, before);
    }
}
