//! The actions that work on every pane, such as help and palette: lists of every action of every pane, searched by typing, run by Enter.

use crossterm::event::KeyCode;

use super::{Panes, leaving, picture};
use crate::lab::{
    Action, Acts, Gloss, HasActions, Lab, Label, Overlay, PaneId, TerminalWish, Wish, Worth,
};
use crate::overlays::{Arrangement, Entry, List};
use crate::ui::Key;
use crate::ui::keys::LINE_KEYS;
use crate::worker::Command;

pub(super) const HELP_ID: &str = "help";
const HELP: Key = Key::char('?');
/// Also works while text is typed.
const ALWAYS_HELP: Key = Key::code(KeyCode::F(1));
/// Also works over lists and forms.
pub(super) const SAVE: Key = Key::ctrl('s');

impl HasActions for Panes {
    /// In the order in which the help shows them.
    fn actions(&self, lab: &Lab) -> Vec<Action<Self>> {
        let panes = PaneId::ALL.iter().zip('1'..);
        let mut actions: Vec<Action<Self>> = panes
            .map(|(pane, digit)| {
                Action::of(pane.action(), digit, format!("{} pane", pane.title()))
                    .help(pane.about())
                    .does(|_, lab| lab.show(*pane))
                    .worth(Worth::Elsewhere)
            })
            .collect();
        let parts = self.shown(lab).parts(lab);
        let many = match parts {
            0 | 1 => Worth::Elsewhere,
            _ => Worth::Spare,
        };
        actions.extend([
            Action::of("pane.previous", '[', "previous pane")
                .help("switch to the pane on the left")
                .does(|_, lab| lab.show(lab.pane.step(-1)))
                .worth(Worth::Elsewhere),
            Action::of("pane.next", ']', "next pane")
                .help("switch to the pane on the right")
                .does(|_, lab| lab.show(lab.pane.step(1)))
                .worth(Worth::Elsewhere),
            Action::of("part.next", KeyCode::Tab, "next part")
                .help("move the focus to the next part of the pane")
                .does(|_, lab| lab.step_part(1))
                .blocked_unless(parts > 1, "this pane has only one part")
                .worth(many),
            Action::of("part.previous", KeyCode::BackTab, "previous part")
                .help("move the focus to the previous part of the pane")
                .does(|_, lab| lab.step_part(-1))
                .blocked_unless(parts > 1, "this pane has only one part")
                .worth(Worth::Elsewhere),
            Action::of("part.zoom", 'z', "zoom")
                .help("enlarge the focused part to the full screen, and back")
                .does(|_, lab| lab.zoomed = !lab.zoomed)
                .blocked_unless(
                    parts > 1,
                    "the only part of this pane already fills the screen",
                )
                .worth(many),
            Action::of("step.out", KeyCode::Esc, "back")
                .help("close the list, form, enlarged image or zoom; never quits")
                .does(Panes::back)
                .worth(if lab.zoomed {
                    Worth::Always
                } else {
                    Worth::Elsewhere
                }),
            Action::of("reading.stop", Key::ctrl('x'), "stop reading")
                .help("stop reading the set of the run that is being opened")
                .does(|_, lab| lab.tell(Command::StopReading))
                .blocked_unless(lab.reading.is_some(), "the set of no run is being read")
                .worth(match lab.reading {
                    Some(_) => Worth::First,
                    None => Worth::Elsewhere,
                }),
            Action::of("palette", ':', "palette")
                .help("search all actions by name")
                .does(|panes: &mut Panes, lab| lab.open(palette(panes, lab)))
                .or(Key::ctrl('p'))
                .quiet(),
            Action::of("screen.redraw", Key::ctrl('l'), "redraw")
                .help("redraw the whole screen")
                .does(|_, lab| lab.terminal_wish = Some(TerminalWish::Redraw))
                .worth(Worth::Elsewhere),
            Action::of("screen.mouse", 'M', "mouse")
                .help("turn the mouse off, so that the terminal selects text with it, or on again")
                .does(|_, lab| toggle_mouse(lab))
                .quiet(),
            Action::of("screen.save", SAVE, "save this screen")
                .help("save a picture of the screen as SVG or PNG")
                .does(|_, lab| lab.open(picture::form()))
                .worth(Worth::Elsewhere),
            Action::of("screen.suspend", Key::ctrl('z'), "suspend")
                .help("suspend to the shell; fg returns")
                .does(|_, lab| lab.terminal_wish = Some(TerminalWish::Suspend))
                .worth(Worth::Elsewhere),
            Action::of(HELP_ID, HELP, "help")
                .help("list all keys; type to search, Enter runs the action")
                .does(|panes: &mut Panes, lab| lab.open(help(panes, lab)))
                .or(ALWAYS_HELP)
                .worth(Worth::Always),
            Action::of("quit", 'q', "quit")
                .help("quit; asks first while training or with unsaved work")
                .does(|_, lab| leaving::ask(lab))
                .worth(Worth::Always),
            Action::of("quit.now", Key::ctrl('c'), "quit now")
                .help(
                    "quit without asking; weights are saved, and unsaved work is offered as a \
                draft at the next start",
                )
                .does(|_, lab| lab.quit())
                .worth(Worth::Elsewhere),
        ]);
        actions
    }
}

