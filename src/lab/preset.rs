//! The preset on the screen: its network edited, mended and fitted to the data, another one put in its place.

use std::sync::Arc;

use super::{Lab, Notice, Scope};
use crate::network::{Edit, LayerSpec, NetworkSpec, NetworkSummary};
use crate::training::{Preset, plain_name};

impl Lab {
    /// Why the network on the screen cannot take the chosen set's images, with the way out.
    pub fn misfit(&self) -> Option<String> {
        if let Some(problem) = &self.summary.problem {
            return Some(problem.clone());
        }
        let set = self.chosen_set()?;
        let (name, input, classes) = (self.title(), self.preset.input, self.preset.classes);
        if set.shape != input {
            return Some(format!(
                "{name} takes images of {input}, and those of {} are {}: press f on the Network pane to fit the network to them, or choose another set",
                set.name, set.shape
            ));
        }
        (set.class_names.len() != classes).then(|| {
            format!(
                "{name} tells {classes} classes apart, and {} has {}: press f on the Network pane to fit the network to them, or choose another set",
                set.name,
                set.class_names.len()
            )
        })
    }

    /// Does one edit of the network, which undo takes back, and puts the cursor on its layer; says why where it cannot be done.
    pub fn edit_network(&mut self, edit: Result<Edit, String>) {
        match edit {
            Ok(edit) => {
                self.record_network(edit.name, &edit.network);
                self.cursors.layer = edit.index;
                self.hold_cursor();
            }
            Err(problem) => self.refuse(problem),
        }
    }

    /// Puts a layer at this place, and the cursor on it.
    pub fn insert_layer(&mut self, index: usize, layer: LayerSpec) {
        self.edit_network(Edit::insert(&self.preset.network(), index, layer));
    }

    /// How the first thing that does not fit can be mended.
    pub fn mend_plan(&self) -> Option<Edit> {
        self.summary.problem.as_ref()?;
        Edit::mend(&self.preset.network())
    }

    /// Does what [`mend_plan`](Self::mend_plan) says.
    pub fn mend(&mut self) {
        if let Some(plan) = self.mend_plan() {
            let said = format!("Mended: {}", plan.name);
            self.edit_network(Ok(plan));
            self.inform(said);
        }
    }

    /// Gives the network the chosen set's images and classes.
    pub fn fit_to_data(&mut self) {
        let Some(set) = self.chosen_set() else { return };
        let name = format!("fit to {}", set.name);
        let network = NetworkSpec {
            input: set.shape,
            classes: set.class_names.len(),
            ..self.preset.network()
        };
        self.record_network(name, &network);
    }

    /// Starts over without a layer.
    pub fn new_network(&mut self) {
        let preset = Preset {
            name: "new".to_owned(),
            description: String::new(),
            layers: Vec::new(),
            expect: None,
            ..self.preset.clone()
        };
        self.record("new network".to_owned(), Scope::Another, preset, None);
        // Nothing else is called so.
        self.history.set_original(None);
        self.cursors.layer = 0;
        self.inform("A new network: a adds its first layer, u brings the old one back.");
    }

    /// Takes a preset that stands in a file.
    pub fn load_preset(&mut self, name: &str, text: &str) {
        match Preset::parse(text, name) {
            Ok(preset) => {
                let source = Some(Arc::from(text));
                self.record(format!("load {name}"), Scope::Another, preset, source);
                self.know_version();
                self.inform(format!("Network: {name}"));
            }
            Err(error) => self.say(Notice::Error, error.to_string()),
        }
    }

    /// Takes the preset of a run that was opened.
    pub fn record_opened(&mut self, mut preset: Preset) {
        let name = format!("open a run of {}", preset.name);
        let plain = plain_name(&preset.name).to_owned();
        if Preset::built_in(&plain).is_some() {
            // Whether it is edited is told by comparison from now on.
            preset.name = plain;
        }
        self.record(name, Scope::Another, preset, None);
        self.know_version();
    }

    /// Takes the name that the preset was saved under; what was saved carries it from now on.
    pub fn saved_as(&mut self, name: &str) {
        let saved = self.saved_version(name);
        let network = NetworkSpec {
            name: name.to_owned(),
            ..self.preset.network()
        };
        self.record_network(format!("call it {name}"), &network);
        if let Some(saved) = saved {
            self.preset.description.clone_from(&saved.description);
            self.preset.expect = saved.expect;
            self.history.set_original(Some(saved));
        }
    }

    /// Shows another preset and gives the old one back.
    pub(super) fn put_preset(&mut self, preset: Preset) -> Preset {
        self.summary = NetworkSummary::new(&preset.network());
        let old = std::mem::replace(&mut self.preset, preset);
        self.refusal = None;
        self.hold_cursor();
        self.look_at_another_network();
        old
    }

    /// Keeps the cursor on a layer.
    fn hold_cursor(&mut self) {
        let last = self.summary.layers.len().saturating_sub(1);
        self.cursors.layer = self.cursors.layer.min(last);
    }
}
