//! What is open above the panes: opening it, typing in it, taking what it says.

use super::super::data::TaskMessage;
use super::super::lab::Lab;
use super::super::overlay::OldOverlay as Overlay;
use super::{builder, training};
use crate::ui::Edit;
use crate::worker::Command;

/// Changes the line of text that is open.
pub(super) fn edit_line(lab: &mut Lab, edit: &Edit) {
    match &mut lab.old_overlay {
        Some(Overlay::Layer(form)) => form.edit(edit),
        Some(Overlay::Settings(form)) => form.edit(edit),
        Some(Overlay::Method(form)) => form.edit(edit),
        Some(Overlay::Task(form)) => form.edit(edit),
        None => {}
    }
}

pub(super) fn accept(lab: &mut Lab, commands: &mut Vec<Command>) {
    match lab.old_overlay.take() {
        Some(Overlay::Settings(form)) => training::take_settings(lab, form, commands),
        Some(Overlay::Method(form)) => match form.problem {
            None => lab.method_wish = Some(form.method),
            Some(_) => lab.old_overlay = Some(Overlay::Method(form)),
        },
        Some(Overlay::Task(form)) => lab.task_wish = Some(form),
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

pub(super) fn in_task(lab: &mut Lab, message: TaskMessage) {
    if let Some(Overlay::Task(form)) = &mut lab.old_overlay {
        match message {
            TaskMessage::StepField(steps) => form.step_field(steps),
            TaskMessage::StepValue { up } => form.step_value(up),
        }
    }
}
