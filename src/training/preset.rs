//! A preset: a network and its training settings, as one YAML file. A network file is a preset with only the network.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::misplaced;
use super::preset_folder::PresetFolder;
use super::recipe::Recipe;
use crate::field::{TextProblem, nearest};
use crate::network::{LayerSpec, NetworkSpec};
use crate::shape::Shape;
use crate::text_file;
use crate::wording::reason_of;

/// Everything that is needed to repeat a run, apart from the data itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// Its name on the screen and in the names of run folders.
    pub name: String,
    /// Its purpose, in a sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Height, width and channels of the images.
    pub input: Shape,
    /// Number of classes.
    pub classes: usize,
    /// From the image to the classifier, as in [`NetworkSpec`].
    #[serde(with = "crate::network::nested")]
    pub layers: Vec<LayerSpec>,
    /// A known data set's name or a path; `None` uses the chosen set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// How it is trained.
    #[serde(default)]
    pub training: Recipe,
    /// The seed of all random numbers.
    #[serde(default)]
    pub seed: u64,
    /// Its published figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<Expectation>,
}

/// Published figures of a preset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Expectation {
    /// Highest validation accuracy of any epoch.
    pub best_val_accuracy: Option<f64>,
    /// Lowest validation loss of any epoch.
    pub lowest_val_loss: Option<f64>,
}

/// Why a preset cannot be used; the message names the file, the place and the remedy.
#[derive(Debug, thiserror::Error)]
#[error("{source_name}: {reason}")]
pub struct PresetError {
    /// The requested name or path.
    pub source_name: String,
    /// What is wrong and how to fix it, in a sentence.
    pub reason: String,
    /// Line in the text, from 1, if known.
    pub line: Option<usize>,
}

/// Each name with the text of its file.
macro_rules! texts {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../presets/", $name, ".yaml")))),*]
    };
}

/// The built-in presets, in menu order: name and text.
pub static BUILT_IN: &[(&str, &str)] = texts![
    "fashion-bn4",
    "fashion-conv1",
    "fashion-conv2",
    "fashion-conv3",
    "fashion-dense2",
    "fashion-dense2-dropout",
    "fashion-dense4",
    "fashion-dense4-dropout",
    "fashion-record",
    "fashion-wide",
    "fashion-wide-augmented",
    "fashion-slim-alternating",
    "fashion-slim-augmented",
    "mnist-record",
    "synthetic-digits",
    "lenet5",
    "vgg-small",
    "googlenet-small",
    "resnet-small",
    "resnet20",
    "mobilenet-small",
];

impl Preset {
    /// Opens a preset by its name, built-in or the user's own, or by the path of its file.
    ///
    /// # Errors
    /// If there is neither, the file cannot be read, or its text is not a preset.
    pub fn open(name_or_path: &str) -> Result<Self, PresetError> {
        Self::open_with_text(name_or_path).map(|(preset, _)| preset)
    }

    /// As [`open`](Self::open), and also returns the text of the file.
    ///
    /// # Errors
    /// As for [`open`](Self::open).
    pub fn open_with_text(name_or_path: &str) -> Result<(Self, String), PresetError> {
        if let Some((name, text)) = BUILT_IN.iter().find(|(name, _)| *name == name_or_path) {
            return Self::parse(text, name).map(|preset| (preset, (*text).to_owned()));
        }
        let problem = |reason: String| PresetError {
            source_name: name_or_path.to_owned(),
            reason,
            line: None,
        };
        let own = PresetFolder::of_user().list();
        let named = own.iter().find(|(name, _)| name == name_or_path);
        let path = named.map_or(Path::new(name_or_path), |(_, path)| path);
        if !path.exists() {
            let own = own.iter().map(|(name, _)| name.as_str());
            let names = BUILT_IN.iter().map(|(name, _)| *name).chain(own);
            let hint = nearest(name_or_path, names.clone()).map_or_else(
                || format!("The presets are {}.", names.collect::<Vec<_>>().join(", ")),
                |name| format!("Did you mean {name}?"),
            );
            return Err(problem(format!("no such preset or file. {hint}")));
        }
        let text = text_file::read(path).map_err(|error| {
            problem(match text_file::not_utf8(&error) {
                Some(other) => other.to_string(),
                None => format!(
                    "cannot be read: {}; choose a preset or network file",
                    reason_of(&error)
                ),
            })
        })?;
        Self::parse(&text, name_or_path).map(|preset| (preset, text))
    }

