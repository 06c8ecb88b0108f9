//! Marking a training image as wrong, or taking a mark back.

use crate::data::Mark;
use crate::worker::{Desk, Older, Question, Quick, SetMarks, Tell};

/// Which image, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkImage {
    /// Name of a loaded set.
    pub dataset: String,
    /// Position among its training images, from 0.
    pub image: usize,
    /// `None` takes a mark back.
    pub mark: Option<Mark>,
}

impl Question for MarkImage {
    /// All marks of the set.
    type Answer = SetMarks;
    type Lane = Quick;
    const PURPOSE: &'static str = "mark the image";
    const OLDER: Older = Older::Done;

    fn find_out(self, desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let dataset = desk.library.set(&self.dataset)?;
        let folder = desk.library.corrections();
        let corrections = folder.mark(&dataset, self.image, self.mark)?;
        tell.tell(SetMarks::of(&dataset, &corrections)?);
        Ok(())
    }
}
