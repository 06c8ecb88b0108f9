//! What can be done to the network, in the order of the key line.

use crossterm::event::KeyCode;

use super::{LayerPalette, NetworkPane, Side, layer_form, presets};
use crate::lab::{Action, HasActions, Lab};
use crate::network::{Edit, NetworkSpec};
use crate::overlays::ask_reset;
use crate::ui::Key;
use crate::ui::keys::PAGE;

impl HasActions for NetworkPane {
    fn actions(&self, lab: &Lab) -> Vec<Action<Self>> {
        let mend = lab.mend_plan().map(|plan| {
            let help = "do the known mend of the first thing that does not fit";
            Action::of("network.mend", 'f', &plan.name)
                .help(help)
                .does(|_, lab| lab.mend())
                .first()
        });
        // Where something does not fit, that is what the person looks for.
        let mut actions = vec![mend.unwrap_or_else(|| fit_to_data(lab))];
        actions.extend(edits(lab));
        actions
    }
}

fn edits(lab: &Lab) -> [Action<NetworkPane>; 17] {
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
    let is_frozen = at < lab.frozen_layers();
    let (undo, redo) = (lab.history.undo_name(), lab.history.redo_name());
    [
        Action::of("network.add", 'a', "add")
            .help("add a layer after the cursor, from the palette of layers")
            .does(|_, lab| lab.open(LayerPalette::new(Side::After)))
            .first(),
        Action::of("network.edit", 'e', "edit")
            .help("edit the layer's settings; every key shows what becomes of the network")
            .does(|_, lab| edit_layer(lab))
            .blocked_by(no_layer.clone().or(no_settings))
            .first(),
        Action::of("network.delete", 'd', "delete")
            .help("take the layer out")
            .does(|_, lab| edit(lab, Edit::delete))
            .or(KeyCode::Delete)
            .blocked_by(no_layer.clone())
            .first(),
        Action::of("network.undo", 'u', "undo")
            .help(format!(
                "take the last change back: {}",
                undo.unwrap_or("there is none")
            ))
            .does(|_, lab| {
                if let Some(name) = lab.undo() {
                    lab.inform(format!("Taken back: {name}"));
                }
            })
            .blocked_unless(undo.is_some(), "there is nothing to take back")
            .first(),
        Action::of("network.text", 't', "text")
            .help("edit the network as text, checked as you type")
            .does(|pane: &mut NetworkPane, lab| pane.open_text(lab, None)),
        Action::of("network.choose", 'p', "networks")
            .help("choose a network, the program's or your own, with a preview of each")
            .does(|_, lab| lab.open(presets::list(lab)))
            .or('/')
            .first(),
        Action::of("network.activations", KeyCode::Enter, "activations")
            .help("look at what the layer under the cursor makes of an image")
            .does(|_, lab| lab.look_at_layer(lab.cursors.layer))
            .blocked_by(no_layer.clone()),
        Action::cursor(
            "network.move",
            "↑↓",
            "move",
            "go from layer to layer",
            |_, lab, motion| {
                let layers = lab.summary.layers.len();
                lab.cursors.layer = motion.along(lab.cursors.layer, layers, PAGE);
            },
        )
        .quiet(),
        Action::of("network.insert", 'i', "insert before")
            .help("insert a layer before the cursor, from the palette of layers")
            .does(|_, lab| lab.open(LayerPalette::new(Side::Before))),
        Action::of("network.move_down", 'J', "move down")
            .help("move the layer one place down")
            .does(|_, lab| edit(lab, Edit::move_down))
            .blocked_by(at_end(at + 1 >= count, "last")),
        Action::of("network.move_up", 'K', "move up")
            .help("move the layer one place up")
            .does(|_, lab| edit(lab, Edit::move_up))
            .blocked_by(at_end(at == 0, "first")),
        Action::of("network.duplicate", 'y', "duplicate")
            .help("put a copy of the layer behind it")
            .does(|_, lab| edit(lab, Edit::duplicate))
            .blocked_by(no_layer.clone()),
        Action::of("network.redo", Key::ctrl('r'), "redo")
            .help(format!(
                "do the change again that was taken back: {}",
                redo.unwrap_or("there is none")
            ))
            .does(|_: &mut NetworkPane, lab| {
                if let Some(name) = lab.redo() {
                    lab.inform(format!("Done again: {name}"));
                }
            })
            .blocked_unless(redo.is_some(), "there is nothing to do again"),
        Action::of("network.new", 'n', "new network")
            .help("start over without a layer; undo brings the network back")
            .does(|_, lab| lab.new_network()),
        Action::of("network.save", 's', "save")
            .help("save the network and its training under a name, among your own presets")
            .does(NetworkPane::ask_name)
            .first(),
        Action::of("network.reset", 'R', "reset weights")
            .help("forget the run's weights, so that the next training starts afresh with the layers on the screen; asks first")
            .does(|_, lab| ask_reset(true, lab))
            .blocked_by(match &lab.run {
                _ if lab.is_training() => {
                    Some("a training is under way: stop it first, on the Train pane".to_owned())
                }
                Some(_) => None,
                None => Some("nothing is trained yet, so the weights are fresh".to_owned()),
            }),
        Action::of("network.freeze", 'F', if is_frozen { "thaw" } else { "freeze" })
            .help(
                "freeze the layers up to the cursor, so that the next training leaves their weights as they come; on a frozen layer, thaw \
                it and those behind it",
            )
            .does(|_, lab| {
                let told = lab.toggle_frozen(lab.cursors.layer);
                match told {
                    Ok(told) => lab.inform(told),
                    Err(why) => lab.refuse(why),
                }
            })
            .blocked_by(no_layer.or_else(|| lab.recipe_blocked())),
    ]
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
    Action::of("network.fit", 'f', "fit to the data")
        .help("give the network the image shape and the classes of the chosen set")
        .does(|_, lab| lab.fit_to_data())
        .blocked_by(blocked)
}
