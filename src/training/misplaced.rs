//! Where a key of a preset belongs that is in another place: found among all settings that are declared.

use serde_yaml::{Mapping, Value as Yaml};

use super::preset::Preset;
use super::recipe::Recipe;
use crate::field::{FieldKind, SettingRow, Settings, rows, unknown_key};

/// The part of a preset that is a recipe.
const RECIPE: &str = "training";

/// Where `key` belongs, `optimizer: {adam: {learning_rate: …}}`, if the preset `text` has it where only the keys `known` are valid. Of
/// several kinds, such as optimizers, it is the one that the text chooses, or else the default.
pub(super) fn home(key: &str, known: &[&str], text: &str) -> Option<String> {
    let is_in_recipe = Recipe::FIELDS
        .iter()
        .all(|field| known.contains(&field.name));
    if is_in_recipe && keys_of_a_preset().iter().any(|own| own == key) {
        return Some(format!("`{key}: …`, at the beginning of a line"));
    }
    let tree: Yaml = serde_yaml::from_str(text).unwrap_or_default();
    let mut homes: Vec<(usize, Vec<String>)> = variants()
        .into_iter()
        .flat_map(|variant| variant.homes(key, &tree[RECIPE]))
        .collect();
    homes.sort_by_key(|(rank, _)| *rank);
    let (_, mut path) = homes.into_iter().next()?;
    if !is_in_recipe {
        path.insert(0, RECIPE.to_owned());
    }
    Some(format!("`{}`", written(&path)))
}

/// The keys of a preset, from the reader's own refusal of another one.
fn keys_of_a_preset() -> Vec<String> {
    let refusal = serde_yaml::from_str::<Preset>("another: 1").err();
    let message = refusal.map_or_else(String::new, |error| error.to_string());
    let known = unknown_key(&message).map(|(_, known)| known);
    known
        .unwrap_or_default()
        .into_iter()
        .map(str::to_owned)
        .collect()
}

/// A recipe in which one setting has one of its choices, on which the settings below it depend.
struct Variant {
    recipe: Recipe,
    /// The setting, its choice, and whether that is the default.
    chosen: Option<(String, &'static str, bool)>,
}

fn variants() -> Vec<Variant> {
    let plain = Recipe::default();
    let mut variants = Vec::new();
    for row in rows(&plain) {
        let FieldKind::Choice { default, choices } = row.field.kind else {
            continue;
        };
        for choice in choices.iter().copied() {
            let mut recipe = plain.clone();
            let Ok(value) = row.field.parse(choice) else {
                continue;
            };
            recipe.put(&row.path, value);
            variants.push(Variant {
                recipe,
                chosen: Some((row.path.clone(), choice, choice == default)),
            });
        }
    }
    variants.push(Variant {
        recipe: plain,
        chosen: None,
    });
    variants
}

impl Variant {
    /// The places of settings called `key`, as files write them, each with a rank; `recipe` is what the file has.
    fn homes(&self, key: &str, recipe: &Yaml) -> Vec<(usize, Vec<String>)> {
        let is_it = |row: &SettingRow| row.field.name == key;
        let found = rows(&self.recipe).into_iter().filter(is_it);
        found.filter_map(|row| self.home(&row, recipe)).collect()
    }

    fn home(&self, row: &SettingRow, recipe: &Yaml) -> Option<(usize, Vec<String>)> {
        let plain: Vec<String> = row.path.split('.').map(str::to_owned).collect();
        let below = self.chosen.as_ref().filter(|(setting, ..)| {
            let rest = row.path.strip_prefix(setting.as_str());
            rest.is_some_and(|rest| rest.starts_with('.'))
        });
        let value = serde_yaml::to_value(&row.value).ok()?;
        let is_read = |path: &Vec<String>| {
            serde_yaml::from_value::<Recipe>(nested(path, value.clone())).is_ok()
        };
        let Some((setting, choice, is_default)) = below else {
            return Some((1, plain)).filter(|(_, path)| is_read(path));
        };
        let depth = setting.split('.').count();
        let mut with_choice = plain.clone();
        with_choice.insert(depth, (*choice).to_owned());
        let path = [with_choice, plain].into_iter().find(is_read)?;
        let place = path[..depth]
            .iter()
            .fold(recipe, |tree, name| &tree[name.as_str()]);
        let is_written = place.as_str() == Some(choice) || place.get(choice).is_some();
        let rank = match (is_written, is_default) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => 2,
        };
        Some((rank, path))
    }
}

fn nested(path: &[String], value: Yaml) -> Yaml {
    path.iter().rev().fold(value, |inner, name| {
        Yaml::Mapping(Mapping::from_iter([(Yaml::from(name.as_str()), inner)]))
    })
}

/// `optimizer: {adam: {learning_rate: …}}`
fn written(path: &[String]) -> String {
    let ends = "}".repeat(path.len() - 1);
    format!("{}: …{ends}", path.join(": {"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(text: &str) -> String {
        let network = "name: t\ninput: [28, 28, 1]\nclasses: 3\nlayers: [flatten, classify]\n";
        let parsed = Preset::parse(&format!("{network}{text}"), "my.yaml");
        parsed.unwrap_err().to_string()
    }

    #[test]
    fn a_key_in_another_place_is_told_its_own() {
        for (text, expected) in [
            (
                "training: {optimizer: adam, learning_rate: 0.01}",
                "unknown key `learning_rate` here; it belongs under `optimizer: {adam: {learning_rate: …}}`",
            ),
            (
                "training: {learning_rate: 0.01, optimizer: sgd}",
                "it belongs under `optimizer: {sgd: {learning_rate: …}}`",
            ),
            ("epochs: 3", "it belongs under `training: {epochs: …}`"),
            (
                "training: {momentum: 0.9}",
                "it belongs under `optimizer: {momentum: {momentum: …}}`",
            ),
            (
                "training: {patience: 3}",
                "it belongs under `early_stopping: {patience: …}`",
            ),
            (
                "training: {seed: 3}",
                "it belongs under `seed: …`, at the beginning of a line",
            ),
            (
                "training: {rotation: 3}",
                "it belongs under `augment: {rotation: …}`",
            ),
            (
                "training: {class_weight: {0: 1.0}}",
                "the nearest known one is `class_weights`",
            ),
            (
                "training: {zebra: 3}",
                "unknown key `zebra`; the known ones are epochs, ",
            ),
        ] {
            let reason = reason(text);
            assert!(reason.contains(expected), "{text}: {reason}");
        }
    }
}
