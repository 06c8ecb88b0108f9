//! The values that one varied setting takes: a list of choices, or a range with even or logarithmic spacing.

use std::collections::HashSet;
use std::sync::Arc;

use rand::{Rng, RngExt};
use serde::Deserialize;
use serde_yaml::Value as Yaml;

/// A value as `Preset::set` reads it.
pub type Text = Arc<str>;

/// The most values that one list or range may have.
const MOST_VALUES: usize = 10_000;
/// Digits that the inner values of a range are rounded to, so that they can be read.
const DIGITS: usize = 6;

/// What a varied setting takes its values from.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// One of these.
    Choices(Vec<Text>),
    /// A number of a range without steps; only drawn from.
    Range(Range),
}

/// Numbers from one end to the other, both included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    from: f64,
    to: f64,
    /// Whether equal factors, not equal differences, lie between its values.
    is_log: bool,
    /// Whether only whole numbers belong to it.
    is_whole: bool,
}

/// A range in a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    range: Option<[f64; 2]>,
    log: Option<[f64; 2]>,
    steps: Option<usize>,
    #[serde(default)]
    whole: bool,
}

impl Values {
    /// Reads `[8, 16, 32]`, `{range: [0, 0.5], steps: 6}`, `{range: [8, 64], whole: true}` or `{log: [1e-4, 1e-2], steps: 5}`.
    ///
    /// # Errors
    /// A sentence that says what is expected.
    pub fn read(written: &Yaml) -> Result<Self, String> {
        match written {
            Yaml::Sequence(items) if items.is_empty() => {
                Err("expected at least one value, got an empty list".to_owned())
            }
            Yaml::Sequence(items) if items.len() > MOST_VALUES => Err(format!(
                "expected at most {MOST_VALUES} values, got {}",
                items.len()
            )),
            Yaml::Sequence(items) => {
                let texts: Vec<Text> = items.iter().map(text).collect::<Result<_, _>>()?;
                let mut seen = HashSet::new();
                match texts.iter().find(|text| !seen.insert(&***text)) {
                    Some(twice) => Err(format!("{twice} is listed twice; list each value once")),
                    None => Ok(Self::Choices(texts)),
                }
            }
            Yaml::Mapping(_) => {
                let written: Written =
                    serde_yaml::from_value(written.clone()).map_err(|error| {
                        format!(
                            "{error}; expected {{range: [from, to]}} or {{log: [from, to]}}, with steps and whole"
                        )
                    })?;
                written.values()
            }
            other => Err(format!(
                "expected a list of values or a range such as {{log: [1e-4, 1e-2], steps: 5}}, got {}",
                text(other).as_deref().unwrap_or("nothing")
            )),
        }
    }

    /// All values in their order; `None` for a range without steps.
    pub fn all(&self) -> Option<&[Text]> {
        match self {
            Self::Choices(texts) => Some(texts),
            Self::Range(_) => None,
        }
    }

    /// A random one, each as probable as any other.
    pub fn draw(&self, random: &mut impl Rng) -> Text {
        match self {
            Self::Choices(texts) => texts[random.random_range(0..texts.len())].clone(),
            Self::Range(range) => range.draw(random),
        }
    }
}

impl Written {
    fn values(self) -> Result<Values, String> {
        let (ends, is_log) = match (self.range, self.log) {
            (Some(ends), None) => (ends, false),
            (None, Some(ends)) => (ends, true),
            _ => return Err("expected either range: [from, to] or log: [from, to]".to_owned()),
        };
        let [from, to] = ends;
        if !(from.is_finite() && to.is_finite() && from < to) {
            return Err(format!(
                "expected two finite numbers, the smaller one first, got [{from}, {to}]"
            ));
        }
        if is_log && from <= 0.0 {
            return Err(format!(
                "a log range has positive numbers only, got {from}; use range for others"
            ));
        }
        // Beyond this, not every whole number is a number of a computer.
        let is_count = |end: f64| end.fract() == 0.0 && end.abs() < 9e15;
        if self.whole && !(is_count(from) && is_count(to)) {
            return Err(format!(
                "the ends of a range with whole: true are whole numbers, got [{from}, {to}]"
            ));
        }
        let range = Range {
            from,
            to,
            is_log,
            is_whole: self.whole,
        };
        match self.steps {
            None => Ok(Values::Range(range)),
            Some(steps @ 2..=MOST_VALUES) => range.steps(steps).map(Values::Choices),
            Some(steps) => Err(format!(
                "steps: expected a whole number from 2 to {MOST_VALUES}, got {steps}"
            )),
        }
    }
}

impl Range {
    /// Both ends.
    pub fn ends(self) -> [Text; 2] {
        [self.at(0.0), self.at(1.0)]
    }

    /// So many values from end to end, evenly spaced.
    fn steps(self, steps: usize) -> Result<Vec<Text>, String> {
        let last = (steps - 1) as f64;
        let values: Vec<Text> = (0..steps).map(|step| self.at(step as f64 / last)).collect();
        let distinct = values.iter().collect::<HashSet<_>>().len();
        match distinct == steps {
            true => Ok(values),
            false => Err(format!(
                "has only {distinct} different values, got steps: {steps}; use fewer steps"
            )),
        }
    }

