//! The actions that work on every pane.

use crossterm::event::KeyCode;

use super::action::Action;
use super::keys::Key;
use super::panes::PANES;
use crate::state::{Lab, Message, PaneId, PickerKind};

/// In the order in which the help shows them.
pub fn actions(lab: &Lab) -> Vec<Action> {
    let mut actions: Vec<Action> = PANES
        .iter()
        .zip('1'..)
        .map(|(pane, digit)| {
            Action::new(
                Key::char(digit),
                &format!("{} pane", pane.title()),
                pane.about(),
                Message::Show(pane.id()),
            )
            .quiet()
        })
        .collect();
    let parts = if lab.is_on_pad() || lab.is_in_gallery() {
        1
    } else {
        lab.pane.parts().len()
    };
    actions.extend([
        Action::new(
            Key::char('['),
            "previous pane",
            "go to the pane on the left",
            Message::PreviousPane,
        )
        .quiet(),
        Action::new(
            Key::char(']'),
            "next pane",
            "go to the pane on the right",
            Message::NextPane,
        )
        .quiet(),
        Action::new(
            Key::code(KeyCode::Tab),
            "next part",
            "move the focus to the next part of the pane",
            Message::NextPart,
        )
        .blocked_unless(parts > 1, "this pane has one part only")
        .quiet(),
        Action::new(
            Key::code(KeyCode::BackTab),
            "previous part",
            "move the focus to the part before",
            Message::PreviousPart,
        )
        .blocked_unless(parts > 1, "this pane has one part only")
        .quiet(),
        Action::new(
            Key::char('z'),
            "zoom",
            "let the part with the focus fill the screen, and back",
            Message::Zoom,
        )
        .blocked_unless(parts > 1, "this pane's only part fills the screen already")
        .quiet(),
        Action::new(
            Key::code(KeyCode::Esc),
            "step out",
            "close what is open, leave the enlarged picture or the zoom; never quits",
            Message::Back,
        )
        .quiet(),
        Action::new(
            Key::char(':'),
            "palette",
            "every action by its name",
            Message::Pick(PickerKind::Palette),
        )
        .or(Key::ctrl('p'))
        .quiet(),
        Action::new(
            Key::ctrl('l'),
            "redraw",
            "paint the whole screen afresh",
            Message::Redraw,
        )
        .quiet(),
        Action::new(
            Key::char('M'),
            "mouse",
            "let the mouse draw on the pad, or leave it to the terminal",
            Message::ToggleMouse,
        )
        .quiet(),
        Action::new(
            Key::ctrl('z'),
            "suspend",
            "back to the shell; fg returns here",
            Message::Suspend,
        )
        .quiet(),
        Action::new(
            Key::char('?'),
            "help",
            "every key with what it does; typing searches, Enter does it",
            Message::Pick(PickerKind::Help),
        )
        .or(Key::code(KeyCode::F(1))),
        Action::new(
            Key::char('q'),
            "quit",
            "leave; asks first while a network trains or something is not saved",
            Message::AskQuit,
        ),
        Action::new(
            Key::ctrl('c'),
            "quit at once",
            "leave without a question; what was learned is saved, and the next start offers a draft of what is not",
            Message::Quit,
        )
        .quiet(),
    ]);
    actions
}

/// The actions of one pane as they are now.
pub fn pane_actions(lab: &Lab, pane: PaneId) -> Vec<Action> {
    PANES[pane.index()].actions(lab)
}
