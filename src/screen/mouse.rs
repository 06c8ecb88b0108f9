//! What the mouse does: it draws on the pad, and clicks in tab bar and key line.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use super::draw::rows;
use super::{Interface, bars};
use crate::worker::Command;

impl Interface {
    /// The mouse is listened to only while it can draw, so that elsewhere the terminal's own selecting of text works.
    pub fn wants_mouse(&self) -> bool {
        let is_covered = self.lab.overlay.is_some();
        self.lab.mouse && !is_covered && self.panes.shown(&self.lab).wants_mouse(&self.lab)
    }

    /// The mouse did something: it draws, or does what it clicks in tab bar and key line.
    pub fn mouse(&mut self, event: MouseEvent) -> Vec<Command> {
        if !self.wants_mouse() {
            return Vec::new();
        }
        let at = Position::new(event.column, event.row);
        let touch = match event.kind {
            MouseEventKind::Down(MouseButton::Left) => match self.clicked(at) {
                Some(id) => return self.act(id).unwrap_or_default(),
                None => Some((at, true)),
            },
            MouseEventKind::Drag(MouseButton::Left) => Some((at, false)),
            MouseEventKind::Up(MouseButton::Left) => None,
            _ => return Vec::new(),
        };
        if let Some(body) = self.body() {
            let pane = self.panes.shown_mut(&self.lab);
            pane.touch(touch, body, &mut self.lab);
        }
        self.settle()
    }

    /// The action that a click at this position does: on a tab it shows the pane, on an action of the key line it does it.
    fn clicked(&self, at: Position) -> Option<&'static str> {
        let [tab_row, _, _, key_row] = rows(self.screen());
        match tab_row.contains(at) {
            true => bars::clicked_tab(&self.lab, tab_row, at),
            false => bars::clicked_key(&self.lab, &self.panes, key_row, at),
        }
    }
}
