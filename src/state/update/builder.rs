//! Edits of the network.

use std::sync::Arc;

use super::super::builder::{
    BuilderMessage, LayerDraft, LayerForm, LayerPalette, NetworkText, SaveForm, Scope, Side,
};
use super::super::lab::{Lab, Notice};
use super::super::line_input::LineInput;
use super::super::overlay::Overlay;
use crate::layers::LAYERS;
use crate::network::{EditProblem, LayerSpec, NetworkEditor, NetworkSpec, NetworkSummary};
use crate::training::{BUILT_IN, Preset, plain_name};
use crate::worker::{Command, SaveRequest};

pub(super) fn apply(lab: &mut Lab, message: BuilderMessage, commands: &mut Vec<Command>) {
    let at = lab.cursors.layer;
    match message {
        BuilderMessage::Palette(side) => {
            lab.overlay = Some(Overlay::Layers(LayerPalette::new(side)));
        }
        BuilderMessage::FilterPalette => {
            if let Some(Overlay::Layers(palette)) = &mut lab.overlay {
                palette.filter = Some(LineInput::default());
                palette.cursor = 0;
            }
        }
        BuilderMessage::PaletteAt(cursor) => {
            if let Some(Overlay::Layers(palette)) = &mut lab.overlay {
                palette.cursor = cursor;
            }
        }
        BuilderMessage::Take(position) => take(lab, position),
        BuilderMessage::EditLayer => {
            if let Some(layer) = lab.preset.layers.get(at) {
                let draft = LayerDraft::new(lab.preset.network(), at, layer.clone(), false);
                lab.overlay = Some(Overlay::Layer(Box::new(LayerForm::new(draft))));
            }
        }
        BuilderMessage::Delete => {
            edit(lab, |editor| editor.delete(at));
        }
        BuilderMessage::MoveUp => {
            if edit(lab, |editor| editor.move_up(at)) {
                lab.cursors.layer = at.saturating_sub(1);
            }
        }
        BuilderMessage::MoveDown => {
            if edit(lab, |editor| editor.move_down(at)) {
                lab.cursors.layer = at + 1;
            }
        }
        BuilderMessage::Duplicate => {
            if edit(lab, |editor| editor.duplicate(at)) {
                lab.cursors.layer = at + 1;
            }
        }
        BuilderMessage::Undo => match lab.undo() {
            Some(name) => lab.say(Notice::Information, format!("Taken back: {name}")),
            None => lab.say(Notice::Refusal, "There is nothing to take back."),
        },
        BuilderMessage::Redo => match lab.redo() {
            Some(name) => lab.say(Notice::Information, format!("Done again: {name}")),
            None => lab.say(Notice::Refusal, "There is nothing to do again."),
        },
        BuilderMessage::NewNetwork => new_network(lab),
        BuilderMessage::Mend => mend(lab),
        BuilderMessage::ResetWeights => reset_weights(lab, commands),
        BuilderMessage::OpenText => {
            let text = NetworkText::new(&lab.preset_text());
            lab.overlay = Some(Overlay::Text(Box::new(text)));
        }
        BuilderMessage::TextTyped { lines, cursor } => {
            if let Some(Overlay::Text(text)) = &mut lab.overlay {
                text.type_in(lines, cursor);
            }
        }
        BuilderMessage::UndoText => {
            if let Some(Overlay::Text(text)) = &mut lab.overlay {
                text.undo();
            }
        }
        BuilderMessage::RedoText => {
            if let Some(Overlay::Text(text)) = &mut lab.overlay {
                text.redo();
            }
        }
        BuilderMessage::AskName => ask_name(lab, commands),
    }
}

/// Asks for the name to save the preset under.
pub(super) fn ask_name(lab: &mut Lab, commands: &mut Vec<Command>) {
    commands.push(Command::ListPresets);
    lab.overlay = Some(Overlay::SaveAs(SaveForm {
        input: LineInput::new(lab.preset.name.clone()),
        problem: None,
        replaces: None,
    }));
}

