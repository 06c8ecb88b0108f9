//! The actions on the network, in the order of the key line.

use crossterm::event::KeyCode;

use super::{LayerPalette, NetworkPane, Side, layer_form, presets, wrap};
use crate::lab::{Action, HasActions, Lab};
use crate::network::{Edit, NetworkSpec};
use crate::overlays::ask_reset;
use crate::ui::Key;
use crate::ui::keys::PAGE;

impl HasActions for NetworkPane {
    fn actions(&self, lab: &Lab) -> Vec<Action<Self>> {
        let mend = lab.mend_plan().map(|plan| {
            let help = "apply the suggested fix for the first layer that does not fit";
            Action::of("network.mend", 'f', &plan.name)
                .help(help)
                .does(|_, lab| lab.mend())
                .first()
        });
        // Where something does not fit, its fix comes first.
        let mut actions = vec![mend.unwrap_or_else(|| fit_to_data(lab))];
        actions.extend(edits(lab));
        actions
    }
}

fn edits(lab: &Lab) -> [Action<NetworkPane>; 21] {
    let count = lab.preset.layers.len();
    let at = lab.cursors.layer;
    let row = lab.summary.row_of(at);
    let name = row.map_or("", |layer| layer.name.as_str());
    let no_layer =
        (count == 0).then(|| "the network has no layers yet: press a to add one".to_owned());
    let layer = lab.preset.layers.get(at);
    let no_settings = layer
        .filter(|layer| layer.kind().fields.is_empty())
        .map(|_| format!("{name} has no settings"));
    let at_end = |is_end: bool, end: &str| {
        let reason = is_end.then(|| format!("{name} is already the {end} layer"));
        no_layer.clone().or(reason)
    };
    let number = lab.summary.layer_at(at);
    let is_frozen = number.is_some_and(|number| number < lab.frozen_layers());
    let (undo, redo) = (lab.history.undo_name(), lab.history.redo_name());
    [
        Action::of("network.add", 'a', "add")
            .help("add a layer after the cursor, from the palette of layers")
            .does(|_, lab| lab.open(LayerPalette::new(Side::After)))
            .first(),
        Action::of("network.edit", 'e', "edit")
            .help("edit the layer's settings, with a live preview of the network")
            .does(|_, lab| edit_layer(lab))
            .blocked_by(no_layer.clone().or(no_settings))
            .first(),
        Action::of("network.delete", 'd', "delete")
            .help("delete the layer")
            .does(|_, lab| edit(lab, Edit::delete))
            .or(KeyCode::Delete)
            .blocked_by(no_layer.clone())
            .first(),
        Action::of("network.undo", 'u', "undo")
            .help(format!(
                "undo the last change: {}",
                undo.unwrap_or("none")
            ))
            .does(|_, lab| {
                if let Some(name) = lab.undo() {
                    lab.inform(format!("Undone: {name}"));
                }
            })
            .blocked_unless(undo.is_some(), "nothing to undo")
            .first(),
        Action::of("network.text", 't', "text")
            .help("edit the network as text, checked as you type")
            .does(|pane: &mut NetworkPane, lab| pane.open_text(lab, None)),
        Action::of("network.choose", 'p', "networks")
            .help("choose a built-in network or one of your own, with a preview")
            .does(|_, lab| lab.open(presets::list(lab)))
            .or('/')
            .first(),
        Action::of("network.activations", KeyCode::Enter, "activations")
            .help("show the feature maps of the layer under the cursor")
            .does(|_, lab| {
                if let Some(layer) = lab.summary.layer_at(lab.cursors.layer) {
                    lab.look_at_layer(layer);
                }
            })
            .blocked_by(no_layer.clone()),
        Action::cursor(
            "network.move",
            "↑↓",
            "move",
            "move from layer to layer",
            |_, lab, motion| {
                let layers = lab.preset.layers.len();
                lab.cursors.layer = motion.along(lab.cursors.layer, layers, PAGE);
            },
        )
        .quiet(),
        Action::of("network.insert", 'i', "insert before")
            .help("insert a layer before the cursor, from the palette of layers")
            .does(|_, lab| lab.open(LayerPalette::new(Side::Before))),
        Action::of("network.move_down", 'J', "move down")
            .help("move the layer down")
            .does(|_, lab| edit(lab, Edit::move_down))
            .blocked_by(at_end(at + 1 >= count, "last")),
        Action::of("network.move_up", 'K', "move up")
            .help("move the layer up")
            .does(|_, lab| edit(lab, Edit::move_up))
            .blocked_by(at_end(at == 0, "first")),
        Action::of("network.duplicate", 'y', "duplicate")
            .help("insert a copy of the layer after it")
            .does(|_, lab| edit(lab, Edit::duplicate))
            .blocked_by(no_layer.clone()),
        Action::of("network.mark", ' ', "mark rows")
            .help("mark rows from here to the cursor, to wrap them; again, mark none")
            .does(|pane: &mut NetworkPane, lab| {
                pane.marked = match pane.marked {
                    None => Some(lab.cursors.layer),
                    Some(_) => None,
                };
            })
            .blocked_by(no_layer.clone())
            .quiet(),
        Action::of("network.wrap", 'w', "wrap in a block")
            .help("make a block of the marked rows or of the one under the cursor: residual, or branches beside it")
            .does(|pane: &mut NetworkPane, lab| {
                let lines = pane.chosen(lab);
                pane.marked = None;
                wrap::ask(lines, lab);
            })
            .blocked_by(no_layer.clone())
            .quiet(),
        Action::of("network.unwrap", 'W', "unwrap the block")
            .help("replace the block that begins or ends here by its layers, one path after the other")
            .does(|_, lab| edit(lab, Edit::unwrap))
            .blocked_by(no_layer.clone())
            .quiet(),
        Action::of("network.add_path", '+', "add a path")
            .help("add a path to the branches around the cursor; without layers it passes its input on")
            .does(|_, lab| edit(lab, Edit::add_path))
            .blocked_by(no_layer.clone())
            .quiet(),
        Action::of("network.redo", Key::ctrl('r'), "redo")
            .help(format!(
                "redo the last undone change: {}",
                redo.unwrap_or("none")
            ))
            .does(|_: &mut NetworkPane, lab| {
                if let Some(name) = lab.redo() {
                    lab.inform(format!("Redone: {name}"));
                }
            })
            .blocked_unless(redo.is_some(), "nothing to redo"),
        Action::of("network.new", 'n', "new network")
            .help("start a new network without layers; undo restores the current one")
            .does(|_, lab| lab.new_network()),
        Action::of("network.save", 's', "save")
            .help("save the network and its training settings as a preset of your own")
            .does(NetworkPane::ask_name)
            .first(),
        Action::of("network.reset", 'R', "reset weights")
            .help("reset to initial weights for the next run and keep the layers; asks first")
            .does(|_, lab| ask_reset(true, lab))
            .blocked_by(match &lab.run {
                _ if lab.is_training() => {
                    Some("a run is in progress: stop it on the Train pane first".to_owned())
                }
                Some(_) => None,
                None => Some("nothing is trained yet: the weights are the initial ones".to_owned()),
            }),
        Action::of("network.freeze", 'F', if is_frozen { "unfreeze" } else { "freeze" })
            .help(
                "freeze the layers up to the cursor: the next run does not change their weights; on a frozen layer, unfreeze it and \
                those after it",
            )
            .does(|_, lab| {
                let Some(layer) = lab.summary.layer_at(lab.cursors.layer) else {
                    return;
                };
                match lab.toggle_frozen(layer) {
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
        None => Some("no data set is loaded".to_owned()),
        Some(set) => {
            let fits = set.shape == lab.preset.input && set.class_names.len() == lab.preset.classes;
            fits.then(|| "the network's input and classes already match the set".to_owned())
        }
    };
    Action::of("network.fit", 'f', "fit to the data")
        .help("set the network's input shape and classes to those of the chosen set")
        .does(|_, lab| lab.fit_to_data())
        .blocked_by(blocked)
}
