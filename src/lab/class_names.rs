//! What classes are called: by the chosen set, by another loaded one, by the network on the screen.

use super::Lab;

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

    /// The name that the network on the screen knows a class by.
    pub fn network_class_name(&self, class: usize) -> String {
        let of_run = self.run_of_network();
        let of_run = of_run.map(|run| &run.in_use.set.class_names);
        let of_set = self
            .chosen_set()
            .map(|set| &set.class_names)
            .filter(|names| names.len() == self.preset.classes);
        name_of(of_run.or(of_set), class)
    }

    /// The names that the network on the screen knows its classes by.
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
