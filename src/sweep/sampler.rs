//! Which combinations of the varied settings are tried.

use std::collections::HashSet;

use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;
use serde::Deserialize;

use super::file::Sweep;
use super::values::Text;

/// The most trials of a sweep.
pub const MOST_TRIALS: usize = 100_000;
/// Attempts in a row to draw a combination that was not drawn before.
const ATTEMPTS: usize = 1000;

/// A value for each varied setting, in their order; `None` where its condition is not met.
pub type Combination = Vec<Option<Text>>;

/// How combinations are chosen.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sampler {
    /// Every combination; the last varied setting changes fastest.
    #[default]
    Grid,
    /// Combinations drawn at random.
    Random(Random),
}

/// Combinations drawn at random; a different number of draws begins with the same ones.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Random {
    /// Different combinations; each is trained with every seed of the sweep.
    pub draws: usize,
    /// Of the draws, not of the runs.
    #[serde(default)]
    pub seed: u64,
}

impl Sampler {
    /// Checks that the values are in range.
    ///
    /// # Errors
    /// A sentence with the range.
    pub fn check(&self) -> Result<(), String> {
        match self {
            Self::Random(Random { draws, .. }) if !(1..=MOST_TRIALS).contains(draws) => Err(
                format!("draws: expected a whole number from 1 to {MOST_TRIALS}, got {draws}"),
            ),
            _ => Ok(()),
        }
    }

    /// At most `most` combinations and whether there are more, in an order that depends on the sweep's file alone.
    ///
    /// # Errors
    /// If fewer exist than are to be drawn.
    pub fn combinations(
        &self,
        sweep: &Sweep,
        most: usize,
    ) -> Result<(Vec<Combination>, bool), String> {
        match self {
            Self::Grid => {
                let mut found = Vec::new();
                grid(sweep, &mut Vec::new(), most.saturating_add(1), &mut found);
                let has_more = found.len() > most;
                found.truncate(most);
                Ok((found, has_more))
            }
            Self::Random(random) => {
                let wanted = random.draws.min(most);
                let found = random.draw(sweep, wanted)?;
                Ok((found, random.draws > wanted))
            }
        }
    }
}

/// Adds every combination that begins with `chosen`, until there are `most`.
fn grid(sweep: &Sweep, chosen: &mut Combination, most: usize, found: &mut Vec<Combination>) {
    if found.len() >= most {
        return;
    }
    let number = chosen.len();
    let Some((_, values)) = sweep.vary.get(number) else {
        found.push(chosen.clone());
        return;
    };
    if !sweep.when.are_met(number, chosen) {
        chosen.push(None);
        grid(sweep, chosen, most, found);
        chosen.pop();
        return;
    }
    for text in values.all().unwrap_or_default() {
        chosen.push(Some(Text::clone(text)));
        grid(sweep, chosen, most, found);
        chosen.pop();
    }
}

impl Random {
    fn draw(&self, sweep: &Sweep, wanted: usize) -> Result<Vec<Combination>, String> {
        let mut random = Pcg64Mcg::seed_from_u64(self.seed);
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        let mut in_vain = 0;
        while found.len() < wanted {
            let mut chosen: Combination = Vec::with_capacity(sweep.vary.len());
            for (number, (_, values)) in sweep.vary.iter().enumerate() {
                // Drawn in any case, so that a condition changes no other setting.
                let drawn = values.draw(&mut random);
                let is_set = sweep.when.are_met(number, &chosen);
                chosen.push(is_set.then_some(drawn));
            }
            if seen.insert(chosen.clone()) {
                found.push(chosen);
                in_vain = 0;
                continue;
            }
            in_vain += 1;
            if in_vain == ATTEMPTS {
                return Err(format!(
                    "draws: expected at most about {}, the number of different combinations, got {}; use fewer, or `sampler: grid`",
                    found.len(),
                    self.draws
                ));
            }
        }
        Ok(found)
    }
}
