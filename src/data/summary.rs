//! The summary of a data set for the screen and `data info`: figures without pixels.

use serde::{Deserialize, Serialize};

use super::known::{KNOWN_SETS, KnownSet};
use super::names::is_among;
use crate::shape::Shape;
use crate::wording::thousands;

/// A summary of a data set, without its pixels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatasetSummary {
    /// Unique among the loaded sets: `fashion-mnist`.
    pub name: String,
    /// Its source in words: a path, or `built-in MNIST starter set`.
    pub source: String,
    /// Names for it in a preset's `data:`: the one that opens it, and a known set's name where it is the full set.
    #[serde(default)]
    pub names: Vec<String>,
    /// Height, width and channels of every image.
    pub shape: Shape,
    /// Class names, class 0 first.
    pub class_names: Vec<String>,
    /// Images of each class in the training split.
    pub train_counts: Vec<usize>,
    /// Images of each class in the test split.
    pub test_counts: Vec<usize>,
    /// Images of each class in the validation split, if the set has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation_counts: Option<Vec<usize>>,
    /// Memory of pixels and labels, in bytes.
    pub memory: u64,
    /// A note for the user, such as that this is the starter set and how to get the full one; may be empty.
    pub note: String,
}

impl DatasetSummary {
    /// Whether it is exactly the set that a preset names with `data`.
    pub fn is_all_of(&self, data: &str) -> bool {
        is_among(data, &self.names)
    }

    /// The known set whose starter set this is, if any.
    pub fn starter_of(&self) -> Option<&'static KnownSet> {
        let mut known = KNOWN_SETS.iter();
        known.find(|set| set.has_starter && self.names.contains(&set.starter_name()))
    }

    /// Number of training images.
    pub fn train_len(&self) -> usize {
        self.train_counts.iter().sum()
    }

    /// Number of test images.
    pub fn test_len(&self) -> usize {
        self.test_counts.iter().sum()
    }

    /// Number of validation images that the set brings, if it brings any.
    pub fn validation_len(&self) -> Option<usize> {
        let counts = self.validation_counts.as_ref()?;
        Some(counts.iter().sum())
    }

    /// Its splits with their images of each class, in the order in which the screen goes through them.
    pub fn splits(&self) -> impl Iterator<Item = (SplitName, &[usize])> {
        let validation = self.validation_counts.as_deref();
        [
            Some((SplitName::Train, self.train_counts.as_slice())),
            validation.map(|counts| (SplitName::Validation, counts)),
            Some((SplitName::Test, self.test_counts.as_slice())),
        ]
        .into_iter()
        .flatten()
    }

    /// Number of images of a split; 0 if the set has no such split.
    pub fn len_of(&self, split: SplitName) -> usize {
        let mut splits = self.splits().filter(|(name, _)| *name == split);
        splits.next().map_or(0, |(_, counts)| counts.iter().sum())
    }

    /// The split of this name, or this other one, which every set has, if there is none.
    pub fn split_or(&self, split: SplitName, other: SplitName) -> SplitName {
        match self.len_of(split) {
            0 => other,
            _ => split,
        }
    }

    /// The split after this one; the first after the last.
    pub fn split_after(&self, split: SplitName) -> SplitName {
        let names: Vec<SplitName> = self.splits().map(|(name, _)| name).collect();
        let place = names.iter().position(|name| *name == split);
        place.map_or(SplitName::Train, |place| names[(place + 1) % names.len()])
    }

    /// The numbers of images of its splits: `60,000 + 10,000`, with the validation images between training and test images.
    pub fn sizes(&self) -> String {
        let sizes = self.splits().map(|(_, counts)| counts.iter().sum());
        let sizes = sizes.map(|images: usize| thousands(images));
        sizes.collect::<Vec<_>>().join(" + ")
    }
}

/// One of the splits of a data set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SplitName {
    /// Training images.
    #[default]
    Train,
    /// Validation images, which only some sets have.
    Validation,
    /// Test images.
    Test,
}

impl SplitName {
    /// The word before `images`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Train => "training",
            Self::Validation => "validation",
            Self::Test => "test",
        }
    }

    /// What its file or folder is called when a set is written: `train`, `test`, `val`.
    pub(super) fn stem(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "val",
            Self::Test => "test",
        }
    }
}
