//! What a sweep found out: what each varied setting does to the outcome, and how sure that is.

mod levels;

use std::collections::HashSet;

use serde::Serialize;

use super::coordinator::Coordinator;
use super::halving::Measure;
use super::state::{Stand, TrialState};
use super::trials::Trial;
use super::varied::Varied;
use crate::data::short_sha256;
use crate::runs::RunFolder;
use crate::statistics::{self, Design, EffectUnit, Effects, ErrorSource, FactorEffect, p_in_words};
use crate::wording::counted;
use levels::Levels;

/// What a sweep found out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Findings {
    /// What is compared, of which images of which set: `best validation accuracy of each trial, on the test images of …`.
    pub outcome: String,
    /// How many trials are compared.
    pub compared: usize,
    /// Why others are not, and how many.
    pub left_out: Vec<(&'static str, usize)>,
    /// What each setting does.
    pub effects: Effects,
    /// Whether numbers are compared in groups, so that trials of the same levels do not differ in the seed alone.
    pub is_grouped: bool,
    #[serde(skip)]
    by: Measure,
}

/// A part of the findings in sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// What it is about.
    pub title: String,
    /// A line each.
    pub lines: Vec<String>,
}

impl Findings {
    /// Compares the best figure of each finished trial. Halving stops most trials early: then it is the best of the epochs before the first
    /// comparison, which all of them have.
    ///
    /// # Errors
    /// A sentence if there is nothing to compare yet, or something cannot be read.
    pub fn of(sweep: &Coordinator, by: Measure) -> Result<Self, String> {
        let mut compared: Vec<(&Trial, f64)> = Vec::new();
        let mut runs: Vec<&TrialState> = Vec::new();
        let (mut failed, mut unfinished, mut without) = (0, 0, 0);
        for (trial, state) in sweep.trials() {
            let until = until(sweep, trial);
            match &state.stand {
                Stand::Failed { .. } => failed += 1,
                stand if stand.is_ended() || until.is_some_and(|until| state.epochs >= until) => {
                    let score = state.score(until.unwrap_or(usize::MAX), by);
                    match score.map_err(|error| error.to_string())? {
                        Some(score) => {
                            compared.push((trial, by.of_score(score)));
                            runs.push(state);
                        }
                        None => without += 1,
                    }
                }
                _ => unfinished += 1,
            }
        }
        let outcome = outcome(sweep, &runs, by);
        let left_out = [
            ("failed", failed),
            ("not finished", unfinished),
            ("without a figure", without),
        ];
        let trials = sweep.trials().map(|(trial, _)| trial);
        let (effects, is_grouped) = effects(trials, &compared, by)?;
        Ok(Self {
            outcome,
            compared: compared.len(),
            left_out: left_out
                .into_iter()
                .filter(|(_, count)| *count > 0)
                .collect(),
            effects,
            is_grouped,
            by,
        })
    }

    /// The unit of effects and deviations.
    pub fn unit(&self) -> EffectUnit {
        match self.by {
            Measure::ValAccuracy => EffectUnit::Points,
            Measure::ValLoss => EffectUnit::Named(""),
        }
    }

    /// What was compared, in a sentence; the caption of all that is drawn of the findings.
    pub fn caption(&self) -> String {
        let left_out: Vec<String> = self
            .left_out
            .iter()
            .map(|(why, count)| format!("{count} {why}"))
            .collect();
        let left_out = match left_out.is_empty() {
            true => String::new(),
            false => format!("; left out: {}", left_out.join(", ")),
        };
        format!(
            "{}: {}{left_out}",
            self.outcome,
            counted(self.compared, "trial")
        )
    }

    /// All in sentences: a section for each setting, then interactions, chance, and what more trials would do.
    pub fn sections(&self) -> Vec<Section> {
        let effects = &self.effects;
        let mut sections: Vec<Section> = effects
            .factors
            .iter()
            .map(|factor| self.factor(factor))
            .collect();
        let mut add = |title: &str, lines: Vec<String>| {
            if !lines.is_empty() {
                let title = title.to_owned();
                sections.push(Section { title, lines });
            }
        };
        add("interactions", self.interactions());
        add("cannot be separated", self.inseparable());
        add("chance", self.chance());
        add("more trials", self.more_trials());
        sections
    }

