//! What the screen and `data info` show of a data set: plain figures, no pixels.

use serde::{Deserialize, Serialize};

use super::names::is_among;
use crate::shape::Shape;

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

    pub fn train_len(&self) -> usize {
        self.train_counts.iter().sum()
    }

    pub fn test_len(&self) -> usize {
        self.test_counts.iter().sum()
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SplitName {
    #[default]
    Train,
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

    pub fn other(self) -> Self {
        match self {
            Self::Train => Self::Test,
            Self::Test => Self::Train,
        }
    }
}