impl Panes {
    /// Closes what the pane has open, then the zoom.
    fn back(&mut self, lab: &mut Lab) {
        if self.shown_mut(lab).act(Wish::Key(Key::ESCAPE), lab) {
            // The pane took the step.
        } else if lab.zoomed {
            lab.zoomed = false;
        } else {
            lab.inform("Nothing to close; q quits.");
        }
    }
}

fn toggle_mouse(lab: &mut Lab) {
    lab.mouse = !lab.mouse;
    lab.inform(match lab.mouse {
        true => "Mouse on: it clicks, draws and scrolls.",
        false => "Mouse off: the terminal selects text with it. M turns it on.",
    });
}

fn help(panes: &Panes, lab: &Lab) -> List {
    list("Help", panes, lab, true)
        .size(100, Some(u16::MAX))
        .arranged(Arrangement::Headings)
}

/// Whether the key opens the help of an overlay: `?` does unless text is being typed.
pub(super) fn asks_help(overlay: &dyn Overlay, key: Key) -> bool {
    key == ALWAYS_HELP || (key == HELP && !overlay.is_typing())
}

/// The help key while an overlay is open, unless that is the help itself.
pub(super) fn help_label(lab: &Lab, panes: &Panes) -> Option<Label> {
    let overlay = lab.overlay.as_deref().filter(|_| !lab.is_covered())?;
    let mut labels = panes.labels(lab).into_iter();
    let mut label = labels.find(|label| label.id == HELP_ID)?;
    if overlay.is_typing() {
        label.keys = ALWAYS_HELP.to_string();
    }
    Some(label)
}

/// Opens the help of an overlay: its actions, and the keys that edit its text. If it is open, closes it.
pub(super) fn help_over(lab: &mut Lab) {
    if lab.is_covered() {
        lab.over(|_, lab| lab.close());
        return;
    }
    let Some(overlay) = lab.overlay.as_deref() else {
        return;
    };
    let labels = overlay.labels(lab);
    let is_free = |key: &&Key| !labels.iter().any(|label| label.all_keys.contains(*key));
    let mut line_keys = Vec::new();
    for (keys, _, help) in LINE_KEYS.iter().filter(|_| overlay.is_typing()) {
        let Some(key) = keys.iter().find(is_free) else {
            continue;
        };
        let refusal = "press the key in the text".to_owned();
        line_keys.push(Entry {
            group: "In the text",
            keys: key.to_string(),
            ..Entry::new("", *help, |_| {}).refused(Some(refusal))
        });
    }
    let here = labels.into_iter().map(|label| {
        let id = label.id;
        entry("Here", label, move |lab| {
            lab.then(move |_: &mut Panes, lab| {
                lab.over(|overlay, lab| overlay.act(Wish::Id(id), lab));
            });
        })
    });
    let entries: Vec<Entry> = here.chain(line_keys).collect();
    // With frame, search line, headings and the description below.
    let rows = entries.len() as u16 + 12;
    let list = List::new("Help", move |_| entries.clone()).verb("run");
    lab.cover(list.size(100, Some(rows)).arranged(Arrangement::Headings));
}

fn palette(panes: &Panes, lab: &Lab) -> List {
    list("Palette", panes, lab, false)
        .hint("type part of an action's name")
        .size(96, Some(24))
        .arranged(Arrangement::Keys)
}

/// The actions of the shown pane first, then those that work everywhere, then the other panes'. With `moves`, also actions with several keys
/// that differ in what they do.
fn list(title: &'static str, panes: &Panes, lab: &Lab, moves: bool) -> List {
    let mut entries = Vec::new();
    let mut add = |group, pane, labels: Vec<Label>| {
        let labels = labels.into_iter().filter(|label| moves || label.is_one);
        entries.extend(labels.map(|label| {
            let id = label.id;
            entry(group, label, move |lab| {
                lab.then(move |panes: &mut Panes, lab| {
                    lab.show(pane);
                    panes.act(Wish::Id(id), lab);
                });
            })
        }));
    };
    let shown = panes.shown(lab);
    let here = shown.labels(lab);
    // What the pane's own keys do is listed there.
    let first = |label: &Label| label.all_keys.first().copied();
    let taken: Vec<Key> = here.iter().filter_map(first).collect();
    let is_taken = |label: &Label| label.all_keys.iter().all(|key| taken.contains(key));
    let everywhere = panes.labels(lab).into_iter();
    let everywhere = everywhere.filter(|label| !is_taken(label)).collect();
    add(lab.pane.title(), lab.pane, here);
    add("Everywhere", lab.pane, everywhere);
    let others = || panes.iter().filter(|(id, _)| *id != lab.pane);
    for (id, pane) in others() {
        add(id.title(), id, pane.labels(lab));
    }
    if moves {
        let others = others().map(|(_, pane)| pane);
        let panes = std::iter::once(shown).chain(others);
        entries.extend(panes.flat_map(|pane| pane.glosses().iter().map(gloss)));
    }
    List::new(title, move |_| entries.clone()).verb("run")
}

