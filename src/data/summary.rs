//! The summary of a data set for the screen and `data info`: figures without pixels.

use serde::{Deserialize, Serialize};

use super::known::{KNOWN_SETS, KnownSet};
use super::names::is_among;
use crate::shape::Shape;

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
}

/// One of the two splits of a data set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SplitName {
    /// Training images.
    #[default]
    Train,
    /// Test images.
    Test,
}

impl SplitName {
    /// The word before `images`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Train => "training",
            Self::Test => "test",
        }
    }

    /// The other split.
    pub fn other(self) -> Self {
        match self {
            Self::Train => Self::Test,
            Self::Test => Self::Train,
        }
    }
}
