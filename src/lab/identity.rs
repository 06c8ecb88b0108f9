//! What the preset on the screen is called, and which published figures may stand beside it.

use super::{Lab, Run};
use crate::network::NetworkSpec;
use crate::training::{Expectation, Preset, is_edited_name};

impl Lab {
    /// What the preset on the screen is called: `fashion-bn4`, or `fashion-bn4, edited`.
    pub fn title(&self) -> String {
        self.preset.title(self.history.original())
    }

    /// As [`title`](Self::title), were `network` its network.
    pub fn title_with(&self, network: &NetworkSpec) -> String {
        let original = self.history.original();
        self.preset.with_network(network).title(original)
    }

    /// The network on the screen under its [`title`](Self::title), for those who are asked about it.
    pub fn titled_network(&self) -> NetworkSpec {
        NetworkSpec {
            name: self.title(),
            ..self.preset.network()
        }
    }

    /// The preset on the screen as a training begins with it.
    pub(crate) fn titled_preset(&self) -> Preset {
        self.preset.clone().titled(self.history.original())
    }

    /// The preset as it is to be saved: an edited one without the words and figures of what it was, unless the person wrote new ones.
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

    /// The preset with what may be said of it: what it is for, where it is not edited, and the figures of
    /// [`published`](Self::published).
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

    /// The published figures that may stand beside what the chosen set would be trained with now, and beside the training that it
    /// would go on with: network, recipe and data as they were published, from fresh weights, and nothing changed by hand.
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
    /// Whether it is what its name says, from fresh weights, on this set from its first batch on.
    fn goes_its_way_on(&self, set: Option<&str>) -> bool {
        let has_plan = !self.facts.recipe.plan.is_empty();
        let mut changes = self.history.iter().map(|epoch| epoch.changes.is_empty());
        let is_undisturbed = has_plan || (self.changes.is_empty() && changes.all(|none| none));
        let is_fresh = self.facts.trained_before.iter().all(|epochs| *epochs == 0);
        let is_on_set = set == Some(self.in_use.set.dataset.as_str());
        !is_edited_name(&self.facts.name) && is_fresh && is_on_set && is_undisturbed
    }
}
