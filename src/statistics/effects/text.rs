//! An effect in words.

use std::fmt;

use super::{Estimate, FactorEffect, LevelEffect};
use crate::wording::{decimals, signed};

/// The unit in which an effect is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EffectUnit {
    /// Percentage points, for outcomes that are shares.
    Points,
    /// The outcome's own, with this name; an empty one for a plain number.
    Named(&'static str),
}

impl EffectUnit {
    /// A value of the outcome in this unit.
    fn of(self, value: f64) -> f64 {
        match self {
            Self::Points => value * 100.0,
            Self::Named(_) => value,
        }
    }

    /// A width or a deviation with the digits that it is worth: `0.3 points`.
    pub fn text(self, width: f64) -> String {
        let width = self.of(width);
        format!("{}{}", decimals(width, places(width)), self.name())
    }

    /// A space and the unit's name.
    fn name(self) -> String {
        match self {
            Self::Points => " points".to_owned(),
            Self::Named("") => String::new(),
            Self::Named(name) => format!(" {name}"),
        }
    }
}

/// Prints an effect: `dropout 0.5 instead of 0: −0.8 ± 0.2 points`, where ± is half of the 95 % interval.
#[derive(Clone, Copy, Debug)]
pub struct EffectText<'a> {
    factor: &'a FactorEffect,
    level: &'a LevelEffect,
    unit: EffectUnit,
}

impl FactorEffect {
    /// One of this factor's levels in words, with the effect in this unit.
    pub fn text<'a>(&'a self, level: &'a LevelEffect, unit: EffectUnit) -> EffectText<'a> {
        EffectText {
            factor: self,
            level,
            unit,
        }
    }
}

impl Estimate {
    /// The difference with its sign, ± half of the 95 % interval, and the unit: `−0.8 ± 0.2 points`.
    pub fn text(&self, unit: EffectUnit) -> String {
        let name = unit.name();
        let value = unit.of(self.difference);
        let half = self
            .uncertainty
            .map(|uncertainty| unit.of(uncertainty.interval.half_width()));
        // Without an interval, three digits say enough.
        let mut places = half.map_or_else(|| places(value / 10.0), places);
        // Rounded to the same, they would not tell whether the interval contains 0.
        let is_same = |half| decimals(value.abs(), places) == decimals(half, places);
        places += usize::from(half.is_some_and(is_same));
        let value = signed(value, places);
        match half {
            Some(half) => format!("{value} ± {}{name}", decimals(half, places)),
            None => format!("{value}{name}, without an interval"),
        }
    }
}

impl fmt::Display for EffectText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (name, level) = (&self.factor.name, &self.level.level);
        write!(f, "{name} {level} instead of {}: ", self.factor.reference)?;
        match &self.level.effect {
            Some(effect) => f.write_str(&effect.text(self.unit)),
            None => f.write_str("not known, for it cannot be separated from other factors"),
        }
    }
}

/// Decimals that show one digit of a width, and two of one that begins with 1.
fn places(width: f64) -> usize {
    let width = width.abs();
    if width == 0.0 {
        return 0;
    }
    if !(1e-6..10.0).contains(&width) {
        return if width < 1e-6 { 6 } else { 0 };
    }
    let magnitude = width.log10().floor() as i32;
    let begins_with_one = width / 10f64.powi(magnitude) < 1.95;
    let places = i32::from(begins_with_one) - magnitude;
    usize::try_from(places).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::{Interval, Uncertainty};

    fn estimate(difference: f64, half: Option<f64>) -> Estimate {
        let uncertainty = half.map(|half| Uncertainty {
            standard_error: half / 2.0,
            degrees: 60,
            interval: Interval {
                low: difference - half,
                high: difference + half,
            },
            p: 0.5,
        });
        Estimate {
            difference,
            uncertainty,
        }
    }

    #[test]
    fn an_effect_has_as_many_digits_as_its_interval_is_worth() {
        for (difference, half, unit, text) in [
            (
                -0.00784,
                Some(0.0021),
                EffectUnit::Points,
                "−0.8 ± 0.2 points",
            ),
            (
                0.00784,
                Some(0.0012),
                EffectUnit::Points,
                "+0.78 ± 0.12 points",
            ),
            (0.0001, Some(0.003), EffectUnit::Points, "0.0 ± 0.3 points"),
            (-0.123, Some(0.34), EffectUnit::Points, "−12 ± 34 points"),
            (
                0.123,
                Some(0.023),
                EffectUnit::Named("nats"),
                "+0.12 ± 0.02 nats",
            ),
            (-1234.0, Some(25.0), EffectUnit::Named(""), "−1234 ± 25"),
            (0.5, Some(0.0197), EffectUnit::Named(""), "+0.50 ± 0.02"),
            (
                0.0231,
                Some(0.0224),
                EffectUnit::Points,
                "+2.3 ± 2.2 points",
            ),
            (
                0.0123,
                None,
                EffectUnit::Points,
                "+1.23 points, without an interval",
            ),
            (0.0, None, EffectUnit::Named(""), "0, without an interval"),
        ] {
            assert_eq!(estimate(difference, half).text(unit), text);
        }
    }

    #[test]
    fn a_deviation_has_the_digits_that_it_is_worth() {
        assert_eq!(EffectUnit::Points.text(0.0031), "0.3 points");
        assert_eq!(EffectUnit::Named("").text(0.0123), "0.012");
    }

    #[test]
    fn a_level_is_named_with_its_factor_and_its_reference() {
        let mut level = LevelEffect {
            level: "0.5".to_owned(),
            trials: 3,
            effect: Some(estimate(-0.008, Some(0.002))),
        };
        let factor = FactorEffect {
            name: "dropout".to_owned(),
            reference: "0".to_owned(),
            reference_trials: 3,
            levels: vec![level.clone()],
            untried: Vec::new(),
            test: None,
            matters: false,
        };
        let text = factor.text(&level, EffectUnit::Points).to_string();
        assert_eq!(text, "dropout 0.5 instead of 0: −0.8 ± 0.2 points");
        level.effect = None;
        let text = factor.text(&level, EffectUnit::Points).to_string();
        assert!(
            text.ends_with("cannot be separated from other factors"),
            "{text}"
        );
    }
}
