//! The one place where facts change.

mod builder;
#[cfg(test)]
mod builder_tests;
mod corrections;
mod data;
#[cfg(test)]
mod data_tests;
mod events;
mod explaining;
mod gallery;
mod inside;
mod leaving;
#[cfg(test)]
mod leaving_tests;
mod moves;
mod overlays;
mod pace;
mod pad;
mod pages;
mod requests;
mod runs;
#[cfg(test)]
mod tests;
mod training;
mod view;

pub(super) use data::begin as begin_job;

use super::lab::{Lab, Notice, TerminalWish};
use super::message::Message;
use super::pane_id::{PaneId, Part};
use super::view::ViewMode;
use crate::data::SplitName;
use crate::worker::{Command, Order};

/// Applies a message to the facts and says what to ask the worker for.
pub fn update(lab: &mut Lab, message: Message) -> Vec<Command> {
    let mut commands = Vec::new();
    leaving::watch(lab, &message);
    apply(lab, message, &mut commands);
    leaving::go_on(lab, &mut commands);
    if !lab.quitting {
        leaving::keep_draft(lab, &mut commands);
        data::ask(lab, &mut commands);
        requests::ask_for_pictures(lab, &mut commands);
        inside::ask(lab, &mut commands);
        explaining::ask(lab, &mut commands);
        gallery::ask(lab, &mut commands);
        pad::ask(lab, &mut commands);
        pace::ask(lab, &mut commands);
        view::ask(lab, &mut commands);
    }
    commands
}

fn apply(lab: &mut Lab, message: Message, commands: &mut Vec<Command>) {
    match message {
        Message::Worker(event) => return events::apply(lab, event),
        Message::WorkerLost => return events::worker_lost(lab),
        Message::Resized { columns, rows } => {
            (lab.columns, lab.rows) = (columns, rows);
            return;
        }
        Message::Fits(fits) => {
            lab.fits = fits;
            return;
        }
        _ => lab.status = None,
    }
    match message {
        Message::Show(pane) => show(lab, pane),
        Message::NextPane => show(lab, lab.pane.step(1)),
        Message::PreviousPane => show(lab, lab.pane.step(-1)),
        Message::NextPart => lab.step_part(1),
        Message::PreviousPart => lab.step_part(-1),
        Message::Zoom => lab.zoomed = !lab.zoomed,
        Message::Back => back(lab),
        Message::Enter => enter(lab, commands),
        Message::Move(motion) if lab.is_on_pad() => pad::go(lab, motion),
        Message::Move(motion) if lab.is_in_gallery() => gallery::go(lab, motion),
        Message::Move(motion) if lab.pane == PaneId::Activations => inside::go(lab, motion),
        Message::Move(motion) => moves::apply(lab, motion),
        Message::Pad(message) => pad::apply(lab, message, commands),
        Message::Explain(text) => lab.say(Notice::Refusal, text),

        Message::Pick(kind) => overlays::pick(lab, kind, commands),
        Message::Edit(edit) => overlays::edit_line(lab, &edit),
        Message::PickAt(cursor) => overlays::pick_at(lab, cursor),
        Message::Accept => overlays::accept(lab, commands),
        Message::Perform { pane, message } => {
            lab.overlay = None;
            if let Some(pane) = pane {
                show(lab, pane);
            }
            apply(lab, *message, commands);
        }
        Message::ToggleMouse => {
            lab.mouse = !lab.mouse;
            let text = match lab.mouse {
                true => "The mouse draws on the pad.",
                false => "The mouse is the terminal's own: it selects text.",
            };
            lab.say(Notice::Information, text);
        }
        Message::Suspend => lab.terminal_wish = Some(TerminalWish::Suspend),
        Message::Redraw => lab.terminal_wish = Some(TerminalWish::Redraw),
        Message::AskQuit => leaving::ask(lab, commands),
        Message::Quit => leaving::quit(lab, commands),
        Message::Unsaved(message) => leaving::apply(lab, message, commands),

        Message::Data(message) => data::apply(lab, message, commands),

        Message::ChooseSet(position) => choose_set(lab, position),
        Message::RandomPage => {
            let seed = lab.next_seed();
            pages::turn_page(&mut lab.view, Order::Random { seed, from: 0 });
        }
        Message::NextPage => pages::step_page(lab, true),
        Message::PreviousPage => pages::step_page(lab, false),
        Message::ShowClass(class) => {
            lab.view.class = class;
            lab.view.mode = ViewMode::Grid;
            pages::first_page(&mut lab.view);
        }
        Message::ToggleSplit => pages::toggle_split(lab),
        Message::NextColorMap => {
            lab.colors = lab.colors.next();
            lab.say(
                Notice::Information,
                format!("Colours: {}", lab.colors.name()),
            );
        }
        Message::LargerImages => pages::resize_images(lab, 1),
        Message::SmallerImages => pages::resize_images(lab, -1),
        Message::View(message) => view::apply(lab, message, commands),
        Message::ShowActivations if lab.is_in_gallery() => gallery::show_activations(lab),
        Message::ShowActivations => {
            let dataset = lab.chosen_set().map(|set| set.name.clone());
            let index = lab.view.current().map(|image| image.index);
            if let (Some(dataset), Some(index)) = (dataset, index) {
                inside::look_at(lab, &dataset, lab.view.split, index);
            }
        }

        Message::ChoosePreset(position) => builder::choose_preset(lab, position),
        Message::FitToData => builder::fit_to_data(lab),
        Message::Builder(message) => builder::apply(lab, message, commands),

        Message::StartOrPause => training::start_or_pause(lab, commands),
        Message::Stop => training::stop(lab, commands),
        Message::Training(message) => training::apply(lab, message, commands),
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
        Message::NextExplanation => explaining::next_method(lab),
        Message::ExplainNextClass => explaining::step_class(lab, true),
        Message::ExplainPreviousClass => explaining::step_class(lab, false),
        Message::AskMethod => explaining::ask_settings(lab),
        Message::StepField(steps) => overlays::in_form(lab, |form| form.step_field(steps)),
        Message::StepValue { up } => overlays::in_form(lab, |form| form.step_value(up)),
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
        Message::Worker(_) | Message::WorkerLost | Message::Resized { .. } | Message::Fits(_) => {
            unreachable!("handled above")
        }
    }
}

