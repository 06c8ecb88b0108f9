//! Filters and sorts runs: `accuracy>0.9 optimizer:adam tag:final sort:loss`.
//!
//! A new key is one line in [`QUERY_KEYS`]; every setting of network and training is a key too, by its path in a file or the end of it.

use std::cmp::Ordering;

use jiff::tz::TimeZone;

use super::digest::RunDigest;
use crate::field::nearest;
use crate::training::Better;

/// A key to filter and sort runs by.
pub struct QueryKey {
    /// As typed.
    pub name: &'static str,
    /// A short description.
    pub help: &'static str,
    of: Values,
}

/// The values of a key.
enum Values {
    /// `:` finds any part of it.
    Text(fn(&RunDigest) -> String),
    /// `:` finds whole words.
    Words(fn(&RunDigest) -> Vec<String>),
    /// Sorted by which values are better.
    Number(Better, fn(&RunDigest) -> Option<f64>),
}

use Better::{Higher, Lower};
use Values::{Number, Text, Words};

const fn key(name: &'static str, help: &'static str, of: Values) -> QueryKey {
    QueryKey { name, help, of }
}

/// Every key, in the order in which the help shows them.
pub static QUERY_KEYS: &[QueryKey] = &[
    key("run", "name of the run folder", Text(RunDigest::title)),
    key(
        "network",
        "name of the network",
        Text(|run| run.name.clone()),
    ),
    key("data", "name of the data set", Text(|run| run.data.clone())),
    key(
        "note",
        "words of the note",
        Text(|run| run.notes.note.clone()),
    ),
    key(
        "tag",
        "one of the tags",
        Words(|run| run.notes.tags.iter().cloned().collect()),
    ),
    key(
        "state",
        "training, finished, stopped or damaged",
        Words(|run| vec![run.state().word().to_owned()]),
    ),
    key(
        "date",
        "start, such as 2026-11-30 or 2026-11-30T14:00",
        Words(date),
    ),
    key(
        "accuracy",
        "best validation accuracy",
        Number(Higher, |run| Some(run.best?.val_accuracy)),
    ),
    key(
        "loss",
        "lowest validation loss",
        Number(Lower, |run| Some(run.best?.val_loss)),
    ),
    key(
        "test",
        "test accuracy of the best epoch",
        Number(Higher, |run| Some(run.test?.accuracy)),
    ),
    key(
        "epochs",
        "finished epochs",
        Number(Higher, |run| Some(run.epochs as f64)),
    ),
    key(
        "best",
        "epoch with the best accuracy",
        Number(Lower, |run| Some(run.best?.val_accuracy_epoch as f64)),
    ),
    key(
        "seconds",
        "training and validation time",
        Number(Lower, |run| Some(run.seconds)),
    ),
    key(
        "parameters",
        "parameters of the network",
        Number(Lower, |run| Some(run.parameters? as f64)),
    ),
    key("seed", "seed", Number(Lower, |run| Some(run.seed as f64))),
    key(
        "version",
        "version of convscope",
        Words(|run| vec![run.version.clone()]),
    ),
];

/// `2026-11-30T14:03:12`, in local time.
fn date(run: &RunDigest) -> Vec<String> {
    let local = run.started.map(|time| time.to_zoned(TimeZone::system()));
    let text = local.map(|time| time.strftime("%Y-%m-%dT%H:%M:%S").to_string());
    text.into_iter().collect()
}

/// A filter and an order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    terms: Vec<Term>,
    sort: Option<Sort>,
}

/// A condition, negated by `-`.
#[derive(Clone, Debug, PartialEq)]
struct Term {
    is_negated: bool,
    /// Empty for a plain word, which is searched for in name, network, data, note and tags.
    key: String,
    comparison: Comparison,
    value: String,
}

#[derive(Clone, Debug, PartialEq)]
struct Sort {
    key: String,
    is_reversed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Comparison {
    /// `:`, which also finds parts of texts.
    Has,
    Is,
    IsNot,
    Above,
    AtLeast,
    Below,
    AtMost,
}

/// As written; longer ones first.
const COMPARISONS: [(&str, Comparison); 7] = [
    (">=", Comparison::AtLeast),
    ("<=", Comparison::AtMost),
    ("!=", Comparison::IsNot),
    (">", Comparison::Above),
    ("<", Comparison::Below),
    ("=", Comparison::Is),
    (":", Comparison::Has),
];

impl Comparison {
    fn holds(self, order: Option<Ordering>) -> bool {
        let Some(order) = order else { return false };
        match self {
            Self::Has | Self::Is => order.is_eq(),
            Self::IsNot => order.is_ne(),
            Self::Above => order.is_gt(),
            Self::AtLeast => order.is_ge(),
            Self::Below => order.is_lt(),
            Self::AtMost => order.is_le(),
        }
    }
}

impl Query {
    /// Parses terms separated by spaces; values with spaces are enclosed in double quotes.
    ///
    /// # Errors
    /// A sentence if a term has no key or no value, or a quote is not closed.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut query = Self::default();
        for word in words(text)? {
            query.take(&word)?;
        }
        Ok(query)
    }