    /// What is known of a setting: whether its value matters, and what each value does.
    pub fn verdict(factor: &FactorEffect) -> String {
        match &factor.test {
            Some(test) if factor.matters => format!("matters ({})", p_in_words(test.corrected_p)),
            Some(test) => format!("no effect shown ({})", p_in_words(test.corrected_p)),
            None if factor.levels.is_empty() => {
                format!("all trials so far have {}", factor.reference)
            }
            None => "not tested: too few trials to tell an effect from chance".to_owned(),
        }
    }

    fn factor(&self, factor: &FactorEffect) -> Section {
        let levels = factor.levels.iter();
        let mut lines: Vec<String> = levels
            .map(|level| factor.text(level, self.unit()).to_string())
            .collect();
        if !factor.untried.is_empty() {
            lines.push(format!("not finished yet: {}", factor.untried.join(", ")));
        }
        Section {
            title: format!("{}: {}", factor.name, Self::verdict(factor)),
            lines,
        }
    }

    fn interactions(&self) -> Vec<String> {
        let effects = &self.effects;
        let lines = effects.interactions.iter().map(|interaction| {
            let [one, other] = &interaction.factors;
            let cell = &interaction.strongest;
            let than = match cell.departure < 0.0 {
                true => "below",
                false => "above",
            };
            format!(
                "{one} and {other} interact ({}): {one} {} with {other} {} is {} {than} the sum of both effects",
                p_in_words(interaction.test.corrected_p),
                cell.levels[0],
                cell.levels[1],
                self.unit().text(cell.departure.abs()),
            )
        });
        let lines: Vec<String> = lines.collect();
        match effects.interactions_tested {
            0 => lines,
            pairs if lines.is_empty() => {
                vec![format!(
                    "none shown among {} of settings",
                    counted(pairs, "pair")
                )]
            }
            _ => lines,
        }
    }

    fn inseparable(&self) -> Vec<String> {
        let named = |[factor, level]: &[String; 2]| format!("{factor} {level}");
        let line = |one: &statistics::Inseparable| {
            let from: Vec<String> = one.from.iter().map(named).collect();
            format!(
                "{} and {}: no trials distinguish them",
                named(&one.level),
                from.join(", ")
            )
        };
        self.effects.inseparable.iter().map(line).collect()
    }

    /// What the seed alone does, and what intervals rest on.
    fn chance(&self) -> Vec<String> {
        let effects = &self.effects;
        let mut lines = Vec::new();
        let deviation = |of: statistics::Deviation| {
            let degrees = counted(of.degrees, "degree");
            let deviation = self.unit().text(of.deviation);
            format!("standard deviation {deviation} ({degrees} of freedom)")
        };
        lines.push(match effects.seed {
            _ if self.is_grouped => {
                "the seed alone: not known, because numbers are compared in groups".to_owned()
            }
            Some(seed) => format!(
                "the seed alone, between trials that differ in nothing else: {}",
                deviation(seed)
            ),
            None => "the seed alone: not known, because no two trials differ in nothing else; add `seeds: 1..3`"
                .to_owned(),
        });
        lines.push(match effects.error.map(|error| error.source) {
            Some(ErrorSource::Seed) if self.is_grouped => {
                "± is half of the 95 % interval, by the deviation within groups".to_owned()
            }
            Some(ErrorSource::Seed) => {
                "± is half of the 95 % interval, by the deviation between seeds".to_owned()
            }
            Some(ErrorSource::Residual) => {
                "± is half of the 95 % interval, by what the effects leave unexplained".to_owned()
            }
            None => "no intervals: too few trials to measure chance".to_owned(),
        });
        lines
    }

