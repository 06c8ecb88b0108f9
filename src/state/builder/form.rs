//! The form of a layer, with what becomes of the network.

use crate::field::{FieldKind, Value, Written};
use crate::network::{LayerSpec, NetworkSpec, NetworkSummary};
use crate::state::{Edit, LineInput};

/// The form of a layer that is edited or about to be added.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerForm {
    /// The place of the layer.
    pub index: usize,
    pub is_new: bool,
    /// With the latest legal value of each field.
    pub layer: LayerSpec,
    /// The text of each field.
    pub inputs: Vec<LineInput>,
    /// The field that gets the keys.
    pub cursor: usize,
    /// Whether the next character replaces the field's text.
    pub is_fresh: bool,
    /// The first field whose text is not legal, and why.
    pub problem: Option<(usize, String)>,
    /// The network with this layer in it.
    pub network: NetworkSpec,
    pub preview: NetworkSummary,
    /// The network as it is.
    base: NetworkSpec,
}

impl LayerForm {
    pub(in crate::state) fn new(
        base: NetworkSpec,
        index: usize,
        layer: LayerSpec,
        is_new: bool,
    ) -> Self {
        let inputs = layer.values().iter();
        let mut form = Self {
            index,
            is_new,
            inputs: inputs
                .map(|value| LineInput::new(value.to_string()))
                .collect(),
            layer,
            cursor: 0,
            is_fresh: true,
            problem: None,
            preview: NetworkSummary::new(&base),
            network: base.clone(),
            base,
        };
        form.refresh();
        form
    }

    pub(in crate::state) fn step_field(&mut self, steps: isize) {
        let count = self.inputs.len().max(1) as isize;
        self.cursor = (self.cursor as isize + steps).rem_euclid(count) as usize;
        self.is_fresh = true;
    }

    /// Takes the next quick value, from the latest legal one.
    pub(in crate::state) fn step_value(&mut self, up: bool) {
        let Some(field) = self.layer.kind().fields.get(self.cursor) else {
            return;
        };
        let value = field.step(self.layer.values()[self.cursor], up);
        self.put(value);
    }

    pub(in crate::state) fn edit(&mut self, edit: &Edit) {
        let Some(field) = self.layer.kind().fields.get(self.cursor) else {
            return;
        };
        if let FieldKind::Choice(choices) = field.kind {
            // A letter takes the next choice that begins with it.
            if let Edit::Insert(letter) = edit {
                let at = choices
                    .iter()
                    .position(|choice| Value::Choice(choice) == self.layer.values()[self.cursor]);
                let first = at.map_or(0, |at| at + 1);
                let next = (first..first + choices.len())
                    .map(|at| choices[at % choices.len()])
                    .find(|choice| choice.starts_with(*letter));
                if let Some(choice) = next {
                    self.put(Value::Choice(choice));
                }
            }
            return;
        }
        let input = &mut self.inputs[self.cursor];
        if self.is_fresh && matches!(edit, Edit::Insert(_) | Edit::Paste(_)) {
            *input = LineInput::default();
        }
        self.is_fresh = false;
        input.apply(edit);
        self.refresh();
    }

    fn put(&mut self, value: Value) {
        self.inputs[self.cursor] = LineInput::new(value.to_string());
        self.is_fresh = true;
        self.refresh();
    }

    /// Reads every field, and looks what the network becomes.
    fn refresh(&mut self) {
        self.problem = None;
        let fields = self.layer.kind().fields;
        for (position, (field, input)) in fields.iter().zip(&self.inputs).enumerate() {
            let read = field.parse(input.text()).and_then(|value| {
                let written = Written::from(value);
                self.layer.set(position, &written)
            });
            if let Err(problem) = read
                && self.problem.is_none()
            {
                self.problem = Some((position, problem.to_string()));
            }
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
