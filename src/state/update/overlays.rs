//! What is open above the panes: opening it, typing in it, taking what it says.

use super::super::lab::Lab;
use super::super::overlay::{OldOverlay as Overlay, Picker, PickerKind};
use super::{builder, data, training};
use crate::ui::{Edit, LineInput};
use crate::worker::Command;

/// Changes the line of text that is open.
pub(super) fn edit_line(lab: &mut Lab, edit: &Edit) {
    match &mut lab.old_overlay {
        Some(Overlay::Picker(picker)) => {
            picker.filter.apply(edit);
            picker.cursor = 0;
        }
        Some(Overlay::Layer(form)) => form.edit(edit),
        Some(Overlay::Settings(form)) => form.edit(edit),
        Some(Overlay::Method(form)) => form.edit(edit),
        Some(Overlay::Browser(browser)) => browser.edit(edit),
        Some(Overlay::Task(form)) => form.edit(edit),
        Some(Overlay::Rename(form)) => {
            form.input.apply(edit);
            form.problem = None;
        }
        Some(Overlay::Replace(_)) | None => {}
    }
}

pub(super) fn pick(lab: &mut Lab, kind: PickerKind) {
    lab.old_overlay = Some(Overlay::Picker(Picker {
        kind,
        filter: LineInput::default(),
        cursor: 0,
    }));
}

pub(super) fn accept(lab: &mut Lab, commands: &mut Vec<Command>) {
    match lab.old_overlay.take() {
        Some(Overlay::Settings(form)) => training::take_settings(lab, form, commands),
        Some(Overlay::Method(form)) => match form.problem {
            None => lab.method_wish = Some(form.method),
            Some(_) => lab.old_overlay = Some(Overlay::Method(form)),
        },
        other @ Some(Overlay::Task(_) | Overlay::Rename(_)) => {
            lab.old_overlay = other;
            data::accept(lab, commands);
        }
        other => {
            lab.old_overlay = other;
            builder::accept(lab);
        }
    }
}

pub(super) fn step_setting(lab: &mut Lab, steps: isize) {
    if let Some(Overlay::Method(form)) = &mut lab.old_overlay {
        form.step_field(steps);
    }
}

pub(super) fn step_value(lab: &mut Lab, up: bool) {
    if let Some(Overlay::Method(form)) = &mut lab.old_overlay {
        form.step_value(up);
    }
}

pub(super) fn pick_at(lab: &mut Lab, cursor: usize) {
    if let Some(Overlay::Picker(picker)) = &mut lab.old_overlay {
        picker.cursor = cursor;
    }
}