    /// Whether more trials would change the answer.
    fn more_trials(&self) -> Vec<String> {
        let effects = &self.effects;
        let unit = self.unit();
        let mut lines = Vec::new();
        if let Some(best) = &effects.best {
            let names = effects.factors.iter().map(|factor| &factor.name);
            let of = |levels: &[String]| {
                let named = names.clone().zip(levels);
                let named: Vec<String> = named
                    .map(|(name, level)| format!("{name} {level}"))
                    .collect();
                named.join(", ")
            };
            let lead = match self.by.is_higher_better() {
                true => best.difference.text(unit),
                false => format!("{} in loss", best.difference.text(unit)),
            };
            lines.push(match best.distinguishable {
                true => format!(
                    "more trials would hardly change which values are best: {} leads {} by {lead}",
                    of(&best.levels),
                    of(&best.second_levels),
                ),
                false => format!(
                    "which values are best is not settled: {} and {} differ by {lead}",
                    of(&best.levels),
                    of(&best.second_levels),
                ),
            });
        }
        if let Some(more) = &effects.more_would_help {
            lines.push(format!(
                "to halve the interval of the largest effect, {} {} (± {} now): {} more, {} of each value",
                more.factor,
                more.level,
                unit.text(more.half_width),
                counted(more.trials, "trial"),
                more.trials_per_level,
            ));
        }
        lines
    }
}

/// What each setting that `trials` vary does to the outcomes of some of them, and whether numbers were put into groups.
fn effects<'a>(
    trials: impl Iterator<Item = &'a Trial> + Clone,
    compared: &[(&Trial, f64)],
    by: Measure,
) -> Result<(Effects, bool), String> {
    if compared.is_empty() {
        return Err("no trial is finished yet; effects need at least one".to_owned());
    }
    let varied = Varied::of(trials.clone());
    let settings: Vec<Levels> = (0..varied.paths().len())
        .map(|index| Levels::of(&varied, index, trials.clone()))
        .collect();
    let trial = |(trial, outcome): &(&Trial, f64)| statistics::Trial {
        levels: settings
            .iter()
            .map(|levels| levels.of_trial(trial))
            .collect(),
        seed: Some(format!("{} of {}", trial.seed, trial.combination)),
        outcome: *outcome,
    };
    let trials: Vec<statistics::Trial> = compared.iter().map(trial).collect();
    let is_grouped = settings.iter().any(Levels::is_grouped);
    let factors = settings.into_iter().map(|levels| levels.factor).collect();
    let design = Design::new(factors, &trials).map_err(|error| error.to_string())?;
    let effects = Effects::of(&design, by.is_higher_better());
    Ok((effects, is_grouped))
}

/// The epochs that count of a trial; `None` for all.
fn until(sweep: &Coordinator, trial: &Trial) -> Option<usize> {
    let halving = sweep.plan().halving?;
    Some(halving.after.min(trial.epochs))
}

/// What is compared, and of which images of which set.
fn outcome(sweep: &Coordinator, runs: &[&TrialState], by: Measure) -> String {
    let of = match sweep.plan().halving {
        Some(halving) => format!(
            "in the first {}, which all trials have",
            counted(halving.after, "epoch")
        ),
        None => "of each trial".to_owned(),
    };
    let runs = runs.iter().filter_map(|state| {
        let folder = RunFolder::open(state.run.as_ref()?).ok()?;
        let record = folder.record().ok()?;
        let images = record.preset.training.validation.portion().word();
        let data = record.data_after(state.epochs);
        Some((images, data.name.clone(), data.sha256.clone()))
    });
    let sets: HashSet<(&str, String, String)> = runs.collect();
    let on = match sets.iter().next() {
        Some((images, name, sha256)) if sets.len() == 1 => {
            format!(
                "the {images} images of {name} (SHA-256 {}…)",
                short_sha256(sha256)
            )
        }
        _ => format!("{} different sets of images", sets.len()),
    };
    format!("{} {of}, on {on}", by.words())
}

#[cfg(test)]
mod tests;
