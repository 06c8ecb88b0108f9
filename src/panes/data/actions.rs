//! The actions of the Data pane.

use crossterm::event::KeyCode;

use super::{DataPane, task_form};
use crate::data::DatasetSummary;
use crate::lab::{Action, HasActions, Lab, Motion, Part};
use crate::ui::keys::PAGE;

impl HasActions for DataPane {
    fn actions(&self, lab: &Lab) -> Vec<Action<Self>> {
        let mut actions = changing_sets(self, lab);
        let stop = Action::of("data.stop", 'x', "stop")
            .help("stop loading, fetching or making a set")
            .does(Self::cancel)
            .blocked_unless(
                !self.jobs.is_empty(),
                "nothing is being loaded, fetched or made",
            );
        // While a job is running, stopping it matters most.
        match self.jobs.is_empty() {
            true => actions.push(stop.quiet()),
            false => actions.insert(0, stop),
        }
        actions
    }
}

fn changing_sets(pane: &DataPane, lab: &Lab) -> Vec<Action<DataPane>> {
    let (enter, help) = match lab.part() {
        Part::Classes => ("show images", "show the class's images on the View pane"),
        _ if pane.run_to_enter(lab).is_some() => (
            "open the last run",
            "open the newest run of the folder, to inspect it or to continue training",
        ),
        _ => ("use", "use this set in the whole program"),
    };
    let loaded = lab.chosen_set().is_some();
    vec![
        Action::of("data.open", 'o', "open")
            .help("open a set by its path or name, or a recent one; a path can be pasted")
            .does(|pane: &mut DataPane, lab| pane.browse("", lab)),
        Action::of("data.make", 'm', "make")
            .help("make a set: the chosen one augmented, or synthetic digits")
            .does(|_, lab| lab.open(task_form::making())),
        Action::of("data.fetch", 'f', "fetch")
            .help("fetch a known set from its mirrors")
            .does(|pane: &mut DataPane, lab| {
                let set = lab.sets.get(pane.set);
                task_form::fetch(set.and_then(DatasetSummary::starter_of), lab);
            }),
        Action::of("data.enter", KeyCode::Enter, enter)
            .help(help)
            .does(DataPane::enter)
            .blocked_unless(loaded, "no set is loaded"),
        Action::of("data.rename", 'r', "rename")
            .help("rename the set under the cursor")
            .does(DataPane::ask_name)
            .blocked_unless(loaded, "no set is loaded"),
        Action::of("data.unload", 'd', "unload")
            .help("unload the set under the cursor; its files are kept")
            .does(DataPane::unload)
            .blocked_by(pane.unload_blocked(lab)),
        Action::cursor(
            "data.move",
            if lab.has_focus(Part::Classes) {
                "←↓↑→"
            } else {
                "↑↓"
            },
            "move",
            "move between sets, or between classes",
            DataPane::go,
        ),
        Action::of("data.part", KeyCode::Tab, "sets/classes")
            .help("move the focus between sets and classes")
            .does(|_, lab| lab.step_part(1)),
    ]
}

impl DataPane {
    fn go(&mut self, lab: &mut Lab, motion: Motion) {
        if lab.has_focus(Part::Classes) {
            let classes = lab.chosen_set().map_or(0, |set| set.class_names.len());
            let columns = self.room.columns.max(1);
            self.class = motion.in_grid(self.class, columns, classes, PAGE);
        } else {
            self.set = motion.along(self.set, lab.sets.len(), PAGE);
        }
    }

    /// One step in, from the part that has the focus.
    fn enter(&mut self, lab: &mut Lab) {
        if lab.has_focus(Part::Classes) {
            lab.show_images(None, self.class);
        } else if self.run_to_enter(lab).is_some() {
            self.open_last_run(lab);
        } else {
            lab.choose_set(self.set);
        }
    }
}
