//! What the screen and `data info` show of a data set: plain figures, no pixels.

use serde::{Deserialize, Serialize};

use super::known::{KNOWN_SETS, KnownSet};
use super::names::is_among;
use crate::shape::Shape;

/// The facts of a set, without its pixels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatasetSummary {
    /// Unique among the loaded sets: `fashion-mnist`.
    pub name: String,
    /// Where it came from, in words: a path, or `in the program`.
    pub source: String,
    /// What a preset's `data:` may call it: what opens it, and a known set's name where all of that is there.
    #[serde(default)]
    pub names: Vec<String>,
    /// Height, width and channels of every image.
    pub shape: Shape,
    /// The name of class 0 first.
    pub class_names: Vec<String>,
    /// Images of each class in the training split.
    pub train_counts: Vec<usize>,
    /// Images of each class in the test split.
    pub test_counts: Vec<usize>,
    /// Memory that pixels and labels take, in bytes.
    pub memory: u64,
    /// What a person should know, such as that this is the starter set and how to get the whole one; empty if nothing.
    pub note: String,
}

impl DatasetSummary {
    /// Whether it is, all of it, the set that a preset names with `data`.
    pub fn is_all_of(&self, data: &str) -> bool {
        is_among(data, &self.names)
    }

    /// The known set that this is the starter set of, where it is one.
    pub fn starter_of(&self) -> Option<&'static KnownSet> {
        let mut known = KNOWN_SETS.iter();
        known.find(|set| self.names.contains(&set.starter_name()))
    }

    /// Training images.
    pub fn train_len(&self) -> usize {
        self.train_counts.iter().sum()
    }

    /// Test images.
    pub fn test_len(&self) -> usize {
        self.test_counts.iter().sum()
    }
}

/// One of the two halves of a data set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SplitName {
    /// The images to train on.
    #[default]
    Train,
    /// The images to test on.
    Test,
}

impl SplitName {
    /// As it stands before `images`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Train => "training",
            Self::Test => "test",
        }
    }

    /// The other half.
    pub fn other(self) -> Self {
        match self {
            Self::Train => Self::Test,
            Self::Test => Self::Train,
        }
    }
}
