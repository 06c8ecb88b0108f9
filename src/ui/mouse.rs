//! The mouse: drawing on the pad, and there also the tabs and the key line. It is only listened to while the pad is on the screen, so
//! that elsewhere the terminal's own selecting of text works.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::panes::pad_pixel;
use super::screen::{body, clicked};
use crate::state::{Lab, Message, PadMessage};

/// Whether the mouse has something to do now.
pub fn wants_mouse(lab: &Lab) -> bool {
    lab.mouse && lab.is_on_pad() && lab.overlay.is_none()
}

/// What the mouse means here and now.
pub fn message_for_mouse(event: MouseEvent, lab: &Lab) -> Option<Message> {
    if !wants_mouse(lab) {
        return None;
    }
    let begins = match event.kind {
        MouseEventKind::Down(MouseButton::Left) => true,
        MouseEventKind::Drag(MouseButton::Left) => false,
        MouseEventKind::Up(MouseButton::Left) => return Some(Message::Pad(PadMessage::Lift)),
        _ => return None,
    };
    let screen = Rect::new(0, 0, lab.columns, lab.rows);
    let at = Position::new(event.column, event.row);
    if begins && let Some(message) = clicked(lab, screen, at) {
        return Some(message);
    }
    let (row, column) = pad_pixel(lab, body(screen)?, at)?;
    Some(Message::Pad(PadMessage::Touch {
        row,
        column,
        begins,
    }))
}
