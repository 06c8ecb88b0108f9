//! How long an epoch of the network on the screen would take: measured with temporary weights once the network has not been edited for a
//! moment, and scaled from that while it is edited.

use std::sync::{Arc, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rayon::ThreadPool;

use super::NetworkPane;
use crate::lab::Lab;
use crate::network::{CheckedNetwork, NetworkSpec, NetworkSummary};
use crate::session::thread_pool;
use crate::training::{EarlyStopping, MemoryNeed, Pace, PaceTrial, Recipe, free_memory};
use crate::worker::{Beside, Desk, Question, Tell};

/// Seconds per epoch, validation included, and where the figure comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum EpochTime {
    /// The time of the latest epoch of this network's run.
    Taken { seconds: f64 },
    /// Measured in a short trial of this network.
    Measured {
        seconds: f64,
        steps: usize,
        threads: usize,
    },
    /// Scaled by multiply-adds from another network that was measured.
    Estimated { seconds: f64 },
    /// Being measured.
    Measuring,
    /// Not measured while a run is active.
    Later,
    /// The reason why it cannot be measured.
    Impossible(String),
}

impl EpochTime {
    /// The seconds, if they are known.
    pub fn seconds(&self) -> Option<f64> {
        match self {
            Self::Taken { seconds }
            | Self::Measured { seconds, .. }
            | Self::Estimated { seconds } => Some(*seconds),
            Self::Measuring | Self::Later | Self::Impossible(_) => None,
        }
    }
}

impl NetworkPane {
    /// How long an epoch on the chosen set takes with the network of `summary`, which is the one on the screen or an edit of it;
    /// `None` if it does not fit.
    pub fn epoch_time(&self, lab: &Lab, summary: &NetworkSummary) -> Option<EpochTime> {
        let question = MeasurePace::of(lab)?;
        if summary.problem.is_some() {
            return None;
        }
        let is_shown = *summary == lab.summary;
        let run = lab.run_of_network().filter(|_| is_shown);
        let latest = run
            .filter(|run| run.in_use.set.dataset == question.dataset)
            .and_then(|run| run.history.last());
        if let Some(latest) = latest {
            return Some(EpochTime::Taken {
                seconds: latest.seconds,
            });
        }
        if let Some((measured, pace)) = self.pace.answered() {
            let is_this = is_shown && *measured == question;
            match pace {
                Ok(pace) if is_this => {
                    return Some(EpochTime::Measured {
                        seconds: pace.epoch_seconds(),
                        steps: pace.steps,
                        threads: pace.threads,
                    });
                }
                Err(reason) if is_this => return Some(EpochTime::Impossible(reason.clone())),
                Ok(pace) if measured.is_of_the_same_training(&question) => {
                    let before = NetworkSummary::new(&measured.network).multiply_accumulates;
                    let ratio = summary.multiply_accumulates as f64 / before.max(1) as f64;
                    return Some(EpochTime::Estimated {
                        seconds: ratio * pace.epoch_seconds(),
                    });
                }
                _ => {}
            }
        }
        Some(match (lab.is_training(), self.pace.failure()) {
            (true, _) => EpochTime::Later,
            (false, Some(reason)) if is_shown => EpochTime::Impossible(reason.to_owned()),
            (false, _) => EpochTime::Measuring,
        })
    }
}

/// How long a network must stay unchanged before it is measured: nobody waits for the figures of a network that is being edited.
const PATIENCE: Duration = Duration::from_millis(700);
/// How often a pending measurement checks whether it is still wanted.
const MOMENT: Duration = Duration::from_millis(20);

/// Everything that the time of an epoch depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasurePace {
    pub network: NetworkSpec,
    pub recipe: Recipe,
    /// Name of a loaded set.
    pub dataset: String,
}

impl MeasurePace {
    /// The network on the screen, if it can be trained on the chosen set.
    pub(super) fn of(lab: &Lab) -> Option<Self> {
        let set = lab.chosen_set()?;
        if lab.misfit().is_some() {
            return None;
        }
        Some(Self {
            // Nothing of this changes how long an epoch takes.
            network: NetworkSpec {
                name: String::new(),
                ..lab.preset.network()
            },
            recipe: Recipe {
                epochs: 1,
                early_stopping: EarlyStopping::default(),
                plan: Vec::new(),
                ..lab.preset.training.clone()
            },
            dataset: set.name.clone(),
        })
    }

    /// Whether only the network is another one.
    pub(super) fn is_of_the_same_training(&self, other: &Self) -> bool {
        self.recipe == other.recipe && self.dataset == other.dataset
    }

    fn measure(mut self, desk: &Desk, tell: &Tell<Self>) -> Result<Option<Pace>, String> {
        let network = CheckedNetwork::new(&self.network).map_err(|problem| problem.to_string())?;
        MemoryNeed::of(&network, &self.recipe).check(free_memory())?;
        let dataset = desk.library.set(&self.dataset)?;
        desk.library.correct(&mut self.recipe, &dataset)?;
        let trial = PaceTrial {
            network: Arc::new(network),
            dataset,
            recipe: &self.recipe,
            pool: pool(desk)?,
        };
        trial.measure(|| !tell.is_wanted())
    }
}

impl Question for MeasurePace {
    /// The pace, or why it cannot be measured.
    type Answer = Result<Pace, String>;
    type Lane = Beside;
    const PURPOSE: &'static str = "measure the time of an epoch";

    fn find_out(self, desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let asked = Instant::now();
        while asked.elapsed() < PATIENCE {
            if !tell.is_wanted() {
                return Ok(());
            }
            thread::sleep(MOMENT);
        }
        if let Some(pace) = self.measure(desk, tell).transpose() {
            tell.tell(pace);
        }
        Ok(())
    }
}

/// Its own thread pool, made when first needed, so that other questions of the screen do not wait for it.
fn pool(desk: &Desk) -> Result<Arc<ThreadPool>, String> {
    let kept = desk.memory.of::<Option<Arc<ThreadPool>>>();
    // A panic while it was locked leaves it valid.
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(pool) = &*kept {
        return Ok(Arc::clone(pool));
    }
    let pool = thread_pool(desk.surroundings.threads).map_err(|error| error.to_string())?;
    Ok(Arc::clone(kept.insert(pool)))
}
