//! Selections of images from many predictions.

use super::Predictions;

/// A selection of images, the most relevant first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gallery {
    /// One cell of the confusion matrix, the most confident first.
    Cell {
        /// True class.
        truth: usize,
        /// Predicted class.
        predicted: usize,
    },
    /// Every wrong prediction, the most confident first.
    ConfidentErrors,
    /// Every image, the smallest lead of the most probable class over the next first.
    SmallestMargin,
    /// Every image, the most evenly spread probabilities first.
    HighestEntropy,
    /// Every training image, the highest loss first: the suspect labels.
    HighestLoss,
}

impl Gallery {
    /// The positions of the selected images in their split; equals in the order of the split.
    pub fn select(self, predictions: &Predictions) -> Vec<usize> {
        let all = 0..predictions.len();
        match self {
            Self::Cell { truth, predicted } => {
                let cell = all.filter(|i| {
                    usize::from(predictions.labels()[*i]) == truth
                        && predictions.predicted(*i) == predicted
                });
                sorted(cell, |i| -predictions.confidence(i))
            }
            Self::ConfidentErrors => {
                let wrong = all.filter(|i| !predictions.is_right(*i));
                sorted(wrong, |i| -predictions.confidence(i))
            }
            Self::SmallestMargin => sorted(all, |i| margin(predictions.probabilities(i))),
            Self::HighestEntropy => sorted(all, |i| -entropy(predictions.probabilities(i))),
            Self::HighestLoss => sorted(all, |i| -predictions.cross_entropies()[i]),
        }
    }
}

/// The lead of the largest probability over the second.
pub fn margin(probabilities: &[f32]) -> f32 {
    let (mut first, mut second) = (0.0f32, 0.0f32);
    for &probability in probabilities {
        if probability > first {
            (first, second) = (probability, first);
        } else {
            second = second.max(probability);
        }
    }
    first - second
}

/// How evenly probabilities are spread, in nats: 0 where one is 1, ln(classes) where all are equal.
pub fn entropy(probabilities: &[f32]) -> f32 {
    probabilities
        .iter()
        .filter(|p| **p > 0.0)
        .map(|p| -p * p.ln())
        .sum()
}

/// The positions by ascending key; a stable sort.
fn sorted(positions: impl Iterator<Item = usize>, key: impl Fn(usize) -> f32) -> Vec<usize> {
    let mut keyed: Vec<(f32, usize)> = positions.map(|i| (key(i), i)).collect();
    keyed.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    keyed.into_iter().map(|(_, i)| i).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn predictions() -> Predictions {
        Predictions::new(
            3,
            vec![
                0.60, 0.39, 0.01, // 0, right, a near second
                0.40, 0.30, 0.30, // 1 for 0, all alike
                0.01, 0.98, 0.01, // 0 for 1, certain
                0.70, 0.20, 0.10, // 1 for 0
                0.80, 0.10, 0.10, // 1 for 0
            ],
            vec![0, 1, 0, 1, 1],
        )
    }

    #[test]
    fn each_gallery_has_its_order() {
        let predictions = predictions();
        let cell = |truth, predicted| Gallery::Cell { truth, predicted }.select(&predictions);
        assert_eq!(cell(1, 0), [4, 3, 1]);
        assert_eq!(cell(0, 0), [0]);
        assert!(cell(2, 2).is_empty());
        let of = |gallery: Gallery| gallery.select(&predictions);
        assert_eq!(of(Gallery::ConfidentErrors), [2, 4, 3, 1]);
        assert_eq!(of(Gallery::SmallestMargin), [1, 0, 3, 4, 2]);
        assert_eq!(of(Gallery::HighestEntropy), [1, 3, 0, 4, 2]);
        assert_eq!(of(Gallery::HighestLoss), [2, 4, 3, 1, 0]);
    }

    #[test]
    fn suspects_come_by_their_loss_and_equals_in_their_order() {
        let rows = [
            [0.5, 0.5],
            [0.25, 0.75],
            [0.25, 0.75],
            [0.0, 1.0],
            [0.75, 0.25],
        ];
        let predictions = Predictions::new(2, rows.concat(), vec![0, 0, 0, 0, 0]);
        assert_eq!(Gallery::HighestLoss.select(&predictions), [3, 1, 2, 0, 4]);
        for (loss, expected) in predictions.cross_entropies().iter().zip([
            2f32.ln(),
            4f32.ln(),
            4f32.ln(),
            // A probability of 0 has the loss of the smallest one that can be written.
            -f32::MIN_POSITIVE.ln(),
            -(0.75f32.ln()),
        ]) {
            assert!((loss - expected).abs() < 1e-6, "{loss} {expected}");
        }
    }

    #[test]
    fn margin_and_entropy_have_their_ends() {
        assert_eq!(margin(&[0.0, 1.0]), 1.0);
        assert_eq!(margin(&[0.5, 0.5]), 0.0);
        assert_eq!(entropy(&[0.0, 1.0]), 0.0);
        assert!((entropy(&[0.25; 4]) - 4f32.ln()).abs() < 1e-6);
    }
}
