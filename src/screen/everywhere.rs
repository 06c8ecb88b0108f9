//! The actions that work on every pane.

use crossterm::event::KeyCode;

use super::{Panes, help, leaving};
use crate::lab::TerminalWish;
use crate::lab::{Action, HasActions, Lab};
use crate::ui::Key;

impl HasActions for Panes {
    /// In the order in which the help shows them.
    fn actions(&self, lab: &Lab) -> Vec<Action<Self>> {
        let mut actions: Vec<Action<Self>> = self
            .iter()
            .zip('1'..)
            .map(|(pane, digit)| {
                let id = pane.id();
                Action::new(
                    "pane.show",
                    Key::char(digit),
                    &format!("{} pane", pane.title()),
                    pane.about(),
                    move |_: &mut Self, lab: &mut Lab| lab.show(id),
                )
                .quiet()
            })
            .collect();
        let parts = self.shown(lab).parts(lab);
        actions.extend([
        Action::new(
            "pane.previous",
            Key::char('['),
            "previous pane",
            "go to the pane on the left",
            |_, lab: &mut Lab| lab.show(Panes::step(lab, -1)),
        )
        .quiet(),
        Action::new(
            "pane.next",
            Key::char(']'),
            "next pane",
            "go to the pane on the right",
            |_, lab: &mut Lab| lab.show(Panes::step(lab, 1)),
        )
        .quiet(),
        Action::new(
            "part.next",
            Key::code(KeyCode::Tab),
            "next part",
            "move the focus to the next part of the pane",
            |_, lab: &mut Lab| lab.step_part(1),
        )
        .blocked_unless(parts > 1, "this pane has one part only")
        .quiet(),
        Action::new(
            "part.previous",
            Key::code(KeyCode::BackTab),
            "previous part",
            "move the focus to the part before",
            |_, lab: &mut Lab| lab.step_part(-1),
        )
        .blocked_unless(parts > 1, "this pane has one part only")
        .quiet(),
        Action::new(
            "part.zoom",
            Key::char('z'),
            "zoom",
            "let the part with the focus fill the screen, and back",
            |_, lab: &mut Lab| lab.zoomed = !lab.zoomed,
        )
        .blocked_unless(parts > 1, "this pane's only part fills the screen already")
        .quiet(),
        Action::new(
            "step.out",
            Key::code(KeyCode::Esc),
            "step out",
            "close what is open, leave the enlarged picture or the zoom; never quits",
            Panes::back,
        )
        .quiet(),
        Action::new(
            "palette",
            Key::char(':'),
            "palette",
            "every action by its name",
            |panes: &mut Panes, lab: &mut Lab| { let list = help::palette(panes, lab); lab.open(list); },
        )
        .or(Key::ctrl('p'))
        .quiet(),
        Action::new(
            "screen.redraw",
            Key::ctrl('l'),
            "redraw",
            "paint the whole screen afresh",
            |_, lab: &mut Lab| lab.terminal_wish = Some(TerminalWish::Redraw),
        )
        .quiet(),
        Action::new(
            "screen.mouse",
            Key::char('M'),
            "mouse",
            "let the mouse draw on the pad, or leave it to the terminal",
            |_, lab: &mut Lab| toggle_mouse(lab),
        )
        .quiet(),
        Action::new(
            "screen.suspend",
            Key::ctrl('z'),
            "suspend",
            "back to the shell; fg returns here",
            |_, lab: &mut Lab| lab.terminal_wish = Some(TerminalWish::Suspend),
        )
        .quiet(),
        Action::new(
            "help",
            Key::char('?'),
            "help",
            "every key with what it does; typing searches, Enter does it",
            |panes: &mut Panes, lab: &mut Lab| { let list = help::help(panes, lab); lab.open(list); },
        )
        .or(Key::code(KeyCode::F(1))),
        Action::new(
            "quit",
            Key::char('q'),
            "quit",
            "leave; asks first while a network trains or something is not saved",
            |_, lab: &mut Lab| leaving::ask(lab),
        ),
        Action::new(
            "quit.now",
            Key::ctrl('c'),
            "quit at once",
            "leave without a question; what was learned is saved, and the next start offers a draft of what is not",
            |_, lab: &mut Lab| lab.quit(),
        )
        .quiet(),
    ]);
        actions
    }
}

impl Panes {
    /// One step out: of what the pane shows, then of the zoom.
    fn back(&mut self, lab: &mut Lab) {
        if self.shown_mut(lab).back(lab) {
            // The pane took the step.
        } else if lab.zoomed {
            lab.zoomed = false;
        } else {
            lab.inform("Nothing to step out of; q quits.");
        }
    }
}

fn toggle_mouse(lab: &mut Lab) {
    lab.mouse = !lab.mouse;
    lab.inform(match lab.mouse {
        true => "The mouse draws on the pad.",
        false => "The mouse is the terminal's own: it selects text.",
    });
}
