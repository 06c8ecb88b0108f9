//! Who trains the trials: an executor is a file here and a line in [`EXECUTORS`].

mod local;
mod protocol;

use std::path::PathBuf;
use std::time::Duration;

use super::error::SweepError;
use super::folder::SweepFolder;
use super::work::{Ended, Task};
use crate::training::EpochMetrics;
pub use protocol::{serve, tasks};

/// Trains trials somewhere: in processes of this machine, or as jobs of a cluster.
///
/// Wherever a trial is trained, it is `convscope sweep trial DIR NUMBER` that trains it: it claims the trial, so that two never train the
/// same one, resumes its run if there is one, and saves it when it is asked to stop. What came of it is read from the sweep's folder: an
/// executor only has to say when to look.
pub trait Executor {
    /// The most trials that are trained at once.
    fn slots(&self) -> usize;

    /// Starts training a trial; there are never more tasks than slots.
    ///
    /// # Errors
    /// If that is not possible, in a sentence; the sweep then ends.
    fn start(&mut self, task: Task) -> Result<(), String>;

    /// Waits for news, no longer than this.
    fn next(&mut self, patience: Duration) -> Option<News>;

    /// Asks all tasks to save their run and end; what comes of it is told by [`next`](Self::next).
    fn stop(&mut self);
}

/// What an executor tells of a task.
#[derive(Debug)]
pub enum News {
    /// A trial has finished an epoch; optional, for progress only.
    Epoch {
        /// Its number.
        trial: usize,
        /// Its figures.
        metrics: Box<EpochMetrics>,
    },
    /// The work on a trial has ended.
    Ended {
        /// Its number.
        trial: usize,
        /// How.
        how: Ended,
        /// Its run folder, if that is known; otherwise it is looked for.
        run: Option<PathBuf>,
    },
    /// The process that trained a trial is gone, and said nothing.
    Lost {
        /// The trial's number.
        trial: usize,
        /// What is known, in words.
        reason: String,
    },
}

/// What an executor may use.
#[derive(Clone, Debug)]
pub struct Resources {
    /// The program that trains: this one.
    pub program: PathBuf,
    /// The most trials at once.
    pub jobs: usize,
    /// Threads of each.
    pub threads: usize,
    /// By how much its processes stand back behind others.
    pub nice: u16,
}

/// A kind of executor.
pub struct ExecutorKind {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub help: &'static str,
    /// Makes one.
    pub build: Build,
}

/// Makes an executor for a sweep.
pub type Build = fn(&SweepFolder, Resources) -> Result<Box<dyn Executor>, SweepError>;

/// Every kind, the default first.
pub static EXECUTORS: &[&ExecutorKind] = &[&local::LOCAL];
