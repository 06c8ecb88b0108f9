//! The actions that work on every pane.

use crossterm::event::KeyCode;

use super::{Panes, help, leaving};
use crate::lab::{Action, HasActions, Lab, PaneId, TerminalWish};
use crate::ui::Key;

impl HasActions for Panes {
    /// In the order in which the help shows them.
    fn actions(&self, lab: &Lab) -> Vec<Action<Self>> {
        let panes = PaneId::ALL.iter().zip('1'..);
        let mut actions: Vec<Action<Self>> = panes
            .map(|(pane, digit)| {
                Action::of(pane.action(), digit, format!("{} pane", pane.title()))
                    .help(pane.about())
                    .does(|_, lab| lab.show(*pane))
                    .quiet()
            })
            .collect();
        let parts = self.shown(lab).parts(lab);
        actions.extend([
            Action::of("pane.previous", '[', "previous pane")
                .help("go to the pane on the left")
                .does(|_, lab| lab.show(lab.pane.step(-1)))
                .quiet(),
            Action::of("pane.next", ']', "next pane")
                .help("go to the pane on the right")
                .does(|_, lab| lab.show(lab.pane.step(1)))
                .quiet(),
            Action::of("part.next", KeyCode::Tab, "next part")
                .help("move the focus to the next part of the pane")
                .does(|_, lab| lab.step_part(1))
                .blocked_unless(parts > 1, "this pane has one part only")
                .quiet(),
            Action::of("part.previous", KeyCode::BackTab, "previous part")
                .help("move the focus to the part before")
                .does(|_, lab| lab.step_part(-1))
                .blocked_unless(parts > 1, "this pane has one part only")
                .quiet(),
            Action::of("part.zoom", 'z', "zoom")
                .help("let the part with the focus fill the screen, and back")
                .does(|_, lab| lab.zoomed = !lab.zoomed)
                .blocked_unless(parts > 1, "this pane's only part fills the screen already")
                .quiet(),
            Action::of("step.out", KeyCode::Esc, "step out")
                .help("close what is open, leave the enlarged picture or the zoom; never quits")
                .does(Panes::back)
                .quiet(),
            Action::of("palette", ':', "palette")
                .help("every action by its name")
                .does(|panes: &mut Panes, lab| {
                    let list = help::palette(panes, lab);
                    lab.open(list);
                })
                .or(Key::ctrl('p'))
                .quiet(),
            Action::of("screen.redraw", Key::ctrl('l'), "redraw")
                .help("paint the whole screen afresh")
                .does(|_, lab| lab.terminal_wish = Some(TerminalWish::Redraw))
                .quiet(),
            Action::of("screen.mouse", 'M', "mouse")
                .help("let the mouse draw on the pad, or leave it to the terminal")
                .does(|_, lab| toggle_mouse(lab))
                .quiet(),
            Action::of("screen.suspend", Key::ctrl('z'), "suspend")
                .help("back to the shell; fg returns here")
                .does(|_, lab| lab.terminal_wish = Some(TerminalWish::Suspend))
                .quiet(),
            Action::of("help", '?', "help")
                .help("every key with what it does; typing searches, Enter does it")
                .does(|panes: &mut Panes, lab| {
                    let list = help::help(panes, lab);
                    lab.open(list);
                })
                .or(KeyCode::F(1)),
            Action::of("quit", 'q', "quit")
                .help("leave; asks first while a network trains or something is not saved")
                .does(|_, lab| leaving::ask(lab)),
            Action::of("quit.now", Key::ctrl('c'), "quit at once")
                .help(
                    "leave without a question; what was learned is saved, and the next start \
                offers a draft of what is not",
                )
                .does(|_, lab| lab.quit())
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
