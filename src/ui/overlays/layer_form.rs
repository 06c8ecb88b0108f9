//! The keys of a layer's form; the Network pane draws it.

use crossterm::event::KeyCode;

use super::super::action::Action;
use super::super::keys::Key;
use crate::state::{BuilderMessage, LayerForm, Message};

pub fn actions(form: &LayerForm) -> Vec<Action> {
    let field = |steps| Message::Builder(BuilderMessage::StepField(steps));
    let value = |up| Message::Builder(BuilderMessage::StepValue { up });
    let mut values = Action::new(
        Key::code(KeyCode::Left),
        "other values",
        "the next smaller and larger of the usual values, or the next choice; any legal value can be typed",
        value(false),
    );
    values.keys = "←→".to_owned();
    values
        .bindings
        .push((Key::code(KeyCode::Right), value(true)));
    let mut fields = Action::new(
        Key::code(KeyCode::Up),
        "field",
        "go from field to field",
        field(-1),
    );
    fields.keys = "↑↓".to_owned();
    fields.bindings.extend([
        (Key::code(KeyCode::Down), field(1)),
        (Key::code(KeyCode::BackTab), field(-1)),
        (Key::code(KeyCode::Tab), field(1)),
    ]);
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
