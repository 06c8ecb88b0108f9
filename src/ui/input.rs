//! From a key to a message: what lies over the panes first, then the pane, then what works everywhere.

use crossterm::event::KeyEvent;

use super::action::press;
use super::keys::Key;
use super::{everywhere, overlays};
use crate::state::{DataMessage, Edit, Lab, Message, Overlay, PaneId};

/// What a key means here and now.
pub fn message_for(event: KeyEvent, lab: &Lab) -> Option<Message> {
    let key = Key::of(event)?;
    if key == Key::ctrl('c') {
        return Some(Message::Quit);
    }
    if let Some(overlay) = &lab.overlay {
        return overlays::press(overlay, key, lab);
    }
    let unknown = || {
        Message::Explain(format!(
            "{key} does nothing here; ? lists the keys that do."
        ))
    };
    press(&everywhere::pane_actions(lab, lab.pane), key)
        .or_else(|| press(&everywhere::actions(lab), key))
        .or_else(|| Some(unknown()))
}

/// What pasted text means: it goes into the text that is being typed.
pub fn paste(text: String, lab: &Lab) -> Option<Message> {
    match &lab.overlay {
        Some(Overlay::Text(open)) => Some(overlays::paste_into(open, &text)),
        Some(overlay) if overlays::takes_text(overlay) => Some(Message::Edit(Edit::Paste(text))),
        // Where sets are opened, a pasted path means one of them.
        None if lab.pane == PaneId::Data => {
            let path = text.lines().next().unwrap_or_default().trim();
            Some(Message::Data(DataMessage::Browse(path.to_owned())))
        }
        _ => None,
    }
}
