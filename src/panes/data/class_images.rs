//! Images of every class of the chosen set: how many, and how they are found.

use super::DataPane;
use crate::lab::{Lab, PaneId};
use crate::worker::{Desk, LabelledImage, Question, Quick, Tell};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassImages {
    /// Name of a loaded set.
    pub dataset: String,
    /// Maximum number of images per class.
    pub count: usize,
}

impl DataPane {
    pub(super) fn ask_class_images(&mut self, lab: &mut Lab) {
        let set = lab.chosen_set().filter(|_| lab.pane == PaneId::Data);
        let Some(set) = set.filter(|_| self.room.images > 0) else {
            self.images.receive(&mut lab.out);
            return;
        };
        let mut question = ClassImages {
            dataset: set.name.clone(),
            count: self.room.images,
        };
        // More than fit now do no harm.
        if let Some(asked) = self.images.wanted()
            && asked.dataset == question.dataset
        {
            question.count = question.count.max(asked.count);
        }
        self.images.want(Some(question), &mut lab.out);
    }

    /// The images of each class of this set received so far.
    pub(super) fn images_of(&self, dataset: &str) -> &[Vec<LabelledImage>] {
        let answered = self.images.answered();
        let of_set = answered.filter(|(asked, _)| asked.dataset == dataset);
        of_set.map_or(&[], |(_, images)| images)
    }
}

impl Question for ClassImages {
    /// The first training images of each class, followed by test images where there are too few.
    type Answer = Vec<Vec<LabelledImage>>;
    type Lane = Quick;
    const PURPOSE: &'static str = "show images of the classes";

    fn find_out(self, desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let set = desk.library.set(&self.dataset)?;
        let mut classes = vec![Vec::new(); set.class_names().len()];
        let mut missing = self.count * classes.len();
        for split in [set.train(), set.test()] {
            for (index, label) in split.labels().iter().enumerate() {
                if missing == 0 {
                    break;
                }
                let images = &mut classes[usize::from(*label)];
                if images.len() < self.count {
                    images.push(LabelledImage::of(split, index));
                    missing -= 1;
                }
            }
        }
        tell.tell(classes);
        Ok(())
    }
}
