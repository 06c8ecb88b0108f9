//! What the form of a layer changes, with what becomes of the network.

use crate::field::{SettingRow, Value};
use crate::network::{LayerSpec, NetworkSpec, NetworkSummary};
use crate::state::form::{Draft, Form};

/// A layer that is edited or about to be added.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerDraft {
    /// The place of the layer.
    pub index: usize,
    pub is_new: bool,
    pub layer: LayerSpec,
    /// The network with this layer in it.
    pub network: NetworkSpec,
    pub preview: NetworkSummary,
    /// The network as it is.
    base: NetworkSpec,
}

pub type LayerForm = Form<LayerDraft>;

impl LayerDraft {
    pub(in crate::state) fn new(
        base: NetworkSpec,
        index: usize,
        layer: LayerSpec,
        is_new: bool,
    ) -> Self {
        Self {
            index,
            is_new,
            layer,
            preview: NetworkSummary::new(&base),
            network: base.clone(),
            base,
        }
    }
}

impl Draft for LayerDraft {
    fn settings(&self) -> Vec<SettingRow> {
        self.layer.settings()
    }

    fn put(&mut self, path: &str, value: Value) {
        self.layer.put(path, value);
    }

    /// Looks what the network becomes; that it does not fit is no reason to refuse the layer.
    fn settle(&mut self) -> Option<String> {
        self.network = self.base.clone();
        let layers = &mut self.network.layers;
        if self.is_new {
            layers.insert(self.index.min(layers.len()), self.layer.clone());
        } else if let Some(place) = layers.get_mut(self.index) {
            *place = self.layer.clone();
        }
        self.preview = NetworkSummary::new(&self.network);
        None
    }
}
