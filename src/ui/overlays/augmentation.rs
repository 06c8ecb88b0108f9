//! The keys of the form of augmentation's settings; the View pane draws it.

use crossterm::event::KeyCode;

use super::super::action::Action;
use super::super::field_form::field_actions;
use super::super::keys::Key;
use crate::state::{Message, ViewMessage};

pub fn actions() -> Vec<Action> {
    let [values, fields] = field_actions(
        |steps| Message::View(ViewMessage::StepField(steps)),
        |up| Message::View(ViewMessage::StepValue { up }),
    );
    vec![
        values,
        fields,
        Action::new(
            Key::char('r'),
            "other versions",
            "what the next epochs of the training would make of the image",
            Message::View(ViewMessage::NewVersions),
        ),
        Action::new(
            Key::code(KeyCode::Enter),
            "take",
            "let the training change its images with these settings",
            Message::Accept,
        ),
        Action::new(
            Key::code(KeyCode::Esc),
            "cancel",
            "leave the settings as they were",
            Message::Back,
        ),
    ]
}
