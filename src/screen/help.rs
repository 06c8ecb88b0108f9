//! Help and palette: every action of every pane, searched by typing and done by Enter.

use super::Panes;
use crate::lab::{Acts, Lab, Label, PaneId, Wish};
use crate::overlays::{Arrangement, Entry, List};

pub(super) fn help(panes: &Panes, lab: &Lab) -> List {
    list("Help", panes, lab, true)
        .size(100, Some(u16::MAX))
        .arranged(Arrangement::Headings)
}

pub(super) fn palette(panes: &Panes, lab: &Lab) -> List {
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
    let here = panes.shown(lab).labels(lab);
    add(lab.pane.title(), lab.pane, here);
    add("Everywhere", lab.pane, panes.labels(lab));
    for (id, pane) in panes.iter().filter(|(id, _)| *id != lab.pane) {
        add(id.title(), id, pane.labels(lab));
    }
    List::new(title, move |_| entries.clone()).verb("do it")
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
        for state in ["", "3", "5d", "6"] {
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
