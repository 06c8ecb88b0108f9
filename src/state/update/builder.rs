//! The form of a layer.

use super::super::builder::BuilderMessage;
use super::super::lab::{Lab, Notice};
use super::super::overlay::OldOverlay as Overlay;

pub(super) fn apply(lab: &mut Lab, message: BuilderMessage) {
    if let Some(Overlay::Layer(form)) = &mut lab.old_overlay {
        match message {
            BuilderMessage::StepField(steps) => form.step_field(steps),
            BuilderMessage::StepValue { up } => form.step_value(up),
        }
    }
}

/// Takes the layer as the open form says.
pub(super) fn accept(lab: &mut Lab) {
    match lab.old_overlay.take() {
        Some(Overlay::Layer(form)) => {
            if let Some((_, problem)) = form.fields.problem() {
                let problem = problem.to_owned();
                lab.old_overlay = Some(Overlay::Layer(form));
                lab.say(Notice::Refusal, problem);
            } else if form.is_new {
                lab.insert_layer(form.index, form.layer);
            } else {
                lab.edit_network(|editor| editor.set_layer(form.index, form.layer));
            }
        }
        other => lab.old_overlay = other,
    }
}
