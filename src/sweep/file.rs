//! A sweep's file: a preset, or the name of one with changes, and what to vary.
//!
//! ```yaml
//! preset: fashion-conv2
//! set: {training.epochs: 5}
//! sweep:
//!   vary:
//!     training.optimizer.adam.learning_rate: {log: [1e-4, 1e-2], steps: 5}
//!     layers.1.conv2d.filters: [8, 16, 32]
//!   seeds: 1..3
//! ```

use std::io::ErrorKind;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_yaml::{Mapping, Value as Yaml};

use super::conditions::Conditions;
use super::error::SweepError;
use super::halving::Halving;
use super::sampler::Sampler;
use super::values::{self, Values};
use crate::field::{TextProblem, line_of_key, nearest};
use crate::text_file;
use crate::training::Preset;

/// The longest file that is read.
const LONGEST: u64 = 1 << 20;
/// What names a run or what it is compared with, and decides nothing.
const NOT_VARIED: [&str; 3] = ["name", "description", "expect"];

/// What a sweep's file says.
#[derive(Clone, Debug)]
pub struct SweepFile {
    /// The file as it is, whole.
    pub text: String,
    /// What all trials have in common.
    pub base: Preset,
    /// What they differ in.
    pub sweep: Sweep,
}

/// The part under `sweep:`.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// Each varied setting by its path, in the order in which they are set.
    pub vary: Vec<(String, Values)>,
    /// When a varied setting is set at all.
    pub when: Conditions,
    /// The seeds that every combination is trained with; empty uses the preset's.
    pub seeds: Vec<u64>,
    /// Which combinations are tried.
    pub sampler: Sampler,
    /// Whether the worse ones are stopped early.
    pub halving: Option<Halving>,
    /// When the sweep ends early.
    pub limits: Limits,
    /// What happens to combinations that cannot be trained.
    pub invalid: Invalid,
}

/// When a sweep ends early.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The most trials; further ones are left out.
    pub runs: Option<usize>,
    /// Time after which runs are saved and stopped.
    pub minutes: Option<f64>,
}

/// What happens to combinations that cannot be trained.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Invalid {
    /// The sweep does not start.
    #[default]
    Refuse,
    /// They are left out.
    Skip,
}

#[derive(Deserialize)]
struct Whole {
    preset: Option<String>,
    #[serde(default)]
    set: Mapping,
    sweep: Written,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    vary: Mapping,
    #[serde(default)]
    when: Mapping,
    #[serde(default, deserialize_with = "super::seeds::read")]
    seeds: Vec<u64>,
    #[serde(default, with = "serde_yaml::with::singleton_map")]
    sampler: Sampler,
    halving: Option<Halving>,
    #[serde(default)]
    limits: Limits,
    #[serde(default)]
    invalid: Invalid,
}

impl SweepFile {
    /// Reads a sweep's file.
    ///
    /// # Errors
    /// If it cannot be read, or as for [`parse`](Self::parse).
    pub fn open(path: &Path) -> Result<Self, SweepError> {
        let name = path.display().to_string();
        let text = text_file::read_at_most(path, LONGEST).map_err(|error| {
            let reason = match text_file::not_utf8(&error) {
                Some(other) => other.to_string(),
                None if error.kind() == ErrorKind::FileTooLarge => {
                    format!("is longer than {LONGEST} bytes; a sweep's file holds settings only")
                }
                None => return SweepError::not_read(path)(error),
            };
            SweepError::File(format!("{name}: {reason}"))
        })?;
        Self::parse(&text, &name)
    }

    /// Parses the text of a sweep's file, called `name` in messages.
    ///
    /// # Errors
    /// If it is not the file of a sweep; with the line and what to do.
    pub fn parse(text: &str, name: &str) -> Result<Self, SweepError> {
        let source = Source { text, name };
        let tree: Mapping = serde_yaml::from_str(text).map_err(|error| source.yaml(&error))?;
        if !tree.contains_key("sweep") {
            return Err(source.problem(
                None,
                "has no sweep: key, which says what to vary; see docs/sweeps.md",
            ));
        }
        let whole: Whole = serde_yaml::from_str(text).map_err(|error| source.yaml(&error))?;
        let base = source.base(&whole, tree)?;
        let sweep = source.sweep(whole.sweep, &base)?;
        Ok(Self {
            text: text.to_owned(),
            base,
            sweep,
        })
    }
}

