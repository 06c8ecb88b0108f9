//! The arithmetic of a chart's axes: ranges, round ticks and their labels.

use std::f64::consts::LOG10_2;

use crate::wording::decimals;

/// A range of values, linear or logarithmic.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// The ends; on a logarithmic axis, their logarithms to base 10.
    low: f64,
    high: f64,
    is_log: bool,
}

/// A value with its label.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where it is.
    pub value: f64,
    /// Its value as text.
    pub label: String,
}

/// Values are cut to this size, so that no difference of two overflows.
const LARGEST: f64 = 1e300;
/// The smallest value of a logarithmic axis.
const SMALLEST: f64 = 1e-300;
/// The powers of ten of both.
const MOST_DECADES: f64 = 300.0;
/// The most intervals between ticks.
const MOST_INTERVALS: usize = 6;
/// Powers of ten from tick to tick of a logarithmic axis: twice, about three times and ten times as much, and more decades.
const LOG_STEPS: [f64; 9] = [LOG10_2, 0.5, 1.0, 2.0, 5.0, 10.0, 50.0, 100.0, 300.0];

impl Axis {
    /// From `low` to `high`; a range of no length gets half a unit at either side.
    pub fn fixed([low, high]: [f64; 2]) -> Self {
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

    /// A range around all finite values (on a logarithmic axis: all positive ones) that begins and ends at a tick, and its ticks from
    /// low to high: equally spaced, so that each can be on one of `rows` rows. It stays within `limits`, the limits of all values.
    pub fn around(
        values: impl Iterator<Item = f64>,
        rows: usize,
        is_log: bool,
        limits: [f64; 2],
    ) -> (Self, Vec<Tick>) {
        let most = rows.saturating_sub(1) / 2;
        let used = |intervals| rows_used(rows, intervals) as f64;
        Self::fitted(values, most, used, is_log, limits)
    }

    /// A linear range around all finite values that begins and ends at a tick, and its ticks from low to high, with at most so many
    /// intervals between them. It stays within `limits`, the limits of all values.
    pub fn around_all(
        values: impl Iterator<Item = f64>,
        intervals: usize,
        limits: [f64; 2],
    ) -> (Self, Vec<Tick>) {
        Self::fitted(values, intervals, |_| 1.0, false, limits)
    }

    /// The range whose ticks use most of the room; `used` is how much of it so many intervals can use.
    fn fitted(
        values: impl Iterator<Item = f64>,
        most: usize,
        used: impl Fn(usize) -> f64,
        is_log: bool,
        limits: [f64; 2],
    ) -> (Self, Vec<Tick>) {
        let spaced = |value: f64| match is_log {
            true => value.max(SMALLEST).log10(),
            false if value.abs() < SMALLEST => 0.0,
            false => value,
        };
        let (low, high) = values
            .filter(|value| value.is_finite() && (!is_log || *value > 0.0))
            .map(|value| spaced(value.clamp(limits[0].max(-LARGEST), limits[1].min(LARGEST))))
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                (low.min(value), high.max(value))
            });
        let (low, high) = match low <= high {
            true => apart(low, high, is_log, limits),
            false if is_log => (-1.0, 0.0),
            false => (0.0, 1.0),
        };
        let most = most.clamp(1, MOST_INTERVALS);
        let steps = match is_log {
            true => LOG_STEPS.to_vec(),
            false => nice_steps(high - low),
        };
        // As much of the rows as can be had for the values; of the same, more ticks.
        let mut found: Option<(f64, f64, f64, usize)> = None;
        for step in steps {
            let first = (low / step + 1e-9).floor();
            let intervals = (high / step - 1e-9).ceil() - first;
            let ends = [first, first + intervals].map(|end| end * step);
            let is_possible = !is_log || ends.iter().all(|end| end.abs() <= MOST_DECADES);
            if !is_possible || !(1.0..=most as f64).contains(&intervals) {
                continue;
            }
            let count = intervals as usize;
            let used = used(count) * (high - low) / (intervals * step);
            // The ends alone tell little.
            let worth = used * [0.6, 0.8, 1.0][count.min(3) - 1];
            if found.is_none_or(|(best, ..)| worth > best * (1.0 + 1e-9)) {
                found = Some((worth, first, step, count));
            }
        }
        // If no round step gives few enough ticks, use the ends.
        let is_round = found.is_some();
        let (start, step, count) = match found {
            Some((_, first, step, count)) => (first * step, step, count),
            None => (low, high - low, 1),
        };
        let at = |index: usize| start + index as f64 * step;
        let tick = |index| {
            let value = match is_log {
                true => 10f64.powf(at(index)),
                false => at(index),
            };
            let label = match is_round && !is_log {
                true => label(value, step),
                false => significant(value),
            };
            Tick { value, label }
        };
        let axis = Self {
            low: at(0),
            high: at(count),
            is_log,
        };
        (axis, (0..=count).map(tick).collect())
    }

    /// The low end; on a logarithmic axis, its logarithm to base 10.
    pub const fn low(&self) -> f64 {
        self.low
    }

    /// The high end; on a logarithmic axis, its logarithm to base 10.
    pub const fn high(&self) -> f64 {
        self.high
    }

    /// The position of a value: 0 at the low end, 1 at the high end, beyond them outside the range; `None` if it has
    /// none.
    pub fn position(&self, value: f64) -> Option<f64> {
        if !value.is_finite() || (self.is_log && value <= 0.0) {
            return None;
        }
        let value = value.clamp(-LARGEST, LARGEST);
        let value = match self.is_log {
            true => value.max(SMALLEST).log10(),
            false => value,
        };
        let position = (value - self.low) / (self.high - self.low);
        position.is_finite().then_some(position)
    }

    /// Round integer values across the range, at most about `most` of them, from low to high, with its ends if these are integers: for
    /// epochs and batches.
    pub fn whole_ticks(&self, most: usize) -> Vec<Tick> {
        if most == 0 {
            return Vec::new();
        }
        // Two and a half epochs do not exist.
        let step = match nice_step((self.high - self.low) / most as f64).max(1.0) {
            2.5 => 5.0,
            step => step,
        };
        let mut values = self.round_values(step);
        for end in [self.low, self.high]
            .into_iter()
            .filter(|end| end.fract() == 0.0)
        {
            // Drop ticks that are too close to an end.
            values.retain(|value| (value - end).abs() >= 0.5 * step);
            values.push(end);
        }
        values.sort_by(f64::total_cmp);
        let tick = |value: f64| Tick {
            value,
            label: label(value, step),
        };
        values.into_iter().map(tick).collect()
    }

    /// A logarithmic range around all positive finite values, a little wider than these, and its ticks from low to high: powers of ten,
    /// with their double and fivefold where there are few; at least two, and at most `most`, or four, if that is more, of them.
    pub fn around_positive(values: impl Iterator<Item = f64>, most: usize) -> (Self, Vec<Tick>) {
        let positive = values.filter(|value| value.is_finite() && *value > 0.0);
        let (low, high) = positive
            .map(|value| value.clamp(SMALLEST, LARGEST).log10())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                (low.min(value), high.max(value))
            });
        let (low, high) = match low <= high {
            true => apart(low, high, true, [0.0, f64::INFINITY]),
            false => (-1.0, 0.0),
        };
        let margin = 0.04 * (high - low);
        let axis = Self {
            low: (low - margin).max(-MOST_DECADES),
            high: (high + margin).min(MOST_DECADES),
            is_log: true,
        };
        // With fewer, some ranges would have a single tick.
        let most = most.max(4);
        let decades = axis.low.floor() as i32..=axis.high.ceil() as i32;
        let in_range = |value: &f64| {
            axis.position(*value)
                .is_some_and(|place| (-1e-9..=1.0 + 1e-9).contains(&place))
        };
        let multiples = |factors: &[f64], each: i32| -> Vec<f64> {
            let decades = decades
                .clone()
                .filter(|decade| decade.rem_euclid(each) == 0);
            let values = decades.flat_map(|decade| {
                let power = 10f64.powi(decade);
                factors.iter().map(move |factor| factor * power)
            });
            values.filter(in_range).collect()
        };
        let span = axis.high - axis.low;
        let candidates = [
            multiples(&[1.0, 2.0, 5.0], 1),
            multiples(&[1.0, 3.0], 1),
            multiples(&[1.0], 1),
            multiples(&[1.0], (span / (most - 1) as f64).ceil().max(1.0) as i32),
        ];
        let fits = |values: &Vec<f64>| (2..=most).contains(&values.len());
        let values = candidates.into_iter().find(fits).unwrap_or_else(|| {
            // Less than a decade: ticks as on a linear axis.
            let ends = Self::fixed([10f64.powf(axis.low), 10f64.powf(axis.high)]);
            let round = ends.round_values(nice_step((ends.high - ends.low) / most.max(5) as f64));
            round.into_iter().filter(in_range).collect()
        });
        let tick = |value| Tick {
            value,
            label: significant(value),
        };
        (axis, values.into_iter().map(tick).collect())
    }

    /// Round values within the range, at most about `most` of them, from low to high.
    pub fn round_ticks(&self, most: usize) -> Vec<Tick> {
        let step = nice_step((self.high - self.low) / most.max(1) as f64);
        let tick = |value| Tick {
            value,
            label: label(value, step),
        };
        self.round_values(step).into_iter().map(tick).collect()
    }

    /// The multiples of `step` within the range.
    fn round_values(&self, step: f64) -> Vec<f64> {
        let first = (self.low / step - 1e-9).ceil();
        let count = ((self.high / step + 1e-9).floor() - first).clamp(-1.0, 64.0);
        let round = (0..=count as i64).filter(|_| count >= 0.0);
        round.map(|index| (first + index as f64) * step).collect()
    }
}

