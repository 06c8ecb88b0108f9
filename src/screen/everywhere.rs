//! The actions that work on every pane; help and palette among them: every action of every pane, searched by typing and done by Enter.

use crossterm::event::KeyCode;

use super::{Panes, leaving};
use crate::lab::{Action, Acts, Gloss, HasActions, Lab, Label, PaneId, TerminalWish, Wish};
use crate::overlays::{Arrangement, Entry, List};
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
                .does(|panes: &mut Panes, lab| lab.open(palette(panes, lab)))
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
                .does(|panes: &mut Panes, lab| lab.open(help(panes, lab)))
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

fn help(panes: &Panes, lab: &Lab) -> List {
    list("Help", panes, lab, true)
        .size(100, Some(u16::MAX))
        .arranged(Arrangement::Headings)
}

fn palette(panes: &Panes, lab: &Lab) -> List {
    list("Palette", panes, lab, false)
        .hint("type a part of an action's name")
        .size(96, Some(24))
        .arranged(Arrangement::Keys)
}

/// The actions of the pane on the screen first, then those that work everywhere, then the other panes'. With `moves`, also those whose keys
/// each do something else.
fn list(title: &'static str, panes: &Panes, lab: &Lab, moves: bool) -> List {
    let mut entries = Vec::new();
    let mut add = |group, pane, labels: Vec<Label>| {
        let labels = labels.into_iter().filter(|label| moves || label.is_one);
        entries.extend(labels.map(|label| entry(group, pane, label)));
    };
    let shown = panes.shown(lab);
    add(lab.pane.title(), lab.pane, shown.labels(lab));
    add("Everywhere", lab.pane, panes.labels(lab));
    let others = || panes.iter().filter(|(id, _)| *id != lab.pane);
    for (id, pane) in others() {
        add(id.title(), id, pane.labels(lab));
    }
    if moves {
        let others = others().map(|(_, pane)| pane);
        let panes = std::iter::once(shown).chain(others);
        entries.extend(panes.flat_map(|pane| pane.glosses().iter().map(gloss)));
    }
    List::new(title, move |_| entries.clone()).verb("do it")
}

/// What a word on the screen means; choosing it keeps that in sight.
fn gloss((word, meaning): &Gloss) -> Entry {
    let says = format!("{word}: {meaning}.");
    Entry {
        group: "Words",
        ..Entry::new(*word, *meaning, move |lab| lab.inform(says.clone()))
    }
}

fn entry(group: &'static str, pane: PaneId, label: Label) -> Entry {
    let id = label.id;
    let perform = move |lab: &mut Lab| {
        lab.then(move |panes: &mut Panes, lab| {
            lab.show(pane);
            panes.act(Wish::Id(id), lab);
        });
    };
    let refusal = match (&label.blocked, label.is_one) {
        (Some(reason), _) => Some(reason.clone()),
        (None, false) => Some(format!("use the keys themselves: {}", label.keys)),
        (None, true) => None,
    };
    Entry {
        group,
        keys: label.help_keys(),
        ..Entry::new(label.name, label.help, perform).refused(refusal)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{keys, loaded};
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn an_id_names_one_action() {
        for state in ["", "2m", "2v", "3", "5d", "5e", "6", "6i"] {
            let mut interface = loaded();
            keys(&mut interface, state);
            let (lab, panes) = (&interface.lab, &interface.panes);
            let of_panes = panes.iter().flat_map(|(_, pane)| pane.labels(lab));
            let labels = of_panes.chain(panes.labels(lab));
            let ids: Vec<&str> = labels.map(|label| label.id).collect();
            let mut seen = HashSet::new();
            let twice = ids.iter().find(|id| !seen.insert(**id));
            assert_eq!(twice, None, "{state:?}");
            for pane in PaneId::ALL {
                assert!(seen.contains(pane.action()), "{pane:?}");
            }
        }
    }
}