    /// Parses a preset's text; `source_name` is its name in messages.
    ///
    /// # Errors
    /// If the text is not a preset, or a value is out of range.
    pub fn parse(text: &str, source_name: &str) -> Result<Self, PresetError> {
        let problem = |reason: String, line: Option<usize>| PresetError {
            source_name: source_name.to_owned(),
            reason,
            line,
        };
        let preset: Self = serde_yaml::from_str(text).map_err(|error| {
            let home = |key: &str, known: &[&str]| misplaced::home(key, known, text);
            let TextProblem { reason, line } = TextProblem::new_with_homes(text, &error, home);
            problem(reason, line)
        })?;
        preset.check().map_err(|reason| problem(reason, None))?;
        Ok(preset)
    }

    /// The text of its file.
    pub fn to_yaml(&self) -> String {
        serde_yaml::to_string(self).expect("a preset has only string keys and finite numbers")
    }

    /// The network without data and training settings.
    pub fn network(&self) -> NetworkSpec {
        NetworkSpec {
            name: self.name.clone(),
            input: self.input,
            classes: self.classes,
            layers: self.layers.clone(),
        }
    }

    /// The same with another network, under its name.
    #[must_use]
    pub fn with_network(&self, network: &NetworkSpec) -> Self {
        Self {
            name: network.name.clone(),
            input: network.input,
            classes: network.classes,
            layers: network.layers.clone(),
            ..self.clone()
        }
    }