/// Does one edit; says why where it cannot be done.
fn edit(lab: &mut Lab, change: impl FnOnce(&mut NetworkEditor) -> Result<(), EditProblem>) -> bool {
    let mut editor = lab.editor();
    match change(&mut editor) {
        Ok(()) => {
            if let Some(name) = editor.undo_name() {
                lab.record_network(name.to_owned(), editor.spec());
            }
            true
        }
        Err(problem) => {
            lab.say(Notice::Refusal, problem.to_string());
            false
        }
    }
}

/// Takes a layer from the palette: one with settings opens its form first.
fn take(lab: &mut Lab, position: usize) {
    let Some(Overlay::Layers(palette)) = lab.overlay.take() else {
        return;
    };
    let Some(kind) = LAYERS.get(position) else {
        return;
    };
    let count = lab.preset.layers.len();
    let index = match palette.side {
        Side::Before => lab.cursors.layer.min(count),
        Side::After => (lab.cursors.layer + 1).min(count),
    };
    let layer = LayerSpec::with_defaults(kind);
    if kind.fields.is_empty() {
        insert(lab, index, layer);
    } else {
        let draft = LayerDraft::new(lab.preset.network(), index, layer, true);
        lab.overlay = Some(Overlay::Layer(Box::new(LayerForm::new(draft))));
    }
}

fn insert(lab: &mut Lab, index: usize, layer: LayerSpec) {
    if edit(lab, |editor| editor.insert(index, layer)) {
        lab.cursors.layer = index;
    }
}

/// Takes what the open form, text or name says.
pub(super) fn accept(lab: &mut Lab, commands: &mut Vec<Command>) {
    match lab.overlay.take() {
        Some(Overlay::Layer(form)) => {
            if let Some(problem) = form.refusal() {
                lab.overlay = Some(Overlay::Layer(form));
                return lab.say(Notice::Refusal, problem);
            }
            let LayerDraft {
                index,
                is_new,
                layer,
                ..
            } = form.draft;
            if is_new {
                insert(lab, index, layer);
            } else {
                edit(lab, |editor| editor.set_layer(index, layer));
            }
        }
        Some(Overlay::Text(text)) => match &text.reading {
            Ok(reading) => {
                let source = Some(Arc::from(text.text()));
                let preset = reading.preset.clone();
                if text.text().trim_end() != lab.preset_text().trim_end() {
                    lab.record("edit the text".to_owned(), Scope::Preset, preset, source);
                }
            }
            Err(fault) => {
                let reason = format!("Not taken: {}", fault.reason);
                lab.overlay = Some(Overlay::Text(text));
                lab.say(Notice::Refusal, reason);
            }
        },
        Some(Overlay::SaveAs(form)) => save(lab, form, commands),
        other => lab.overlay = other,
    }
}

/// Saves the preset; one of the person's own is replaced only when Enter comes twice.
fn save(lab: &mut Lab, mut form: SaveForm, commands: &mut Vec<Command>) {
    let name = form.input.text().trim().to_owned();
    if BUILT_IN.iter().any(|(known, _)| *known == name) {
        form.problem = Some(format!(
            "{name} is one of the program's presets: choose another name."
        ));
        lab.overlay = Some(Overlay::SaveAs(form));
        return;
    }
    let mut own = lab.builder.own_presets.iter();
    let exists = own.any(|preset| preset.name == name);
    if exists && form.replaces.as_ref() != Some(&name) {
        form.problem = Some(format!(
            "There is a preset {name} of yours already: Enter again replaces it."
        ));
        form.replaces = Some(name);
        lab.overlay = Some(Overlay::SaveAs(form));
        return;
    }
    let preset = lab.preset_to_save();
    commands.push(Command::SavePreset(SaveRequest {
        text: lab.text_of(&preset),
        replace: exists,
        name,
    }));
    lab.saving_version(preset);
}

