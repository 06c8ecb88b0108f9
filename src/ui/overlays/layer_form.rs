//! The keys of a layer's form; the Network pane draws it.

use super::super::action::Action;
use super::super::field_form::{ends, field_actions};
use crate::state::LayerForm;

pub fn actions(form: &LayerForm) -> Vec<Action> {
    let [values, fields] = field_actions();
    let (accept, leave) = if form.draft.is_new {
        ("add it", "leave the network without this layer")
    } else {
        ("accept", "leave the layer as it was")
    };
    let [accept, cancel] = ends((accept, "take the layer as the form says"), leave);
    vec![values, fields, accept, cancel]
}
