//! What can be done to the network, in the order of the key line.

use crossterm::event::KeyCode;

use super::{LayerPalette, NetworkPane, Side, layer_form, presets};
use crate::lab::{Action, HasActions, Lab};
use crate::network::{Edit, NetworkSpec};
use crate::ui::Key;
use crate::ui::keys::{CURSOR_HELP, CURSOR_KEYS};

/// Layers that Page up and Page down skip.
const PAGE: usize = 10;

impl HasActions for NetworkPane {
    fn actions(&self, lab: &Lab) -> Vec<Action<Self>> {
        let mend = lab.mend_plan().map(|plan| {
            let help = "do the known mend of the first thing that does not fit";
            action("network.mend", 'f', &plan.name, help, Lab::mend)
        });
        // First where something does not fit: that is what the person looks for.
        let (first, last) = match mend {
            Some(mend) => (Some(mend), None),
            None => (None, Some(fit_to_data(lab))),
        };
        let mut actions: Vec<_> = first.into_iter().collect();
        actions.extend(edits(lab));
        actions.extend(last);
        actions
    }
}

fn edits(lab: &Lab) -> [Action<NetworkPane>; 16] {
    let count = lab.preset.layers.len();
    let at = lab.cursors.layer;
    let layer = lab.summary.layers.get(at);
    let name = layer.map_or("", |layer| layer.name.as_str());
    let no_layer = (count == 0).then(|| "the network has no layer yet: a adds one".to_owned());
    let layer = lab.preset.layers.get(at);
    let no_settings = layer
        .filter(|layer| layer.kind().fields.is_empty())
        .map(|_| format!("{name} has no settings"));
    let at_end = |is_end: bool, end: &str| {
        let reason = is_end.then(|| format!("{name} is the {end} layer already"));
        no_layer.clone().or(reason)
    };
    let (undo, redo) = (lab.history.undo_name(), lab.history.redo_name());
    [
        action(
            "network.add",
            'a',
            "add",
            "add a layer after the cursor, from the palette of layers",
            |lab| lab.open(LayerPalette::new(Side::After)),
        ),
        action(
            "network.edit",
            'e',
            "edit",
            "edit the layer's settings; every key shows what becomes of the network",
            edit_layer,
        )
        .blocked_by(no_layer.clone().or(no_settings)),
        action(
            "network.delete",
            'd',
            "delete",
            "take the layer out",
            |lab| edit(lab, Edit::delete),
        )
        .or(Key::code(KeyCode::Delete))
        .blocked_by(no_layer.clone()),
        action(
            "network.undo",
            'u',
            "undo",
            &format!(
                "take the last change back: {}",
                undo.unwrap_or("there is none")
            ),
            |lab| {
                if let Some(name) = lab.undo() {
                    lab.inform(format!("Taken back: {name}"));
                }
            },
        )
        .blocked_unless(undo.is_some(), "there is nothing to take back"),
        Action::new(
            "network.text",
            Key::char('t'),
            "text",
            "edit the network as text, checked as you type",
            |pane: &mut NetworkPane, lab| pane.open_text(lab, None),
        ),
        action(
            "network.choose",
            'p',
            "networks",
            "choose a network, the program's or your own, with a preview of each",
            |lab| lab.open(presets::list(lab)),
        )
        .or(Key::char('/')),
        Action::new(
            "network.activations",
            Key::code(KeyCode::Enter),
            "activations",
            "look at what the layer under the cursor makes of an image",
            |_, lab| lab.look_at_layer(lab.cursors.layer),
        )
        .blocked_by(no_layer.clone()),
        Action::moves(
            "network.move",
            ("↑↓", CURSOR_KEYS),
            "move",
            &format!("go from layer to layer {CURSOR_HELP}"),
            |_, lab: &mut Lab, motion| {
                let layers = lab.summary.layers.len();
                lab.cursors.layer = motion.along(lab.cursors.layer, layers, PAGE);
            },
        ),
        action(
            "network.insert",
            'i',
            "insert before",
            "insert a layer before the cursor, from the palette of layers",
            |lab| lab.open(LayerPalette::new(Side::Before)),
        ),
        action(
            "network.move_down",
            'J',
            "move down",
            "move the layer one place down",
            |lab| edit(lab, Edit::move_down),
        )
        .blocked_by(at_end(at + 1 >= count, "last")),
        action(
            "network.move_up",
            'K',
            "move up",
            "move the layer one place up",
            |lab| edit(lab, Edit::move_up),
        )
        .blocked_by(at_end(at == 0, "first")),
        action(
            "network.duplicate",
            'y',
            "duplicate",
            "put a copy of the layer behind it",
            |lab| edit(lab, Edit::duplicate),
        )
        .blocked_by(no_layer.clone()),
        Action::new(
            "network.redo",
            Key::ctrl('r'),
            "redo",
            &format!(
                "do the change again that was taken back: {}",
                redo.unwrap_or("there is none")
            ),
            |_: &mut NetworkPane, lab| {
                if let Some(name) = lab.redo() {
                    lab.inform(format!("Done again: {name}"));
                }
            },
        )
        .blocked_unless(redo.is_some(), "there is nothing to do again"),
        action(
            "network.new",
            'n',
            "new network",
            "start over without a layer; undo brings the network back",
            Lab::new_network,
        ),
        Action::new(
            "network.save",
            Key::char('s'),
            "save as",
            "save the network and its training under a name, among your own presets",
            NetworkPane::ask_name,
        ),
        action(
            "network.reset",
            'R',
            "reset weights",
            "start all weights afresh from the seed, with the layers on the screen",
            Lab::reset_weights,
        )
        .blocked_unless(
            !lab.is_training(),
            "a training is under way: stop it first, on the Train pane",
        ),
    ]
}

/// An action on what all panes share.
fn action(
    id: &'static str,
    key: char,
    name: &str,
    help: &str,
    does: fn(&mut Lab),
) -> Action<NetworkPane> {
    Action::new(id, Key::char(key), name, help, move |_, lab| does(lab))
}

/// Edits the layer under the cursor.
fn edit(lab: &mut Lab, change: fn(&NetworkSpec, usize) -> Result<Edit, String>) {
    lab.edit_network(change(&lab.preset.network(), lab.cursors.layer));
}

fn edit_layer(lab: &mut Lab) {
    let at = lab.cursors.layer;
    if let Some(layer) = lab.preset.layers.get(at) {
        layer_form::open(at, layer.clone(), false, lab);
    }
}

fn fit_to_data(lab: &Lab) -> Action<NetworkPane> {
    let blocked = match lab.chosen_set() {
        None => Some("no data is loaded to fit the network to".to_owned()),
        Some(set) => {
            let fits = set.shape == lab.preset.input && set.class_names.len() == lab.preset.classes;
            fits.then(|| "the network's input and classes are the set's already".to_owned())
        }
    };
    action(
        "network.fit",
        'f',
        "fit to the data",
        "give the network the image shape and the classes of the chosen set",
        Lab::fit_to_data,
    )
    .blocked_by(blocked)
}
