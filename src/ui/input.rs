//! From pasted text to a message.

use super::overlays;
use crate::state::{DataMessage, Edit, Lab, Message, PaneId};

/// What pasted text means: it goes into the text that is being typed.
pub fn paste(text: String, lab: &Lab) -> Option<Message> {
    match &lab.old_overlay {
        Some(overlay) if overlays::takes_text(overlay) => Some(Message::Edit(Edit::Paste(text))),
        // Where sets are opened, a pasted path means one of them.
        None if lab.pane == PaneId::Data => {
            let path = text.lines().next().unwrap_or_default().trim();
            Some(Message::Data(DataMessage::Browse(path.to_owned())))
        }
        _ => None,
    }
}
