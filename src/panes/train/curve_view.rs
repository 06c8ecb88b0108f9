//! Smoothing, scale, cursor and zoom of the curves.

use crate::ui::Motion;

/// Smoothing, scale, cursor and zoom of both charts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CurveView {
    smoothing: usize,
    /// Whether losses are drawn on a logarithmic scale.
    pub is_log: bool,
    /// The epoch whose values are shown.
    pub cursor: Option<usize>,
    /// How often the number of shown epochs is halved.
    zoom: u32,
}

/// How much of the mean so far goes into each point.
const SMOOTHING: [f64; 4] = [0.0, 0.5, 0.8, 0.9];

/// So many planned epochs are a few.
const FEW_EPOCHS: usize = 4;
/// The fewest epochs shown.
const LEAST_EPOCHS: f64 = 2.0;

impl CurveView {
    pub fn smoothing(&self) -> f64 {
        SMOOTHING[self.smoothing]
    }

    pub(super) fn smooth(&mut self) {
        self.smoothing = (self.smoothing + 1) % SMOOTHING.len();
    }

    /// Moves the cursor over `epochs` finished epochs; the first move starts at the latest.
    pub(super) fn go(&mut self, motion: Motion, epochs: usize) {
        if epochs == 0 {
            return;
        }
        let page = (epochs / 10).max(2);
        self.cursor = Some(match (self.cursor, motion) {
            (None, Motion::First) => 1,
            (None, _) => epochs,
            (Some(epoch), _) => 1 + motion.along(epoch.clamp(1, epochs) - 1, epochs, page),
        });
    }

    /// Halves the number of shown epochs; `false` if there are already too few.
    pub(super) fn zoom_in(&mut self, planned: usize) -> bool {
        let fits = planned as f64 / f64::from(2u32.saturating_pow(self.zoom + 1)) >= LEAST_EPOCHS;
        self.zoom += u32::from(fits);
        fits
    }

    /// Doubles the number of shown epochs; `false` if all are already shown.
    pub(super) fn zoom_out(&mut self) -> bool {
        let can = self.zoom > 0;
        self.zoom = self.zoom.saturating_sub(1);
        can
    }

    /// What Esc does: it hides the cursor first, then resets the zoom.
    pub(super) fn way_out(&self) -> Option<&'static str> {
        match (self.cursor, self.zoom) {
            (Some(_), _) => Some("no cursor"),
            (None, 0) => None,
            (None, _) => Some("all epochs"),
        }
    }

    pub(super) fn back(&mut self) {
        if self.cursor.take().is_none() {
            self.zoom = 0;
        }
    }

    /// The shown epochs of `planned` ones with `latest` done: all, or a part around the cursor or the latest.
    pub fn range(&self, planned: usize, latest: f64) -> [f64; 2] {
        let [first, last] = [first_shown(planned), planned.max(1) as f64];
        let width = (last - first) / f64::from(2u32.saturating_pow(self.zoom));
        let centre = self.cursor.map_or(latest, |epoch| epoch as f64);
        let low = (centre - width / 2.0).clamp(first, last - width);
        [low, low + width]
    }

    /// The curve as a debiased exponential moving average.
    ///
    /// Source: the debiased exponential mean of Kingma and Ba 2015, as TensorBoard smooths.
    pub fn smoothed(&self, points: &[(f64, f64)]) -> Vec<(f64, f64)> {
        let keep = self.smoothing();
        let (mut sum, mut weight) = (0.0, 0.0);
        let smooth = |&(x, y): &(f64, f64)| {
            if y.is_finite() {
                sum = keep * sum + (1.0 - keep) * y;
                weight = keep * weight + (1.0 - keep);
            }
            (x, if y.is_finite() { sum / weight } else { y })
        };
        points.iter().map(smooth).collect()
    }
}

/// Where the axis of so many planned epochs begins: of a few, at the end of the first one, which would leave much of the chart empty.
pub(super) fn first_shown(planned: usize) -> f64 {
    match planned {
        0..=FEW_EPOCHS => 1.0,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_follows_the_cursor_and_stays_within_the_plan() {
        let mut view = CurveView::default();
        assert_eq!(view.range(20, 3.0), [0.0, 20.0]);
        assert_eq!(view.range(2, 1.0), [1.0, 2.0]);
        assert_eq!(view.range(1, 1.0), [1.0, 1.0]);
        assert!(view.zoom_in(20) && view.zoom_in(20) && view.zoom_in(20));
        assert!(!view.zoom_in(20), "two and a half epochs are the fewest");
        assert_eq!(view.range(20, 1.0), [0.0, 2.5]);
        view.go(Motion::Left, 12);
        assert_eq!(view.cursor, Some(12));
        assert_eq!(view.range(20, 1.0), [10.75, 13.25]);
        view.go(Motion::Last, 12);
        view.go(Motion::Right, 12);
        assert_eq!(view.cursor, Some(12));
        for (way_out, zoom) in [("no cursor", 3), ("all epochs", 0)] {
            assert_eq!(view.way_out(), Some(way_out));
            view.back();
            assert_eq!((view.cursor, view.zoom), (None, zoom));
        }
        assert_eq!(view.way_out(), None);
        assert!(!view.zoom_out());
    }

    #[test]
    fn smoothing_keeps_a_flat_curve_and_breaks() {
        let mut view = CurveView::default();
        let points = [(1.0, 2.0), (2.0, f64::NAN), (3.0, 2.0), (4.0, 0.0)];
        assert_eq!(view.smoothed(&points)[3], (4.0, 0.0));
        view.smooth();
        let smoothed = view.smoothed(&points);
        assert_eq!((smoothed[0], smoothed[2]), (points[0], points[2]));
        assert!(smoothed[1].1.is_nan());
        // 0.5, 0.25 and 0.125 of the weight go to the three values, the latest first.
        assert!((smoothed[3].1 - 2.0 * 0.375 / 0.875).abs() < 1e-12);
        for _ in 0..3 {
            view.smooth();
        }
        assert_eq!(view.smoothing(), 0.0);
    }
}
