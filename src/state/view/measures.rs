//! What was measured of the chosen set, and how it is looked at.

use crate::data::SetStatistics;

/// The ways to show what was measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Face {
    /// A row for each class, and the pictures of the one under the cursor.
    #[default]
    Table,
    /// The mean image of every class.
    Means,
    /// How far each pixel of every class spreads.
    Spreads,
}

impl Face {
    pub fn next(self) -> Self {
        match self {
            Self::Table => Self::Means,
            Self::Means => Self::Spreads,
            Self::Spreads => Self::Table,
        }
    }
}

/// What was measured of the chosen set.
#[derive(Clone, Debug, Default)]
pub struct Measures {
    pub statistics: Option<SetStatistics>,
    /// The share of the images that has been looked at, where that takes a while.
    pub share: Option<f32>,
    /// Why it could not be measured.
    pub problem: Option<String>,
    pub face: Face,
    /// The class under the cursor.
    pub class: usize,
    /// The latest request, and the set that it asked for.
    pub(in crate::state) asked: Option<(u64, String)>,
}