/// The text that is parsed, for messages.
struct Source<'a> {
    text: &'a str,
    name: &'a str,
}

impl Source<'_> {
    fn problem(&self, line: Option<usize>, reason: impl std::fmt::Display) -> SweepError {
        SweepError::File(match line {
            Some(line) => format!("{}: line {line}: {reason}", self.name),
            None => format!("{}: {reason}", self.name),
        })
    }

    /// A problem of the value at `key`, below the top-level key `part`.
    fn at(&self, part: &str, key: &str, reason: impl std::fmt::Display) -> SweepError {
        let from = line_of_key(self.text, part, None);
        self.problem(
            line_of_key(self.text, key, from),
            format_args!("{key}: {reason}"),
        )
    }

    fn yaml(&self, error: &serde_yaml::Error) -> SweepError {
        let TextProblem { reason, line } = TextProblem::new(self.text, error);
        let line = line.filter(|_| !reason.contains("line "));
        self.problem(line, reason)
    }

    /// The preset that all trials begin with.
    fn base(&self, whole: &Whole, mut tree: Mapping) -> Result<Preset, SweepError> {
        let Some(preset) = &whole.preset else {
            if !whole.set.is_empty() {
                return Err(self.at(
                    "set",
                    "set",
                    "changes the preset named by `preset:`; here, change the values themselves",
                ));
            }
            // With the other lines empty, those of the preset keep their numbers.
            let lines = without_sweep(self.text);
            let text = match serde_yaml::from_str::<Mapping>(&lines) {
                Ok(rest) if !rest.contains_key("sweep") => lines,
                _ => {
                    tree.remove("sweep");
                    serde_yaml::to_string(&tree).map_err(|error| self.yaml(&error))?
                }
            };
            let parsed = Preset::parse(&text, self.name);
            return parsed.map_err(|problem| {
                let line = problem.line.filter(|_| !problem.reason.contains("line "));
                self.problem(line, problem.reason)
            });
        };
        let known = ["preset", "set", "sweep"];
        let keys = tree.keys().filter_map(Yaml::as_str);
        if let Some(key) = keys.into_iter().find(|key| !known.contains(key)) {
            let hint = match nearest(key, known.into_iter()) {
                Some(nearest) => format!("; the nearest known one is `{nearest}`"),
                None => format!(": change it with `set: {{{key}.…: …}}`"),
            };
            return Err(self.problem(
                line_of_key(self.text, key, None),
                format_args!("unknown key `{key}` beside `preset:`{hint}"),
            ));
        }
        let opened = Preset::open(preset);
        let original = opened.map_err(|error| self.at("preset", "preset", error))?;
        let mut base = original.clone();
        for (path, value) in &whole.set {
            let path = self.path("set", path)?;
            let set = values::text(value).and_then(|text| base.set(path, &text));
            set.map_err(|reason| self.at("set", path, reason))?;
        }
        let checked = base.check();
        checked.map_err(|reason| self.at("set", "set", reason))?;
        Ok(base.titled(Some(&original)))
    }

    fn path<'a>(&self, part: &str, path: &'a Yaml) -> Result<&'a str, SweepError> {
        path.as_str().ok_or_else(|| {
            let text = values::text(path).unwrap_or_default();
            self.at(
                part,
                part,
                format_args!("expected the path of a setting, got {text}"),
            )
        })
    }

    fn sweep(&self, written: Written, base: &Preset) -> Result<Sweep, SweepError> {
        let mut vary = Vec::new();
        for (path, value) in &written.vary {
            let path = self.path("vary", path)?;
            if NOT_VARIED.contains(&path) {
                return Err(self.at("vary", path, "names the run only, and cannot be varied"));
            }
            if path == "seed" && !written.seeds.is_empty() {
                return Err(self.at("vary", path, "is set by `seeds:`; remove one of them"));
            }
            let values = Values::read(value).map_err(|reason| self.at("vary", path, reason))?;
            vary.push((path.to_owned(), values));
        }
        if vary.is_empty() && written.seeds.is_empty() {
            return Err(self.problem(
                line_of_key(self.text, "sweep", None),
                "varies nothing; name settings under `vary:`, or several `seeds:`",
            ));
        }
        let names: Vec<&str> = vary.iter().map(|(path, _)| path.as_str()).collect();
        let mut when = Conditions::none(names.len());
        for (path, condition) in &written.when {
            let path = self.path("when", path)?;
            let added = when.add(&names, path, condition);
            added.map_err(|reason| self.at("when", path, reason))?;
        }
        if written.sampler == Sampler::Grid
            && let Some((path, _)) = vary.iter().find(|(_, values)| values.all().is_none())
        {
            return Err(self.at(
                "vary",
                path,
                "a grid needs `steps:` of a range; add them, or use `sampler: {random: {draws: …}}`",
            ));
        }
        let sweep = Sweep {
            vary,
            when,
            seeds: written.seeds,
            sampler: written.sampler,
            halving: written.halving,
            limits: written.limits,
            invalid: written.invalid,
        };
        let all = |number: usize| {
            let values: Option<&[values::Text]> = sweep.vary[number].1.all();
            values.map(<[_]>::to_vec)
        };
        if let Some((number, other, value)) = sweep.when.never_met(all) {
            return Err(self.at(
                "when",
                &sweep.vary[number].0,
                format_args!(
                    "`{}` is never {value}; see its values under `vary:`",
                    sweep.vary[other].0
                ),
            ));
        }
        self.check(&sweep, base)?;
        Ok(sweep)
    }

    fn check(&self, sweep: &Sweep, base: &Preset) -> Result<(), SweepError> {
        sweep
            .sampler
            .check()
            .map_err(|reason| self.at("sampler", "sampler", reason))?;
        if let Some(halving) = &sweep.halving {
            let checked = halving.check();
            checked.map_err(|reason| self.at("halving", "halving", reason))?;
            let varies_epochs = sweep.vary.iter().any(|(path, _)| path.ends_with("epochs"));
            if halving.after >= base.training.epochs && !varies_epochs {
                return Err(self.at(
                    "halving",
                    "after",
                    format_args!(
                        "expected less than {}, the epochs of a run, got {}",
                        base.training.epochs, halving.after
                    ),
                ));
            }
        }
        if sweep.limits.runs == Some(0) {
            return Err(self.at("limits", "runs", "expected at least 1, got 0"));
        }
        if let Some(minutes) = sweep.limits.minutes
            && !(minutes > 0.0 && minutes <= 1e6)
        {
            return Err(self.at(
                "limits",
                "minutes",
                format_args!("expected a number above 0 and up to 1000000, got {minutes}"),
            ));
        }
        self.check_values(sweep, base)
    }

    /// Checks each value by itself where that is possible: where it is named, it can be told with its line.
    fn check_values(&self, sweep: &Sweep, base: &Preset) -> Result<(), SweepError> {
        for (path, values) in &sweep.vary {
            let ends;
            let all = match values {
                Values::Choices(all) => all.as_slice(),
                Values::Range(range) => {
                    ends = range.ends();
                    &ends
                }
            };
            // A setting of a chosen kind needs the choice first.
            let before = meeting_conditions(sweep, path, base);
            for text in all {
                let set = before.clone().set(path, text);
                set.map_err(|reason| self.at("vary", path, reason))?;
            }
        }
        Ok(())
    }
}

/// The base with the values that the conditions of `path` name first.
fn meeting_conditions(sweep: &Sweep, path: &str, base: &Preset) -> Preset {
    let number = sweep.vary.iter().position(|(one, _)| one == path);
    let needed = number.map_or_else(Vec::new, |number| sweep.when.first_met(number));
    let mut preset = base.clone();
    for (other, text) in needed {
        // A value that is refused is told where it is listed.
        let _ = preset.set(&sweep.vary[other].0, &text);
    }
    preset
}

/// The text with the lines of the top-level key `sweep` empty.
fn without_sweep(text: &str) -> String {
    let mut is_inside = false;
    let lines = text.lines().map(|line| {
        let begins_key = line.starts_with(|first: char| !first.is_whitespace() && first != '#');
        if begins_key {
            let is_item = is_inside && line.starts_with('-');
            is_inside = is_item || line.starts_with("sweep:");
        }
        if is_inside { "" } else { line }
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

#[cfg(test)]
mod tests;
