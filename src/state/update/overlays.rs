//! What is open above the panes: opening it, typing in it, taking what it says.

use super::super::form::Typing;
use super::super::lab::Lab;
use super::super::line_input::{Edit, LineInput};
use super::super::overlay::{Overlay, Picker, PickerKind};
use super::super::view::{NUMBERS, ViewMessage};
use super::{builder, data, explaining, runs, training, view};
use crate::training::BUILT_IN;
use crate::worker::Command;

/// Changes the line of text that is open.
pub(super) fn edit_line(lab: &mut Lab, edit: &Edit) {
    match &mut lab.overlay {
        Some(Overlay::Picker(picker)) => {
            picker.filter.apply(edit);
            picker.cursor = 0;
        }
        Some(Overlay::Layers(palette)) => {
            if let Some(filter) = &mut palette.filter {
                filter.apply(edit);
                palette.cursor = 0;
            }
        }
        Some(Overlay::SaveAs(form)) => {
            form.input.apply(edit);
            form.problem = None;
        }
        Some(Overlay::Browser(browser)) => browser.edit(edit),
        Some(Overlay::Rename(form)) => {
            form.input.apply(edit);
            form.problem = None;
        }
        other => {
            if let Some(form) = other.as_mut().and_then(Overlay::form) {
                form.edit(edit);
            }
        }
    }
}

/// Does something in the form that is open.
pub(super) fn in_form(lab: &mut Lab, change: impl FnOnce(&mut dyn Typing)) {
    if let Some(form) = lab.overlay.as_mut().and_then(Overlay::form) {
        change(form);
    }
}

pub(super) fn pick(lab: &mut Lab, kind: PickerKind, commands: &mut Vec<Command>) {
    match kind {
        PickerKind::Preset => commands.push(Command::ListPresets),
        PickerKind::Runs(_) => runs::list(lab, commands),
        _ => {}
    }
    let cursor = match kind {
        PickerKind::Class => lab.view.class.map_or(0, |class| class + 1),
        PickerKind::Set => lab.chosen.unwrap_or(0),
        PickerKind::Number => lab.view.number.map_or(0, |number| {
            let mut squares = NUMBERS.map(|side| side * side);
            squares
                .position(|square| square >= number)
                .map_or(0, |at| at + 1)
        }),
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

pub(super) fn accept(lab: &mut Lab, commands: &mut Vec<Command>) {
    match lab.overlay.take() {
        Some(Overlay::Settings(form)) => training::take_settings(lab, form, commands),
        Some(Overlay::Method(form)) => explaining::take_settings(lab, form),
        other @ Some(Overlay::Task(_) | Overlay::Rename(_)) => {
            lab.overlay = other;
            data::accept(lab, commands);
        }
        other => {
            let is_augmentation = matches!(other, Some(Overlay::Augmentation(_)));
            lab.overlay = other;
            if is_augmentation {
                return view::apply(lab, ViewMessage::TakeAugmentation, commands);
            }
            builder::accept(lab, commands);
        }
    }
}

pub(super) fn pick_at(lab: &mut Lab, cursor: usize) {
    if let Some(Overlay::Picker(picker)) = &mut lab.overlay {
        picker.cursor = cursor;
    }
}
