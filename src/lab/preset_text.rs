//! The preset on the screen as text, with the comments of the text that it was read from.

use std::sync::Arc;

use super::Lab;
use crate::shape::Shape;
use crate::training::Preset;

impl Lab {
    /// Tells from which text the preset was read, so that its comments are kept; a text that says something else is passed over.
    pub fn know_preset_text(&mut self, text: &str) {
        let preset = Preset::parse(text, &self.preset.name);
        if preset.is_ok_and(|preset| preset == self.preset) {
            self.history.source = Some(Arc::from(text));
            self.know_version();
        }
    }

    /// The whole preset as text: what it was read from, comments included, with the edits since.
    pub fn preset_text(&self) -> String {
        self.text_of(&self.preset)
    }

    /// As [`preset_text`](Self::preset_text), of another preset than the one on the screen.
    pub fn text_of(&self, preset: &Preset) -> String {
        preset_text(preset, self.history.source.as_deref())
    }
}

/// A preset as text: its network written into `source` where that says the same of everything else, so that comments stay.
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
    // Written afresh by the network, a line a layer.
    let rest = Preset {
        input: Shape::new(0, 0, 0),
        layers: Vec::new(),
        ..preset.clone()
    };
    network.write_into(&rest.to_yaml())
}

/// A text without what stands under a key of its outermost mapping.
fn without(text: &str, key: &str) -> String {
    let mut is_inside = false;
    let kept = text.split_inclusive('\n').filter(|line| {
        is_inside = line.starts_with(key) || (is_inside && line.starts_with([' ', '\t']));
        !is_inside
    });
    kept.collect()
}
