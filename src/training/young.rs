//! Young batch norm: while the moving statistics still contain much of their initial value, the network predicts badly even if its
//! weights are well trained, and its figures mean little.

use std::fmt;

use super::figures::EpochMetrics;

/// Moving statistics are young while more than this share of them is their initial value. With Keras's momentum of 0.99 that is the
/// first 298 steps.
pub const YOUNG: f32 = 0.05;

/// How young batch norm is, and the effect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Young {
    /// The share of the moving statistics that is their initial value.
    pub start_share: f64,
    /// The latest epoch, and its validation accuracy with the moving statistics and with each batch's own.
    pub after_epoch: Option<(usize, [f64; 2])>,
}

impl Young {
    /// From the share of the moving statistics that is their initial value; `None` if they are no longer young.
    pub fn of(start_share: f64) -> Option<Self> {
        (start_share > f64::from(YOUNG)).then_some(Self {
            start_share,
            after_epoch: None,
        })
    }
}

impl EpochMetrics {
    /// Whether batch norm was young when the epoch was measured, and how young.
    pub fn young(&self) -> Option<Young> {
        let own = self.val_accuracy_by_batch?;
        Some(Young {
            start_share: self.start_share?,
            after_epoch: Some((self.epoch, [self.val_accuracy, own])),
        })
    }

    /// Whether its validation figures are meaningful: batch norm was not young.
    pub fn counts(&self) -> bool {
        self.young().is_none()
    }
}

/// Two sentences, with the figures if they are known.
impl fmt::Display for Young {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = 100.0 * self.start_share;
        write!(
            f,
            "Batch norm is young: {share:.0} % of its moving statistics is still the initial value."
        )?;
        match self.after_epoch {
            Some((epoch, [moving, own])) => write!(
                f,
                " Validation after epoch {epoch}: {moving:.3} with them, {own:.3} with each batch's own."
            ),
            None => write!(f, " Predictions are unreliable."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_young_says_both_figures() {
        assert_eq!(Young::of(0.05), None);
        let young = Young::of(0.45).unwrap();
        assert!(young.to_string().ends_with("Predictions are unreliable."));
        let metrics = EpochMetrics {
            epoch: 1,
            val_accuracy: 0.117,
            val_accuracy_by_batch: Some(0.97),
            start_share: Some(0.452),
            ..EpochMetrics::default()
        };
        assert_eq!(
            metrics.young().unwrap().to_string(),
            "Batch norm is young: 45 % of its moving statistics is still the initial value. Validation after epoch 1: 0.117 with them, \
             0.970 with each batch's own."
        );
        assert!(!metrics.counts() && EpochMetrics::default().counts());
    }
}
