//! Which training images are trained on, and which are held out for validation.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;
use sha2::{Digest, Sha256};

use super::recipe::{Portion, Recipe, Validation};
use crate::data::{self, Dataset};
use crate::network::mix;

/// Separates the random stream from those of epochs and weights.
const STREAM: u64 = 0x7661_6c69_6461_7465;

/// The training images, divided for training and validation.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Division {
    /// Positions of the images to train on, in the order of the set.
    pub train: Vec<u32>,
    /// How many images could be trained on, if the recipe did not ask for a part of them.
    pub available: usize,
    /// The portion measured after every epoch.
    pub portion: Portion,
    /// Positions of the held-out images, if those are measured.
    pub validation: Option<Vec<u32>>,
    /// The factor on the loss of each class's training images; empty if there is none.
    pub class_weights: Vec<f32>,
}

impl Division {
    /// Divides the training images of `dataset` that are not excluded as `recipe` asks, drawn from `seed`: first images are held out for
    /// validation, then a part of the others is taken to train on, so that its size does not change what is measured.
    ///
    /// # Errors
    /// If the set has not the images or the classes that the recipe asks for: a sentence that names the setting.
    pub fn of(dataset: &Dataset, recipe: &Recipe, seed: u64) -> Result<Self, String> {
        let labels = dataset.train().labels();
        let left_out = dataset.left_out();
        let all = (0..labels.len() as u32).filter(|index| left_out.binary_search(index).is_err());
        let (mut train, validation) = match recipe.validation {
            Validation::Split(share) => {
                let (train, held_out) = held_out(dataset, all, share, seed);
                (train, Some(held_out))
            }
            Validation::Test | Validation::Data => (all.collect(), None),
        };
        let portion = recipe.validation.portion();
        dataset.split(portion.split()).map_err(|missing| {
            format!(
                "training: validation: data: {missing}; use `validation: test`, or `{{split: 0.1}}` to hold out a part of its training \
                 images"
            )
        })?;
        let available = train.len();
        if let Some(part) = recipe.train_images {
            let chosen = part.select(&train, labels, seed);
            train = chosen
                .map_err(|reason| format!("training: train_images: {}: {reason}", dataset.name))?;
        }
        let class_weights = match &recipe.class_weights {
            None => Vec::new(),
            Some(weights) => {
                let mut counts = vec![0; dataset.classes()];
                for &image in &train {
                    counts[usize::from(labels[image as usize])] += 1;
                }
                let weights = weights.of(dataset.class_names(), &counts);
                weights.map_err(|reason| {
                    format!("training: class_weights: {}: {reason}", dataset.name)
                })?
            }
        };
        Ok(Self {
            train,
            available,
            portion,
            validation,
            class_weights,
        })
    }

    /// An identifier of the validation images and labels of the divided `dataset`: equal identifiers, equal images.
    pub fn measured_on(&self, dataset: &Dataset) -> String {
        let set = dataset.identity();
        let Some(validation) = &self.validation else {
            return format!("{set} {}", self.portion.word());
        };
        let labels = dataset.train().labels();
        let mut hasher = Sha256::new();
        for &index in validation {
            hasher.update(index.to_le_bytes());
            hasher.update(labels[index as usize].to_le_bytes());
        }
        format!("{set} {}", data::hex(&hasher.finalize()))
    }
}

/// Which of `all` training images are left to train on, and which are held out: the same share of every class.
fn held_out(
    dataset: &Dataset,
    all: impl Iterator<Item = u32> + Clone,
    share: f64,
    seed: u64,
) -> (Vec<u32>, Vec<u32>) {
    let labels = dataset.train().labels();
    let mut kept = Vec::new();
    for class in 0..dataset.classes() {
        let members = all.clone();
        let mut members: Vec<u32> = members
            .filter(|&index| usize::from(labels[index as usize]) == class)
            .collect();
        let mut random = Pcg64Mcg::seed_from_u64(mix(seed ^ STREAM, class as u64));
        members.shuffle(&mut random);
        kept.extend(&members[..count(members.len(), share)]);
    }
    if kept.is_empty() {
        // No class of such a small set can spare an image, but validation needs one.
        kept.extend(all.clone().next());
    }
    kept.sort_unstable();
    let train = all.filter(|index| kept.binary_search(index).is_err());
    (train.collect(), kept)
}

impl Recipe {
    /// How many images are trained on, given the number of training images of each class.
    pub fn training_images(&self, class_counts: &[usize]) -> usize {
        let available = self.validation.available_images(class_counts);
        self.train_images
            .map_or(available, |part| part.of(available))
    }
}

impl Validation {
    /// How many images are not held out, given the number of training images of each class.
    fn available_images(self, class_counts: &[usize]) -> usize {
        let all: usize = class_counts.iter().sum();
        match self {
            Self::Test | Self::Data => all,
            Self::Split(share) => {
                let kept: usize = class_counts
                    .iter()
                    .map(|members| count(*members, share))
                    .sum();
                all - kept.max(1).min(all)
            }
        }
    }
}

/// How many of a class's `members` images are held out: its share, at least one, and never all of them.
fn count(members: usize, share: f64) -> usize {
    let wanted = (members as f64 * share).round() as usize;
    wanted.max(1).min(members.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data;

    #[test]
    fn a_split_takes_the_same_share_of_every_class_by_the_seed_alone() {
        let dataset = data::load(Some("fashion-mnist-starter")).unwrap();
        let divided = |seed| {
            let recipe = Recipe {
                validation: Validation::Split(0.1),
                ..Recipe::default()
            };
            Division::of(&dataset, &recipe, seed).unwrap()
        };
        let division = divided(4);
        let kept = division.validation.clone().unwrap();
        assert_eq!(division.train.len() + kept.len(), dataset.train().len());
        let mut all: Vec<u32> = division.train.iter().chain(&kept).copied().collect();
        all.sort_unstable();
        assert!(all.iter().copied().eq(0..dataset.train().len() as u32));

        let mut of_class = vec![0; dataset.classes()];
        for &index in &kept {
            of_class[usize::from(dataset.train().labels()[index as usize])] += 1;
        }
        let counts = dataset.train().class_counts(dataset.classes());
        for (kept, all) in of_class.iter().zip(counts) {
            assert_eq!(*kept, (all as f64 * 0.1).round() as usize);
        }
        assert_eq!(division, divided(4));
        assert_ne!(division, divided(5));
    }

    #[test]
    fn a_class_keeps_something_to_train_on() {
        assert_eq!(
            [0, 1, 2, 3, 100].map(|members| count(members, 0.9)),
            [0, 0, 1, 2, 90]
        );
        assert_eq!(
            [2, 10, 1000].map(|members| count(members, 0.001)),
            [1, 1, 1]
        );
    }
}
