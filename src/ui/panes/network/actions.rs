//! What can be done to the network, in the order of the key line.

use crossterm::event::KeyCode;

use crate::state::{BuilderMessage, Lab, Message, PickerKind, Side};
use crate::ui::action::Action;
use crate::ui::keys::Key;

pub fn actions(lab: &Lab) -> Vec<Action> {
    let count = lab.preset.layers.len();
    let at = lab.cursors.layer;
    let name = lab
        .summary
        .layers
        .get(at)
        .map_or("", |layer| layer.name.as_str());
    let no_layer = (count == 0).then(|| "the network has no layer yet: a adds one".to_owned());
    let no_settings = lab
        .preset
        .layers
        .get(at)
        .filter(|layer| layer.kind().fields.is_empty())
        .map(|_| format!("{name} has no settings"));
    let at_end = |is_end: bool, end: &str| {
        let reason = is_end.then(|| format!("{name} is the {end} layer already"));
        no_layer.clone().or(reason)
    };
    let build = |key, name: &str, help: &str, message| {
        Action::new(key, name, help, Message::Builder(message))
    };
    let nothing = |name: Option<&str>, what: &str| {
        name.is_none()
            .then(|| format!("there is nothing to {what}"))
    };
    let (undo, redo) = (lab.builder.undo_name(), lab.builder.redo_name());

    let mut actions = Vec::new();
    // First where something does not fit: that is what the person looks for.
    actions.extend(lab.mend_plan().map(|plan| {
        build(
            Key::char('f'),
            &plan.name,
            "do the known mend of the first thing that does not fit",
            BuilderMessage::Mend,
        )
    }));
    actions.extend([
        build(
            Key::char('a'),
            "add",
            "add a layer after the cursor, from the palette of layers",
            BuilderMessage::Palette(Side::After),
        ),
        build(
            Key::char('e'),
            "edit",
            "edit the layer's settings; every key shows what becomes of the network",
            BuilderMessage::EditLayer,
        )
        .blocked_by(no_layer.clone().or(no_settings)),
        build(
            Key::char('d'),
            "delete",
            "take the layer out",
            BuilderMessage::Delete,
        )
        .or(Key::code(KeyCode::Delete))
        .blocked_by(no_layer.clone()),
        build(
            Key::char('u'),
            "undo",
            &format!(
                "take the last change back: {}",
                undo.unwrap_or("there is none")
            ),
            BuilderMessage::Undo,
        )
        .blocked_by(nothing(undo, "take back")),
        build(
            Key::char('t'),
            "text",
            "edit the network as text, checked as you type",
            BuilderMessage::OpenText,
        ),
        Action::new(
            Key::char('p'),
            "networks",
            "choose a network, the program's or your own, with a preview of each",
            Message::Pick(PickerKind::Preset),
        )
        .or(Key::char('/')),
        Action::new(
            Key::code(KeyCode::Enter),
            "activations",
            "look at what the layer under the cursor makes of an image",
            Message::Enter,
        )
        .blocked_by(no_layer.clone()),
        Action::moves("↑↓", "move", "go from layer to layer"),
        build(
            Key::char('i'),
            "insert before",
            "insert a layer before the cursor, from the palette of layers",
            BuilderMessage::Palette(Side::Before),
        ),
        build(
            Key::char('J'),
            "move down",
            "move the layer one place down",
            BuilderMessage::MoveDown,
        )
        .blocked_by(at_end(at + 1 >= count, "last")),
        build(
            Key::char('K'),
            "move up",
            "move the layer one place up",
            BuilderMessage::MoveUp,
        )
        .blocked_by(at_end(at == 0, "first")),
        build(
            Key::char('y'),
            "duplicate",
            "put a copy of the layer behind it",
            BuilderMessage::Duplicate,
        )
        .blocked_by(no_layer),
        build(
            Key::ctrl('r'),
            "redo",
            &format!(
                "do the change again that was taken back: {}",
                redo.unwrap_or("there is none")
            ),
            BuilderMessage::Redo,
        )
        .blocked_by(nothing(redo, "do again")),
        build(
            Key::char('n'),
            "new network",
            "start over without a layer; undo brings the network back",
            BuilderMessage::NewNetwork,
        ),
        build(
            Key::char('s'),
            "save as",
            "save the network and its training under a name, among your own presets",
            BuilderMessage::AskName,
        ),
        build(
            Key::char('R'),
            "reset weights",
            "start all weights afresh from the seed, with the layers on the screen",
            BuilderMessage::ResetWeights,
        )
        .blocked_by(
            lab.is_training()
                .then(|| "a training is under way: stop it first, on the Train pane".to_owned()),
        ),
    ]);
    if lab.mend_plan().is_none() {
        actions.push(fit_to_data(lab));
    }
    actions
}

fn fit_to_data(lab: &Lab) -> Action {
    let blocked = match lab.chosen_set() {
        None => Some("no data is loaded to fit the network to".to_owned()),
        Some(set) => {
            let fits = set.shape == lab.preset.input && set.class_names.len() == lab.preset.classes;
            fits.then(|| "the network's input and classes are the set's already".to_owned())
        }
    };
    Action::new(
        Key::char('f'),
        "fit to the data",
        "give the network the image shape and the classes of the chosen set",
        Message::FitToData,
    )
    .blocked_by(blocked)
}