    /// The value at this share of the way, both ends exact.
    fn at(self, share: f64) -> Text {
        let Self { from, to, .. } = self;
        let value = match share {
            0.0 => from,
            1.0 => to,
            share if self.is_log => from * (to / from).powf(share),
            share => from + (to - from) * share,
        };
        let value = match self.is_whole {
            true => value.round(),
            false if share == 0.0 || share == 1.0 => value,
            false => rounded(value),
        };
        value.clamp(from, to).to_string().into()
    }

    fn draw(self, random: &mut impl Rng) -> Text {
        if self.is_whole && !self.is_log {
            let number = random.random_range(self.from as i64..=self.to as i64);
            return number.to_string().into();
        }
        if self.is_whole {
            // Half a unit beyond each end, so that the ends are as probable as their neighbours.
            let wide = Self {
                from: self.from - 0.5,
                to: self.to + 0.5,
                ..self
            };
            let value = wide.from * (wide.to / wide.from).powf(random.random::<f64>());
            let value = value.round().clamp(self.from, self.to);
            return value.to_string().into();
        }
        self.at(random.random::<f64>())
    }
}

/// A value with at most [`DIGITS`] significant digits.
fn rounded(value: f64) -> f64 {
    format!("{value:.*e}", DIGITS - 1).parse().unwrap_or(value)
}

/// A value in a file as text that `Preset::set` reads.
pub fn text(value: &Yaml) -> Result<Text, String> {
    match value {
        Yaml::String(text) => Ok(text.as_str().into()),
        Yaml::Sequence(_) | Yaml::Mapping(_) => serde_json::to_string(value)
            .map(Into::into)
            .map_err(|error| format!("cannot be used as a value: {error}")),
        Yaml::Tagged(tagged) => Err(format!("has the tag {}; write it without", tagged.tag)),
        plain => serde_yaml::to_string(plain)
            .map(|text| text.trim().into())
            .map_err(|error| format!("cannot be used as a value: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_pcg::Pcg64Mcg;

    use super::*;

    fn read(text: &str) -> Result<Values, String> {
        Values::read(&serde_yaml::from_str(text).unwrap())
    }

    fn all(text: &str) -> Vec<String> {
        let values = read(text).unwrap();
        let all = values.all().unwrap().iter();
        all.map(|text| text.to_string()).collect()
    }

    #[test]
    fn ranges_hit_their_ends_with_even_or_logarithmic_spacing() {
        assert_eq!(
            all("{log: [1e-4, 1e-2], steps: 5}"),
            ["0.0001", "0.000316228", "0.001", "0.00316228", "0.01"]
        );
        assert_eq!(
            all("{range: [32, 256], steps: 4, whole: true}"),
            ["32", "107", "181", "256"]
        );
        assert_eq!(
            all("{range: [0, 0.3], steps: 4}"),
            ["0", "0.1", "0.2", "0.3"]
        );
        assert_eq!(
            all("{log: [8, 64], steps: 4, whole: true}"),
            ["8", "16", "32", "64"]
        );
        assert_eq!(all("[8, 0.5, adam, true, {sgd: {momentum: 0.9}}]").len(), 5);
        assert_eq!(all("[1e-4, {relu: {}}]"), ["0.0001", r#"{"relu":{}}"#]);
    }

    #[test]
    fn every_mistake_is_told() {
        for (text, part) in [
            ("[]", "empty list"),
            ("[1, 2, 1]", "1 is listed twice"),
            ("7", "expected a list of values"),
            ("{range: [1, 2], log: [1, 2]}", "expected either range"),
            ("{steps: 3}", "expected either range"),
            ("{range: [2, 1]}", "the smaller one first"),
            ("{range: [1, .nan]}", "finite"),
            ("{log: [0, 1]}", "positive"),
            ("{range: [1, 2.5], whole: true}", "whole numbers"),
            ("{range: [1, 4], whole: true, steps: 9}", "only 4 different"),
            ("{range: [1, 4], steps: 1}", "from 2 to 10000"),
            ("{range: [1, 4], stps: 2}", "unknown field `stps`"),
            ("{range: [1]}", "expected"),
        ] {
            let problem = read(text).unwrap_err();
            assert!(problem.contains(part), "{text}: {problem}");
        }
    }

    #[test]
    fn what_is_drawn_lies_in_the_range_and_reaches_all_of_it() {
        let mut random = Pcg64Mcg::seed_from_u64(1);
        let mut draw = |text: &str| {
            let values = read(text).unwrap();
            let drawn: Vec<f64> = (0..2000)
                .map(|_| values.draw(&mut random).parse().unwrap())
                .collect();
            drawn
        };
        let within = |drawn: &[f64], from, to| drawn.iter().all(|v| (from..=to).contains(v));
        let logs = draw("{log: [1e-4, 1e-2]}");
        assert!(within(&logs, 1e-4, 1e-2));
        // Half of them below the geometric mean.
        let low = logs.iter().filter(|value| **value < 1e-3).count();
        assert!((900..1100).contains(&low), "{low}");
        let even = draw("{range: [0, 1]}");
        let low = even.iter().filter(|value| **value < 0.5).count();
        assert!(within(&even, 0.0, 1.0) && (900..1100).contains(&low));
        for text in [
            "{range: [1, 4], whole: true}",
            "{log: [1, 4], whole: true}",
            "[1, 2, 3, 4]",
        ] {
            let drawn = draw(text);
            for number in [1.0, 2.0, 3.0, 4.0] {
                assert!(drawn.contains(&number), "{text}: {number}");
            }
            assert!(within(&drawn, 1.0, 4.0) && drawn.iter().all(|v| v.fract() == 0.0));
        }
    }
}
