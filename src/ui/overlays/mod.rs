//! What lies over the panes: how it looks and what its keys do.

mod browser;
mod entries;
mod layer_form;
mod method;
mod name_question;
mod picker;
mod question;
mod rename;
mod replace;
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
    press(lab.old_overlay.as_ref()?, key, lab)
}

/// What can be done while an overlay is open.
pub fn open_actions(lab: &Lab) -> Option<Vec<Action>> {
    Some(actions(lab.old_overlay.as_ref()?, lab))
}

pub fn draw_open(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    if let Some(overlay) = &lab.old_overlay {
        draw(overlay, lab, area, buffer, theme);
    }
}

fn press(overlay: &Overlay, key: Key, lab: &Lab) -> Option<Message> {
    super::action::press(&actions(overlay, lab), key)
        .or_else(|| match overlay {
            overlay if takes_text(overlay) => edit_for(key).map(Message::Edit),
            _ => None,
        })
        .or_else(|| match overlay {
            Overlay::Replace(_) => Some(Message::Explain(
                "y replaces the file, n or Esc leaves it alone.".to_owned(),
            )),
            _ => None,
        })
}

/// What can be done while `overlay` is open, for its keys and the key line.
pub fn actions(overlay: &Overlay, lab: &Lab) -> Vec<Action> {
    match overlay {
        Overlay::Picker(picker) => picker::actions(picker, lab),
        Overlay::Settings(form) => settings::actions(form),
        Overlay::Layer(form) => layer_form::actions(form),
        Overlay::Method(_) => method::actions(),
        Overlay::Browser(browser) => browser::actions(browser),
        Overlay::Task(_) => task_form::actions(),
        Overlay::Rename(_) => rename::actions(),
        Overlay::Replace(_) => replace::actions(),
    }
}

pub fn draw(overlay: &Overlay, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    match overlay {
        Overlay::Picker(picker) => picker::draw(picker, lab, area, buffer, theme),
        Overlay::Settings(form) => settings::draw(form, lab, area, buffer, theme),
        // The Network pane draws it beside its table: it previews what it does.
        Overlay::Layer(_) => {}
        Overlay::Method(form) => method::draw(form, area, buffer, theme),
        Overlay::Browser(browser) => browser::draw(browser, area, buffer, theme),
        Overlay::Task(form) => task_form::draw(form, area, buffer, theme),
        Overlay::Rename(form) => rename::draw(form, area, buffer, theme),
        Overlay::Replace(question) => replace::draw(question, area, buffer, theme),
    }
}

/// Whether a line of text is typed in `overlay` now.
pub fn takes_text(overlay: &Overlay) -> bool {
    match overlay {
        Overlay::Picker(_)
        | Overlay::Layer(_)
        | Overlay::Settings(_)
        | Overlay::Method(_)
        | Overlay::Browser(_)
        | Overlay::Task(_)
        | Overlay::Rename(_) => true,
        Overlay::Replace(_) => false,
    }
}