    /// Sorts by this key, best first; a leading `-` reverses the order.
    pub fn sort_by(&mut self, key: &str) {
        let plain = key.strip_prefix('-');
        self.sort = Some(Sort {
            key: plain.unwrap_or(key).to_owned(),
            is_reversed: plain.is_some(),
        });
    }

    /// Whether it has an order of its own.
    pub fn is_sorted(&self) -> bool {
        self.sort.is_some()
    }

    fn take(&mut self, word: &str) -> Result<(), String> {
        let plain = word.strip_prefix('-');
        let rest = plain.unwrap_or(word);
        let found = COMPARISONS
            .iter()
            .filter_map(|&(sign, comparison)| Some((rest.find(sign)?, sign, comparison)))
            .min_by_key(|&(at, sign, _)| (at, std::cmp::Reverse(sign.len())));
        let (key, comparison, value) = match found {
            Some((at, sign, comparison)) => (&rest[..at], comparison, &rest[at + sign.len()..]),
            None => ("", Comparison::Has, rest),
        };
        if found.is_some() && (key.is_empty() || value.is_empty()) {
            return Err(format!(
                "`{word}`: expected a key and a value, such as accuracy>0.9 or tag:final"
            ));
        }
        if key == "sort" {
            self.sort_by(value);
            return Ok(());
        }
        self.terms.push(Term {
            is_negated: plain.is_some(),
            key: key.to_owned(),
            comparison,
            value: value.to_lowercase(),
        });
        Ok(())
    }

    /// The runs that match all terms, sorted; without a sort key they keep their order.
    ///
    /// # Errors
    /// A sentence with the nearest key if a key is neither in [`QUERY_KEYS`] nor a setting of any of the runs.
    pub fn choose<'a>(&self, runs: &'a [RunDigest]) -> Result<Vec<&'a RunDigest>, String> {
        let keys = self.terms.iter().map(|term| term.key.as_str());
        for key in keys.chain(self.sort.iter().map(|sort| sort.key.as_str())) {
            check(key, runs)?;
        }
        let holds = |run: &&RunDigest| self.terms.iter().all(|term| term.holds(run));
        let mut chosen: Vec<&RunDigest> = runs.iter().filter(holds).collect();
        if let Some(sort) = &self.sort {
            chosen.sort_by(|one, other| sort.compare(one, other));
        }
        Ok(chosen)
    }
}

/// The words of a query, without the quotes around values.
fn words(text: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut is_quoted = false;
    for letter in text.chars().chain([' ']) {
        match letter {
            '"' => is_quoted = !is_quoted,
            letter if letter.is_whitespace() && !is_quoted => words.push(std::mem::take(&mut word)),
            letter => word.push(letter),
        }
    }
    if is_quoted {
        return Err("a quote is not closed: add another \" at the end".to_owned());
    }
    words.retain(|word| !word.is_empty());
    Ok(words)
}

/// Refuses an unknown key.
fn check(key: &str, runs: &[RunDigest]) -> Result<(), String> {
    let is_known = key.is_empty() || QUERY_KEYS.iter().any(|known| known.name == key);
    // Without runs the settings are unknown.
    if is_known
        || runs.is_empty()
        || runs
            .iter()
            .any(|run| run.settings_called(key).next().is_some())
    {
        return Ok(());
    }
    let own = QUERY_KEYS.iter().map(|known| known.name);
    let settings = runs.iter().flat_map(|run| run.settings.keys());
    let ends = settings.map(|path| path.rsplit('.').next().unwrap_or(path));
    let hint = nearest(key, own.chain(ends));
    let hint = hint.map_or_else(String::new, |name| format!("; the nearest one is `{name}`"));
    let own: Vec<&str> = QUERY_KEYS.iter().map(|known| known.name).collect();
    Err(format!(
        "no key or setting is called `{key}`{hint}; the keys are {}, and every setting, such as learning_rate or training.optimizer",
        own.join(", ")
    ))
}

impl RunDigest {
    /// The values of the settings with this path, or whose path ends so.
    fn settings_called<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let is_called = move |path: &str| {
            let before = path.strip_suffix(name);
            before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
        };
        let found = self
            .settings
            .iter()
            .filter(move |(path, _)| is_called(path));
        found.map(|(_, value)| value.as_str())
    }

    /// The values of a key, each with whether `:` finds parts of it.
    fn values(&self, key: &str) -> Vec<(String, bool)> {
        let known = QUERY_KEYS.iter().find(|known| known.name == key);
        match known.map(|known| &known.of) {
            Some(Text(of)) => vec![(of(self), true)],
            Some(Words(of)) => of(self)
                .into_iter()
                .map(|word| (word, key == "date"))
                .collect(),
            Some(Number(_, of)) => {
                let number = of(self).into_iter();
                number.map(|number| (number.to_string(), false)).collect()
            }
            None => self
                .settings_called(key)
                .map(|value| (value.to_owned(), false))
                .collect(),
        }
    }
}

