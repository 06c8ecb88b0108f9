//! The validation set, and its notation in YAML: `test`, `data`, or `{split: 0.1}`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::data::SplitName;
use crate::field::{Field, Inner, InnerMut, Setting, Settings, Value, settings, word_or_map};

/// The images measured after every epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Validation {
    /// The test set, as in the published experiments; this makes the best epoch look too good.
    #[default]
    Test,
    /// Held-out images: this share of the training images of every class; the test set is measured once, at the end.
    Split(f64),
    /// The validation images that the set brings; the test set is measured once, at the end.
    Data,
}

/// A portion of a set's images.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Portion {
    /// All training images, including held-out and excluded ones.
    Training,
    /// The training images that are held out for validation.
    HeldOut,
    /// The validation images that the set brings.
    Validation,
    /// All test images.
    Test,
}

impl Portion {
    /// In words, before "images".
    pub fn word(self) -> &'static str {
        match self {
            Self::Training => "training",
            Self::HeldOut => "held-out",
            Self::Validation => "validation",
            Self::Test => "test",
        }
    }

    /// The split that contains the images.
    pub fn split(self) -> SplitName {
        match self {
            Self::Training | Self::HeldOut => SplitName::Train,
            Self::Validation => SplitName::Validation,
            Self::Test => SplitName::Test,
        }
    }
}

impl Validation {
    /// The portion used for validation.
    pub fn portion(self) -> Portion {
        match self {
            Self::Test => Portion::Test,
            Self::Split(_) => Portion::HeldOut,
            Self::Data => Portion::Validation,
        }
    }
}

impl fmt::Display for Validation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Test => f.write_str("the test set"),
            Self::Split(share) => write!(f, "{} % of the training set", share * 100.0),
            Self::Data => f.write_str("the validation images of the set"),
        }
    }
}

settings! {
    /// As YAML writes a split.
    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Split {
        /// share of the training images held out for validation
        split: f64 = Field::span(0.1, 0.001..=0.9, &[0.05, 0.1, 0.2, 0.3]),
    }
}

impl Validation {
    /// The choices.
    pub const NAMES: &'static [&'static str] = &["test", "split", "data"];
}

/// The test set, the set's own validation images, or a split and how large it is.
impl Setting for Validation {
    fn initial(_field: &Field) -> Self {
        Self::default()
    }

    fn value(&self) -> Option<Value> {
        Some(Value::Choice(match self {
            Self::Test => "test",
            Self::Split(_) => "split",
            Self::Data => "data",
        }))
    }

    fn put(&mut self, value: Value) {
        *self = match (value.choice(), *self) {
            ("test", _) => Self::Test,
            ("data", _) => Self::Data,
            (_, Self::Split(share)) => Self::Split(share),
            (_, Self::Test | Self::Data) => Self::Split(Split::default().split),
        };
    }

    fn inner(&self) -> Inner<'_> {
        match self {
            Self::Test | Self::Data => Vec::new(),
            Self::Split(share) => vec![(&Split::FIELDS[0], share)],
        }
    }

    fn inner_mut(&mut self) -> InnerMut<'_> {
        match self {
            Self::Test | Self::Data => Vec::new(),
            Self::Split(share) => vec![(&Split::FIELDS[0], share)],
        }
    }
}

impl Serialize for Validation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Test => serializer.serialize_str("test"),
            Self::Data => serializer.serialize_str("data"),
            Self::Split(split) => Split { split: *split }.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Validation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected = "`test`, `data` for the validation images of the set, or `{split: 0.1}` for a part of the training set";
        word_or_map::<_, Split, _>(deserializer, expected, |word| match word {
            "test" => Some(Self::Test),
            "data" => Some(Self::Data),
            _ => None,
        })
    }
}

impl From<Split> for Validation {
    fn from(Split { split }: Split) -> Self {
        Self::Split(split)
    }
}
