//! The one place where facts change.

mod builder;
mod data;
#[cfg(test)]
mod data_tests;
mod events;
mod moves;
mod overlays;
#[cfg(test)]
mod tests;
mod training;

pub(super) use data::begin as begin_job;

use super::lab::{Lab, Notice};
use super::message::Message;
use super::pane_id::{PaneId, Part};
use crate::worker::{Command, Event};

/// Applies a message to the facts and says what to ask the worker for.
pub fn update(lab: &mut Lab, message: Message) -> Vec<Command> {
    self::message(lab, message);
    settle(lab);
    lab.commands()
}

/// Applies a message to the facts.
pub fn message(lab: &mut Lab, message: Message) {
    let mut commands = std::mem::take(&mut lab.out.commands);
    apply(lab, message, &mut commands);
    commands.append(&mut lab.out.commands);
    lab.out.commands = commands;
}

/// Takes in what the worker tells.
pub fn hear(lab: &mut Lab, event: Event) {
    crate::lab::events::hear(lab, &event);
    events::apply(lab, event);
}

pub use events::worker_lost;

/// What follows from the facts as they are now.
pub fn settle(lab: &mut Lab) {
    let mut commands = std::mem::take(&mut lab.out.commands);
    if !lab.quitting {
        data::ask(lab, &mut commands);
    }
    lab.out.commands = commands;
}

fn apply(lab: &mut Lab, message: Message, commands: &mut Vec<Command>) {
    lab.status = None;
    match message {
        Message::Show(pane) => show(lab, pane),
        Message::NextPart => lab.step_part(1),
        Message::Zoom => lab.zoomed = !lab.zoomed,
        Message::Back => back(lab),
        Message::Enter => enter(lab),
        Message::Move(motion) => moves::apply(lab, motion),
        Message::Explain(text) => lab.say(Notice::Refusal, text),

        Message::Pick(kind) => overlays::pick(lab, kind),
        Message::Edit(edit) => overlays::edit_line(lab, &edit),
        Message::PickAt(cursor) => overlays::pick_at(lab, cursor),
        Message::Accept => overlays::accept(lab, commands),
        Message::Perform { pane, message } => {
            lab.old_overlay = None;
            if let Some(pane) = pane {
                show(lab, pane);
            }
            apply(lab, *message, commands);
        }

        Message::Data(message) => data::apply(lab, message, commands),

        Message::NextColorMap => lab.next_colors(),
        Message::LargerImages => lab.resize_images(true),
        Message::SmallerImages => lab.resize_images(false),

        Message::Builder(message) => builder::apply(lab, message),

        Message::Training(message) => training::apply(lab, message),
        Message::StepSetting(steps) => overlays::step_setting(lab, steps),
        Message::StepSettingValue { up } => overlays::step_value(lab, up),
    }
}

fn show(lab: &mut Lab, pane: PaneId) {
    lab.show(pane);
}

/// One step out of what is open.
fn back(lab: &mut Lab) {
    lab.old_overlay = None;
}

/// One step in, from the part that has the focus.
fn enter(lab: &mut Lab) {
    match lab.part() {
        Part::Sets => choose_set(lab, lab.cursors.set),
        Part::Classes => {
            let class = lab.cursors.class;
            lab.show_images(None, class);
        }
        // Their panes step in by themselves.
        _ => {}
    }
}

pub(super) fn choose_set(lab: &mut Lab, position: usize) {
    if position < lab.sets.len() {
        lab.chosen = Some(position);
        lab.cursors.set = position;
        lab.cursors.class = 0;
        lab.refusal = None;
        lab.count_choosing();
        lab.looked.image = 0;
        if lab.looked.pin.is_none() {
            lab.forget_looks();
        }
    }
}
