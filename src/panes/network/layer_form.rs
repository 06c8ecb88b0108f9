//! A layer that is edited or about to be added, with what becomes of the network; the pane draws its form beside its table.

use crate::field::{SettingRow, Value, put, rows};
use crate::lab::{Action, Lab};
use crate::network::{Edit, LayerSpec, NetworkSpec, NetworkSummary};
use crate::overlays::{Draft, Form};

/// A layer while a person changes it.
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

/// Opens the form of a layer at a place of the network.
pub(super) fn open(index: usize, layer: LayerSpec, is_new: bool, lab: &mut Lab) {
    let base = lab.preset.network();
    lab.open(Form::new(LayerDraft {
        index,
        is_new,
        layer,
        preview: NetworkSummary::new(&base),
        network: base.clone(),
        base,
    }));
}

impl Draft for LayerDraft {
    fn settings(&self) -> Vec<SettingRow> {
        rows(&self.layer)
    }

    fn put(&mut self, path: &str, value: Value) {
        put(&mut self.layer, path, value);
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

    fn actions(&self) -> Vec<Action<Form<Self>>> {
        let (accept, leave) = if self.is_new {
            ("add it", "leave the network without this layer")
        } else {
            ("accept", "leave the layer as it was")
        };
        vec![
            Form::step_values(),
            Form::step_fields(),
            Form::take(accept, "take the layer as the form says"),
            Form::cancel(leave),
        ]
    }

    fn accept(&self, lab: &mut Lab) -> Result<(), String> {
        let layer = self.layer.clone();
        if self.is_new {
            lab.insert_layer(self.index, layer);
        } else {
            lab.edit_network(Edit::set(&lab.preset.network(), self.index, layer));
        }
        Ok(())
    }
}