fn show(lab: &mut Lab, pane: PaneId) {
    if lab.pane != pane {
        lab.pane = pane;
        lab.zoomed = false;
    }
}

/// One step out: what is open, the enlarged picture, the zoom.
fn back(lab: &mut Lab) {
    if let Some(overlay) = lab.overlay.take() {
        lab.overlay = leaving::instead_of(overlay);
    } else if lab.is_on_pad() {
        pad::close(lab);
    } else if lab.is_in_gallery() && gallery::back(lab) {
        // The gallery took the step.
    } else if view::back(lab) {
        // The pane took the step.
    } else if lab.pane == PaneId::Train && lab.curves.back() {
        // The curves took the step.
    } else if lab.pane == PaneId::Activations && inside::back(lab) {
        // A step out of the layer.
    } else if lab.zoomed {
        lab.zoomed = false;
    } else if lab.pane == PaneId::View && lab.view.class.is_some() {
        lab.view.class = None;
        pages::first_page(&mut lab.view);
    } else {
        lab.say(Notice::Information, "Nothing to step out of; q quits.");
    }
}

/// One step in, from the part that has the focus.
fn enter(lab: &mut Lab, commands: &mut Vec<Command>) {
    if lab.is_in_gallery() {
        lab.gallery.is_enlarged = lab.gallery.current().is_some();
        return;
    }
    match lab.part() {
        Part::Sets => choose_set(lab, lab.cursors.set),
        Part::Classes => {
            let class = lab.cursors.class;
            apply(lab, Message::ShowClass(Some(class)), commands);
            show(lab, PaneId::View);
        }
        Part::Images => view::enter(lab, commands),
        Part::Layers | Part::Picture => {
            let layer = lab.cursors.layer;
            lab.activations.go_to_layer(layer);
            show(lab, PaneId::Activations);
            lab.focus_on(Part::Maps);
        }
        Part::Confusion => gallery::open_cell(lab),
        Part::PerClass => {
            let class = lab.cursors.confusion.0;
            lab.view.split = SplitName::Test;
            apply(lab, Message::ShowClass(Some(class)), commands);
            show(lab, PaneId::View);
        }
        Part::Maps => inside::enter(lab),
        Part::Accuracy | Part::Loss | Part::Progress | Part::Image => {
            lab.zoomed = true;
        }
    }
}

fn choose_set(lab: &mut Lab, position: usize) {
    if position < lab.sets.len() {
        lab.chosen = Some(position);
        lab.cursors.set = position;
        lab.cursors.class = 0;
        lab.refusal = None;
        let seed = lab.next_seed();
        lab.view = lab.view.of_another_set(seed);
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
