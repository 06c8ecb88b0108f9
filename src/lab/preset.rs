//! The preset on the screen: editing, fixing and fitting its network to the data, replacing it, its text with the comments of the text that
//! it was read from, its title, and the published figures that may be shown with it.

use std::sync::Arc;

use super::{Lab, Notice, PaneId, Run, Scope};
use crate::network::{Edit, LayerSpec, NetworkSpec, NetworkSummary, set_misfit};
use crate::shape::Shape;
use crate::training::{Expectation, Preset, is_edited_name, plain_name};

impl Lab {
    /// Why the network on the screen cannot be trained on the chosen set, with the next step.
    pub fn misfit(&self) -> Option<String> {
        if let Some(problem) = self.problem() {
            return Some(problem);
        }
        let set = self.chosen_set()?;
        let takes = (self.preset.input, self.preset.classes);
        let has = (set.shape, set.class_names.len());
        let misfit = set_misfit(&self.title(), takes, &set.name, has)?;
        Some(format!(
            "{misfit}: press {} to fit the network, or choose another set",
            self.mend_key()
        ))
    }

    /// Why the network on the screen is not valid, with the key that fixes it.
    pub fn problem(&self) -> Option<String> {
        let summary = &self.summary;
        match (&summary.fault, self.mend_plan()) {
            (Some(fault), Some(plan)) => {
                let key = self.mend_key();
                Some(format!("{fault}; press {key} to {}", plan.name))
            }
            _ => summary.problem.clone(),
        }
    }

    fn mend_key(&self) -> &'static str {
        match self.pane {
            PaneId::Network => "f",
            _ => "f on the Network pane",
        }
    }

    /// Estimated seconds of the epochs that [`train`](Self::train) would train, from the time of an epoch; `None` if that is unknown, if
    /// a pretraining comes first, or if early stopping may shorten it.
    pub fn training_seconds(&self) -> Option<f64> {
        let recipe = &self.preset.training;
        let pretrain = recipe
            .transfer
            .as_ref()
            .and_then(|transfer| transfer.pretrain.as_ref());
        let is_certain = pretrain.is_none() && recipe.early_stopping.patience.is_none();
        let epoch = self.epoch_seconds.filter(|_| is_certain)?;
        Some(epoch * self.next_epochs() as f64)
    }

    /// The epochs that [`train`](Self::train) would train: an unfinished run keeps its plan, unless it was changed.
    fn next_epochs(&self) -> usize {
        let recipe = &self.preset.training;
        let run = self.run_of_network().filter(|_| self.goes_on());
        let run = run.filter(|run| {
            let before = &run.facts.recipe;
            (before.epochs, &before.schedule) == (recipe.epochs, &recipe.schedule)
        });
        let left = run.map(|run| run.facts.epochs.saturating_sub(run.history.len()));
        left.filter(|left| *left > 0).unwrap_or(recipe.epochs)
    }

    /// Applies an edit of the network, which can be undone, and moves the cursor to its layer; shows why if the edit is not possible.
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

    /// Inserts a layer at this position, and moves the cursor to it.
    pub fn insert_layer(&mut self, index: usize, layer: LayerSpec) {
        self.edit_network(Edit::insert(&self.preset.network(), index, layer));
    }

    /// The suggested fix of the first layer that does not fit, if there is one.
    pub fn mend_plan(&self) -> Option<Edit> {
        self.summary.problem.as_ref()?;
        Edit::mend(&self.preset.network())
    }

    /// Applies [`mend_plan`](Self::mend_plan).
    pub fn mend(&mut self) {
        if let Some(plan) = self.mend_plan() {
            let said = format!("Fixed: {}", plan.name);
            self.edit_network(Ok(plan));
            self.inform(said);
        }
    }

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

    pub fn new_network(&mut self) {
        let preset = Preset {
            name: "new".to_owned(),
            description: String::new(),
            layers: Vec::new(),
            expect: None,
            ..self.preset.clone()
        };
        self.record("new network".to_owned(), Scope::Another, preset, None);
        // No other preset has this name.
        self.history.set_original(None);
        self.cursors.layer = 0;
        self.inform("New network: a adds the first layer, u restores the old one.");
    }

    /// Loads a preset from the text of a file.
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

    /// Loads the preset of a run that was opened.
    pub fn record_opened(&mut self, preset: Preset) {
        let name = format!("open a run of {}", plain_name(&preset.name));
        self.load_other(name, preset);
    }

    /// Loads a preset that is kept elsewhere, as a step of this name that can be undone.
    pub fn load_other(&mut self, name: String, mut preset: Preset) {
        let plain = plain_name(&preset.name).to_owned();
        if Preset::built_in(&plain).is_some() {
            // Whether it is edited is decided by comparison from now on.
            preset.name = plain;
        }
        self.record(name, Scope::Another, preset, None);
        self.know_version();
    }

    /// Renames the preset to the name that it was saved under, and compares it with what was saved from now on.
    pub fn saved_as(&mut self, name: &str) {
        let saved = self.saved_version(name);
        let network = NetworkSpec {
            name: name.to_owned(),
            ..self.preset.network()
        };
        self.record_network(format!("rename to {name}"), &network);
        if let Some(saved) = saved {
            self.preset.description.clone_from(&saved.description);
            self.preset.expect = saved.expect;
            self.history.set_original(Some(saved));
        }
    }

    /// Replaces the preset and returns the old one.
    pub(super) fn put_preset(&mut self, preset: Preset) -> Preset {
        self.summary = NetworkSummary::new(&preset.network());
        let old = std::mem::replace(&mut self.preset, preset);
        self.refusal = None;
        self.hold_cursor();
        self.look_at_another_network();
        old
    }

    fn hold_cursor(&mut self) {
        let last = self.preset.layers.len().saturating_sub(1);
        self.cursors.layer = self.cursors.layer.min(last);
    }
}

