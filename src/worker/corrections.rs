//! What the person has marked in a set, as it is told when the set is loaded.

use std::path::PathBuf;

use crate::data::{Corrections, Dataset, Mark};

/// Every marked training image of a set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetMarks {
    /// Name of the set.
    pub dataset: String,
    /// Where they are kept.
    pub file: Option<PathBuf>,
    /// By their positions, rising.
    pub images: Vec<MarkedImage>,
}

/// A marked training image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkedImage {
    /// Position among the training images, from 0.
    pub image: usize,
    /// Its class in the set.
    pub was: u16,
    pub mark: Mark,
}

impl SetMarks {
    /// What is marked in a set.
    ///
    /// # Errors
    /// Where the corrections are not of this set.
    pub fn of(dataset: &Dataset, corrections: &Corrections) -> Result<Self, String> {
        let labels = dataset.original_train().labels();
        let marks = corrections.marks(dataset)?.into_iter();
        Ok(Self {
            dataset: dataset.name.clone(),
            file: corrections.from.clone(),
            images: marks
                .map(|(image, mark)| MarkedImage {
                    image: image as usize,
                    was: labels[image as usize],
                    mark,
                })
                .collect(),
        })
    }
}
