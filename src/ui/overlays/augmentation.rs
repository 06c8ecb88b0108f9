//! The keys of the form of augmentation's settings; the View pane draws it.

use super::super::action::Action;
use super::super::field_form::{ends, field_actions};
use super::super::keys::Key;
use crate::state::{Message, ViewMessage};

pub fn actions() -> Vec<Action> {
    let [values, fields] = field_actions();
    let [take, cancel] = ends(
        (
            "take",
            "let the training change its images with these settings",
        ),
        "leave the settings as they were",
    );
    let versions = Action::new(
        Key::char('r'),
        "other versions",
        "what the next epochs of the training would make of the image",
        Message::View(ViewMessage::NewVersions),
    );
    vec![values, fields, versions, take, cancel]
}