/// The meaning of a term on the screen; choosing it shows the meaning in the status line.
fn gloss((word, meaning): &Gloss) -> Entry {
    let says = format!("{word}: {meaning}.");
    Entry {
        group: "Terms",
        ..Entry::new(*word, *meaning, move |lab| lab.inform(says.clone()))
    }
}

fn entry(group: &'static str, label: Label, perform: impl Fn(&mut Lab) + 'static) -> Entry {
    let keys = label.help_keys();
    let entry = match label.is_one {
        true => Entry::new(label.name, label.help, perform),
        // Which of its keys is meant, a list cannot know.
        false => {
            let advice = format!("{}: press one of the keys {}.", label.name, label.keys);
            Entry::new(label.name, label.help, move |lab| {
                lab.inform(advice.clone())
            })
        }
    };
    Entry {
        group,
        keys,
        ..entry.refused(label.blocked)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Interface;
    use super::super::testing::{enter, escape, keys, loaded, press};
    use super::*;
    use std::any::{Any, TypeId};
    use std::collections::HashSet;

    #[test]
    fn a_key_that_the_pane_uses_is_listed_once() {
        let mut interface = loaded();
        for (pane, name) in [("1", "sets/classes"), ("2", "next part")] {
            keys(&mut interface, pane);
            let (lab, panes) = (&interface.lab, &interface.panes);
            let all = list("Palette", panes, lab, false).matching(lab);
            let groups = [lab.pane.title(), "Everywhere"];
            let of_tab = all
                .iter()
                .filter(|entry| entry.keys == "Tab" && groups.contains(&entry.group));
            let names: Vec<&str> = of_tab.map(|entry| entry.name.as_str()).collect();
            assert_eq!(names, [name], "pane {pane}");
        }
    }

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

    /// What is open: its type, and what can be done in it.
    fn open(interface: &Interface) -> Option<(TypeId, Vec<&'static str>)> {
        let overlay = interface.lab.overlay.as_deref()?;
        let ids = overlay.labels(&interface.lab).into_iter();
        Some((
            (overlay as &dyn Any).type_id(),
            ids.map(|label| label.id).collect(),
        ))
    }

    #[test]
    fn help_opens_over_whatever_is_open_and_leads_back_to_it() {
        let states = [
            ("3a", true),
            ("3e", true),
            ("3p", true),
            ("1o", true),
            ("2/", true),
            (":", true),
            ("4e", true),
            ("3s", false),
            ("3t", false),
            ("3px", false),
            ("1ox", false),
        ];
        for (state, is_asked_by_a_letter) in states {
            for (key, opens) in [(ALWAYS_HELP, true), (HELP, is_asked_by_a_letter)] {
                let mut interface = loaded();
                keys(&mut interface, state);
                let before = open(&interface);
                assert!(before.is_some(), "{state}");
                press(&mut interface, key);
                assert_eq!(interface.lab.is_covered(), opens, "{state} {key}");
                if opens {
                    // Its key closes it, and so does Esc.
                    press(&mut interface, key);
                    assert_eq!(open(&interface), before, "{state} {key}");
                    press(&mut interface, key);
                    escape(&mut interface);
                }
                assert_eq!(open(&interface), before, "{state} {key}");
            }
        }
    }

    #[test]
    fn help_does_what_is_chosen_in_what_it_covers() {
        let mut interface = loaded();
        keys(&mut interface, "3a");
        press(&mut interface, HELP);
        keys(&mut interface, "search");
        enter(&mut interface);
        assert!(!interface.lab.is_covered());
        let ids = open(&interface).unwrap().1;
        assert!(!ids.contains(&"palette.search"), "it searches: {ids:?}");

        // A text that is being written is not lost.
        let mut interface = loaded();
        keys(&mut interface, "3tx");
        press(&mut interface, ALWAYS_HELP);
        assert!(interface.lab.unsaved().text.is_some());
    }
}
