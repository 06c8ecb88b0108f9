//! How much the images of each class count in the training loss: `balanced`, a list of figures, or figures by class name.

use std::fmt;

use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use serde_yaml::Value as Yaml;

use crate::field::{Notation, Plain, Value};

/// How class weights are written in a form and on the command line.
pub(super) static CLASS_WEIGHTS: Notation = Notation {
    expected: "`balanced`, a figure from 0 to 1000000 for each class such as `1, 2.5, 1`, or by class name such as `Shirt: 2, Coat: 1.5`",
    off: "none",
    reads: |text| ClassWeights::parse(text).is_some_and(|weights| weights.is_possible()),
};

/// The largest weight, which no loss needs, so that none becomes infinite.
const LARGEST: f64 = 1e6;

/// The factors on the losses of training images, by their class.
#[derive(Clone, Debug, PartialEq)]
pub enum ClassWeights {
    /// For classes of `n` of the images trained on: all images / (classes with images · n), so that every class counts alike and the mean
    /// over the images is 1. Source: scikit-learn's `compute_class_weight("balanced")`.
    Balanced,
    /// One per class, class 0 first.
    Listed(Vec<f64>),
    /// By class name; any other class has 1.
    Named(Vec<(String, f64)>),
}

impl ClassWeights {
    /// Reads the notation of forms and the command line.
    fn parse(text: &str) -> Option<Self> {
        // YAML's own notations, with or without their brackets. A number alone is no list, as in a file.
        let list = text.contains(',').then(|| format!("[{text}]"));
        let texts = [Some(text.to_owned()), list, Some(format!("{{{text}}}"))];
        let mut texts = texts.iter().flatten();
        texts.find_map(|text| serde_yaml::from_str(text).ok())
    }

    fn figures(&self) -> Box<dyn Iterator<Item = f64> + '_> {
        match self {
            Self::Balanced => Box::new(std::iter::empty()),
            Self::Listed(figures) => Box::new(figures.iter().copied()),
            Self::Named(figures) => Box::new(figures.iter().map(|(_, figure)| *figure)),
        }
    }

    /// Whether they can weigh the classes of a set.
    fn is_possible(&self) -> bool {
        let is_nothing =
            matches!(self, Self::Listed(_)) && self.figures().all(|figure| figure == 0.0);
        !is_nothing
            && self
                .figures()
                .all(|figure| (0.0..=LARGEST).contains(&figure))
    }

    /// The weight of each class of a set with these names, where so many images of each class are trained on.
    ///
    /// # Errors
    /// If there is another number of figures, or no class of a name: a sentence.
    pub(in crate::training) fn of(
        &self,
        class_names: &[String],
        counts: &[usize],
    ) -> Result<Vec<f32>, String> {
        let classes = class_names.len();
        match self {
            Self::Balanced => {
                let images: usize = counts.iter().sum();
                let present = counts.iter().filter(|count| **count > 0).count();
                let weight = |count: &usize| match count {
                    0 => 1.0,
                    count => (images as f64 / (present * count) as f64) as f32,
                };
                Ok(counts.iter().map(weight).collect())
            }
            Self::Listed(figures) if figures.len() != classes => Err(format!(
                "expected a figure for each of the {classes} classes, got {}; write `balanced`, or figures by class name",
                figures.len()
            )),
            Self::Listed(figures) => Ok(figures.iter().map(|figure| *figure as f32).collect()),
            Self::Named(figures) => {
                let mut weights = vec![1.0; classes];
                for (name, figure) in figures {
                    let class = class_names.iter().position(|class| class == name);
                    let class = class.ok_or_else(|| {
                        let hint =
                            crate::field::nearest(name, class_names.iter().map(String::as_str));
                        let hint = hint.map_or(String::new(), |name| {
                            format!("; the nearest one is `{name}`")
                        });
                        format!("expected names of classes, got `{name}`{hint}")
                    })?;
                    weights[class] = *figure as f32;
                }
                Ok(weights)
            }
        }
    }
}

impl Plain for ClassWeights {
    fn to_value(&self) -> Value {
        Value::Text(self.to_string())
    }

    fn of(value: Value) -> Self {
        Self::parse(value.text()).expect("the setting's description accepted it")
    }
}

/// As a form shows them: `balanced`, `1, 2.5`, `Shirt: 2, "T-shirt, top": 1`.
impl fmt::Display for ClassWeights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<String> = match self {
            Self::Balanced => vec!["balanced".to_owned()],
            Self::Listed(figures) => figures.iter().map(f64::to_string).collect(),
            Self::Named(figures) => figures
                .iter()
                .map(|(name, figure)| match is_plain(name) {
                    true => format!("{name}: {figure}"),
                    // YAML reads JSON's quotes.
                    false => format!("{}: {figure}", serde_json::json!(name)),
                })
                .collect(),
        };
        match texts.len() {
            1 if matches!(self, Self::Listed(_)) => write!(f, "[{}]", texts[0]),
            _ => f.write_str(&texts.join(", ")),
        }
    }
}

/// Whether a name without quotes is read as itself.
fn is_plain(name: &str) -> bool {
    let is_harmless = |letter: char| letter.is_alphanumeric() || " -/_".contains(letter);
    let read = serde_yaml::from_str(name).ok().and_then(class_name);
    name.chars().all(is_harmless) && read.as_deref() == Some(name)
}

/// A key as the name of a class: digits are classes that are named by numbers.
fn class_name(key: Yaml) -> Option<String> {
    match key {
        Yaml::String(name) => Some(name),
        Yaml::Number(number) => Some(number.to_string()),
        Yaml::Bool(word) => Some(word.to_string()),
        _ => None,
    }
}

