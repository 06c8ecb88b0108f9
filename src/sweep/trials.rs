//! The trials of a sweep: numbered, checked, and with everything that training one of them needs.

use std::collections::BTreeSet;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::SweepError;
use super::file::{Invalid, SweepFile};
use super::sampler::{Combination, MOST_TRIALS};
use crate::session::check_preset;
use crate::training::{MemoryNeed, Preset, Validation};
use crate::wording::counted;

/// One run of a sweep, as its line in `trials.jsonl` says it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// From 1.
    #[serde(rename = "trial")]
    pub number: usize,
    /// The number of its combination, from 1: trials of one combination differ in the seed only.
    pub combination: usize,
    /// Each varied setting by its path with its value, in the order in which they are set.
    pub settings: Vec<(String, String)>,
    /// Of all its random numbers.
    pub seed: u64,
    /// That it trains for.
    pub epochs: usize,
    /// Whether it ends with a measurement of the test set.
    pub tested: bool,
    /// Whether a run on other data comes before it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pretrained: bool,
}

/// All trials of a sweep, checked.
#[derive(Clone, Debug)]
pub struct Trials {
    /// In the order of their numbers.
    pub trials: Vec<Trial>,
    /// How many a limit leaves out, if that is known and any.
    pub is_limited: bool,
    /// Combinations that cannot be trained and are left out.
    pub skipped: usize,
    /// The data sets that the trials name.
    pub data: BTreeSet<Option<String>>,
    /// The most memory that one of them needs, in bytes.
    pub memory: u64,
}

/// What the check of a combination found.
struct Checked {
    combination: Combination,
    preset: Preset,
    memory: u64,
}

impl Trials {
    /// The trials of a sweep's file. Each combination is checked, so that none fails later for what can be known now.
    ///
    /// # Errors
    /// If there are too many, or one cannot be trained and is not to be skipped.
    pub fn of(file: &SweepFile, name: &str) -> Result<Self, SweepError> {
        let problem = |reason: String| SweepError::File(format!("{name}: {reason}"));
        let sweep = &file.sweep;
        let seeds = sweep.seeds.len().max(1);
        let runs = sweep.limits.runs.unwrap_or(usize::MAX);
        let most = runs.min(MOST_TRIALS).div_ceil(seeds);
        let (combinations, has_more) = sweep.sampler.combinations(sweep, most).map_err(&problem)?;
        if has_more && runs > MOST_TRIALS {
            return Err(problem(format!(
                "has more than {MOST_TRIALS} trials; vary less, draw some of them with `sampler: {{random: {{draws: …}}}}`, or set \
                 `limits: {{runs: …}}`"
            )));
        }
        let all = combinations.len();
        let checked: Vec<Result<Checked, (Combination, String)>> = combinations
            .into_par_iter()
            .map(|combination| check(file, combination))
            .collect();
        let refused = checked.iter().filter_map(|one| one.as_ref().err());
        let skipped = refused.clone().count();
        if let Some((combination, reason)) = refused.clone().next()
            && (sweep.invalid == Invalid::Refuse || skipped == all)
        {
            return Err(problem(format!(
                "{} of {} cannot be trained, first {}: {reason}; change `vary:`, add a condition under `when:`, or leave them out with \
                 `invalid: skip`",
                skipped,
                counted(all, "combination"),
                in_words(&settings(file, combination)),
            )));
        }
        let mut trials = Vec::new();
        let (mut data, mut memory) = (BTreeSet::new(), 0);
        for (combination, checked) in (1..).zip(checked.into_iter().flatten()) {
            memory = memory.max(checked.memory);
            let preset = &checked.preset;
            data.insert(preset.data.clone());
            let own = [preset.seed];
            let seeds = match sweep.seeds.is_empty() {
                true => &own[..],
                false => &sweep.seeds,
            };
            let settings = settings(file, &checked.combination);
            let transfer = preset.training.transfer.as_ref();
            for &seed in seeds {
                trials.push(Trial {
                    number: trials.len() + 1,
                    combination,
                    settings: settings.clone(),
                    seed,
                    epochs: preset.training.epochs,
                    tested: preset.training.validation != Validation::Test,
                    pretrained: transfer.is_some_and(|transfer| transfer.pretrain.is_some()),
                });
            }
        }
        let is_limited = has_more || trials.len() > runs;
        trials.truncate(runs);
        Ok(Self {
            trials,
            is_limited,
            skipped,
            data,
            memory,
        })
    }
}

fn check(file: &SweepFile, combination: Combination) -> Result<Checked, (Combination, String)> {
    let built = preset(&file.base, &settings(file, &combination)).and_then(|preset| {
        let network = check_preset(&preset).map_err(|error| error.to_string())?;
        let memory = MemoryNeed::of(&network, &preset.training).total();
        Ok((preset, memory))
    });
    match built {
        Ok((preset, memory)) => Ok(Checked {
            combination,
            preset,
            memory,
        }),
        Err(reason) => Err((combination, reason)),
    }
}

fn settings(file: &SweepFile, combination: &Combination) -> Vec<(String, String)> {
    let varied = file.sweep.vary.iter().zip(combination);
    varied
        .filter_map(|((path, _), value)| Some((path.clone(), value.as_ref()?.to_string())))
        .collect()
}

/// The base with these settings.
fn preset(base: &Preset, settings: &[(String, String)]) -> Result<Preset, String> {
    let mut preset = base.clone();
    for (path, value) in settings {
        let set = preset.set(path, value);
        set.map_err(|reason| format!("{path}={value}: {reason}"))?;
    }
    preset.check()?;
    Ok(preset)
}

/// `learning_rate 0.001, filters 8`
fn in_words(settings: &[(String, String)]) -> String {
    let words = settings.iter();
    let words = words.map(|(path, value)| format!("{} {value}", short(path)));
    words.collect::<Vec<_>>().join(", ")
}

/// The last name of a path, `learning_rate`; for one of a layer all of it, `1.conv2d.filters`.
pub fn short(path: &str) -> &str {
    let last = path.rsplit('.').next().unwrap_or(path);
    path.strip_prefix("layers.").unwrap_or(last)
}

impl Trial {
    /// The preset that it trains.
    ///
    /// # Errors
    /// If the base does not take its settings: they were written for another version of the program.
    pub fn preset(&self, base: &Preset) -> Result<Preset, String> {
        let mut preset = preset(base, &self.settings)?;
        preset.seed = self.seed;
        Ok(preset.titled(Some(base)))
    }

    /// The value of a varied setting; `None` where a condition leaves it unset.
    pub fn setting(&self, path: &str) -> Option<&str> {
        let mut settings = self.settings.iter();
        let (_, value) = settings.find(|(one, _)| one == path)?;
        Some(value)
    }

    /// What sets it apart: `learning_rate 0.001, filters 8, seed 1`.
    pub fn in_words(&self) -> String {
        let settings = in_words(&self.settings);
        let comma = if settings.is_empty() { "" } else { ", " };
        format!("{settings}{comma}seed {}", self.seed)
    }
}

#[cfg(test)]
mod tests;
