//! What lies over the panes: how it looks and what its keys do.

mod augmentation;
mod browser;
mod confirm;
mod confirm_copy;
mod confirm_discard;
mod confirm_reset;
mod entries;
mod layer_form;
mod layer_palette;
mod method;
mod name_question;
mod network_text;
mod offer_draft;
mod picker;
mod question;
mod rename;
mod replace;
mod run_entries;
mod save_as;
mod settings;
mod task_form;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use crossterm::event::KeyCode;

pub use network_text::paste_into;

use super::action::Action;
use super::keys::Key;
use super::theme::Theme;
use crate::state::{Edit, Lab, LineInput, Message, Overlay};

/// What a key does while `overlay` is open.
pub fn press(overlay: &Overlay, key: Key, lab: &Lab) -> Option<Message> {
    super::action::press(&actions(overlay, lab), key)
        .or_else(|| match overlay {
            Overlay::Text(text) => Some(network_text::typed(text, key)),
            overlay if takes_text(overlay) => edit(key).map(Message::Edit),
            Overlay::Layers(palette) => Some(layer_palette::letter(palette, key)),
            _ => None,
        })
        .or_else(|| match overlay {
            Overlay::Replace(_) => Some(Message::Explain(
                "y replaces the file, n or Esc leaves it alone.".to_owned(),
            )),
            Overlay::ConfirmQuit => Some(Message::Explain(confirm::hint(lab).to_owned())),
            Overlay::ConfirmDiscard(_) => Some(Message::Explain(
                "y forgets the changes, n or Esc goes back to the text.".to_owned(),
            )),
            Overlay::OfferDraft(_) => Some(Message::Explain(
                "Enter restores the draft, Esc leaves it for later, d discards it.".to_owned(),
            )),
            Overlay::ConfirmReset => Some(Message::Explain(
                "y forgets the weights, n or Esc keeps them.".to_owned(),
            )),
            Overlay::ConfirmCopy => Some(Message::Explain(
                "y copies the run, n or Esc watches it on.".to_owned(),
            )),
            _ => None,
        })
}

/// What can be done while `overlay` is open, for its keys and the key line.
pub fn actions(overlay: &Overlay, lab: &Lab) -> Vec<Action> {
    match overlay {
        Overlay::Picker(picker) => picker::actions(picker, lab),
        Overlay::Settings(form) => settings::actions(form),
        Overlay::Layers(palette) => layer_palette::actions(palette),
        Overlay::Layer(form) => layer_form::actions(form),
        Overlay::Augmentation(_) => augmentation::actions(),
        Overlay::Text(text) => network_text::actions(text),
        Overlay::SaveAs(_) => save_as::actions(),
        Overlay::Method(_) => method::actions(),
        Overlay::Browser(browser) => browser::actions(browser),
        Overlay::Task(_) => task_form::actions(),
        Overlay::Rename(_) => rename::actions(),
        Overlay::Replace(_) => replace::actions(),
        Overlay::ConfirmQuit => confirm::actions(lab),
        Overlay::ConfirmDiscard(_) => confirm_discard::actions(),
        Overlay::OfferDraft(_) => offer_draft::actions(),
        Overlay::ConfirmReset => confirm_reset::actions(),
        Overlay::ConfirmCopy => confirm_copy::actions(),
    }
}

pub fn draw(overlay: &Overlay, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    match overlay {
        Overlay::Picker(picker) => picker::draw(picker, lab, area, buffer, theme),
        Overlay::Settings(form) => settings::draw(form, lab, area, buffer, theme),
        Overlay::Layers(palette) => layer_palette::draw(palette, lab, area, buffer, theme),
        // The Network pane draws it beside its table, and the View pane beside its images: they preview what it does.
        Overlay::Layer(_) | Overlay::Augmentation(_) => {}
        Overlay::Text(text) => network_text::draw(text, lab, area, buffer, theme),
        Overlay::SaveAs(form) => save_as::draw(form, area, buffer, theme),
        Overlay::Method(form) => method::draw(form, area, buffer, theme),
        Overlay::Browser(browser) => browser::draw(browser, area, buffer, theme),
        Overlay::Task(form) => task_form::draw(form, area, buffer, theme),
        Overlay::Rename(form) => rename::draw(form, area, buffer, theme),
        Overlay::Replace(question) => replace::draw(question, area, buffer, theme),
        Overlay::ConfirmQuit => confirm::draw(lab, area, buffer, theme),
        Overlay::ConfirmDiscard(text) => {
            network_text::draw(text, lab, area, buffer, theme);
            confirm_discard::draw(text, area, buffer, theme);
        }
        Overlay::OfferDraft(found) => offer_draft::draw(found, area, buffer, theme),
        Overlay::ConfirmReset => confirm_reset::draw(lab, area, buffer, theme),
        Overlay::ConfirmCopy => confirm_copy::draw(lab, area, buffer, theme),
    }
}

/// Whether a line of text is typed in `overlay` now.
pub fn takes_text(overlay: &Overlay) -> bool {
    match overlay {
        Overlay::Picker(_)
        | Overlay::Layer(_)
        | Overlay::Settings(_)
        | Overlay::Method(_)
        | Overlay::SaveAs(_)
        | Overlay::Augmentation(_)
        | Overlay::Browser(_)
        | Overlay::Task(_)
        | Overlay::Rename(_) => true,
        Overlay::Layers(palette) => palette.filter.is_some(),
        Overlay::Text(_)
        | Overlay::Replace(_)
        | Overlay::ConfirmQuit
        | Overlay::ConfirmDiscard(_)
        | Overlay::OfferDraft(_)
        | Overlay::ConfirmReset
        | Overlay::ConfirmCopy => false,
    }
}

/// What a key does to a line of text, as in a shell.
fn edit(key: Key) -> Option<Edit> {
    let keys = [
        (Key::code(KeyCode::Backspace), Edit::DeleteBefore),
        (Key::ctrl('h'), Edit::DeleteBefore),
        (Key::code(KeyCode::Delete), Edit::DeleteAfter),
        (Key::ctrl('w'), Edit::DeleteWord),
        (Key::ctrl('u'), Edit::DeleteToStart),
        (Key::code(KeyCode::Left), Edit::Left),
        (Key::ctrl('b'), Edit::Left),
        (Key::code(KeyCode::Right), Edit::Right),
        (Key::ctrl('f'), Edit::Right),
        (Key::code(KeyCode::Home), Edit::Start),
        (Key::ctrl('a'), Edit::Start),
        (Key::code(KeyCode::End), Edit::End),
        (Key::ctrl('e'), Edit::End),
    ];
    keys.into_iter()
        .find(|(bound, _)| *bound == key)
        .map(|(_, edit)| edit)
        .or_else(|| key.typed().map(Edit::Insert))
}

/// A line of text with its cursor; a long one is shown around the cursor.
fn draw_input(input: &LineInput, hint: &str, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let (before, after) = input.halves();
    let room = usize::from(area.width.saturating_sub(3));
    let hidden = before.chars().count().saturating_sub(room);
    let before: String = before.chars().skip(hidden).collect();
    let mut rest = after.chars();
    let at_cursor = rest.next().unwrap_or(' ').to_string();
    let mut spans = vec![
        Span::styled("› ", theme.accent),
        Span::styled(before, theme.text),
        Span::styled(at_cursor, theme.text.add_modifier(Modifier::REVERSED)),
        Span::styled(rest.collect::<String>(), theme.text),
    ];
    if input.text().is_empty() {
        spans.push(Span::styled(format!(" {hint}"), theme.dim));
    }
    buffer.set_line(area.x, area.y, &Line::from(spans), area.width);
}
