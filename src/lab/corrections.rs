//! What the person marked as wrong among the training images of the loaded sets.

use super::Lab;
use crate::data::{DatasetSummary, Mark};
use crate::training::Recipe;
use crate::worker::{MarkedImage, SetMarks};

/// The marks of the sets that have any.
#[derive(Clone, Debug, Default)]
pub struct CorrectionsState {
    sets: Vec<SetMarks>,
}

impl CorrectionsState {
    pub fn of(&self, dataset: &str) -> &[MarkedImage] {
        let set = self.sets.iter().find(|set| set.dataset == dataset);
        set.map_or(&[], |set| &set.images)
    }

    pub fn mark(&self, dataset: &str, image: usize) -> Option<Mark> {
        let marks = self.of(dataset);
        let found = marks.iter().find(|marked| marked.image == image);
        found.map(|marked| marked.mark)
    }

    /// Takes in what is marked in a set now.
    pub fn came(&mut self, marks: SetMarks) {
        self.forget(&marks.dataset);
        self.sets.push(marks);
    }

    /// Another set may have the name now.
    pub(crate) fn forget(&mut self, dataset: &str) {
        self.sets.retain(|set| set.dataset != dataset);
    }

    pub(crate) fn rename(&mut self, from: &str, to: &str) {
        for set in &mut self.sets {
            if set.dataset == from {
                to.clone_into(&mut set.dataset);
            }
        }
    }
}

impl Lab {
    /// How many training images of each class a training on this set has, as the person corrected it.
    pub fn training_counts(&self, set: &DatasetSummary) -> Vec<usize> {
        let mut counts = set.train_counts.clone();
        for marked in self.corrections.of(&set.name) {
            if let Some(count) = counts.get_mut(usize::from(marked.was)) {
                *count = count.saturating_sub(1);
            }
            if let Mark::Becomes(class) = marked.mark
                && let Some(count) = counts.get_mut(usize::from(class))
            {
                *count += 1;
            }
        }
        counts
    }

    /// Steps of an epoch on this set, as the person corrected it.
    pub fn steps(&self, recipe: &Recipe, set: &DatasetSummary) -> usize {
        let images = recipe
            .validation
            .training_images(&self.training_counts(set));
        images.div_ceil(recipe.batch_size)
    }

    /// `3 left out, 1 relabelled`: what is marked in a set; nothing where nothing is.
    pub fn corrections_in_words(&self, dataset: &str) -> Option<String> {
        let marks = self.corrections.of(dataset);
        let is_out = |marked: &&MarkedImage| marked.mark == Mark::LeftOut;
        let left_out = marks.iter().filter(is_out).count();
        match (left_out, marks.len() - left_out) {
            (0, 0) => None,
            (left_out, 0) => Some(format!("{left_out} left out")),
            (0, relabelled) => Some(format!("{relabelled} relabelled")),
            (left_out, relabelled) => Some(format!("{left_out} left out, {relabelled} relabelled")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::Shape;
    use crate::training::Preset;

    #[test]
    fn counts_and_words_follow_the_marks() {
        let mut lab = Lab::new(Preset::open("fashion-conv1").unwrap(), None);
        let set = DatasetSummary {
            name: "a".to_owned(),
            source: String::new(),
            names: Vec::new(),
            shape: Shape::new(2, 2, 1),
            class_names: ["x", "y", "z"].map(str::to_owned).to_vec(),
            train_counts: vec![10, 20, 30],
            test_counts: vec![1, 1, 1],
            memory: 0,
            note: String::new(),
        };
        assert_eq!(lab.corrections_in_words("a"), None);
        let marked = |image, was, mark| MarkedImage { image, was, mark };
        let out = marked(4, 0, Mark::LeftOut);
        let relabelled = marked(9, 1, Mark::Becomes(2));
        for (images, words, counts) in [
            (vec![], None, [10, 20, 30]),
            (vec![out], Some("1 left out"), [9, 20, 30]),
            (vec![relabelled], Some("1 relabelled"), [10, 19, 31]),
            (
                vec![out, relabelled],
                Some("1 left out, 1 relabelled"),
                [9, 19, 31],
            ),
        ] {
            lab.corrections.came(SetMarks {
                dataset: "a".to_owned(),
                file: None,
                images,
            });
            assert_eq!(lab.corrections_in_words("a").as_deref(), words);
            assert_eq!(lab.training_counts(&set), counts);
        }
        lab.corrections.rename("a", "b");
        assert_eq!(lab.corrections.mark("b", 4), Some(Mark::LeftOut));
        assert_eq!(lab.corrections.mark("a", 4), None);
        lab.corrections.forget("b");
        assert!(lab.corrections.of("b").is_empty());
    }
}