/// How many of `rows` rows lie between the first tick and the last, with equally spaced ticks.
pub fn rows_used(rows: usize, intervals: usize) -> usize {
    let between = rows.saturating_sub(1);
    match between / intervals.max(1) {
        0 => rows,
        each => 1 + each * intervals,
    }
}

/// Widens the range of nearly equal values to their own size.
fn apart(low: f64, high: f64, is_log: bool, limits: [f64; 2]) -> (f64, f64) {
    if is_log {
        return match high - low > 1e-9 {
            true => (low, high),
            false => (
                (low - LOG10_2).max(-MOST_DECADES),
                (high + LOG10_2).min(MOST_DECADES),
            ),
        };
    }
    let half = match high - low > 1e-9 * low.abs().max(high.abs()) {
        true => return (low, high),
        false if high == 0.0 => 0.5,
        false => 0.1 * high.abs(),
    };
    ((low - half).max(limits[0]), (high + half).min(limits[1]))
}

/// The round steps that a range can have between its ticks, the smallest first.
fn nice_steps(range: f64) -> Vec<f64> {
    let decade = range.max(SMALLEST).log10().floor() as i32;
    let decades = (decade - 1..=decade + 1).map(|decade| 10f64.powi(decade));
    decades
        .flat_map(|decade| [1.0, 2.0, 2.5, 5.0].map(|factor| factor * decade))
        .collect()
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
    // A rounding error of zero is zero.
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

/// Three digits of a value, without zeros at their end.
fn significant(value: f64) -> String {
    let short = format!("{value:.2e}");
    let rounded: f64 = short.parse().unwrap_or(value);
    match rounded.abs() {
        0.0 | 1e-3..99_999.5 => rounded.to_string(),
        _ => format!("{rounded:e}"),
    }
}

/// A value in about six characters, for readouts.
pub fn figure(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        1e-4..9.999_95 => decimals(value, 4),
        9.999_95..999.95 => decimals(value, 2),
        999.95..99_999.5 => decimals(value, 0),
        _ => format!("{value:.2e}"),
    }
}

