//! Sweeps: many runs of one preset that differ in some settings and seeds.
//!
//! A file says what to vary ([`SweepFile`]), a sampler makes numbered and checked [`Trials`] of it, and a folder keeps them
//! ([`SweepFolder`]). A [`Coordinator`] decides which trial is trained next and until when, an [`Executor`] trains it, in processes that
//! may be killed at any moment: what was done is read from the run folders alone.

mod apart;
mod conditions;
mod coordinator;
mod error;
mod executor;
mod file;
mod findings;
mod folder;
mod halving;
mod measure;
mod optuna;
mod progress;
mod runs;
mod sampler;
mod seeds;
mod standing;
mod state;
mod trials;
mod values;
mod varied;
mod work;

pub use apart::run_apart;
pub use coordinator::Coordinator;
pub use error::SweepError;
pub use executor::{
    Cancel, EXECUTORS, Executor, ExecutorKind, ExecutorOption, News, Queue, Queued, Resources,
    Takes, queue_of, serve, tasks,
};
pub use file::{Invalid, SweepFile};
pub use findings::{Findings, Section};
pub use folder::SweepFolder;
pub use halving::Measure;
pub use measure::{Measured, Share, measure};
pub use optuna::journal as optuna_journal;
pub use progress::{End, Progress, Wish};
pub use seeds::Seeds;
pub use state::{Stand, TrialState};
pub use trials::{Trial, Trials};
pub use varied::Varied;
pub use work::{Ended, Task, Tell, Workplace};