impl Serialize for ClassWeights {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Balanced => serializer.serialize_str("balanced"),
            Self::Listed(figures) => figures.serialize(serializer),
            Self::Named(figures) => {
                serializer.collect_map(figures.iter().map(|(name, figure)| (name, figure)))
            }
        }
    }
}

impl<'de> Deserialize<'de> for ClassWeights {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WeightsVisitor)
    }
}

struct WeightsVisitor;

impl<'de> Visitor<'de> for WeightsVisitor {
    type Value = ClassWeights;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`balanced`, a list with a figure for each class, or figures by class name")
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<ClassWeights, E> {
        match word {
            "balanced" => Ok(ClassWeights::Balanced),
            _ => Err(E::invalid_value(de::Unexpected::Str(word), &self)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<ClassWeights, A::Error> {
        let mut figures = Vec::new();
        while let Some(figure) = list.next_element()? {
            figures.push(figure);
        }
        match figures.is_empty() {
            true => Err(de::Error::invalid_length(0, &self)),
            false => Ok(ClassWeights::Listed(figures)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ClassWeights, A::Error> {
        let mut figures: Vec<(String, f64)> = Vec::new();
        while let Some((name, figure)) = map.next_entry::<Yaml, f64>()? {
            let name = class_name(name);
            let name = name.ok_or_else(|| de::Error::invalid_type(de::Unexpected::Unit, &self))?;
            if figures.iter().any(|(known, _)| *known == name) {
                return Err(de::Error::custom(format!(
                    "the class `{name}` is there twice"
                )));
            }
            figures.push((name, figure));
        }
        match figures.is_empty() {
            true => Err(de::Error::invalid_length(0, &self)),
            false => Ok(ClassWeights::Named(figures)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(figures: &[(&str, f64)]) -> ClassWeights {
        let figures = figures.iter();
        ClassWeights::Named(
            figures
                .map(|(name, figure)| ((*name).to_owned(), *figure))
                .collect(),
        )
    }

    #[test]
    fn every_notation_is_read_and_written_back() {
        for (text, expected) in [
            ("balanced", ClassWeights::Balanced),
            ("1, 2.5, 0", ClassWeights::Listed(vec![1.0, 2.5, 0.0])),
            ("[1, 2.5]", ClassWeights::Listed(vec![1.0, 2.5])),
            ("[3]", ClassWeights::Listed(vec![3.0])),
            (
                "\"007\": 2, yes: 1, \"null\": 3",
                named(&[("007", 2.0), ("yes", 1.0), ("null", 3.0)]),
            ),
            (
                "Shirt: 2, Ankle boot: 1.5",
                named(&[("Shirt", 2.0), ("Ankle boot", 1.5)]),
            ),
            ("{Shirt: 2}", named(&[("Shirt", 2.0)])),
            ("7: 2, 1: 0.5", named(&[("7", 2.0), ("1", 0.5)])),
            ("\"a, b: c\": 2", named(&[("a, b: c", 2.0)])),
        ] {
            assert!((CLASS_WEIGHTS.reads)(text), "{text}");
            let weights = ClassWeights::parse(text).unwrap();
            assert_eq!(weights, expected, "{text}");
            let shown = weights.to_string();
            assert_eq!(
                ClassWeights::parse(&shown),
                Some(weights.clone()),
                "{shown}"
            );
            let yaml = serde_yaml::to_string(&weights).unwrap();
            assert_eq!(
                serde_yaml::from_str::<ClassWeights>(&yaml).unwrap(),
                weights
            );
        }
        for text in [
            "",
            "balance",
            "1, two",
            "Shirt 2",
            "a: 1, a: 2",
            "a: {b: 1}",
            "[]",
            "{}",
            "null: 1",
            "3",
        ] {
            assert_eq!(ClassWeights::parse(text), None, "{text}");
        }
    }

    #[test]
    fn balanced_ones_are_those_of_scikit_learn() {
        let names: Vec<String> = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
        // compute_class_weight("balanced", classes=[0, 1, 3], y=[0] * 5 + [1] * 2 + [3])
        let weights = ClassWeights::Balanced.of(&names, &[5, 2, 0, 1]).unwrap();
        let expected = [0.533_333_3, 1.333_333_4, 1.0, 2.666_666_7];
        for (got, expected) in weights.iter().zip(expected) {
            assert!((got - expected).abs() < 1e-6f32, "{weights:?}");
        }
    }

    #[test]
    fn figures_belong_to_the_classes_of_the_set() {
        let names: Vec<String> = ["cat", "dog"].map(str::to_owned).to_vec();
        let of = |weights: ClassWeights| weights.of(&names, &[5, 5]);
        assert_eq!(of(ClassWeights::Listed(vec![1.0, 3.0])), Ok(vec![1.0, 3.0]));
        assert_eq!(of(named(&[("dog", 3.0)])), Ok(vec![1.0, 3.0]));
        let refusal = of(ClassWeights::Listed(vec![1.0; 3])).unwrap_err();
        assert!(
            refusal.contains("each of the 2 classes, got 3"),
            "{refusal}"
        );
        let refusal = of(named(&[("dig", 3.0)])).unwrap_err();
        assert!(
            refusal.contains("got `dig`; the nearest one is `dog`"),
            "{refusal}"
        );
    }

    #[test]
    fn impossible_figures_are_not_accepted() {
        for text in ["1, -1", ".nan, 1", "a: .inf", "0, 0", "1, 1000001"] {
            assert!(ClassWeights::parse(text).is_some(), "{text}");
            assert!(!(CLASS_WEIGHTS.reads)(text), "{text}");
        }
        assert!((CLASS_WEIGHTS.reads)("a: 0"), "other classes have 1");
    }
}
