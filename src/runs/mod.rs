//! Run folders: everything that a training leaves behind, written so that a crash at any moment loses at most the epoch
//! under way.
//!
//! `runs/<date>-<time>-<name>/` holds `run.yaml` ([`RunRecord`]), `metrics.jsonl` (one
//! [`EpochMetrics`](crate::training::EpochMetrics) a line), `best.safetensors` and `last.safetensors` (weights), `last.state`
//! ([`Checkpoint`](crate::training::Checkpoint): all that going on exactly needs) and `confusion.csv` (of the latest epoch);
//! `checkpoints/` the weights of at most [`MOST_CHECKPOINTS`] epochs. A run
//! that was validated on a part of its training images ends with `test.json` ([`FinalTest`](crate::training::FinalTest)).

mod checkpoints;
mod error;
mod files;
mod folder;
mod record;
mod standing;
mod summary;
mod weights;

pub use checkpoints::{MOST_CHECKPOINTS, kept_epochs};
pub use error::RunError;
pub use folder::RunFolder;
pub use record::{Continuation, DataIdentity, Following, Kept, KeptLayer, RunRecord, Stretch};
pub use standing::Standing;
pub use summary::{RunSummary, StretchSummary};
pub use weights::WeightsNote;
