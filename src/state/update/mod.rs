//! The one place where facts change.

mod builder;
mod corrections;
mod data;
#[cfg(test)]
mod data_tests;
mod events;
mod gallery;
mod moves;
mod overlays;
mod pad;
#[cfg(test)]
mod tests;
mod training;

pub(super) use data::begin as begin_job;

use super::lab::{Lab, Notice};
use super::message::Message;
use super::pane_id::{PaneId, Part};
use crate::data::SplitName;
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

/// Gives the pad's canvas the network's shape.
pub(super) fn fit_pad(lab: &mut Lab) {
    pad::fit(lab);
}

/// What follows from the facts as they are now.
pub fn settle(lab: &mut Lab) {
    let mut commands = std::mem::take(&mut lab.out.commands);
    if !lab.quitting {
        data::ask(lab, &mut commands);
        gallery::ask(lab, &mut commands);
        pad::ask(lab, &mut commands);
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
        Message::Move(motion) if lab.is_on_pad() => pad::go(lab, motion),
        Message::Move(motion) if lab.is_in_gallery() => gallery::go(lab, motion),
        Message::Move(motion) => moves::apply(lab, motion),
        Message::Pad(message) => pad::apply(lab, message, commands),
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
        Message::ShowActivations => gallery::show_activations(lab),

        Message::Builder(message) => builder::apply(lab, message),

        Message::Training(message) => training::apply(lab, message),
        Message::ToggleOrder => {
            lab.by_errors = !lab.by_errors;
            // Who asks for the most errors wants to see them, also where not all classes are in sight.
            if let Some(worst) = lab.class_order().first().filter(|_| lab.by_errors) {
                lab.cursors.confusion = (*worst, *worst);
            }
        }
        Message::ToggleCalibration => lab.shows_calibration = !lab.shows_calibration,
        Message::TogglePercent => lab.percent = !lab.percent,
        Message::PinJudged => gallery::pin(lab),
        Message::ShowJudged(which) => gallery::open(lab, which),
        Message::Correct(message) => corrections::apply(lab, message, commands),
        Message::StepSetting(steps) => overlays::step_setting(lab, steps),
        Message::StepSettingValue { up } => overlays::step_value(lab, up),
    }
}

fn show(lab: &mut Lab, pane: PaneId) {
    lab.show(pane);
}

/// One step out of what is open.
fn back(lab: &mut Lab) {
    if lab.old_overlay.take().is_none() {
        back_of_pane(lab);
    }
}

/// One step out of what the pane shows; says whether there was one.
pub fn back_of_pane(lab: &mut Lab) -> bool {
    if lab.is_on_pad() {
        pad::close(lab);
        return true;
    }
    lab.is_in_gallery() && gallery::back(lab)
}

/// One step in, from the part that has the focus.
fn enter(lab: &mut Lab) {
    if lab.is_in_gallery() {
        lab.gallery.is_enlarged = lab.gallery.current().is_some();
        return;
    }
    match lab.part() {
        Part::Sets => choose_set(lab, lab.cursors.set),
        Part::Classes => {
            let class = lab.cursors.class;
            lab.show_images(None, class);
        }
        // Their panes step in by themselves.
        Part::Images | Part::Layers | Part::Picture | Part::Maps | Part::Image => {}
        Part::Confusion => gallery::open_cell(lab),
        Part::PerClass => {
            let class = lab.cursors.confusion.0;
            lab.show_images(Some(SplitName::Test), class);
        }
        Part::Accuracy | Part::Loss | Part::Progress => {
            lab.zoomed = true;
        }
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
