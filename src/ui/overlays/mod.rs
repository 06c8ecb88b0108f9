//! The forms that lie over the panes: how they look and what their keys do.

mod layer_form;
mod method;
mod settings;
mod task_form;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::action::Action;
use super::keys::{Key, edit_for};
use super::panel::draw_input;
use super::theme::Theme;
use crate::state::{Lab, Message, OldOverlay as Overlay};

/// What a key does while an overlay is open.
pub fn message(key: Key, lab: &Lab) -> Option<Message> {
    press(lab.old_overlay.as_ref()?, key)
}

/// What can be done while an overlay is open.
pub fn open_actions(lab: &Lab) -> Option<Vec<Action>> {
    Some(actions(lab.old_overlay.as_ref()?))
}

pub fn draw_open(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    if let Some(overlay) = &lab.old_overlay {
        draw(overlay, lab, area, buffer, theme);
    }
}

fn press(overlay: &Overlay, key: Key) -> Option<Message> {
    super::action::press(&actions(overlay), key).or_else(|| edit_for(key).map(Message::Edit))
}

/// What can be done while `overlay` is open, for its keys and the key line.
fn actions(overlay: &Overlay) -> Vec<Action> {
    match overlay {
        Overlay::Settings(form) => settings::actions(form),
        Overlay::Layer(form) => layer_form::actions(form),
        Overlay::Method(_) => method::actions(),
        Overlay::Task(_) => task_form::actions(),
    }
}

fn draw(overlay: &Overlay, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    match overlay {
        Overlay::Settings(form) => settings::draw(form, lab, area, buffer, theme),
        // The Network pane draws it beside its table: it previews what it does.
        Overlay::Layer(_) => {}
        Overlay::Method(form) => method::draw(form, area, buffer, theme),
        Overlay::Task(form) => task_form::draw(form, area, buffer, theme),
    }
}
