//! What the form of the training's settings changes.

use crate::field::{SettingRow, Value};
use crate::state::form::{Draft, Form};
use crate::training::Recipe;

/// A recipe while a person changes it.
#[derive(Clone, Debug, PartialEq)]
pub struct RecipeDraft {
    pub recipe: Recipe,
    /// Whether it holds only what a training that runs can be given.
    pub is_live: bool,
    /// Layers of the network.
    layers: usize,
}

pub type SettingsForm = Form<RecipeDraft>;

impl RecipeDraft {
    /// The settings of `recipe`, for a network of so many layers.
    pub(in crate::state) fn new(recipe: Recipe, layers: usize, is_live: bool) -> Self {
        Self {
            recipe,
            is_live,
            layers,
        }
    }
}

impl Draft for RecipeDraft {
    fn settings(&self) -> Vec<SettingRow> {
        let mut settings = self.recipe.settings();
        settings.retain(|setting| !self.is_live || setting.is_live);
        settings
    }

    fn put(&mut self, path: &str, value: Value) {
        self.recipe.put(path, value);
    }

    fn settle(&mut self) -> Option<String> {
        self.recipe.check(self.layers).err()
    }
}
