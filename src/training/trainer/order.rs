//! The order in which an epoch goes through the training images.

use std::ops::Range;

use rand::Rng;
use rand::seq::SliceRandom;

/// The images of an epoch, in the order in which they are trained on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Order {
    /// Their positions in the set.
    pub images: Vec<u32>,
    /// How often the image was in the epoch before, for each of them; empty if none comes twice.
    repeats: Vec<u32>,
}

/// The images of a class, of which some may be drawn several times.
struct Class {
    images: Vec<u32>,
    drawn: usize,
}

impl Order {
    /// Every image once, in random order.
    pub fn shuffled(images: &[u32], random: &mut impl Rng) -> Self {
        let mut images = images.to_vec();
        images.shuffle(random);
        Self {
            images,
            repeats: Vec::new(),
        }
    }

    /// As many images, of every class equally many, give or take one: in each round every class once, in random order. Of a class every
    /// image comes before any comes again.
    pub fn balanced(images: &[u32], labels: &[u16], random: &mut impl Rng) -> Self {
        let mut classes: Vec<Class> = Vec::new();
        for &image in images {
            let class = usize::from(labels[image as usize]);
            while classes.len() <= class {
                classes.push(Class {
                    images: Vec::new(),
                    drawn: 0,
                });
            }
            classes[class].images.push(image);
        }
        classes.retain(|class| !class.images.is_empty());
        let mut order = Self {
            images: Vec::with_capacity(images.len()),
            repeats: Vec::with_capacity(images.len()),
        };
        let mut round: Vec<usize> = (0..classes.len()).collect();
        while order.images.len() < images.len() {
            round.shuffle(random);
            let left = images.len() - order.images.len();
            for &class in round.iter().take(left) {
                let (image, repeat) = classes[class].draw(random);
                order.images.push(image);
                order.repeats.push(repeat);
            }
        }
        order
    }

    /// Number of images, repeated ones included.
    pub fn len(&self) -> usize {
        self.images.len()
    }

    /// A number for each of these places that is another one whenever an image comes again, so that it is augmented differently then;
    /// `epoch` while none does.
    pub fn epochs(&self, epoch: u64, places: Range<usize>) -> impl Iterator<Item = u64> {
        places.map(move |place| {
            let repeat = self.repeats.get(place).copied().unwrap_or(0);
            epoch | u64::from(repeat) << 32
        })
    }
}

impl Class {
    /// The next image, and how often it was drawn before.
    fn draw(&mut self, random: &mut impl Rng) -> (u32, u32) {
        let place = self.drawn % self.images.len();
        if place == 0 {
            self.images.shuffle(random);
        }
        let repeat = self.drawn / self.images.len();
        self.drawn += 1;
        (self.images[place], repeat as u32)
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_pcg::Pcg64Mcg;

    use super::*;

    fn random() -> Pcg64Mcg {
        Pcg64Mcg::seed_from_u64(3)
    }

    #[test]
    fn every_class_is_drawn_equally_often_and_evenly_over_the_epoch() {
        // 70, 25 and 6 images; class 1 has none.
        let labels: Vec<u16> = [vec![0; 70], vec![2; 25], vec![3; 6]].concat();
        let images: Vec<u32> = (0..labels.len() as u32).collect();
        let order = Order::balanced(&images, &labels, &mut random());
        assert_eq!(order.len(), 101);
        let mut times = vec![0u32; labels.len()];
        let mut of_class = [0; 4];
        for (place, &image) in order.images.iter().enumerate() {
            assert_eq!(order.repeats[place], times[image as usize], "place {place}");
            times[image as usize] += 1;
            of_class[usize::from(labels[image as usize])] += 1;
            let drawn = [of_class[0], of_class[2], of_class[3]];
            let spread = drawn.iter().max().unwrap() - drawn.iter().min().unwrap();
            assert!(spread <= 1, "after {place}: {drawn:?}");
        }
        assert_eq!(of_class[1], 0);
        let range = |class: u16| {
            let members = (0..labels.len()).filter(|image| labels[*image] == class);
            let times: Vec<u32> = members.map(|image| times[image]).collect();
            (*times.iter().min().unwrap(), *times.iter().max().unwrap())
        };
        // 33 or 34 of each.
        assert_eq!(range(0), (0, 1));
        assert_eq!(range(2), (1, 2));
        assert_eq!(range(3), (5, 6));
        assert_eq!(order, Order::balanced(&images, &labels, &mut random()));
    }

    #[test]
    fn an_image_that_comes_again_counts_as_of_another_epoch() {
        let once = Order::shuffled(&[4, 5, 6], &mut random());
        assert_eq!(once.epochs(7, 0..3).collect::<Vec<_>>(), [7; 3]);
        let labels = [0, 0, 0, 1];
        let again = Order::balanced(&[0, 1, 2, 3], &labels, &mut random());
        let epochs = again.images.iter().zip(again.epochs(7, 0..4));
        let rare: Vec<u64> = epochs
            .filter(|(image, _)| **image == 3)
            .map(|(_, epoch)| epoch)
            .collect();
        assert_eq!(rare, [7, 7 | 1 << 32]);
    }
}