    /// Checks that the settings of the recipe are in range.
    ///
    /// # Errors
    /// A sentence that names the setting, its range and the value.
    pub fn check(&self) -> Result<(), String> {
        self.training.check(self.network().layer_count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::NetworkSummary;

    const NETWORK: &str = "name: test\ninput: [28, 28, 1]\nclasses: 10\nlayers:\n  - flatten\n  - dense: {units: 8}\n  - classify\n";

    fn reason(text: &str) -> String {
        Preset::parse(text, "my.yaml").unwrap_err().to_string()
    }

    #[test]
    fn every_built_in_preset_fits_and_round_trips() {
        for (name, text) in BUILT_IN {
            let preset = Preset::parse(text, name).unwrap();
            assert_eq!(preset.name, *name);
            // Those of the original program have published figures, and those of papers.
            let is_published = match *name {
                "fashion-record" => false,
                "lenet5" | "resnet20" => true,
                name => name.starts_with("fashion-"),
            };
            assert_eq!(preset.expect.is_some(), is_published, "{name}");
            assert!(!preset.description.is_empty(), "{name}");
            assert_eq!(
                NetworkSummary::new(&preset.network()).problem,
                None,
                "{name}"
            );
            assert_eq!(Preset::parse(&preset.to_yaml(), name).unwrap(), preset);
        }
    }

    #[test]
    fn published_totals_come_out() {
        let totals = [
            ("fashion-bn4", 578_970, 578_170),
            ("fashion-conv1", 31_450, 31_450),
            ("fashion-conv2", 8_970, 8_970),
            ("fashion-conv3", 3_610, 3_610),
            ("fashion-dense2", 468_874, 468_874),
            ("fashion-dense2-dropout", 468_874, 468_874),
            ("fashion-dense4", 151_306, 151_306),
            ("fashion-dense4-dropout", 151_306, 151_306),
            ("fashion-record", 607_466, 606_058),
            ("fashion-slim-alternating", 1_213_450, 1_213_450),
            ("fashion-slim-augmented", 1_213_450, 1_213_450),
            ("fashion-wide", 8_305_674, 8_305_674),
            ("fashion-wide-augmented", 8_305_674, 8_305_674),
            ("googlenet-small", 74_778, 73_810),
            ("lenet5", 61_706, 61_706),
            ("mnist-record", 310_858, 310_026),
            ("mobilenet-small", 38_346, 36_874),
            ("resnet-small", 176_650, 175_530),
            ("resnet20", 274_826, 273_258),
            ("synthetic-digits", 422_026, 421_834),
            ("vgg-small", 585_962, 585_066),
        ];
        assert_eq!(totals.len(), BUILT_IN.len());
        for (name, all, trainable) in totals {
            let summary = NetworkSummary::new(&Preset::open(name).unwrap().network());
            assert_eq!(
                (summary.parameters, summary.trainable),
                (all, trainable),
                "{name}"
            );
        }
    }

    #[test]
    fn a_network_alone_is_a_preset() {
        let preset = Preset::parse(NETWORK, "my.yaml").unwrap();
        assert_eq!(preset.training, Recipe::default());
        assert_eq!(preset.training.epochs, 10);
    }

    #[test]
    fn unknown_keys_are_named_with_their_line_and_the_nearest_known_one() {
        let cases = [
            ("trainig: {epochs: 3}\n", 8, "trainig", "training"),
            ("training:\n  batchsize: 3\n", 9, "batchsize", "batch_size"),
            (
                "training:\n  augment: {rotation: 3, sheer: 2}\n",
                9,
                "sheer",
                "shear",
            ),
            ("training:\n  validation: {splt: 0.1}\n", 9, "splt", "split"),
            ("training:\n  schedule: {cosin: {}}\n", 9, "cosin", "cosine"),
            (
                "training:\n  optimizer: adadetla\n",
                9,
                "adadetla",
                "adadelta",
            ),
            (
                "training:\n  # rhoo\n  optimizer:\n    adadelta: {rhoo: 0.9}\n",
                11,
                "rhoo",
                "rho",
            ),
        ];
        for (rest, line, key, known) in cases {
            assert_eq!(
                reason(&format!("{NETWORK}{rest}")),
                format!(
                    "my.yaml: line {line}: unknown key `{key}`; the nearest known one is `{known}`"
                )
            );
        }
        let layers = NETWORK.replace("units: 8", "unit: 8");
        assert_eq!(
            reason(&layers),
            "my.yaml: line 6: unknown key `unit`; the nearest known one is `units`"
        );
        let layers = NETWORK.replace("- flatten", "- flaten");
        assert_eq!(
            reason(&layers),
            "my.yaml: line 5: unknown key `flaten`; the nearest known one is `flatten`"
        );
    }

    #[test]
    fn values_out_of_range_name_field_and_range() {
        let zero = reason(&format!("{NETWORK}training: {{epochs: 0}}\n"));
        assert_eq!(
            zero,
            "my.yaml: training: epochs: expected a whole number from 1 to 1000000, got 0"
        );
        let units = reason(&NETWORK.replace("units: 8", "units: 0"));
        assert!(
            units.contains("units: expected a whole number from 1 to 16384, got 0"),
            "{units}"
        );
        assert!(units.contains("line 6"), "{units}");
        let missing = reason(&NETWORK.replace("{units: 8}", "{}"));
        assert!(missing.contains("dense has no `units`"), "{missing}");
    }

    #[test]
    fn a_name_that_is_nothing_suggests_the_nearest() {
        let message = Preset::open("fashion-bn").unwrap_err().to_string();
        assert!(message.ends_with("Did you mean fashion-bn4?"), "{message}");
    }

    #[test]
    fn messages_are_sentences_without_the_parsers_words() {
        let text = "\
name: mine
input: [28, 28, 1]
classes: 10
layers:
  - flatten
  - classify
";
        for (right, slip, words) in [
            (
                "name: mine",
                "? - mine",
                "line 1: expected a key, got a list",
            ),
            (
                "name: mine",
                "qqqqqqqqqq: mine",
                "line 1: unknown key `qqqqqqqqqq`; the known ones are name, ",
            ),
            ("28, 28, 1", "28, 28", "expected 3 values, got 2"),
            ("28, 28, 1", "28, 28, x", "expected a whole number, got `x`"),
            (
                "classes: 10",
                "classes: many",
                "expected a whole number, got `many`",
            ),
            ("classes: 10\n", "", "the key `classes` is missing"),
            ("- flatten", "- [flatten]", "got a list"),
            ("  - classify", " - classify", "line 6: not valid YAML"),
        ] {
            let said = reason(&text.replace(right, slip));
            assert!(said.contains(words), "{slip}: {said}");
            assert!(!said.contains(" column "), "{slip}: {said}");
        }
        let said = reason(&"root:x:0:0 ".repeat(40));
        assert!(
            said.starts_with("my.yaml: line 1: expected keys with values, got `root:x:"),
            "{said}"
        );
        assert!(said.chars().count() < 120, "{said}");
    }
}
