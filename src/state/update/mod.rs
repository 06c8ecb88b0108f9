//! The one place where facts change.

mod builder;
#[cfg(test)]
mod builder_tests;
mod data;
#[cfg(test)]
mod data_tests;
mod events;
mod explaining;
mod inside;
mod leaving;
#[cfg(test)]
mod leaving_tests;
mod moves;
mod overlays;
mod pace;
mod runs;
#[cfg(test)]
mod tests;
mod training;

pub(super) use data::begin as begin_job;

use super::lab::{Lab, Notice};
use super::message::Message;
use super::pane_id::{PaneId, Part};
use crate::data::SplitName;
use crate::shape::Shape;
use crate::worker::{Command, Event};

/// Applies a message to the facts and says what to ask the worker for.
pub fn update(lab: &mut Lab, message: Message) -> Vec<Command> {
    self::message(lab, message);
    settle(lab);
    lab.commands()
}

/// Applies a message to the facts.
pub fn message(lab: &mut Lab, message: Message) {
    leaving::watch(lab, &message);
    let mut commands = std::mem::take(&mut lab.out.commands);
    apply(lab, message, &mut commands);
    lab.out.commands = commands;
}

/// Takes in what the worker tells.
pub fn hear(lab: &mut Lab, event: Event) {
    events::apply(lab, event);
}

pub use events::worker_lost;

/// Leaves, but asks first where something would end or be lost.
pub fn ask_quit(lab: &mut Lab) {
    let mut commands = std::mem::take(&mut lab.out.commands);
    leaving::ask(lab, &mut commands);
    lab.out.commands = commands;
}

/// Leaves at once; the draft of what is not saved stays.
pub fn quit(lab: &mut Lab) {
    let mut commands = std::mem::take(&mut lab.out.commands);
    leaving::quit(lab, &mut commands);
    lab.out.commands = commands;
}

/// Shows what the network makes of an image of a loaded set.
pub(super) fn look_at(lab: &mut Lab, dataset: &str, split: SplitName, image: usize) {
    inside::look_at(lab, dataset, split, image);
}

/// Shows what the network makes of a drawing.
pub(super) fn pin_drawing(lab: &mut Lab, pixels: Vec<u8>, shape: Shape) {
    inside::pin_drawing(lab, shape, pixels);
}

/// Holds an image of a loaded set.
pub(super) fn pin_image(lab: &mut Lab, dataset: &str, split: SplitName, image: usize) {
    inside::pin_of_set(lab, dataset, split, image);
}

pub(in crate::state) use inside::{is_pinned, unpin};

/// What follows from the facts as they are now.
pub fn settle(lab: &mut Lab) {
    let mut commands = std::mem::take(&mut lab.out.commands);
    leaving::go_on(lab, &mut commands);
    if !lab.quitting {
        leaving::keep_draft(lab, &mut commands);
        data::ask(lab, &mut commands);
        inside::ask(lab, &mut commands);
        explaining::ask(lab, &mut commands);
        pace::ask(lab, &mut commands);
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
        Message::Move(motion) if lab.pane == PaneId::Activations => inside::go(lab, motion),
        Message::Move(motion) => moves::apply(lab, motion),
        Message::Explain(text) => lab.say(Notice::Refusal, text),

        Message::Pick(kind) => overlays::pick(lab, kind, commands),
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
        Message::Quit => leaving::quit(lab, commands),
        Message::Unsaved(message) => leaving::apply(lab, message, commands),

        Message::Data(message) => data::apply(lab, message, commands),

        Message::ToggleSplit => {
            lab.activations.split = lab.activations.split.other();
            lab.activations.image = 0;
            lab.activations.pin = None;
        }
        Message::NextColorMap => lab.next_colors(),
        Message::LargerImages => lab.resize_images(true),
        Message::SmallerImages => lab.resize_images(false),

        Message::ChoosePreset(position) => builder::choose_preset(lab, position),
        Message::FitToData => builder::fit_to_data(lab),
        Message::Builder(message) => builder::apply(lab, message, commands),

        Message::StartOrPause => training::start_or_pause(lab, commands),
        Message::Stop => training::stop(lab, commands),
        Message::Training(message) => training::apply(lab, message, commands),
        Message::NextExplanation => explaining::next_method(lab),
        Message::ExplainNextClass => explaining::step_class(lab, true),
        Message::ExplainPreviousClass => explaining::step_class(lab, false),
        Message::AskMethod => explaining::ask_settings(lab),
        Message::StepSetting(steps) => explaining::step_setting(lab, steps),
        Message::StepSettingValue { up } => explaining::step_value(lab, up),
        Message::Inside(message) => inside::apply(lab, message),
        Message::RandomImage => {
            lab.activations.pin = None;
            let seed = lab.next_seed();
            let images = lab
                .chosen_set()
                .map_or(0, |set| match lab.activations.split {
                    SplitName::Train => set.train_len(),
                    SplitName::Test => set.test_len(),
                });
            lab.activations.image = scramble(seed, images);
        }
    }
}

fn show(lab: &mut Lab, pane: PaneId) {
    lab.show(pane);
}

/// One step out of what is open.
fn back(lab: &mut Lab) {
    match lab.old_overlay.take() {
        Some(overlay) => lab.old_overlay = leaving::instead_of(overlay),
        None => drop(back_of_pane(lab)),
    }
}

/// One step out of what the pane shows; says whether there was one.
pub fn back_of_pane(lab: &mut Lab) -> bool {
    (lab.pane == PaneId::Train && lab.curves.back())
        || (lab.pane == PaneId::Activations && inside::back(lab))
}

/// One step in, from the part that has the focus.
fn enter(lab: &mut Lab) {
    match lab.part() {
        Part::Sets => choose_set(lab, lab.cursors.set),
        Part::Classes => {
            let class = lab.cursors.class;
            lab.show_images(None, class);
        }
        Part::Images | Part::Confusion | Part::PerClass => {}
        Part::Layers | Part::Picture => {
            let layer = lab.cursors.layer;
            lab.activations.go_to_layer(layer);
            show(lab, PaneId::Activations);
            lab.focus_on(Part::Maps);
        }
        Part::Maps => inside::enter(lab),
        Part::Accuracy | Part::Loss | Part::Progress | Part::Image => {
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
        lab.activations.image = 0;
        if lab.activations.pin.is_none() {
            lab.activations.forget();
            lab.explaining.forget();
        }
    }
}

/// A number below `count` that looks random and is the same for the same seed.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014 (SplitMix64).
fn scramble(seed: u64, count: usize) -> usize {
    let mut bits = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((bits ^ (bits >> 31)) % count.max(1) as u64) as usize
}
