//! One image with its pixels as exactly as they are kept.

use crate::data::{Dataset, SplitName};
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
    pub(super) fn of(&self, dataset: &Dataset) -> Result<Vec<f32>, String> {
        let split = dataset.split(self.split);
        if self.image >= split.len() {
            return Err(format!(
                "{}: image {} was asked for, and there are {}",
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
