//! A page of images of a loaded set.

use std::sync::Arc;

use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;

use crate::data::SplitName;
use crate::shape::Shape;
use crate::worker::{Desk, LabelledImage, Question, Quick, Tell};

/// A random selection is at least so long, so that it is the same however much of it is asked for.
const RANDOM_SELECTION: usize = 400;

/// Which images.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// Name of a loaded set.
    pub dataset: String,
    pub split: SplitName,
    /// Only this class.
    pub class: Option<usize>,
    /// How many at most.
    pub count: usize,
    pub order: Order,
}

/// In which order images are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// From this position on of a random selection, which is the same for the same seed.
    Random { seed: u64, from: usize },
    /// As they lie in the set, from this position among the matching ones on.
    Sequential { from: usize },
}

/// Images of a set.
#[derive(Clone, Debug, PartialEq)]
pub struct ImagePage {
    pub shape: Shape,
    /// Images that match in all.
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
        let split = dataset.split(self.split);
        let matching: Vec<usize> = match self.class {
            None => (0..split.len()).collect(),
            Some(class) => (0..split.len())
                .filter(|&index| usize::from(split.labels()[index]) == class)
                .collect(),
        };
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
