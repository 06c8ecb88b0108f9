//! What augmentation makes of a picture, with which settings.

use super::ImageQuery;
use crate::data::AugmentSettings;
use crate::state::Lab;
use crate::state::overlay::Overlay;
use crate::worker::AugmentedImages;

/// What is tried and what has come.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// Finished epochs before the first version that is shown.
    pub epoch: u64,
    pub shown: Option<AugmentedImages>,
    /// The latest request and what it asked for.
    pub(in crate::state) asked: Option<(u64, PreviewQuery)>,
}

/// What decides which versions come.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::state) struct PreviewQuery {
    pub image: ImageQuery,
    pub settings: AugmentSettings,
    pub seed: u64,
    pub epoch: u64,
    pub count: usize,
}

impl Lab {
    /// The settings that the preview shows: those being typed, else those of the training, else, where it changes no image, the
    /// usual ones to try.
    pub fn previewed_augmentation(&self) -> AugmentSettings {
        match &self.overlay {
            Some(Overlay::Augmentation(form)) => form.draft,
            _ => self.augmentation().unwrap_or_else(AugmentSettings::usual),
        }
    }

    /// How the training, the one that runs if there is one, changes its images; `None` where it does not.
    pub fn augmentation(&self) -> Option<AugmentSettings> {
        let settings = match self.active_run() {
            Some(run) => run.in_use.augment,
            None => self.preset.training.augment,
        };
        settings.filter(|settings| !settings.is_none())
    }
}
