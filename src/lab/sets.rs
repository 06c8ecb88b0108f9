//! The loaded sets, the chosen one, the names of their classes, and the user's corrections of their training images.

use super::Lab;
use crate::data::{DatasetSummary, Mark, SplitName};
use crate::training::Recipe;
use crate::worker::{MarkedImage, SetMarks};

impl Lab {
    pub fn chosen_set(&self) -> Option<&DatasetSummary> {
        self.sets.get(self.chosen?)
    }

    pub fn set(&self, name: &str) -> Option<&DatasetSummary> {
        self.sets.iter().find(|set| set.name == name)
    }

    /// Why there are no images.
    pub fn no_set(&self) -> Option<String> {
        let is_none = self.chosen_set().is_none();
        is_none.then(|| "no data set is loaded".to_owned())
    }

    /// What is being loaded, as asked for; an empty name means the set chosen at the first start.
    pub fn opening(&self) -> Option<&str> {
        self.opening.as_deref()
    }

    /// Chooses the loaded set at this position for all panes.
    pub fn choose_set(&mut self, position: usize) {
        if position < self.sets.len() {
            self.chosen = Some(position);
            self.choosings += 1;
            self.refusal = None;
            self.looked.image = 0;
            self.looked.split = self.sets[position].split_or(self.looked.split, SplitName::Test);
            if self.looked.pin.is_none() {
                self.forget_looks();
            }
        }
    }

    /// Adds a loaded set, replacing any of the same name, and chooses it.
    pub(super) fn take_set(&mut self, summary: DatasetSummary, seconds: f64) {
        self.inform(format!("Loaded {} in {seconds:.2} s.", summary.name));
        self.corrections.forget(&summary.name);
        let position = match self.position(&summary.name) {
            Some(position) => {
                self.sets[position] = summary;
                position
            }
            None => {
                self.sets.push(summary);
                self.sets.len() - 1
            }
        };
        self.choose_set(position);
    }

    /// Notes the known names of a loaded set, which is all of a known one.
    pub(super) fn recognize_set(&mut self, name: &str, names: &[String]) {
        if let Some(position) = self.position(name) {
            self.sets[position].names = names.to_vec();
        }
    }

    pub(super) fn rename_set(&mut self, from: &str, to: &str) {
        if let Some(position) = self.position(from) {
            to.clone_into(&mut self.sets[position].name);
        }
        let of_run = self.run.as_mut().into_iter();
        let of_run = of_run.flat_map(|run| [&mut run.in_use.set, &mut run.measured_on]);
        for set in of_run {
            if set.dataset == from {
                to.clone_into(&mut set.dataset);
            }
        }
        self.corrections.rename(from, to);
        self.inform(format!("Renamed {from} to {to}."));
    }

    pub(super) fn forget_set(&mut self, name: &str) {
        let Some(position) = self.position(name) else {
            return;
        };
        self.sets.remove(position);
        self.corrections.forget(name);
        match self.chosen {
            Some(chosen) if chosen == position => {
                self.chosen = None;
                // The next one, so that a set is chosen as long as there is one.
                self.choose_set(position.min(self.sets.len().saturating_sub(1)));
            }
            Some(chosen) if chosen > position => self.chosen = Some(chosen - 1),
            _ => {}
        }
        let run = self.run.as_ref();
        let kept = match run.is_some_and(|run| run.in_use.set.dataset == name) {
            true => " The last run keeps its images in memory until the next one starts.",
            false => "",
        };
        self.inform(format!("Unloaded {name}; its files stay.{kept}"));
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.sets.iter().position(|set| set.name == name)
    }
}

impl Lab {
    /// The name of a class in the chosen set, or its number.
    pub fn class_name(&self, class: usize) -> String {
        let names = self.chosen_set().map(|set| &set.class_names);
        name_of(names, class)
    }

    /// The name of a class in a loaded set, or its number.
    pub fn class_name_in(&self, dataset: &str, class: usize) -> String {
        name_of(self.set(dataset).map(|set| &set.class_names), class)
    }

    /// The name of a class in the set of the image on the Activations pane, or its number.
    pub fn looked_class_name(&self, class: usize) -> String {
        let of_pin = self.looked.pin.as_ref().map(|pin| &pin.class_names);
        let of_set = self.chosen_set().map(|set| &set.class_names);
        name_of(of_pin.or(of_set), class)
    }

    pub fn network_class_name(&self, class: usize) -> String {
        let of_run = self.run_of_network();
        let of_run = of_run.map(|run| &run.in_use.set.class_names);
        let of_set = self
            .chosen_set()
            .map(|set| &set.class_names)
            .filter(|names| names.len() == self.preset.classes);
        name_of(of_run.or(of_set), class)
    }

    pub fn network_class_names(&self) -> Vec<String> {
        let classes = 0..self.preset.classes;
        classes
            .map(|class| self.network_class_name(class))
            .collect()
    }
}

fn name_of(names: Option<&Vec<String>>, class: usize) -> String {
    let name = names.and_then(|names| names.get(class));
    name.map_or_else(|| class.to_string(), String::clone)
}

/// The corrections of the sets that have any.
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

    /// Replaces the corrections of a set.
    pub fn came(&mut self, marks: SetMarks) {
        self.forget(&marks.dataset);
        self.sets.push(marks);
    }

    /// Forgets the corrections of a set, since another may have its name now.
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
    /// The number of training images of each class of this set, after the user's corrections.
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

    /// Steps per epoch on this set, after the user's corrections.
    pub fn steps(&self, recipe: &Recipe, set: &DatasetSummary) -> usize {
        let images = recipe.training_images(&self.training_counts(set));
        images.div_ceil(recipe.batch_size)
    }

    /// The corrections of a set in words, such as `3 excluded, 1 relabelled`; `None` without any.
    pub fn corrections_in_words(&self, dataset: &str) -> Option<String> {
        let marks = self.corrections.of(dataset);
        let is_out = |marked: &&MarkedImage| marked.mark == Mark::LeftOut;
        let left_out = marks.iter().filter(is_out).count();
        match (left_out, marks.len() - left_out) {
            (0, 0) => None,
            (left_out, 0) => Some(format!("{left_out} excluded")),
            (0, relabelled) => Some(format!("{relabelled} relabelled")),
            (left_out, relabelled) => Some(format!("{left_out} excluded, {relabelled} relabelled")),
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
            validation_counts: None,
            memory: 0,
            note: String::new(),
        };
        assert_eq!(lab.corrections_in_words("a"), None);
        let marked = |image, was, mark| MarkedImage { image, was, mark };
        let out = marked(4, 0, Mark::LeftOut);
        let relabelled = marked(9, 1, Mark::Becomes(2));
        for (images, words, counts) in [
            (vec![], None, [10, 20, 30]),
            (vec![out], Some("1 excluded"), [9, 20, 30]),
            (vec![relabelled], Some("1 relabelled"), [10, 19, 31]),
            (
                vec![out, relabelled],
                Some("1 excluded, 1 relabelled"),
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
