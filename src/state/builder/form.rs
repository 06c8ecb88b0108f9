//! The form of a layer, with what becomes of the network.

use crate::field::Written;
use crate::network::{LayerSpec, NetworkSpec, NetworkSummary};
use crate::state::Edit;
use crate::state::field_form::FieldForm;

/// The form of a layer that is edited or about to be added.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerForm {
    /// The place of the layer.
    pub index: usize,
    pub is_new: bool,
    /// With the latest legal value of each field.
    pub layer: LayerSpec,
    pub fields: FieldForm,
    /// The network with this layer in it.
    pub network: NetworkSpec,
    pub preview: NetworkSummary,
    /// The network as it is.
    base: NetworkSpec,
}

impl LayerForm {
    pub(crate) fn new(base: NetworkSpec, index: usize, layer: LayerSpec, is_new: bool) -> Self {
        let mut form = Self {
            index,
            is_new,
            fields: FieldForm::new(layer.fields()),
            layer,
            preview: NetworkSummary::new(&base),
            network: base.clone(),
            base,
        };
        form.refresh();
        form
    }

    pub(in crate::state) fn step_field(&mut self, steps: isize) {
        self.fields.step_field(steps);
    }

    /// Takes the next quick value, from the latest legal one.
    pub(in crate::state) fn step_value(&mut self, up: bool) {
        self.fields.step_value(up);
        self.refresh();
    }

    pub(in crate::state) fn edit(&mut self, edit: &Edit) {
        self.fields.edit(edit);
        self.refresh();
    }

    /// Takes the legal value of every field, and looks what the network becomes.
    fn refresh(&mut self) {
        for (position, row) in self.fields.rows.iter().enumerate() {
            let taken = self.layer.set(position, &Written::from(row.value));
            debug_assert!(taken.is_ok(), "a legal value is taken");
        }
        self.network = self.base.clone();
        let layers = &mut self.network.layers;
        if self.is_new {
            layers.insert(self.index.min(layers.len()), self.layer.clone());
        } else if let Some(place) = layers.get_mut(self.index) {
            *place = self.layer.clone();
        }
        self.preview = NetworkSummary::new(&self.network);
    }
}
