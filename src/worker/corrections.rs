//! The user's corrections of a set, reported when the set is loaded.

use std::path::PathBuf;

use crate::data::{Corrections, Dataset, Mark};

/// Every marked training image of a set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetMarks {
    /// Name of the set.
    pub dataset: String,
    /// The file that holds them.
    pub file: Option<PathBuf>,
    /// Ascending by position.
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
    /// The marked images of a set.
    ///
    /// # Errors
    /// If the corrections are not for this set.
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
