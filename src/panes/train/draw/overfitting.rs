//! Detects since which epoch the network overfits.

use crate::training::{EpochMetrics, latest_stretch};

/// A note on overfitting, if there is any.
pub(super) fn overfitting_note(history: &[EpochMetrics]) -> Option<String> {
    overfitting_since(history).map(|epoch| format!("overfits since epoch {epoch}"))
}

/// The epoch since which the network overfits: the one with the lowest validation loss, if the validation loss has been clearly above it
/// for at least three epochs since, while the training loss still falls. Only the latest stretch counts, from where batch norm is no longer
/// young.
fn overfitting_since(history: &[EpochMetrics]) -> Option<usize> {
    let history = latest_stretch(history);
    let young = history.iter().rposition(|metrics| !metrics.counts());
    let history = &history[young.map_or(0, |young| young + 1)..];
    const LEAST_EPOCHS: usize = 3;
    /// Rises below this share are noise.
    const CLEARLY: f64 = 1.02;
    let best = history
        .iter()
        .min_by(|one, other| one.val_loss.total_cmp(&other.val_loss))?;
    let after: Vec<_> = history
        .iter()
        .filter(|metrics| metrics.epoch > best.epoch)
        .collect();
    let last = after.last()?;
    let mean = after.iter().map(|metrics| metrics.val_loss).sum::<f64>() / after.len() as f64;
    let rises = mean > CLEARLY * best.val_loss && last.val_loss > CLEARLY * best.val_loss;
    (after.len() >= LEAST_EPOCHS && rises && last.loss < best.loss).then_some(best.epoch)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(losses: &[(f64, f64)]) -> Vec<EpochMetrics> {
        let epochs = losses.iter().enumerate();
        epochs
            .map(|(index, &(loss, val_loss))| EpochMetrics {
                epoch: index + 1,
                loss,
                val_loss,
                ..EpochMetrics::default()
            })
            .collect()
    }

    #[test]
    fn overfitting_is_a_rising_validation_loss_while_the_training_loss_falls() {
        let falls = [(1.0, 1.0), (0.8, 0.7), (0.6, 0.8), (0.5, 0.9), (0.4, 1.0)];
        assert_eq!(overfitting_since(&history(&falls)), Some(2));
        // Two epochs above the lowest are too few to tell.
        assert_eq!(overfitting_since(&history(&falls[..4])), None);
        let both_rise = falls.map(|(_, val_loss)| (val_loss, val_loss));
        assert_eq!(overfitting_since(&history(&both_rise)), None);
        let noise = falls.map(|(loss, val_loss)| (loss, 0.7 + 0.01 * val_loss));
        assert_eq!(overfitting_since(&history(&noise)), None);
        // A loss that is higher because it is of other images is no sign of it.
        let mut other = history(&falls);
        for metrics in &mut other[2..] {
            metrics.stretch = 2;
        }
        assert_eq!(overfitting_since(&other), None);
        // Nor one that is high because batch norm was young.
        let mut young = history(&falls);
        for metrics in &mut young[2..] {
            (metrics.start_share, metrics.val_accuracy_by_batch) = (Some(0.3), Some(0.9));
        }
        assert_eq!(overfitting_since(&young), None);
        assert_eq!(overfitting_since(&[]), None);
    }
}
