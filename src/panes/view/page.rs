//! A page of images of a loaded set: which images it holds, how they are found, and turning it.

use std::sync::Arc;

use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;

use super::{Mode, ViewPane};
use crate::data::SplitName;
use crate::lab::Lab;
use crate::shape::Shape;
use crate::worker::{Desk, LabelledImage, Question, Quick, Tell};

/// The least length of a random selection, so that it is the same however much of it is asked for.
const RANDOM_SELECTION: usize = 400;

/// The squares of these are the choices for the number of images.
pub(super) const NUMBERS: std::ops::RangeInclusive<usize> = 1..=20;

/// Which images.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Name of a loaded set.
    pub dataset: String,
    pub split: SplitName,
    /// Only this class.
    pub class: Option<usize>,
    /// Maximum number of images.
    pub count: usize,
    pub order: Order,
}

/// The order of the images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// From this position on of a random selection, which is the same for the same seed.
    Random { seed: u64, from: usize },
    /// In the order of the set, from this position among the matching images on.
    Sequential { from: usize },
}

impl Default for Order {
    fn default() -> Self {
        Self::Random { seed: 1, from: 0 }
    }
}

/// Images of a set.
#[derive(Clone, Debug, PartialEq)]
pub struct ImagePage {
    pub shape: Shape,
    /// Number of matching images in the split.
    pub matching: usize,
    pub images: Arc<Vec<LabelledImage>>,
}

impl Page {
    /// Whether the images that `other` brings hold those of this one.
    pub fn is_part_of(&self, other: &Self) -> bool {
        self.count <= other.count
            && Self {
                count: other.count,
                ..self.clone()
            } == *other
    }
}

impl Question for Page {
    type Answer = ImagePage;
    type Lane = Quick;
    const PURPOSE: &'static str = "show images";

    fn find_out(self, desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let dataset = desk.library.set(&self.dataset)?;
        let split = dataset.split(self.split)?;
        let labels = split.labels().iter().map(|label| usize::from(*label));
        let is_wanted = |label: usize| self.class.is_none_or(|class| label == class);
        let matching = labels.enumerate().filter(|(_, label)| is_wanted(*label));
        let matching: Vec<usize> = matching.map(|(index, _)| index).collect();
        let chosen: Vec<usize> = match self.order {
            Order::Random { seed, from } => {
                let mut random = Pcg64Mcg::seed_from_u64(seed);
                let length = RANDOM_SELECTION.max(from + self.count);
                let length = length.min(matching.len());
                let positions = rand::seq::index::sample(&mut random, matching.len(), length);
                let page = positions.iter().skip(from).take(self.count);
                page.map(|position| matching[position]).collect()
            }
            Order::Sequential { from } => {
                let rest = matching.iter().copied().skip(from);
                rest.take(self.count).collect()
            }
        };
        let images = chosen.into_iter();
        let images = images.map(|index| LabelledImage::of(split, index));
        tell.tell(ImagePage {
            shape: split.shape(),
            matching: matching.len(),
            images: Arc::new(images.collect()),
        });
        Ok(())
    }
}

impl ViewPane {
    /// Goes to the first page in the current order.
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
        let random = |seed, from| Order::Random { seed, from };
        let from = match self.order {
            Order::Random { seed, from } if forward && from + room < selected => {
                return self.turn_page(random(seed, from + room));
            }
            Order::Random { seed, from } if !forward && from > 0 => {
                return self.turn_page(random(seed, from.saturating_sub(room)));
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

    pub(super) fn next_split(&mut self, lab: &Lab) {
        let set = lab.chosen_set();
        self.split = set.map_or(self.split, |set| set.split_after(self.split));
        self.first_page();
    }

    /// Shows the images of one class, or of all.
    pub(super) fn show_class(&mut self, class: Option<usize>) {
        self.class = class;
        self.mode = Mode::Grid;
        self.first_page();
    }

    /// Shows one training image, large, with those after it.
    pub(super) fn show_image(&mut self, image: usize) {
        (self.split, self.class) = (SplitName::Train, None);
        self.mode = Mode::Enlarged;
        self.turn_page(Order::Sequential { from: image });
    }

    /// Sets the number of images per page; `None` for as many as fit.
    pub(super) fn set_number(&mut self, number: Option<usize>) {
        self.mode = Mode::Grid;
        self.number = number;
        match self.order {
            Order::Random { .. } => self.first_page(),
            Order::Sequential { .. } => self.cursor = 0,
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
