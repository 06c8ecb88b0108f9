//! Duplicate images, equal pixel for pixel.

use serde::Serialize;

use super::super::split::Split;

/// Maximum number of pairs kept as examples.
const EXAMPLES: usize = 100;

/// Numbers of duplicate images.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Duplicates {
    /// Test images that are also among the training images.
    pub test_in_train: usize,
    /// Validation images that are also among the training images, if the set has validation images.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validation_in_train: Option<usize>,
    /// The test images among the training images of which at least one has another label.
    pub contradicting: usize,
    /// Training images equal to an earlier one.
    pub within_train: usize,
    /// Test images equal to an earlier one.
    pub within_test: usize,
    /// The first test images that are also training images, those with another label there first.
    pub examples: Vec<DuplicatePair>,
}

/// A test image and a training image with the same pixels, by their positions in their splits, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DuplicatePair {
    /// Position among the test images.
    pub test: usize,
    /// Its class there.
    pub test_label: u16,
    /// Position among the training images.
    pub train: usize,
    /// Its class there.
    pub train_label: u16,
}

/// A number that equal images share, and the position of the image. Ordered by the number, then the split, then the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fingerprint {
    hash: u64,
    split: u8,
    image: u32,
}

impl Fingerprint {
    /// The fingerprint of image `image` in [0, 1] of split `split` (0 training, 1 test, 2 validation).
    pub fn of(pixels: &[f32], split: usize, image: usize) -> Self {
        let mut hash = 0;
        for pair in pixels.chunks(2) {
            // Adding 0 makes one zero of the two.
            let bits = |value: f32| u64::from((value + 0.0).to_bits());
            let word = pair.iter().fold(0, |word, value| word << 32 | bits(*value));
            hash = mixed(hash ^ word);
        }
        Self {
            hash,
            split: split as u8,
            image: image as u32,
        }
    }
}

/// A number that changes in many bits when one bit of `word` does.
///
/// Source: Pelle Evensen, "On the mixing functions in Fast Splittable Pseudorandom Number Generators" (rrmxmx), one round of it.
fn mixed(word: u64) -> u64 {
    let word =
        (word ^ word.rotate_right(49) ^ word.rotate_right(24)).wrapping_mul(0x9fb2_1c65_1e98_df25);
    word ^ (word >> 28)
}

/// A group of equal images.
struct Group {
    /// The first of them.
    split: usize,
    image: usize,
    /// Each label that training images of the group have, with the first image that has it.
    labels: Vec<(u16, usize)>,
    /// Whether there is a test image among them.
    has_test: bool,
}

/// Counts equal images of the splits, given the fingerprints of all.
pub(super) fn count(splits: &[&Split], mut fingerprints: Vec<Fingerprint>) -> Duplicates {
    fingerprints.sort_unstable();
    let mut found = Duplicates {
        validation_in_train: (splits.len() > 2).then_some(0),
        ..Duplicates::default()
    };
    let mut pairs = Vec::new();
    for alike in fingerprints.chunk_by(|one, other| one.hash == other.hash) {
        if alike.len() > 1 {
            count_alike(splits, alike, &mut found, &mut pairs);
        }
    }
    pairs.sort_unstable_by_key(|pair: &DuplicatePair| {
        (pair.test_label == pair.train_label, pair.test)
    });
    pairs.truncate(EXAMPLES);
    found.examples = pairs;
    found
}

/// The same for images with one fingerprint, which need not be equal.
fn count_alike(
    splits: &[&Split],
    alike: &[Fingerprint],
    found: &mut Duplicates,
    pairs: &mut Vec<DuplicatePair>,
) {
    let length = splits[0].shape().len();
    let (mut one, mut other) = (vec![0.0; length], vec![0.0; length]);
    let mut groups: Vec<Group> = Vec::new();
    for fingerprint in alike {
        let (split, image) = (usize::from(fingerprint.split), fingerprint.image as usize);
        let is_training = split == 0;
        let label = splits[split].labels()[image];
        splits[split].image(image, &mut one);
        let same = groups.iter_mut().find(|group| {
            splits[group.split].image(group.image, &mut other);
            one == other
        });
        let Some(group) = same else {
            let labels = is_training.then_some((label, image));
            groups.push(Group {
                split,
                image,
                labels: labels.into_iter().collect(),
                has_test: split == 1,
            });
            continue;
        };
        if is_training {
            found.within_train += 1;
            if group.labels.iter().all(|(known, _)| *known != label) {
                group.labels.push((label, image));
            }
            continue;
        }
        if split == 2 {
            let is_in_train = usize::from(!group.labels.is_empty());
            found.validation_in_train = found.validation_in_train.map(|found| found + is_in_train);
            continue;
        }
        let contradicting = group.labels.iter().find(|(known, _)| *known != label);
        found.contradicting += usize::from(contradicting.is_some());
        if let Some(&(train_label, train)) = contradicting.or(group.labels.first()) {
            found.test_in_train += 1;
            pairs.push(DuplicatePair {
                test: image,
                test_label: label,
                train,
                train_label,
            });
        }
        found.within_test += usize::from(group.has_test);
        group.has_test = true;
    }
}
