//! What happens on the View pane beyond turning pages.

use super::super::form::Form;
use super::super::lab::{Lab, Notice};
use super::super::message::{Message, Motion};
use super::super::overlay::Overlay;
use super::super::pane_id::PaneId;
use super::super::view::{Face, ImageQuery, NUMBERS, PreviewQuery, ViewMessage, ViewMode};
use super::{pages, show};
use crate::worker::{
    AugmentedRequest, Command, Event, Measured, Order, PixelRequest, Purpose, Steering,
};

/// Pixels that Page up and Page down skip, and classes in a list.
const SKIP: usize = 10;

pub(super) fn apply(lab: &mut Lab, message: ViewMessage, commands: &mut Vec<Command>) {
    match message {
        ViewMessage::Number(number) => set_number(lab, number),
        ViewMessage::Open(mode) => open(lab, mode),
        ViewMessage::NextImage => step_image(lab, true),
        ViewMessage::PreviousImage => step_image(lab, false),
        ViewMessage::ToggleLogarithm => lab.view.is_logarithmic = !lab.view.is_logarithmic,
        ViewMessage::NextFace => lab.view.measures.face = lab.view.measures.face.next(),
        ViewMessage::NewVersions => lab.view.preview.epoch += lab.fits.versions.max(1) as u64,
        ViewMessage::EditAugmentation => {
            let form = Form::new(lab.previewed_augmentation());
            lab.overlay = Some(Overlay::Augmentation(Box::new(form)));
        }
        ViewMessage::TakeAugmentation => take_augmentation(lab, commands),
    }
}

fn open(lab: &mut Lab, mode: ViewMode) {
    show(lab, PaneId::View);
    lab.view.mode = mode;
    match mode {
        ViewMode::Enlarged => {
            if let Some(page) = &lab.view.page {
                lab.view.pixel = (page.shape.height / 2, page.shape.width / 2);
            }
        }
        ViewMode::Preview => lab.view.preview.epoch = 0,
        ViewMode::Grid | ViewMode::Statistics => {}
    }
}

/// One step out; says whether there was one.
pub(super) fn back(lab: &mut Lab) -> bool {
    let was_open = lab.pane == PaneId::View && lab.view.mode != ViewMode::Grid;
    if was_open {
        lab.view.mode = ViewMode::Grid;
    }
    was_open
}

/// One step in.
pub(super) fn enter(lab: &mut Lab, commands: &mut Vec<Command>) {
    match lab.view.mode {
        ViewMode::Grid if lab.view.current().is_some() => open(lab, ViewMode::Enlarged),
        ViewMode::Grid => {}
        ViewMode::Enlarged => lab.say(Notice::Refusal, "This is as far in as it goes."),
        ViewMode::Statistics => {
            let class = lab.view.measures.class;
            super::apply(lab, Message::ShowClass(Some(class)), commands);
        }
        ViewMode::Preview => take_augmentation(lab, commands),
    }
}

fn set_number(lab: &mut Lab, number: Option<usize>) {
    lab.view.mode = ViewMode::Grid;
    lab.view.number = number;
    lab.view.cursor = 0;
    if let Order::Random { seed, .. } = lab.view.order {
        lab.view.order = Order::Random { seed, from: 0 };
    }
}

/// The next smaller or larger square of pictures.
pub(super) fn step_number(lab: &mut Lab, number: usize, more: bool) {
    let mut squares = NUMBERS.map(|side| side * side);
    let next = if more {
        squares.find(|square| *square > number)
    } else {
        squares.rev().find(|square| *square < number)
    };
    if let Some(next) = next {
        set_number(lab, Some(next));
    }
}

/// The picture after or before, turning the page at its end.
fn step_image(lab: &mut Lab, forward: bool) {
    let count = lab.view.shown(lab.fits).len();
    let cursor = lab.view.cursor;
    if forward && cursor + 1 < count {
        lab.view.cursor += 1;
    } else if !forward && cursor > 0 {
        lab.view.cursor -= 1;
    } else if forward && matches!(lab.view.order, Order::Random { .. }) {
        // A random page has none after it but another one.
        super::apply(lab, Message::RandomPage, &mut Vec::new());
    } else if !forward && matches!(lab.view.order, Order::Random { .. }) {
        lab.say(Notice::Refusal, "This is the first image of the page.");
    } else {
        let before = lab.view.order;
        pages::step_page(lab, forward);
        if !forward && lab.view.order != before {
            lab.view.cursor = lab.view.room(lab.fits).saturating_sub(1);
        }
    }
}

/// Arrows on the pane, where they do not go from picture to picture of a page.
pub(super) fn go(lab: &mut Lab, motion: Motion) {
    match lab.view.mode {
        ViewMode::Grid => {}
        ViewMode::Enlarged => move_pixel(lab, motion),
        ViewMode::Statistics => move_class(lab, motion),
        ViewMode::Preview => {
            let forward = matches!(motion, Motion::Right | Motion::Down | Motion::PageDown);
            step_image(lab, forward);
        }
    }
}

fn move_pixel(lab: &mut Lab, motion: Motion) {
    let Some(page) = &lab.view.page else { return };
    let (row, column) = lab.view.pixel;
    let (height, width) = (page.shape.height, page.shape.width);
    lab.view.pixel = match motion {
        Motion::Left | Motion::Right => (row, motion.along(column, width, SKIP)),
        Motion::First => (0, 0),
        Motion::Last => (height.saturating_sub(1), width.saturating_sub(1)),
        _ => (motion.along(row, height, SKIP), column),
    };
}

