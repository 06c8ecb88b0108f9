//! What is open above the panes: opening it, typing in it, taking what it says.

use super::super::lab::Lab;
use super::super::line_input::{Edit, LineInput};
use super::super::overlay::{NumberField, NumberForm, Overlay, Picker, PickerKind};
use super::builder;
use crate::training::BUILT_IN;
use crate::worker::Command;

/// Changes the line of text that is open.
pub(super) fn edit_line(lab: &mut Lab, edit: &Edit) {
    match &mut lab.overlay {
        Some(Overlay::Picker(picker)) => {
            picker.filter.apply(edit);
            picker.cursor = 0;
        }
        Some(Overlay::Number(form)) => {
            form.input.apply(edit);
            form.problem = None;
        }
        Some(Overlay::Layers(palette)) => {
            if let Some(filter) = &mut palette.filter {
                filter.apply(edit);
                palette.cursor = 0;
            }
        }
        Some(Overlay::Layer(form)) => form.edit(edit),
        Some(Overlay::SaveAs(form)) => {
            form.input.apply(edit);
            form.problem = None;
        }
        Some(Overlay::Text(_) | Overlay::ConfirmQuit) | None => {}
    }
}

pub(super) fn pick(lab: &mut Lab, kind: PickerKind, commands: &mut Vec<Command>) {
    if kind == PickerKind::Preset {
        commands.push(Command::ListPresets);
    }
    let cursor = match kind {
        PickerKind::Class => lab.view.class.map_or(0, |class| class + 1),
        PickerKind::Preset => BUILT_IN
            .iter()
            .position(|(name, _)| *name == lab.preset.name)
            .unwrap_or(0),
        _ => 0,
    };
    lab.overlay = Some(Overlay::Picker(Picker {
        kind,
        filter: LineInput::default(),
        cursor,
    }));
}

pub(super) fn ask(lab: &mut Lab, field: NumberField) {
    let number = match field {
        NumberField::Epochs => lab.preset.training.epochs,
        NumberField::BatchSize => lab.preset.training.batch_size,
    };
    lab.overlay = Some(Overlay::Number(NumberForm {
        field,
        input: LineInput::new(number.to_string()),
        problem: None,
    }));
}

pub(super) fn accept(lab: &mut Lab, commands: &mut Vec<Command>) {
    let Some(Overlay::Number(form)) = &mut lab.overlay else {
        return builder::accept(lab, commands);
    };
    match form.field.parse(form.input.text()) {
        Ok(number) => {
            match form.field {
                NumberField::Epochs => lab.preset.training.epochs = number,
                NumberField::BatchSize => lab.preset.training.batch_size = number,
            }
            lab.overlay = None;
        }
        Err(problem) => form.problem = Some(problem),
    }
}

pub(super) fn pick_at(lab: &mut Lab, cursor: usize) {
    if let Some(Overlay::Picker(picker)) = &mut lab.overlay {
        picker.cursor = cursor;
    }
}
