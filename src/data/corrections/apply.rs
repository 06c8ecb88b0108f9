//! A set with the corrections of its labels.

use std::sync::Arc;

use super::{Corrections, Mark};
use crate::data::dataset::Dataset;

impl Dataset {
    /// The set as these corrections make it: its identity, its pixels and its test images are the same, its training labels are the
    /// right ones, and what is [`left_out`](Self::left_out) is known. Corrections that are for another set, or none, give the set as
    /// it came. No pixel is copied.
    ///
    /// # Errors
    /// As for [`Corrections::marks`].
    pub fn corrected(
        self: &Arc<Self>,
        corrections: Option<&Corrections>,
    ) -> Result<Arc<Self>, String> {
        let said = corrections.filter(|corrections| !corrections.is_empty());
        let Some(corrections) = said.filter(|corrections| corrections.are_for(self)) else {
            return Ok(match self.is_as_it_came() {
                true => Arc::clone(self),
                false => Arc::new(self.with_labels(None, Vec::new())),
            });
        };
        let marks = corrections.marks(self)?;
        let mut labels = self.original_train().labels().to_vec();
        let mut left_out = Vec::new();
        for (&image, mark) in &marks {
            match *mark {
                Mark::Becomes(class) => labels[image as usize] = class,
                Mark::LeftOut => left_out.push(image),
            }
        }
        Ok(Arc::new(self.with_labels(Some(labels), left_out)))
    }
}