impl Term {
    fn holds(&self, run: &RunDigest) -> bool {
        let holds = match self.key.as_str() {
            "" => ["run", "network", "data", "note", "tag"]
                .into_iter()
                .flat_map(|key| run.values(key))
                .any(|(value, _)| value.to_lowercase().contains(&self.value)),
            key => {
                let values = run.values(key);
                match self.comparison {
                    // No tag may be equal.
                    Comparison::IsNot => values.iter().all(|value| self.compare(value)),
                    _ => values.iter().any(|value| self.compare(value)),
                }
            }
        };
        holds != self.is_negated
    }

    fn compare(&self, (value, is_found_by_part): &(String, bool)) -> bool {
        let value = value.to_lowercase();
        if self.comparison == Comparison::Has && *is_found_by_part {
            return value.contains(&self.value);
        }
        self.comparison.holds(compare(&value, &self.value))
    }
}

/// Compares as numbers if both are numbers, else as texts.
fn compare(one: &str, other: &str) -> Option<Ordering> {
    match (one.parse::<f64>(), other.parse::<f64>()) {
        (Ok(one), Ok(other)) => one.partial_cmp(&other),
        _ => Some(one.cmp(other)),
    }
}

impl Sort {
    /// Better first, runs without a value last.
    fn compare(&self, one: &RunDigest, other: &RunDigest) -> Ordering {
        let known = QUERY_KEYS.iter().find(|known| known.name == self.key);
        let is_falling = matches!(known.map(|known| &known.of), Some(Number(Higher, _)));
        let first = |run: &RunDigest| {
            let mut values = run.values(&self.key).into_iter();
            values.next().map(|(value, _)| value)
        };
        match (first(one), first(other)) {
            (Some(one), Some(other)) => {
                let order = compare(&one, &other).unwrap_or(Ordering::Equal);
                match is_falling != self.is_reversed {
                    true => order.reverse(),
                    false => order,
                }
            }
            (one, other) => other.is_some().cmp(&one.is_some()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::digest::testing::digest;
    use super::*;

    /// The names of the runs that a query finds, in its order.
    fn found(text: &str) -> Result<String, String> {
        let runs = [
            digest("one", |run| {
                run.best.as_mut().unwrap().val_accuracy = 0.91;
                run.notes.tags.insert("final".to_owned());
                run.notes.note = "With more Dropout".to_owned();
                run.settings
                    .insert("training.optimizer".to_owned(), "adam".to_owned());
                run.settings.insert(
                    "training.optimizer.adam.learning_rate".to_owned(),
                    "0.001".to_owned(),
                );
            }),
            digest("two", |run| {
                run.best.as_mut().unwrap().val_accuracy = 0.89;
                run.settings
                    .insert("training.optimizer".to_owned(), "adamw".to_owned());
                run.settings.insert(
                    "training.optimizer.adamw.learning_rate".to_owned(),
                    "0.01".to_owned(),
                );
                run.seconds = 10.0;
            }),
            digest("three", |run| {
                run.best = None;
                run.epochs = 0;
                run.seconds = 9.0;
                run.data = "My set".to_owned();
            }),
        ];
        let chosen = Query::parse(text)?;
        let chosen = chosen.choose(&runs)?;
        let names: Vec<&str> = chosen.iter().map(|run| run.name.as_str()).collect();
        Ok(names.join(" "))
    }

    #[test]
    fn terms_choose_runs_and_sort_puts_the_best_first() {
        for (query, expected) in [
            ("", "one two three"),
            ("accuracy>0.9", "one"),
            ("accuracy<=0.89", "two"),
            ("accuracy!=0.91", "two three"),
            ("optimizer:adam", "one"),
            ("training.optimizer:adamw", "two"),
            ("optimizer!=adam", "two three"),
            ("learning_rate>=0.01", "two"),
            ("tag:final", "one"),
            ("-tag:final", "two three"),
            ("tag!=final", "two three"),
            ("tag:fin", ""),
            ("dropout", "one"),
            ("note:\"more dropout\"", "one"),
            ("data:\"my set\"", "three"),
            ("data:my", "three"),
            ("state:stopped", "one two three"),
            ("date>=2026-01", "one two three"),
            ("date:2026-11", "one two three"),
            ("date<2026-11-01", ""),
            ("sort:accuracy", "one two three"),
            ("sort:-accuracy", "two one three"),
            ("sort:seconds", "one three two"),
            ("sort:network", "one three two"),
            ("epochs>0 sort:learning_rate", "one two"),
        ] {
            assert_eq!(found(query).as_deref(), Ok(expected), "{query}");
        }
    }

    #[test]
    fn what_cannot_be_understood_is_named() {
        for (query, part) in [
            ("acuracy>0.9", "the nearest one is `accuracy`"),
            ("learning_rat:1", "the nearest one is `learning_rate`"),
            ("sort:los", "the nearest one is `loss`"),
            ("accuracy>", "expected a key and a value"),
            ("=3", "expected a key and a value"),
            ("note:\"open", "a quote is not closed"),
        ] {
            let problem = found(query).unwrap_err();
            assert!(problem.contains(part), "{query}: {problem}");
        }
    }
}
