//! Ranges, ticks and the words beside them.

/// A range of values, even or logarithmic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Axis {
    low: f64,
    high: f64,
    is_log: bool,
}

/// A value with its words.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    pub(super) value: f64,
    pub(super) label: String,
}

/// Values are cut to this size, so that no difference of two overflows.
const LARGEST: f64 = 1e300;
/// On a logarithmic axis nothing is smaller.
const SMALLEST: f64 = 1e-300;

impl Axis {
    /// From `low` to `high`; a range of no length gets half a unit at either side.
    pub(super) fn fixed([low, high]: [f64; 2]) -> Self {
        let cut = |value: f64| match value.is_nan() {
            true => 0.0,
            false => value.clamp(-LARGEST, LARGEST),
        };
        let (low, high) = (cut(low.min(high)), cut(high.max(low)));
        let half = match high - low > 1e-12 * low.abs().max(high.abs()) {
            true => 0.0,
            false => 0.5f64.max(1e-9 * high.abs()),
        };
        Self {
            low: low - half,
            high: high + half,
            is_log: false,
        }
    }

    /// A range around all finite values (on a logarithmic axis: all positive ones) that begins and ends at a tick.
    pub(super) fn around(
        values: impl Iterator<Item = f64>,
        most_ticks: usize,
        is_log: bool,
    ) -> Self {
        let (low, high) = values
            .filter(|value| value.is_finite() && (!is_log || *value > 0.0))
            .map(|value| value.clamp(-LARGEST, LARGEST))
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                (low.min(value), high.max(value))
            });
        if low > high {
            let low = if is_log { 0.1 } else { 0.0 };
            return Self {
                low,
                high: 1.0,
                is_log,
            };
        }
        if is_log {
            return Self::around_log(low.max(SMALLEST), high.max(SMALLEST));
        }
        // Values that are all but equal lie in the middle of a range of their own size.
        let half = match high - low > 1e-9 * low.abs().max(high.abs()) {
            true => 0.0,
            false if high == 0.0 => 0.5,
            false => 0.1 * high.abs(),
        };
        let (low, high) = (low - half, high + half);
        let step = nice_step((high - low) / most_ticks.max(1) as f64);
        Self {
            low: (low / step + 1e-9).floor() * step,
            high: (high / step - 1e-9).ceil() * step,
            is_log,
        }
    }

    fn around_log(low: f64, high: f64) -> Self {
        // To the next of 1, 2, 5 times a power of ten on either side.
        let steps = |value: f64| {
            let decade = 10f64.powf(value.log10().floor());
            [1.0, 2.0, 5.0, 10.0]
                .map(|factor| factor * decade)
                .into_iter()
        };
        let below = steps(low).rfind(|step| *step <= low * (1.0 + 1e-9));
        let above = steps(high).find(|step| *step >= high * (1.0 - 1e-9));
        let (mut low, mut high) = (below.unwrap_or(low), above.unwrap_or(high));
        if high <= low * 1.5 {
            (low, high) = (low / 2.0, high * 2.0);
        }
        Self {
            low,
            high,
            is_log: true,
        }
    }

    pub(super) const fn low(&self) -> f64 {
        self.low
    }

    pub(super) const fn high(&self) -> f64 {
        self.high
    }

    /// Where a value lies: 0 at the low end, 1 at the high end, beyond them outside the range; `None` where it has no
    /// place at all.
    pub(super) fn position(&self, value: f64) -> Option<f64> {
        if !value.is_finite() || (self.is_log && value <= 0.0) {
            return None;
        }
        let value = value.clamp(-LARGEST, LARGEST);
        let position = if self.is_log {
            (value.max(SMALLEST) / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        };
        position.is_finite().then_some(position)
    }

    /// Round values across the range, about `most` of them at most, from low to high.
    pub(super) fn ticks(&self, most: usize) -> Vec<Tick> {
        if most == 0 {
            return Vec::new();
        }
        if self.is_log {
            return self.log_ticks(most);
        }
        self.even_ticks(nice_step((self.high - self.low) / most as f64))
    }

    /// The same, but never closer than one apart: for epochs and batches.
    pub(super) fn whole_ticks(&self, most: usize) -> Vec<Tick> {
        if most == 0 {
            return Vec::new();
        }
        // Two and a half epochs do not exist.
        let step = match nice_step((self.high - self.low) / most as f64).max(1.0) {
            2.5 => 5.0,
            step => step,
        };
        self.even_ticks(step)
    }

    fn even_ticks(&self, step: f64) -> Vec<Tick> {
        let first = (self.low / step - 1e-9).ceil();
        let count = ((self.high / step + 1e-9).floor() - first).clamp(-1.0, 64.0);
        (0..=count as i64)
            .filter(|_| count >= 0.0)
            .map(|index| {
                let value = (first + index as f64) * step;
                Tick {
                    value,
                    label: label(value, step),
                }
            })
            .collect()
    }

    fn log_ticks(&self, most: usize) -> Vec<Tick> {
        let first = self.low.log10().floor() as i32;
        let last = self.high.log10().ceil() as i32;
        let every = |factors: &[f64], stride: usize| -> Vec<Tick> {
            (first..=last)
                .step_by(stride.max(1))
                .flat_map(|decade| {
                    factors
                        .iter()
                        .map(move |factor| factor * 10f64.powi(decade))
                })
                .filter(|value| {
                    *value >= self.low * (1.0 - 1e-9) && *value <= self.high * (1.0 + 1e-9)
                })
                .map(|value| Tick {
                    value,
                    label: label(value, value),
                })
                .collect()
        };
        for factors in [&[1.0, 2.0, 5.0][..], &[1.0, 3.0], &[1.0]] {
            let ticks = every(factors, 1);
            if ticks.len() <= most {
                return ticks;
            }
        }
        let decades = (last - first + 1).unsigned_abs() as usize;
        every(&[1.0], decades.div_ceil(most))
    }
}