/// A value in about four characters.
pub fn short_figure(value: f64) -> String {
    match value.abs() {
        1e-2..9.995 => decimals(value, 2),
        9.995..99.95 => decimals(value, 1),
        99.95..9999.5 => decimals(value, 0),
        0.0 => "0".to_owned(),
        _ => format!("{value:.0e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ANY: [f64; 2] = [f64::NEG_INFINITY, f64::INFINITY];

    fn labels(values: &[f64], rows: usize, is_log: bool, limits: [f64; 2]) -> Vec<String> {
        let (_, ticks) = Axis::around(values.iter().copied(), rows, is_log, limits);
        ticks.into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn ticks_are_round() {
        for (values, rows, expected) in [
            (
                &[0.871, 0.9246][..],
                13,
                &["0.87", "0.88", "0.89", "0.90", "0.91", "0.92", "0.93"][..],
            ),
            (&[0.24, 2.3], 11, &["0", "0.5", "1.0", "1.5", "2.0", "2.5"]),
            (&[0.0, 1.0], 9, &["0", "0.25", "0.50", "0.75", "1.00"]),
            (&[1e6, 3e6], 5, &["1e6", "2e6", "3e6"]),
            (&[-1.0, 1.0], 9, &["-1.0", "-0.5", "0", "0.5", "1.0"]),
        ] {
            assert_eq!(labels(values, rows, false, ANY), expected, "{values:?}");
        }
    }

    #[test]
    fn odd_values_have_a_range() {
        assert_eq!(labels(&[], 5, false, ANY), ["0", "0.5", "1.0"]);
        let not_finite = [f64::NAN, f64::INFINITY];
        assert_eq!(labels(&not_finite, 5, false, ANY), ["0", "0.5", "1.0"]);
        assert_eq!(labels(&[0.5, 0.5], 5, false, ANY), ["0.45", "0.50", "0.55"]);
        assert_eq!(labels(&[0.0], 5, false, ANY), ["-0.5", "0", "0.5"]);
        assert!(!labels(&[-1.7e308, 1.7e308], 8, false, ANY).is_empty());
    }

    #[test]
    fn a_range_stays_within_what_values_can_be() {
        let share = [0.0, 1.0];
        for value in [0.0, 0.02, 0.98, 1.0] {
            let (axis, _) = Axis::around([value].into_iter(), 7, false, share);
            assert!(axis.low() >= 0.0 && axis.high() <= 1.0, "{value}: {axis:?}");
        }
        let loss = [0.0, f64::INFINITY];
        assert_eq!(labels(&[0.0], 5, false, loss), ["0", "0.25", "0.50"]);
    }

    #[test]
    fn logarithmic_ticks_are_equally_far_from_each_other() {
        let labels = |values: &[f64], rows| labels(values, rows, true, ANY);
        assert_eq!(labels(&[0.3, 2.0], 7), ["0.25", "0.5", "1", "2"]);
        assert_eq!(
            labels(&[0.03, 2.0], 11),
            ["0.01", "0.0316", "0.1", "0.316", "1", "3.16"]
        );
        assert_eq!(
            labels(&[1e-3, 1e3], 13),
            ["0.001", "0.01", "0.1", "1", "10", "100", "1000"]
        );
        assert!(labels(&[1e-9, 1e9], 9).len() > 2);
        assert_eq!(labels(&[-1.0, 0.0], 3), ["0.1", "1"]);
    }

    #[test]
    fn a_smooth_logarithmic_axis_has_round_ticks_within_it() {
        let labels = |values: &[f64]| -> Vec<String> {
            let (_, ticks) = Axis::around_positive(values.iter().copied(), 6);
            ticks.into_iter().map(|tick| tick.label).collect()
        };
        assert_eq!(labels(&[1e-4, 1.0]), ["1e-4", "0.001", "0.01", "0.1", "1"]);
        assert_eq!(labels(&[0.02, 2.0]), ["0.03", "0.1", "0.3", "1"]);
        assert_eq!(labels(&[0.3, 2.0]), ["0.5", "1", "2"]);
        assert_eq!(
            labels(&[1.0, 1.1]),
            ["1", "1.02", "1.04", "1.06", "1.08", "1.1"]
        );
        assert_eq!(labels(&[-1.0, f64::NAN]), ["0.1", "0.2", "0.5", "1"]);
    }

    #[test]
    fn round_ticks_lie_within_the_range() {
        let axis = Axis::fixed([0.07, 1.03]);
        let labels: Vec<String> = axis
            .round_ticks(6)
            .into_iter()
            .map(|tick| tick.label)
            .collect();
        assert_eq!(labels, ["0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert!(axis.round_ticks(0).len() <= 2);
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
        assert_eq!(ticks(1.0, 10.0, 4), ["1", "5", "10"]);
        assert_eq!(ticks(1.0, 1.0, 4), ["1"]);
        assert_eq!(ticks(0.0, 1050.0, 5), ["0", "250", "500", "750", "1050"]);
        assert_eq!(ticks(0.0, 79.0, 4), ["0", "20", "40", "60", "79"]);
        assert_eq!(ticks(10.75, 13.25, 4), ["11", "12", "13"]);
    }

    proptest! {
        #[test]
        fn a_smooth_axis_holds_its_values_and_a_few_ticks(
            values in prop::collection::vec(any::<f64>(), 1..6),
            most in 0usize..9,
        ) {
            let (axis, ticks) = Axis::around_positive(values.iter().copied(), most);
            for value in values.iter().filter(|value| **value > 0.0) {
                let position = axis.position(*value).unwrap_or(0.5);
                prop_assert!((-1e-6..=1.000_001).contains(&position), "{axis:?} {value} {position}");
            }
            prop_assert!((2..=most.max(4) + 6).contains(&ticks.len()), "{axis:?} {ticks:?}");
            prop_assert!(ticks.is_sorted_by(|a, b| a.value < b.value), "{ticks:?}");
            for tick in &ticks {
                let position = axis.position(tick.value).unwrap_or(f64::NAN);
                prop_assert!((-1e-6..=1.000_001).contains(&position), "{axis:?} {tick:?}");
            }
        }

        #[test]
        fn values_lie_in_the_range_around_them_and_its_ends_are_ticks(
            values in prop::collection::vec(any::<f64>(), 1..6),
            rows in 1usize..20,
            is_log: bool,
        ) {
            let (axis, ticks) = Axis::around(values.iter().copied(), rows, is_log, ANY);
            for value in values {
                if let Some(position) = axis.position(value) {
                    prop_assert!((-1e-6..=1.000_001).contains(&position), "{axis:?} {value} {position}");
                }
            }
            prop_assert!((2..=1 + MOST_INTERVALS).contains(&ticks.len()), "{ticks:?}");
            prop_assert!(ticks.is_sorted_by(|a, b| a.value < b.value), "{ticks:?}");
            let far = |tick: &Tick| tick.value.abs() > LARGEST;
            for (index, tick) in ticks.iter().enumerate().filter(|(_, tick)| !far(tick)) {
                let expected = index as f64 / (ticks.len() - 1) as f64;
                let found = axis.position(tick.value).unwrap_or(f64::NAN);
                prop_assert!((found - expected).abs() < 1e-6, "{axis:?} {tick:?} {found}");
            }
        }
    }
}