impl Lab {
    /// Sets the text that the preset was read from, so that its comments are kept; ignores the text of a different preset.
    pub fn know_preset_text(&mut self, text: &str) {
        let preset = Preset::parse(text, &self.preset.name);
        if preset.is_ok_and(|preset| preset == self.preset) {
            self.history.source = Some(Arc::from(text));
            self.know_version();
        }
    }

    /// The whole preset as text: the text that it was read from, comments included, with the edits since.
    pub fn preset_text(&self) -> String {
        self.text_of(&self.preset)
    }

    /// As [`preset_text`](Self::preset_text), for another preset than the one on the screen.
    pub fn text_of(&self, preset: &Preset) -> String {
        preset_text(preset, self.history.source.as_deref())
    }
}

/// A preset as text: its network written into `source` if everything else there is the same, so that comments are kept.
pub(super) fn preset_text(preset: &Preset, source: Option<&str>) -> String {
    let network = preset.network();
    if let Some(source) = source {
        let mut text = network.write_into(source);
        if preset.expect.is_none() {
            text = without(&text, "expect:");
        }
        if preset.description.is_empty() {
            text = without(&text, "description:");
        }
        if Preset::parse(&text, &preset.name).is_ok_and(|read| read == *preset) {
            return text;
        }
    }
    // Written from scratch, one line per layer.
    let rest = Preset {
        input: Shape::new(0, 0, 0),
        layers: Vec::new(),
        ..preset.clone()
    };
    network.write_into(&rest.to_yaml())
}

/// A text without one key of its outermost mapping and that key's value.
fn without(text: &str, key: &str) -> String {
    let mut is_inside = false;
    let kept = text.split_inclusive('\n').filter(|line| {
        is_inside = line.starts_with(key) || (is_inside && line.starts_with([' ', '\t']));
        !is_inside
    });
    kept.collect()
}

impl Lab {
    /// The title of the preset on the screen: `fashion-bn4`, or `fashion-bn4, edited`.
    pub fn title(&self) -> String {
        self.preset.title(self.history.original())
    }

    /// As [`title`](Self::title), with `network` as its network.
    pub fn title_with(&self, network: &NetworkSpec) -> String {
        let original = self.history.original();
        self.preset.with_network(network).title(original)
    }

    /// The network on the screen under its [`title`](Self::title), for questions about it.
    pub fn titled_network(&self) -> NetworkSpec {
        NetworkSpec {
            name: self.title(),
            ..self.preset.network()
        }
    }

    /// The preset on the screen under its title, as a run starts with it.
    pub(crate) fn titled_preset(&self) -> Preset {
        self.preset.clone().titled(self.history.original())
    }

    /// The preset to save: an edited one without the description and figures of the original, unless the user wrote new ones.
    pub(crate) fn preset_to_save(&self) -> Preset {
        let original = self.history.original();
        let mut preset = self.preset.clone();
        let carrier = preset.carrier(original);
        let Some(carrier) = carrier.filter(|_| preset.is_edited(original)) else {
            return preset;
        };
        if preset.expect == carrier.expect {
            preset.expect = None;
        }
        let is_built_in = Preset::built_in(&preset.name).is_some();
        if is_built_in && preset.description == carrier.description {
            preset.description.clear();
        }
        preset
    }

    /// The preset with its description, unless it is edited, and the figures of [`published`](Self::published).
    pub fn described_preset(&self) -> Preset {
        let original = self.history.original();
        let mut preset = self.preset.clone();
        if preset.is_edited(original) {
            return preset.called_edited();
        }
        if let Some(carrier) = preset.carrier(original) {
            preset.description.clone_from(&carrier.description);
        }
        preset.expect = self.published();
        preset
    }

    /// The published figures that are comparable with the next run, or with the run that would be continued: network, recipe and
    /// data as published, from initial weights, and nothing changed by hand.
    pub fn published(&self) -> Option<Expectation> {
        let set = self.chosen_set();
        let is_all_of = |data: &str| set.is_none_or(|set| set.is_all_of(data));
        let figures = self.preset.published(self.history.original(), is_all_of)?;
        let name = set.map(|set| set.name.as_str());
        let is_as_it_came = name.is_none_or(|name| self.corrections_in_words(name).is_none());
        let run = self.run_of_weights();
        let goes_its_way = run.is_none_or(|run| run.goes_its_way_on(name));
        Some(figures).filter(|_| is_as_it_came && goes_its_way)
    }
}

impl Run {
    /// Whether the run is unedited, from initial weights, and on this set from its first batch on.
    fn goes_its_way_on(&self, set: Option<&str>) -> bool {
        let has_plan = !self.facts.recipe.plan.is_empty();
        let mut changes = self.history.iter().map(|epoch| epoch.changes.is_empty());
        let is_undisturbed = has_plan || (self.changes.is_empty() && changes.all(|none| none));
        let is_fresh = self.facts.trained_before.iter().all(|epochs| *epochs == 0);
        let is_on_set = set == Some(self.in_use.set.dataset.as_str());
        !is_edited_name(&self.facts.name) && is_fresh && is_on_set && is_undisturbed
    }
}
