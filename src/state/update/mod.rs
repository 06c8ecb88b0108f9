//! What is done in forms.

mod builder;
mod overlays;
mod training;

use super::lab::{Lab, Notice};
use super::message::Message;
use crate::worker::Command;

/// Applies a message to the facts.
pub fn message(lab: &mut Lab, message: Message) {
    let mut commands = std::mem::take(&mut lab.out.commands);
    apply(lab, message, &mut commands);
    commands.append(&mut lab.out.commands);
    lab.out.commands = commands;
}

fn apply(lab: &mut Lab, message: Message, commands: &mut Vec<Command>) {
    lab.status = None;
    match message {
        Message::Back => lab.old_overlay = None,
        Message::Explain(text) => lab.say(Notice::Refusal, text),
        Message::Edit(edit) => overlays::edit_line(lab, &edit),
        Message::Accept => overlays::accept(lab, commands),
        Message::Task(message) => overlays::in_task(lab, message),
        Message::Builder(message) => builder::apply(lab, message),
        Message::Training(message) => training::apply(lab, message),
        Message::StepSetting(steps) => overlays::step_setting(lab, steps),
        Message::StepSettingValue { up } => overlays::step_value(lab, up),
    }
}
