//! How long an epoch of the network on the screen would take: measured by the worker when the network has been left alone for a
//! moment, and scaled from there while it is edited.

use super::lab::Lab;
use crate::network::{NetworkSpec, NetworkSummary};
use crate::training::{Pace, Recipe};

/// What decides how long an epoch takes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PaceQuery {
    pub network: NetworkSpec,
    pub recipe: Recipe,
    pub dataset: String,
}

/// What was measured, and what is being.
#[derive(Clone, Debug, Default)]
pub struct PaceState {
    /// The request under way and what it asked for.
    pub(super) asked: Option<(u64, PaceQuery)>,
    pub(super) known: Option<Measured>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Measured {
    pub query: PaceQuery,
    /// Of the measured network, for one image.
    pub multiply_accumulates: u64,
    pub pace: Result<Pace, String>,
}

/// Seconds of an epoch, validation included, and how they are known.
#[derive(Clone, Debug, PartialEq)]
pub enum EpochTime {
    /// The latest epoch of this very network's training.
    Taken { seconds: f64 },
    /// By a short run of this very network.
    Measured {
        seconds: f64,
        steps: usize,
        threads: usize,
    },
    /// By the multiply-adds, from a network that was measured.
    Estimated { seconds: f64 },
    /// It is being measured.
    Measuring,
    /// Not while a training runs.
    Later,
    /// Why it cannot be measured.
    Impossible(String),
}

impl Lab {
    /// How long an epoch on the chosen set takes with the network of `summary`, which is the one on the screen or an edit of it;
    /// nothing where it does not fit.
    pub fn epoch_time(&self, summary: &NetworkSummary) -> Option<EpochTime> {
        let query = self.pace_query()?;
        if summary.problem.is_some() {
            return None;
        }
        let is_shown = *summary == self.summary;
        let run = self.run_of_network().filter(|_| is_shown);
        let latest = run
            .filter(|run| run.in_use.set.dataset == query.dataset)
            .and_then(|run| run.history.last());
        if let Some(latest) = latest {
            return Some(EpochTime::Taken {
                seconds: latest.seconds,
            });
        }
        if let Some(known) = &self.pace.known {
            match &known.pace {
                Ok(pace) if is_shown && known.query == query => {
                    return Some(EpochTime::Measured {
                        seconds: pace.epoch_seconds(),
                        steps: pace.steps,
                        threads: pace.threads,
                    });
                }
                Err(reason) if is_shown && known.query == query => {
                    return Some(EpochTime::Impossible(reason.clone()));
                }
                Ok(pace) if known.query.is_of_the_same_training(&query) => {
                    let ratio = summary.multiply_accumulates as f64
                        / known.multiply_accumulates.max(1) as f64;
                    return Some(EpochTime::Estimated {
                        seconds: ratio * pace.epoch_seconds(),
                    });
                }
                _ => {}
            }
        }
        Some(match self.is_training() {
            true => EpochTime::Later,
            false => EpochTime::Measuring,
        })
    }

    /// What to measure, where the network on the screen can be trained on the chosen set.
    pub(super) fn pace_query(&self) -> Option<PaceQuery> {
        let set = self.chosen_set()?;
        if self.misfit().is_some() {
            return None;
        }
        let recipe = &self.preset.training;
        Some(PaceQuery {
            // Nothing of this changes how long an epoch takes.
            network: NetworkSpec {
                name: String::new(),
                ..self.preset.network()
            },
            recipe: Recipe {
                epochs: 1,
                early_stopping: crate::training::EarlyStopping::default(),
                plan: Vec::new(),
                ..recipe.clone()
            },
            dataset: set.name.clone(),
        })
    }
}

impl PaceQuery {
    /// Whether only the network is another one.
    fn is_of_the_same_training(&self, other: &Self) -> bool {
        self.recipe == other.recipe && self.dataset == other.dataset
    }
}
