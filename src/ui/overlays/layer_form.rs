//! The keys of a layer's form; the Network pane draws it.

use crossterm::event::KeyCode;

use super::super::action::Action;
use super::super::field_form::field_actions;
use super::super::keys::Key;
use crate::state::{BuilderMessage, LayerForm, Message};

pub fn actions(form: &LayerForm) -> Vec<Action> {
    let [values, fields] = field_actions(
        |steps| Message::Builder(BuilderMessage::StepField(steps)),
        |up| Message::Builder(BuilderMessage::StepValue { up }),
    );
    let (accept, leave) = if form.is_new {
        ("add it", "leave the network without this layer")
    } else {
        ("accept", "leave the layer as it was")
    };
    vec![
        values,
        fields,
        Action::new(
            Key::code(KeyCode::Enter),
            accept,
            "take the layer as the form says",
            Message::Accept,
        ),
        Action::new(Key::code(KeyCode::Esc), "cancel", leave, Message::Back),
    ]
}