/// The smallest of 1, 2, 2.5, 5 times a power of ten that is not below `step`.
fn nice_step(step: f64) -> f64 {
    let decade = 10f64.powf(step.max(SMALLEST).log10().floor());
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * decade)
        .find(|candidate| *candidate >= step * (1.0 - 1e-9))
        .unwrap_or(10.0 * decade)
}

/// A tick's value with the digits that its step needs.
fn label(value: f64, step: f64) -> String {
    // What is left of zero after adding up steps is zero.
    if value.abs() < 1e-9 * step {
        return "0".to_owned();
    }
    if value.abs() >= 99_999.5 || step < 9.99e-5 {
        // Digits of the mantissa that the step changes.
        let digits = (value.abs().log10().floor() - step.log10().floor()).clamp(0.0, 3.0) as usize;
        return format!("{value:.digits$e}");
    }
    let decimals = (0..6)
        .find(|decimals| {
            let scaled = step * 10f64.powi(*decimals);
            (scaled - scaled.round()).abs() < 1e-6 * scaled.abs().max(1e-3)
        })
        .unwrap_or(6);
    format!("{value:.0$}", decimals as usize)
}

/// A value in about six characters, for readouts.
pub(super) fn figure(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        1e-4..9.999_95 => format!("{value:.4}"),
        9.999_95..999.95 => format!("{value:.2}"),
        999.95..99_999.5 => format!("{value:.0}"),
        _ => format!("{value:.2e}"),
    }
}

/// A value in about four characters.
pub(super) fn short_figure(value: f64) -> String {
    match value.abs() {
        1e-2..9.995 => format!("{value:.2}"),
        9.995..99.95 => format!("{value:.1}"),
        99.95..9999.5 => format!("{value:.0}"),
        0.0 => "0".to_owned(),
        _ => format!("{value:.0e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn labels(values: &[f64], most: usize, is_log: bool) -> Vec<String> {
        let axis = Axis::around(values.iter().copied(), most, is_log);
        axis.ticks(most)
            .into_iter()
            .map(|tick| tick.label)
            .collect()
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(
            labels(&[0.871, 0.9246], 6, false),
            ["0.87", "0.88", "0.89", "0.90", "0.91", "0.92", "0.93"]
        );
        assert_eq!(
            labels(&[0.24, 2.3], 5, false),
            ["0", "0.5", "1.0", "1.5", "2.0", "2.5"]
        );
        assert_eq!(
            labels(&[0.0, 1.0], 4, false),
            ["0", "0.25", "0.50", "0.75", "1.00"]
        );
        assert_eq!(labels(&[1e6, 3e6], 2, false), ["1e6", "2e6", "3e6"]);
        assert_eq!(
            labels(&[-1.0, 1.0], 4, false),
            ["-1.0", "-0.5", "0", "0.5", "1.0"]
        );
    }

    #[test]
    fn odd_values_have_a_range() {
        assert_eq!(labels(&[], 2, false), ["0", "0.5", "1.0"]);
        assert_eq!(
            labels(&[f64::NAN, f64::INFINITY], 2, false),
            ["0", "0.5", "1.0"]
        );
        assert_eq!(labels(&[0.5, 0.5], 3, false), ["0.45", "0.50", "0.55"]);
        assert_eq!(labels(&[0.0], 2, false), ["-0.5", "0", "0.5"]);
        assert!(!labels(&[-1.7e308, 1.7e308], 4, false).is_empty());
    }

    #[test]
    fn logarithmic_ticks_thin_out() {
        assert_eq!(
            labels(&[0.03, 2.0], 8, true),
            ["0.02", "0.05", "0.1", "0.2", "0.5", "1", "2"]
        );
        assert_eq!(
            labels(&[1e-3, 1e3], 8, true),
            ["0.001", "0.01", "0.1", "1", "10", "100", "1000"]
        );
        assert_eq!(labels(&[1e-9, 1e9], 4, true).len(), 4);
        assert_eq!(labels(&[-1.0, 0.0], 2, true), ["0.1", "1"]);
    }

    #[test]
    fn epochs_are_whole() {
        let ticks = |low, high, most| -> Vec<String> {
            let axis = Axis::fixed([low, high]);
            axis.whole_ticks(most)
                .into_iter()
                .map(|tick| tick.label)
                .collect()
        };
        assert_eq!(
            ticks(1.0, 10.0, 20),
            ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]
        );
        assert_eq!(ticks(1.0, 10.0, 4), ["5", "10"]);
        assert_eq!(ticks(1.0, 1.0, 4), ["1"]);
        assert_eq!(ticks(0.0, 1050.0, 5), ["0", "250", "500", "750", "1000"]);
    }

    proptest! {
        #[test]
        fn values_lie_in_the_range_around_them(
            values in prop::collection::vec(any::<f64>(), 1..6),
            most in 1usize..10,
            is_log: bool,
        ) {
            let axis = Axis::around(values.iter().copied(), most, is_log);
            for value in values {
                if let Some(position) = axis.position(value) {
                    prop_assert!((-1e-6..=1.000_001).contains(&position), "{axis:?} {value} {position}");
                }
            }
            let ticks = axis.ticks(most);
            prop_assert!(ticks.len() <= 65);
            prop_assert!(ticks.is_sorted_by(|a, b| a.value < b.value));
        }
    }
}
