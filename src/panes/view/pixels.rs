//! One image with its exact pixels, and as training would augment it.

use crate::data::{AugmentSettings, Augmentation, Dataset, SplitName};
use crate::shape::Shape;
use crate::worker::{Desk, Question, Quick, Tell};

/// Which image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    /// Name of a loaded set.
    pub dataset: String,
    pub split: SplitName,
    /// Position in the split, from 0.
    pub image: usize,
}

impl Pixels {
    /// The image in [0, 1], `[height, width, channels]`.
    fn of(&self, dataset: &Dataset) -> Result<Vec<f32>, String> {
        let split = dataset.split(self.split)?;
        if self.image >= split.len() {
            return Err(format!(
                "{}: no image {}: the split has {}",
                dataset.name,
                self.image,
                split.len()
            ));
        }
        let mut image = vec![0.0; split.shape().len()];
        split.image(self.image, &mut image);
        Ok(image)
    }
}

impl Question for Pixels {
    /// `[height, width, channels]`, in [0, 1].
    type Answer = Vec<f32>;
    type Lane = Quick;
    const PURPOSE: &'static str = "show images";

    fn find_out(self, desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let dataset = desk.library.set(&self.dataset)?;
        tell.tell(self.of(&dataset)?);
        Ok(())
    }
}

/// An image and how it is augmented.
#[derive(Clone, Debug, PartialEq)]
pub struct Versions {
    pub image: Pixels,
    pub settings: AugmentSettings,
    /// Seed of the run.
    pub seed: u64,
    /// Finished epochs before the first version.
    pub epoch: u64,
    /// Number of versions, one per epoch.
    pub count: usize,
}

/// Augmented versions of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AugmentedImages {
    pub shape: Shape,
    /// Finished epochs before the first version.
    pub epoch: u64,
    /// `[height, width, channels]`, 0–255.
    pub versions: Vec<Vec<u8>>,
}

impl Question for Versions {
    type Answer = AugmentedImages;
    type Lane = Quick;
    const PURPOSE: &'static str = "show the augmented image";

    fn find_out(self, desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let dataset = desk.library.set(&self.image.dataset)?;
        let shape = dataset.shape();
        let augmentation = Augmentation::new(self.settings, shape, self.seed)
            .map_err(|error| error.to_string())?;
        let original = self.image.of(&dataset)?;
        let mut scratch = vec![0.0; shape.len()];
        let epochs = (self.epoch..).take(self.count);
        let versions = epochs.map(|epoch| {
            let mut changed = original.clone();
            let image = self.image.image as u32;
            augmentation.apply(epoch, image, &mut changed, &mut scratch);
            let pixels = changed.iter();
            pixels.map(|value| (255.0 * value).round() as u8).collect()
        });
        tell.tell(AugmentedImages {
            shape,
            epoch: self.epoch,
            versions: versions.collect(),
        });
        Ok(())
    }
}
