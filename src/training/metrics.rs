//! Which epochs can be compared, and which of them is best.

use serde::{Deserialize, Serialize};

use super::figures::EpochMetrics;

pub(super) fn first_stretch() -> usize {
    1
}

pub(super) fn is_first_stretch(stretch: &usize) -> bool {
    *stretch == first_stretch()
}

/// The epochs of the latest stretch: those that can be compared with the last one.
pub fn latest_stretch(epochs: &[EpochMetrics]) -> &[EpochMetrics] {
    let Some(last) = epochs.last() else {
        return epochs;
    };
    let earlier = epochs
        .iter()
        .rposition(|metrics| metrics.stretch != last.stretch);
    &epochs[earlier.map_or(0, |earlier| earlier + 1)..]
}

/// The best figures of a run's latest stretch so far.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Best {
    /// The highest.
    pub val_accuracy: f64,
    /// The first epoch that had it, from 1.
    pub val_accuracy_epoch: usize,
    /// The lowest.
    pub val_loss: f64,
    /// The first epoch that had it, from 1.
    pub val_loss_epoch: usize,
}

impl Best {
    /// The highest validation accuracy and the lowest validation loss of the latest stretch's epochs that [count](EpochMetrics::counts),
    /// each at the first epoch that reached it; of epochs with the same accuracy, which are frequent with few images, the one with the
    /// lowest loss.
    pub fn of(epochs: &[EpochMetrics]) -> Option<Self> {
        let mut epochs = latest_stretch(epochs).iter().filter(|epoch| epoch.counts());
        let first = epochs.next()?;
        let start = Self {
            val_accuracy: first.val_accuracy,
            val_accuracy_epoch: first.epoch,
            val_loss: first.val_loss,
            val_loss_epoch: first.epoch,
        };
        let mut loss = first.val_loss;
        Some(epochs.fold(start, |mut best, metrics| {
            let is_same = metrics.val_accuracy == best.val_accuracy;
            if metrics.val_accuracy > best.val_accuracy || is_same && metrics.val_loss < loss {
                best.val_accuracy = metrics.val_accuracy;
                best.val_accuracy_epoch = metrics.epoch;
                loss = metrics.val_loss;
            }
            if metrics.val_loss < best.val_loss {
                best.val_loss = metrics.val_loss;
                best.val_loss_epoch = metrics.epoch;
            }
            best
        }))
    }
}

/// The test set's figures, measured once at the end of a run that chose its best epoch on held-out images.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FinalTest {
    /// The epoch whose weights were measured: the one with the highest validation accuracy.
    pub epoch: usize,
    /// That of the recipe's objective, in nats, as `val_loss` is.
    pub loss: f64,
    /// Share of the test images that are predicted correctly.
    pub accuracy: f64,
    /// How often the run has measured this test set, including this time: more than once if it was resumed after its end.
    pub times: usize,
    /// The stretch of the epoch, which identifies the test set.
    #[serde(default = "first_stretch", skip_serializing_if = "is_first_stretch")]
    pub stretch: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Epochs of these validation accuracies, losses and stretches.
    fn epochs(figures: &[(f64, f64, usize)]) -> Vec<EpochMetrics> {
        let epochs = figures.iter().zip(1..);
        epochs
            .map(|(&(val_accuracy, val_loss, stretch), epoch)| EpochMetrics {
                epoch,
                val_loss,
                val_accuracy,
                stretch,
                ..EpochMetrics::default()
            })
            .collect()
    }

    #[test]
    fn the_best_is_that_of_the_latest_stretch() {
        let digits = [(0.7, 0.9, 1), (0.98, 0.1, 1)];
        let both = [(0.7, 0.9, 1), (0.98, 0.1, 1), (0.5, 1.4, 2), (0.6, 1.5, 2)];
        for (figures, accuracy, loss) in [
            (&digits[..], 2, 2),
            (&both[..3], 3, 3),
            (&both, 4, 3),
            // Back on the first set is a stretch of its own: the epochs between have changed the network.
            (&[(0.98, 0.1, 1), (0.5, 1.4, 2), (0.9, 0.3, 3)], 3, 3),
        ] {
            let best = Best::of(&epochs(figures)).unwrap();
            let got = (best.val_accuracy_epoch, best.val_loss_epoch);
            assert_eq!(got, (accuracy, loss), "{figures:?}");
        }
        assert_eq!(Best::of(&[]), None);
        assert!(latest_stretch(&[]).is_empty());
    }

    #[test]
    fn epochs_with_a_young_batch_norm_do_not_count() {
        let mut epochs = epochs(&[(0.99, 0.01, 1), (0.7, 0.9, 1), (0.8, 0.8, 1)]);
        epochs[0].start_share = Some(0.3);
        epochs[0].val_accuracy_by_batch = Some(0.99);
        let best = Best::of(&epochs).unwrap();
        assert_eq!((best.val_accuracy_epoch, best.val_loss_epoch), (3, 3));
        assert_eq!(Best::of(&epochs[..1]), None);
    }

    #[test]
    fn a_line_without_a_stretch_is_of_the_first() {
        let mut metrics = epochs(&[(0.7, 0.9, 1)]).remove(0);
        let line = serde_json::to_string(&metrics).unwrap();
        assert!(!line.contains("stretch"), "{line}");
        assert_eq!(
            serde_json::from_str::<EpochMetrics>(&line).unwrap(),
            metrics
        );
        metrics.stretch = 2;
        let line = serde_json::to_string(&metrics).unwrap();
        assert!(line.ends_with("\"stretch\":2}"), "{line}");
        assert_eq!(
            serde_json::from_str::<EpochMetrics>(&line).unwrap(),
            metrics
        );
    }

    #[test]
    fn of_epochs_with_the_same_accuracy_the_one_with_the_lowest_loss_is_best() {
        let figures = [(0.5, 0.9), (0.8, 0.4), (0.7, 0.2), (0.8, 0.3), (0.8, 0.3)];
        let epochs = epochs(&figures.map(|(accuracy, loss)| (accuracy, loss, 1)));
        let best = Best::of(&epochs).unwrap();
        assert_eq!((best.val_accuracy_epoch, best.val_loss_epoch), (4, 3));
        let best = Best::of(&epochs[..3]).unwrap();
        assert_eq!((best.val_accuracy_epoch, best.val_loss_epoch), (2, 3));
    }
}