/// Takes the name that the preset was saved under; what was saved carries it from now on.
pub(super) fn saved(lab: &mut Lab, name: &str) {
    let saved = lab.saved_version(name);
    let network = NetworkSpec {
        name: name.to_owned(),
        ..lab.preset.network()
    };
    lab.record_network(format!("call it {name}"), &network);
    if let Some(saved) = saved {
        lab.preset.description.clone_from(&saved.description);
        lab.preset.expect = saved.expect;
        lab.builder.set_original(Some(saved));
    }
}

fn new_network(lab: &mut Lab) {
    let mut editor = lab.editor();
    editor.new_network("new");
    let network = editor.spec();
    let preset = Preset {
        name: network.name.clone(),
        description: String::new(),
        layers: network.layers.clone(),
        expect: None,
        ..lab.preset.clone()
    };
    lab.record("new network".to_owned(), Scope::Another, preset, None);
    // Nothing else is called so.
    lab.builder.set_original(None);
    lab.cursors.layer = 0;
    lab.say(
        Notice::Information,
        "A new network: a adds its first layer, u brings the old one back.",
    );
}

fn mend(lab: &mut Lab) {
    let mut editor = lab.editor();
    if let Some(plan) = editor.mend() {
        lab.record_network(plan.name.clone(), editor.spec());
        lab.cursors.layer = plan.index;
        clamp(lab);
        lab.say(Notice::Information, format!("Mended: {}", plan.name));
    }
}

fn reset_weights(lab: &mut Lab, commands: &mut Vec<Command>) {
    commands.push(Command::ResetWeights);
    if let Some(run) = &mut lab.run {
        run.weights_reset = true;
    }
    lab.activations.forget();
    lab.explaining.forget();
    lab.say(
        Notice::Information,
        format!(
            "All weights start afresh from seed {}, with the layers on the screen.",
            lab.preset.seed
        ),
    );
}

/// Takes the preset at this position of the list.
pub(super) fn choose_preset(lab: &mut Lab, position: usize) {
    let Some((name, text)) = lab.listed_preset(position) else {
        return;
    };
    match Preset::parse(text, name) {
        Ok(preset) => {
            let (name, source) = (name.to_owned(), Arc::from(text));
            lab.record(format!("load {name}"), Scope::Another, preset, Some(source));
            lab.know_version();
            lab.say(Notice::Information, format!("Network: {name}"));
        }
        Err(error) => lab.say(Notice::Error, error.to_string()),
    }
}

/// Takes the preset of a run that was opened.
pub(super) fn record_opened(lab: &mut Lab, mut preset: Preset) {
    let name = format!("open a run of {}", preset.name);
    let plain = plain_name(&preset.name).to_owned();
    if Preset::built_in(&plain).is_some() {
        // Whether it is edited is told by comparison from now on.
        preset.name = plain;
    }
    lab.record(name, Scope::Another, preset, None);
    lab.know_version();
}

/// Gives the network the chosen set's images and classes.
pub(super) fn fit_to_data(lab: &mut Lab) {
    let Some(set) = lab.chosen_set() else { return };
    let (name, shape, classes) = (set.name.clone(), set.shape, set.class_names.len());
    edit(lab, |editor| {
        editor.change_head(&format!("fit to {name}"), |network| {
            network.input = shape;
            network.classes = classes;
        });
        Ok(())
    });
}

fn clamp(lab: &mut Lab) {
    let last = lab.summary.layers.len().saturating_sub(1);
    lab.cursors.layer = lab.cursors.layer.min(last);
}

impl Lab {
    /// Shows another preset and gives the old one back.
    pub(in super::super) fn put_preset(&mut self, preset: Preset) -> Preset {
        self.summary = NetworkSummary::new(&preset.network());
        let old = std::mem::replace(&mut self.preset, preset);
        self.refusal = None;
        clamp(self);
        if self.activations.layer >= self.summary.layers.len() {
            self.activations.layer = 0;
        }
        self.activations.first_map = 0;
        self.activations.map = 0;
        self.activations.forget();
        self.explaining.forget();
        old
    }
}
