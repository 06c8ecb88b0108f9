//! How many of the training images a run uses, and which ones: `train_images: 500`, or `0.1` for a share.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize, Serializer};

use crate::field::{Plain, Value};
use crate::network::mix;

/// Separates the random stream from those of epochs, weights and validation.
const STREAM: u64 = 0x7472_6169_6e70_6172;

/// The part of the training images that a run uses: a number of images, or, below 1, a share.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct TrainImages(f64);

impl TrainImages {
    /// How many of so many images.
    pub fn of(self, images: usize) -> usize {
        let wanted = match self.0 < 1.0 {
            true => (self.0 * images as f64).round().max(1.0),
            false => self.0,
        };
        images.min(wanted as usize)
    }

    /// Why there is no such part, if there is none.
    pub(super) fn problem(self) -> Option<String> {
        let is_part = self.0 < 1.0 || self.0 >= 2.0 && self.0.fract() == 0.0;
        (!is_part).then(|| {
            format!(
                "expected a whole number of images from 2, or a share below 1, got {}; leave it out to train on all images",
                self.0
            )
        })
    }

    /// How many images it wants that are not among these.
    fn missing(self, images: usize) -> usize {
        (self.0 as usize).saturating_sub(images)
    }

    /// The part of `members`, ascending positions in `labels`, drawn from `seed`: of every class the same share, and at least one
    /// image where there are as many images as classes. The part of a smaller number is in that of a larger one.
    ///
    /// Classes get their images one after the other by the method of Webster and Sainte-Laguë. Largest remainders would be as close to the
    /// shares, but there a class may lose an image as the number of all grows (the Alabama paradox), so that a smaller part would not
    /// be in the larger one.
    ///
    /// # Errors
    /// If there are fewer images: a sentence.
    pub(in crate::training) fn select(
        self,
        members: &[u32],
        labels: &[u16],
        seed: u64,
    ) -> Result<Vec<u32>, String> {
        if self.missing(members.len()) > 0 {
            return Err(format!(
                "{} are more than the {} images that can be trained on; use fewer, or leave it out to train on all",
                self.0,
                members.len()
            ));
        }
        let mut classes: Vec<Vec<u32>> = Vec::new();
        for &image in members {
            let class = usize::from(labels[image as usize]);
            if class >= classes.len() {
                classes.resize(class + 1, Vec::new());
            }
            classes[class].push(image);
        }
        let mut turns = Vec::with_capacity(members.len());
        for (class, images) in classes.iter_mut().enumerate() {
            let mut random = Pcg64Mcg::seed_from_u64(mix(seed ^ STREAM, class as u64));
            images.shuffle(&mut random);
            let all = images.len() as f64;
            turns.extend(images.iter().enumerate().map(|(place, image)| {
                // Every class has its first image before any has its second.
                let turn = match place {
                    0 => 0.0,
                    place => (place as f64 + 0.5) / all,
                };
                (turn, class, *image)
            }));
        }
        turns.sort_by(|(one, class, _), (other, another, _)| {
            one.total_cmp(other).then(class.cmp(another))
        });
        let chosen = turns.iter().take(self.of(members.len()));
        let mut chosen: Vec<u32> = chosen.map(|(_, _, image)| *image).collect();
        chosen.sort_unstable();
        Ok(chosen)
    }
}

impl Plain for TrainImages {
    fn to_value(&self) -> Value {
        Value::Number(self.0)
    }

    fn of(value: Value) -> Self {
        Self(value.number())
    }
}

/// A number of images has no decimal point.
impl Serialize for TrainImages {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.fract() == 0.0 {
            true => serializer.serialize_u64(self.0 as u64),
            false => serializer.serialize_f64(self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn select(part: f64, labels: &[u16], seed: u64) -> Vec<u32> {
        let all: Vec<u32> = (0..labels.len() as u32).collect();
        TrainImages(part).select(&all, labels, seed).unwrap()
    }

    fn counts(chosen: &[u32], labels: &[u16]) -> [usize; 3] {
        let mut counts = [0; 3];
        for image in chosen {
            counts[usize::from(labels[*image as usize])] += 1;
        }
        counts
    }

    /// 60, 30 and 10 of a hundred.
    fn uneven() -> Vec<u16> {
        let label = |image: u16| match image % 10 {
            0..6 => 0,
            6..9 => 1,
            _ => 2,
        };
        (0..100).map(label).collect()
    }

    #[test]
    fn every_class_has_its_share_and_at_least_one_image() {
        let labels = uneven();
        for (part, expected) in [
            (10.0, [6, 3, 1]),
            (0.5, [30, 15, 5]),
            (100.0, [60, 30, 10]),
            (3.0, [1, 1, 1]),
            (2.0, [1, 1, 0]),
            (5.0, [3, 1, 1]),
            (0.001, [1, 0, 0]),
        ] {
            let chosen = select(part, &labels, 4);
            assert_eq!(counts(&chosen, &labels), expected, "{part}");
            assert!(chosen.is_sorted_by(|one, next| one < next), "{chosen:?}");
        }
    }

    #[test]
    fn a_smaller_part_is_in_every_larger_one_and_the_seed_alone_decides() {
        // Sizes with which largest remainders would take an image away again.
        let sizes = [6, 6, 2];
        let labels: Vec<u16> = (0..3)
            .flat_map(|class| vec![class; sizes[usize::from(class)]])
            .collect();
        for labels in [labels, uneven()] {
            for more in 3..=labels.len() {
                let (part, larger) = (more as f64 - 1.0, more as f64);
                let (few, many) = (select(part, &labels, 7), select(larger, &labels, 7));
                assert_eq!((few.len(), many.len()), (more - 1, more));
                assert!(few.iter().all(|image| many.contains(image)), "{more}");
            }
        }
        let labels = uneven();
        assert_eq!(select(20.0, &labels, 1), select(20.0, &labels, 1));
        assert_ne!(select(20.0, &labels, 1), select(20.0, &labels, 2));
    }

    #[test]
    fn more_than_there_are_is_refused() {
        let refusal = TrainImages(4.0).select(&[0, 1, 2], &[0, 1, 0], 1);
        let refusal = refusal.unwrap_err();
        assert!(
            refusal.contains("4 are more than the 3 images"),
            "{refusal}"
        );
    }
}
