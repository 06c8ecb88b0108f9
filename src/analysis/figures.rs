//! Metrics of predictions.

use serde::Serialize;

use super::Predictions;
use crate::statistics::wilson_interval;

/// Bars of a reliability diagram, of equal width. Source: Guo, Pleiss, Sun and Weinberger 2017, "On Calibration of Modern
/// Neural Networks".
const BARS: usize = 15;

/// Metrics over all images of some [`Predictions`]; those of single classes are in its
/// [`ConfusionTable`](super::ConfusionTable).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Number of images.
    pub images: usize,
    /// Number of right predictions.
    pub right: usize,
    /// Share of right predictions.
    pub accuracy: f64,
    /// The 95 % confidence interval of the accuracy; see [`wilson_interval`].
    pub accuracy_interval: (f64, f64),
    /// Share of images whose class is among the two most probable.
    pub top2_accuracy: f64,
    /// The loss as training reports it for validation images, with label smoothing and penalty if any, in nats.
    pub loss: f64,
    /// Mean cross-entropy with the labels, without smoothing, in nats.
    pub cross_entropy: f64,
    /// Calibration error: the mean gap between confidence and accuracy over the bars, weighted by their images.
    pub calibration_error: f64,
    /// Fifteen bars from confidence 0 to 1.
    pub calibration: Vec<CalibrationBar>,
}

/// The images whose confidence is above `from` and at most `to`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CalibrationBar {
    /// Lower end, excluded.
    pub from: f64,
    /// Upper end, included.
    pub to: f64,
    /// Number of images.
    pub images: usize,
    /// Their mean confidence; 0 where there is none.
    pub confidence: f64,
    /// Their share of right predictions; 0 where there is none.
    pub accuracy: f64,
}

impl Figures {
    /// The metrics of `predictions`; `None` where there is no image.
    pub fn of(predictions: &Predictions) -> Option<Self> {
        if predictions.is_empty() {
            return None;
        }
        let images = predictions.len();
        let right = (0..images).filter(|i| predictions.is_right(*i)).count();
        let top2 = (0..images).filter(|i| rank(predictions, *i) < 2).count();
        let cross_entropies = predictions.cross_entropies().iter();
        let cross_entropy: f64 = cross_entropies.copied().map(f64::from).sum();
        let calibration = calibration(predictions);
        let gap = |bar: &CalibrationBar| bar.images as f64 * (bar.accuracy - bar.confidence).abs();
        Some(Self {
            images,
            right,
            accuracy: right as f64 / images as f64,
            accuracy_interval: wilson_interval(right, images),
            top2_accuracy: top2 as f64 / images as f64,
            loss: predictions.loss(),
            cross_entropy: cross_entropy / images as f64,
            calibration_error: calibration.iter().map(gap).sum::<f64>() / images as f64,
            calibration,
        })
    }
}

/// Number of classes that rank before image `index`'s own, by probability and then by number.
fn rank(predictions: &Predictions, index: usize) -> usize {
    let row = predictions.probabilities(index);
    let label = usize::from(predictions.labels()[index]);
    let own = row[label];
    let (before, after) = row.split_at(label);
    before.iter().filter(|p| **p >= own).count() + after.iter().filter(|p| **p > own).count()
}

fn calibration(predictions: &Predictions) -> Vec<CalibrationBar> {
    let mut bars: Vec<CalibrationBar> = (0..BARS)
        .map(|bar| CalibrationBar {
            from: bar as f64 / BARS as f64,
            to: (bar + 1) as f64 / BARS as f64,
            images: 0,
            confidence: 0.0,
            accuracy: 0.0,
        })
        .collect();
    for index in 0..predictions.len() {
        let confidence = f64::from(predictions.confidence(index));
        let bar = (confidence * BARS as f64).ceil() as usize;
        let bar = &mut bars[bar.clamp(1, BARS) - 1];
        bar.images += 1;
        bar.confidence += confidence;
        bar.accuracy += f64::from(u8::from(predictions.is_right(index)));
    }
    for bar in bars.iter_mut().filter(|bar| bar.images > 0) {
        bar.confidence /= bar.images as f64;
        bar.accuracy /= bar.images as f64;
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: f64, expected: f64) {
        assert!((got - expected).abs() < 1e-6, "{got}, expected {expected}");
    }

    #[test]
    fn figures_follow_from_a_small_table() {
        let predictions = Predictions::new(
            4,
            vec![
                0.90, 0.05, 0.03, 0.02, // right
                0.90, 0.05, 0.03, 0.02, // second
                0.20, 0.50, 0.15, 0.15, // fourth by number
                0.25, 0.25, 0.25, 0.25, // second by number
            ],
            vec![0, 1, 3, 1],
        );
        let figures = Figures::of(&predictions).unwrap();
        assert_eq!((figures.images, figures.right), (4, 1));
        assert_eq!(figures.accuracy, 0.25);
        assert_eq!(figures.accuracy_interval, wilson_interval(1, 4));
        assert_eq!(figures.top2_accuracy, 0.75);
        let losses = -(0.9f64.ln() + 0.05f64.ln() + 0.15f64.ln() + 0.25f64.ln());
        close(figures.cross_entropy, losses / 4.0);
        close(figures.loss, losses / 4.0);
        // Bars: 0.9 twice, half right; 0.5 and 0.25 alone, both wrong.
        close(figures.calibration_error, (2.0 * 0.4 + 0.5 + 0.25) / 4.0);
        let filled: Vec<_> = figures
            .calibration
            .iter()
            .enumerate()
            .filter(|(_, bar)| bar.images > 0)
            .map(|(number, bar)| (number, bar.images, bar.accuracy))
            .collect();
        assert_eq!(filled, [(3, 1, 0.0), (7, 1, 0.0), (13, 2, 0.5)]);
        assert_eq!(figures.calibration.len(), 15);
    }

    #[test]
    fn certain_and_right_is_calibrated() {
        let predictions = Predictions::new(2, vec![1.0, 0.0, 0.0, 1.0], vec![0, 1]);
        let figures = Figures::of(&predictions).unwrap();
        assert_eq!((figures.calibration_error, figures.loss), (0.0, 0.0));
        assert_eq!(figures.calibration[14].images, 2);
        assert!(Figures::of(&Predictions::new(2, vec![], vec![])).is_none());
    }
}
