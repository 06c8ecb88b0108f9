//! Run folders: everything that a run saves, written so that a crash at any moment loses at most the current epoch.
//!
//! `runs/<date>-<time>-<name>/` holds `run.yaml` ([`RunRecord`]), `metrics.jsonl` (one
//! [`EpochMetrics`](crate::training::EpochMetrics) a line), `best.safetensors` and `last.safetensors` (weights), `last.state`
//! ([`Checkpoint`](crate::training::Checkpoint): all that exact resumption needs) and `confusion.csv` (of the latest epoch);
//! `checkpoints/` the weights of at most [`MOST_CHECKPOINTS`] epochs. A run
//! that was validated on held-out images ends with `test.json` ([`FinalTest`](crate::training::FinalTest)).
//! `writer.lock` is held by the one process that may write in the folder: everything that writes is a method of [`RunWriter`].

mod at_once;
mod bin;
mod checkpoints;
mod claim;
mod copy;
mod differences;
mod digest;
mod error;
mod files;
mod folder;
mod index;
mod lock;
mod notes;
mod query;
mod record;
mod standing;
mod summary;
mod trained_by;
mod weights;
mod writer;

pub use bin::{deleted, empty_bin, list_deleted};
pub use checkpoints::{MOST_CHECKPOINTS, kept_epochs};
pub use claim::{Before, Claim};
pub use differences::{Difference, differences};
pub use digest::{RunDigest, RunState, accuracy_by_seed};
pub use error::RunError;
pub use folder::RunFolder;
pub use index::list;
pub use notes::{RunNotes, tag};
pub use query::{QUERY_KEYS, Query};
pub use record::{
    Continuation, Copied, DataIdentity, Following, Kept, KeptLayer, Occasion, RunLabel, RunRecord,
    Stretch, TestRecord,
};
pub use standing::Standing;
pub use summary::{RunSummary, StretchSummary};
pub use trained_by::TrainedBy;
pub use weights::WeightsNote;
pub use writer::RunWriter;
