//! What a sweep can vary of a preset, and which values are proposed for it.

use std::collections::BTreeSet;

use crate::field::{Field, FieldKind, SettingRow, Value, rows};
use crate::network::NetworkSpec;
use crate::training::Preset;

/// Positive quick values that differ by such a factor are proposed as a range too.
const RANGE_FROM: f64 = 10.0;
/// Values of such a range.
const RANGE_STEPS: usize = 5;

/// A setting that can be varied.
#[derive(Clone, Debug, PartialEq)]
pub struct Varying {
    /// Its path, as a sweep's file names it.
    pub path: String,
    pub field: &'static Field,
    pub value: Value,
}

/// Every setting of a preset that has several values: of training, then of the layers.
pub fn of(preset: &Preset) -> Vec<Varying> {
    let training = preset.training.settings().into_iter();
    let training = training.map(|row| varying("training".to_owned(), row));
    let network = preset.network();
    let layers = preset.layers.iter().enumerate().flat_map(|(line, layer)| {
        let above = format!("{}.{}", network.path_of(line), layer.kind().name);
        rows(layer)
            .into_iter()
            .map(move |row| varying(above.clone(), row))
    });
    let all = training.chain(layers);
    all.filter(|setting| !proposals(setting).is_empty())
        .collect()
}

fn varying(above: String, row: SettingRow) -> Varying {
    Varying {
        path: format!("{above}.{}", row.path),
        field: row.field,
        value: row.value,
    }
}

/// The path of a setting of this line's layer or block.
pub fn path_in_layer(network: &NetworkSpec, line: usize, setting: &str) -> String {
    let kind = network.layers[line].kind().name;
    format!("{}.{kind}.{setting}", network.path_of(line))
}

/// Lists of values for a setting, the most likely first, as a sweep's file writes them: the present value with its neighbours among the
/// quick values, then more of them, then a range.
pub fn proposals(setting: &Varying) -> Vec<String> {
    let Varying { field, value, .. } = setting;
    let number = match value {
        Value::Whole(number) => *number as f64,
        Value::Number(number) => *number,
        _ => 0.0,
    };
    match field.kind {
        FieldKind::Whole { steps, least, .. } => {
            let steps = steps.iter().map(|step| *step as f64);
            let is_there = *value != Value::Off || field.optional;
            let least = if field.optional { 0.0 } else { least as f64 };
            of_numbers(steps, number, (least, is_there), ", whole: true")
        }
        FieldKind::Number { steps, least, .. } => {
            let least = if field.optional { 0.0 } else { least };
            // Between whole numbers of degrees or images nothing else is usual either.
            let are_whole = steps.iter().all(|step| step.fract() == 0.0);
            let whole = if are_whole { ", whole: true" } else { "" };
            of_numbers(steps.iter().copied(), number, (least, true), whole)
        }
        FieldKind::Choice { choices, .. } => of_choices(choices, value),
        FieldKind::Text | FieldKind::Written(_) | FieldKind::Group => Vec::new(),
    }
}

fn of_numbers(
    steps: impl Iterator<Item = f64>,
    present: f64,
    (least, is_there): (f64, bool),
    whole: &str,
) -> Vec<String> {
    let mut all: Vec<f64> = steps.filter(|step| *step >= least).collect();
    if is_there {
        all.push(present);
    }
    all.sort_by(f64::total_cmp);
    all.dedup();
    if all.len() < 2 {
        return Vec::new();
    }
    let at = all.iter().position(|step| *step == present).unwrap_or(0);
    let around = |steps: usize| {
        // As many as there are, also at an end.
        let many = (2 * steps + 1).min(all.len());
        let first = at.saturating_sub(steps).min(all.len() - many);
        list(&all[first..first + many])
    };
    let mut found = vec![around(1), around(2), list(&all)];
    let positive: Vec<f64> = all.iter().copied().filter(|step| *step > 0.0).collect();
    if let (Some(first), Some(last)) = (positive.first(), positive.last())
        && last / first >= RANGE_FROM
    {
        found.push(format!(
            "{{log: [{first}, {last}], steps: {RANGE_STEPS}{whole}}}"
        ));
    }
    distinct(found)
}

fn of_choices(choices: &[&'static str], value: &Value) -> Vec<String> {
    if choices.len() < 2 {
        return Vec::new();
    }
    let mut found = vec![choices.join(", ")];
    if let (Value::Choice(present), true) = (value, choices.len() > 2) {
        let others = choices.iter().filter(|choice| *choice != present);
        found.extend(others.map(|other| format!("{present}, {other}")));
    }
    found
}

fn list(values: &[f64]) -> String {
    let values: Vec<String> = values.iter().map(f64::to_string).collect();
    values.join(", ")
}

fn distinct(mut texts: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    texts.retain(|text| seen.insert(text.clone()));
    texts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sweep::{SweepFile, Trials};

    #[test]
    fn every_proposal_of_every_setting_makes_a_sweep() {
        for (name, _) in crate::training::BUILT_IN {
            let preset = Preset::open(name).unwrap();
            let settings = of(&preset);
            assert!(settings.len() > 10, "{name}");
            for setting in &settings {
                for values in proposals(setting) {
                    let values = match values.starts_with('{') {
                        true => values,
                        false => format!("[{values}]"),
                    };
                    let text = format!(
                        "{}sweep:\n  invalid: skip\n  vary:\n    {}: {values}\n",
                        preset.to_yaml(),
                        setting.path
                    );
                    let file = SweepFile::parse(&text, "sweep");
                    let file = file.unwrap_or_else(|error| panic!("{name}: {text}: {error}"));
                    let trials = Trials::of(&file, "sweep");
                    let trials = trials.unwrap_or_else(|error| panic!("{name}: {error}"));
                    assert!(!trials.trials.is_empty(), "{name}: {}", setting.path);
                }
            }
        }
    }

    #[test]
    fn the_present_value_is_proposed_with_its_neighbours_first() {
        let preset = Preset::open("fashion-conv1").unwrap();
        let of = |path: &str| {
            let settings = of(&preset);
            let found = settings.iter().find(|setting| setting.path == path);
            proposals(found.unwrap_or_else(|| panic!("{path}: {settings:#?}")))
        };
        assert_eq!(of("training.batch_size")[0], "64, 128, 256");
        assert_eq!(of("layers.1.conv2d.filters")[0], "8, 16, 32");
        assert!(
            of("training.optimizer")[0].starts_with("sgd") || of("training.optimizer").len() > 2
        );
        assert_eq!(of("training.augment"), ["off, on"]);
        // At an end there are as many.
        assert_eq!(of("training.label_smoothing")[0], "0, 0.05, 0.1");
    }
}
