//! The person's corrections of training labels: told when a set is loaded, and taken into a training.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Sink;
use super::protocol::Event;
use crate::data::{Corrections, CorrectionsFolder, Dataset, Mark};
use crate::training::Recipe;

/// Every marked training image of a set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetMarks {
    /// Name of the set.
    pub dataset: String,
    /// Where they are kept.
    pub file: Option<PathBuf>,
    /// By their positions, rising.
    pub images: Vec<MarkedImage>,
}

/// A marked training image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// Tells what is marked in a set that was loaded; nothing where nothing ever was.
pub(super) fn tell(
    folder: &CorrectionsFolder,
    dataset: &Dataset,
    events: &Sink,
) -> Result<(), String> {
    if let Some(corrections) = folder.load(dataset)? {
        events.send(Event::Marks(SetMarks::of(dataset, &corrections)?));
    }
    Ok(())
}

/// Gives a recipe the person's corrections of the set that it is to be trained on, as they are now. Where there are none, those in the
/// recipe stay, if they are for this set.
pub(super) fn take_own(
    recipe: &mut Recipe,
    folder: &CorrectionsFolder,
    dataset: &Dataset,
) -> Result<(), String> {
    let corrections = match folder.load(dataset)? {
        Some(own) => Some(own),
        None => recipe.corrections.take(),
    };
    recipe.corrections =
        corrections.filter(|corrections| !corrections.is_empty() && corrections.are_for(dataset));
    Ok(())
}
