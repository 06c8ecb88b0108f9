//! The mouse: what was drawn decides what a click does.

use std::any::Any;

use crossterm::event::{KeyCode, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use super::Interface;
use crate::lab::{Meaning, Spot, Touch};
use crate::ui::Key;
use crate::worker::Command;

impl Interface {
    /// Whether mouse events are wanted; otherwise the terminal selects text.
    pub fn wants_mouse(&self) -> bool {
        self.lab.mouse
    }

    pub fn mouse(&mut self, event: MouseEvent) -> Vec<Command> {
        if !self.wants_mouse() {
            return Vec::new();
        }
        let at = Position::new(event.column, event.row);
        match event.kind {
            MouseEventKind::Down(MouseButton::Left) => return self.click(at),
            MouseEventKind::Drag(MouseButton::Left) => self.go_on(Touch::GoesOn(at)),
            MouseEventKind::Up(MouseButton::Left) => {
                self.go_on(Touch::Ends);
                self.held = None;
            }
            MouseEventKind::ScrollUp => return self.scroll(at, KeyCode::Up),
            MouseEventKind::ScrollDown => return self.scroll(at, KeyCode::Down),
            _ => return Vec::new(),
        }
        self.settle()
    }

    /// Sets the focus, moves the cursor, runs an action: everything under the pointer, from what was drawn first to what was drawn last.
    /// A second click on an entry acts as Enter.
    fn click(&mut self, at: Position) -> Vec<Command> {
        let before = self.clicked.take();
        self.held = None;
        self.lab.status = None;
        for spot in self.lab.spots.at(at) {
            match &spot.meaning {
                Meaning::Act(id) => return self.act(id).unwrap_or_default(),
                Meaning::Focus(part) if self.lab.overlay.is_none() => self.lab.focus_on(*part),
                Meaning::Focus(_) => {}
                Meaning::Cursor(_, number, _) if self.touch(&spot, Touch::Begins(at)) => {
                    // A list that moved under the pointer has another entry there, and the same one elsewhere.
                    let entry = (spot.place.x, spot.place.width, *number);
                    if before == Some(entry) {
                        let enter = Key::code(KeyCode::Enter);
                        return self.press(enter.event());
                    }
                    self.clicked = Some(entry);
                }
                Meaning::Drawing(..) if self.touch(&spot, Touch::Begins(at)) => {
                    self.held = Some(spot);
                }
                Meaning::Cursor(..) | Meaning::Drawing(..) => {}
                Meaning::Place(..) => {
                    self.touch(&spot, Touch::Begins(at));
                }
            }
        }
        self.settle()
    }

    fn go_on(&mut self, touch: Touch) {
        if let Some(spot) = self.held.take() {
            self.touch(&spot, touch);
            self.held = Some(spot);
        }
    }

    /// Acts as the arrow keys, except on the drawing pad: a lowered pen would draw.
    fn scroll(&mut self, at: Position, key: KeyCode) -> Vec<Command> {
        let mut spots = self.lab.spots.at(at).into_iter();
        match spots.any(|spot| matches!(spot.meaning, Meaning::Drawing(..))) {
            true => Vec::new(),
            false => self.press(Key::code(key).event()),
        }
    }

    /// Passes the touch to the owner of the spot; `false` unless that is the open overlay, or the shown pane without an overlay.
    fn touch(&mut self, spot: &Spot, touch: Touch) -> bool {
        let (Meaning::Cursor(of, _, does) | Meaning::Place(of, does) | Meaning::Drawing(of, does)) =
            &spot.meaning
        else {
            return false;
        };
        let over = self.lab.over(|overlay, lab| {
            let it: &mut dyn Any = overlay;
            let is_it = (*it).type_id() == *of;
            if is_it {
                does(it, lab, touch);
            }
            is_it
        });
        over.unwrap_or_else(|| {
            let pane = self.panes.shown_as(*of, &self.lab);
            pane.map(|pane| does(pane, &mut self.lab, touch)).is_some()
        })
    }
}
