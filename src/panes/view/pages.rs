//! Pages of images: turning them, which images they hold, and how large these are.

use super::{Mode, Order, ViewPane};
use crate::lab::Lab;

/// How many images a person may ask for: the squares of 1 to 20.
pub(super) const NUMBERS: std::ops::RangeInclusive<usize> = 1..=20;

impl ViewPane {
    /// Goes to the first page in the present kind of order.
    pub(super) fn first_page(&mut self) {
        self.turn_page(match self.order {
            Order::Sequential { .. } => Order::Sequential { from: 0 },
            Order::Random { seed, .. } => Order::Random { seed, from: 0 },
        });
    }

    pub(super) fn random_page(&mut self, lab: &mut Lab) {
        let seed = lab.next_seed();
        self.turn_page(Order::Random { seed, from: 0 });
    }

    pub(super) fn turn_page(&mut self, order: Order) {
        self.order = order;
        self.cursor = 0;
    }

    /// The next or previous page in order; from the end of a random selection it is the first.
    pub(super) fn step_page(&mut self, lab: &mut Lab, forward: bool) {
        let room = self.room();
        let matching = self.page.answer().map_or(0, |page| page.matching);
        // A random selection that the screen does not hold is gone through first.
        let selected = self.number.unwrap_or(0).min(matching);
        let from = match self.order {
            Order::Random { seed, from } if forward && from + room < selected => {
                let from = from + room;
                return self.turn_page(Order::Random { seed, from });
            }
            Order::Random { seed, from } if !forward && from > 0 => {
                let from = from.saturating_sub(room);
                return self.turn_page(Order::Random { seed, from });
            }
            Order::Random { .. } => 0,
            Order::Sequential { from: 0 } if !forward => {
                return lab.refuse("This is the first page.");
            }
            Order::Sequential { from } if !forward => from.saturating_sub(room),
            Order::Sequential { from } if from + room >= matching => {
                return lab.refuse("This is the last page.");
            }
            Order::Sequential { from } => from + room,
        };
        self.turn_page(Order::Sequential { from });
    }

    pub(super) fn toggle_split(&mut self) {
        self.split = self.split.other();
        self.first_page();
    }

    /// Shows the images of one class, or of all.
    pub(super) fn show_class(&mut self, class: Option<usize>) {
        self.class = class;
        self.mode = Mode::Grid;
        self.first_page();
    }

    /// Shows so many images a page; `None` for as many as fit.
    pub(super) fn set_number(&mut self, number: Option<usize>) {
        self.mode = Mode::Grid;
        self.number = number;
        self.cursor = 0;
        if let Order::Random { seed, .. } = self.order {
            self.order = Order::Random { seed, from: 0 };
        }
    }

    /// Larger images and fewer of them, or smaller ones and more.
    pub(super) fn resize_images(&mut self, lab: &mut Lab, larger: bool) {
        let Some(number) = self.number else {
            self.cursor = 0;
            return lab.resize_images(larger);
        };
        let mut squares = NUMBERS.map(|side| side * side);
        let next = match larger {
            true => squares.rev().find(|square| *square < number),
            false => squares.find(|square| *square > number),
        };
        if let Some(next) = next {
            self.set_number(Some(next));
        }
    }
}
