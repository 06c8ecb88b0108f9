//! The loaded sets, which of them the whole program follows, and what their classes are called.

use super::Lab;
use crate::data::DatasetSummary;

impl Lab {
    pub fn chosen_set(&self) -> Option<&DatasetSummary> {
        self.sets.get(self.chosen?)
    }

    pub fn set(&self, name: &str) -> Option<&DatasetSummary> {
        self.sets.iter().find(|set| set.name == name)
    }

    /// What is being loaded, as asked for; an empty name stands for the first start's own choice.
    pub fn opening(&self) -> Option<&str> {
        self.opening.as_deref()
    }

    /// Lets the whole program follow the loaded set at this position.
    pub fn choose_set(&mut self, position: usize) {
        if position < self.sets.len() {
            self.chosen = Some(position);
            self.choosings += 1;
            self.refusal = None;
            self.looked.image = 0;
            if self.looked.pin.is_none() {
                self.forget_looks();
            }
        }
    }

    /// Takes in a set that was loaded, in place of the one with its name where there is one.
    pub(super) fn take_set(&mut self, summary: DatasetSummary, seconds: f64) {
        self.inform(format!("{} is loaded, in {seconds:.2} s.", summary.name));
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

    /// A loaded set is, all of it, a known one.
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
        self.inform(format!("{from} is called {to} now."));
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
                // The one that took its place, so that the program has a set to follow as long as there is one.
                self.choose_set(position.min(self.sets.len().saturating_sub(1)));
            }
            Some(chosen) if chosen > position => self.chosen = Some(chosen - 1),
            _ => {}
        }
        let run = self.run.as_ref();
        let kept = match run.is_some_and(|run| run.in_use.set.dataset == name) {
            true => " The last training keeps its images until the next one begins.",
            false => "",
        };
        self.inform(format!("{name} is unloaded; its files stay.{kept}"));
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.sets.iter().position(|set| set.name == name)
    }
}

impl Lab {
    /// The class's name, or its number where the chosen set has none.
    pub fn class_name(&self, class: usize) -> String {
        let names = self.chosen_set().map(|set| &set.class_names);
        name_of(names, class)
    }

    /// The name of a class as a loaded set has it.
    pub fn class_name_in(&self, dataset: &str, class: usize) -> String {
        name_of(self.set(dataset).map(|set| &set.class_names), class)
    }

    /// The name of a class in the set of the image that is looked at.
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
    names
        .and_then(|names| names.get(class).cloned())
        .unwrap_or_else(|| class.to_string())
}
