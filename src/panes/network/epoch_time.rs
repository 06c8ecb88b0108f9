//! How long an epoch of the network on the screen would take: measured when the network has been left alone for a moment, and scaled from
//! there while it is edited.

use super::{MeasurePace, NetworkPane};
use crate::lab::Lab;
use crate::network::NetworkSummary;

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

impl NetworkPane {
    /// How long an epoch on the chosen set takes with the network of `summary`, which is the one on the screen or an edit of it;
    /// nothing where it does not fit.
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
