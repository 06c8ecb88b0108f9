//! Forms that still go by messages.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::lab::{Edit, Lab, Label};
use crate::state::{Message, update};
use crate::ui::Key;
use crate::ui::theme::Theme;

pub(super) fn draw_overlay(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    crate::ui::draw_overlay(lab, area, buffer, theme);
}

/// The actions of the overlay that is open.
pub(super) fn overlay_labels(lab: &Lab) -> Option<Vec<Label>> {
    let actions = crate::ui::overlay_actions(lab)?.into_iter();
    Some(actions.map(label_of).collect())
}

fn label_of(action: crate::ui::OldAction) -> Label {
    Label {
        id: "",
        keys: action.keys.clone(),
        all_keys: action.bindings.iter().map(|(key, _)| *key).collect(),
        is_one: action.message().is_some(),
        name: action.name,
        help: action.help,
        blocked: action.blocked,
        in_key_line: action.in_key_line,
    }
}

pub(super) fn press(lab: &mut Lab, key: Key) {
    if let Some(message) = crate::ui::overlay_message(key, lab) {
        update::message(lab, message);
    }
}

pub(super) fn paste(lab: &mut Lab, text: String) {
    update::message(lab, Message::Edit(Edit::Paste(text)));
}
