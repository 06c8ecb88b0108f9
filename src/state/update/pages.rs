//! Pages of images: turning them, and how large the images are.

use super::super::lab::{Lab, Notice};
use super::super::pane_id::PaneId;
use super::super::view::ViewState;
use super::view;
use crate::data::SplitName;
use crate::worker::Order;

/// Goes to the first page in the present kind of order.
pub(super) fn first_page(view: &mut ViewState) {
    let order = match view.order {
        Order::Sequential { .. } => Order::Sequential { from: 0 },
        Order::Random { seed, .. } => Order::Random { seed, from: 0 },
    };
    turn_page(view, order);
}

pub(super) fn turn_page(view: &mut ViewState, order: Order) {
    view.order = order;
    view.cursor = 0;
}

/// The next or previous page in order; from the end of a random selection it is the first.
pub(super) fn step_page(lab: &mut Lab, forward: bool) {
    let room = lab.view.room(lab.fits);
    let matching = lab.view.page.as_ref().map_or(0, |page| page.matching);
    // A random selection that the screen does not hold is gone through first.
    let selected = lab.view.number.unwrap_or(0).min(matching);
    let from = match lab.view.order {
        Order::Random { seed, from } if forward && from + room < selected => {
            let from = from + room;
            return turn_page(&mut lab.view, Order::Random { seed, from });
        }
        Order::Random { seed, from } if !forward && from > 0 => {
            let from = from.saturating_sub(room);
            return turn_page(&mut lab.view, Order::Random { seed, from });
        }
        Order::Random { .. } => 0,
        Order::Sequential { from } if !forward && from == 0 => {
            lab.say(Notice::Refusal, "This is the first page.");
            return;
        }
        Order::Sequential { from } if !forward => from.saturating_sub(room),
        Order::Sequential { from } if from + room >= matching => {
            lab.say(Notice::Refusal, "This is the last page.");
            return;
        }
        Order::Sequential { from } => from + room,
    };
    turn_page(&mut lab.view, Order::Sequential { from });
}

pub(super) fn toggle_split(lab: &mut Lab) {
    let other = |split| match split {
        SplitName::Train => SplitName::Test,
        SplitName::Test => SplitName::Train,
    };
    if lab.pane == PaneId::Activations {
        lab.activations.split = other(lab.activations.split);
        lab.activations.image = 0;
        lab.activations.pin = None;
    } else {
        lab.view.split = other(lab.view.split);
        first_page(&mut lab.view);
    }
}

pub(super) fn resize_images(lab: &mut Lab, steps: i8) {
    if let Some(number) = lab.view.number {
        return view::step_number(lab, number, steps < 0);
    }
    lab.view.size_step = lab.view.size_step.saturating_add(steps);
    lab.view.cursor = 0;
}