fn move_class(lab: &mut Lab, motion: Motion) {
    let classes = lab.chosen_set().map_or(0, |set| set.class_names.len());
    let class = lab.view.measures.class;
    let columns = match lab.view.measures.face {
        Face::Table => 1,
        Face::Means | Face::Spreads => lab.fits.classes.0.max(1),
    };
    lab.view.measures.class = match motion {
        Motion::Up => class.checked_sub(columns).unwrap_or(class),
        Motion::Down if class + columns < classes => class + columns,
        Motion::Down => class,
        other => other.along(class, classes, SKIP),
    };
}

fn take_augmentation(lab: &mut Lab, commands: &mut Vec<Command>) {
    if let Some(Overlay::Augmentation(form)) = &lab.overlay
        && let Some(problem) = form.refusal()
    {
        return lab.say(Notice::Refusal, problem);
    }
    let settings = lab.previewed_augmentation();
    let warning = lab
        .chosen_set()
        .and_then(|set| settings.warning(&set.class_names));
    lab.overlay = None;
    let settings = (!settings.is_none()).then_some(settings);
    let is_training = lab.active_run().is_some();
    if !is_training {
        lab.preset.training.augment = settings;
    } else if lab.run_of_network().is_some() {
        // What a training is changed to by hand is what it goes on with after its end.
        lab.steer_recipe(|recipe| recipe.augment = settings);
    }
    let when = if is_training {
        commands.push(Command::Steer(Steering::Augment(settings)));
        "from the next batch on"
    } else {
        "when training starts"
    };
    let said = match settings {
        Some(_) => format!("Training changes its images like this {when}"),
        None => format!("Training takes its images as they are {when}"),
    };
    match warning {
        Some(warning) => lab.say(Notice::Refusal, format!("{said}; but {warning}.")),
        None => lab.say(Notice::Information, format!("{said}.")),
    }
}

/// Asks for what the pane shows and no request under way or answered brings.
pub(super) fn ask(lab: &mut Lab, commands: &mut Vec<Command>) {
    if lab.pane != PaneId::View {
        return;
    }
    match lab.view.mode {
        ViewMode::Grid => {}
        ViewMode::Enlarged => ask_values(lab, commands),
        ViewMode::Statistics => ask_measures(lab, commands),
        ViewMode::Preview => ask_versions(lab, commands),
    }
}

fn ask_values(lab: &mut Lab, commands: &mut Vec<Command>) {
    let Some(query) = lab.view.current_query() else {
        return;
    };
    let asked = lab.view.asked_values.as_ref();
    if asked.is_some_and(|(_, asked)| *asked == query) {
        return;
    }
    let request = lab.next_request();
    commands.push(Command::Pixels(PixelRequest {
        request,
        dataset: query.dataset.clone(),
        split: query.split,
        image: query.image,
    }));
    lab.view.values = None;
    lab.view.asked_values = Some((request, query));
}

fn ask_measures(lab: &mut Lab, commands: &mut Vec<Command>) {
    let Some(dataset) = lab.chosen_set().map(|set| set.name.clone()) else {
        return;
    };
    let asked = lab.view.measures.asked.as_ref();
    if asked.is_some_and(|(_, asked)| *asked == dataset) {
        return;
    }
    let request = lab.next_request();
    commands.push(Command::Statistics {
        request,
        dataset: dataset.clone(),
    });
    lab.view.measures.asked = Some((request, dataset));
}

fn ask_versions(lab: &mut Lab, commands: &mut Vec<Command>) {
    let Some(image) = lab.view.current_query() else {
        return;
    };
    let query = PreviewQuery {
        image,
        settings: lab.previewed_augmentation(),
        seed: lab.preset.seed,
        epoch: lab.view.preview.epoch,
        count: lab.fits.versions,
    };
    let asked = lab.view.preview.asked.as_ref();
    if query.count == 0 || asked.is_some_and(|(_, asked)| *asked == query) {
        return;
    }
    let request = lab.next_request();
    let ImageQuery {
        dataset,
        split,
        image,
    } = query.image.clone();
    commands.push(Command::Augmented(AugmentedRequest {
        request,
        dataset,
        split,
        image,
        settings: query.settings,
        seed: query.seed,
        epoch: query.epoch,
        count: query.count,
    }));
    lab.view.preview.asked = Some((request, query));
}

/// Takes an answer in.
pub(super) fn answered(lab: &mut Lab, event: Event) {
    let view = &mut lab.view;
    match event {
        Event::Images(page) => {
            let wanted = view.asked.as_ref();
            if wanted.is_some_and(|(request, _)| *request == page.request) {
                view.cursor = view.cursor.min(page.images.len().saturating_sub(1));
                let is_of_one = matches!(view.mode, ViewMode::Enlarged | ViewMode::Preview);
                if is_of_one && page.images.is_empty() {
                    view.mode = ViewMode::Grid;
                }
                view.page = Some(page);
            }
        }
        Event::Pixels(pixels) => {
            let wanted = view.asked_values.as_ref();
            if wanted.is_some_and(|(request, _)| *request == pixels.request) {
                view.values = Some(pixels.values);
            }
        }
        Event::Augmented(images) => {
            let wanted = view.preview.asked.as_ref();
            if wanted.is_some_and(|(request, _)| *request == images.request) {
                view.preview.shown = Some(images);
            }
        }
        Event::Statistics { request, measured } => {
            let measures = &mut view.measures;
            let wanted = measures.asked.as_ref();
            if wanted.is_some_and(|(wanted, _)| *wanted == request) {
                match measured {
                    Measured::Under(share) => measures.share = Some(share),
                    Measured::Done(statistics) => {
                        measures.share = None;
                        measures.statistics = Some(*statistics);
                    }
                }
            }
        }
        _ => {}
    }
}

/// A set could not be measured.
pub(super) fn failed(lab: &mut Lab, what: Purpose, message: &str) {
    if what == Purpose::Measure {
        lab.view.measures.problem = Some(message.to_owned());
    }
}
