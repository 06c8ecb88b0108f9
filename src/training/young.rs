//! Batch norm whose moving mean and variance still hold much of what they began with: then the network predicts badly, though it has
//! learned well, and figures of its predictions say nothing of what it learned.

use std::fmt;

use super::figures::EpochMetrics;

/// Moving statistics of which more than this share is what they began with are young. With Keras's momentum of 0.99 that is so for the
/// first 298 steps.
pub const YOUNG: f32 = 0.05;

/// How young, and what that does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Young {
    /// The share of the moving mean and variance that is what they began with.
    pub start_share: f64,
    /// The latest epoch, and of its validation images the accuracy by the moving statistics, and by each batch's own.
    pub after_epoch: Option<(usize, [f64; 2])>,
}

impl Young {
    /// Of a network whose moving statistics have this share of their start; `None` where it is no longer young.
    pub fn of(start_share: f64) -> Option<Self> {
        (start_share > f64::from(YOUNG)).then_some(Self {
            start_share,
            after_epoch: None,
        })
    }
}

impl EpochMetrics {
    /// Whether, and how, the network was young when it was measured.
    pub fn young(&self) -> Option<Young> {
        let own = self.val_accuracy_by_batch?;
        Some(Young {
            start_share: self.start_share?,
            after_epoch: Some((self.epoch, [self.val_accuracy, own])),
        })
    }

    /// Whether its validation figures say how good the network is.
    pub fn counts(&self) -> bool {
        self.young().is_none()
    }
}

/// One sentence, or two where the figures are known.
impl fmt::Display for Young {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = 100.0 * self.start_share;
        write!(
            f,
            "Batch norm is young: {share:.0} % of its moving statistics is what they began with."
        )?;
        match self.after_epoch {
            Some((epoch, [moving, own])) => write!(
                f,
                " After epoch {epoch} validation is {moving:.3} with them, {own:.3} with each batch's own."
            ),
            None => write!(f, " Predictions say little yet."),
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
        assert!(young.to_string().ends_with("Predictions say little yet."));
        let metrics = EpochMetrics {
            epoch: 1,
            val_accuracy: 0.117,
            val_accuracy_by_batch: Some(0.97),
            start_share: Some(0.452),
            ..EpochMetrics::default()
        };
        assert_eq!(
            metrics.young().unwrap().to_string(),
            "Batch norm is young: 45 % of its moving statistics is what they began with. After epoch 1 validation is 0.117 with them, \
             0.970 with each batch's own."
        );
        assert!(!metrics.counts() && EpochMetrics::default().counts());
    }
}
