//! Who trains the trials: an executor is a file here and a line in [`EXECUTORS`].

mod local;
mod protocol;
mod slurm;

use std::path::PathBuf;
use std::time::Duration;

use super::error::SweepError;
use super::folder::SweepFolder;
use super::state::TrialState;
use super::work::{Ended, Task};
use crate::training::EpochMetrics;
pub use protocol::{serve, tasks};

/// Trains trials somewhere: in processes of this machine, or as jobs of a cluster.
///
/// Wherever a trial is trained, it is `convscope sweep trial DIR` that trains it: it claims the trial, so that two never train the
/// same one, resumes its run if there is one, and saves it when it is asked to stop. What came of it is in the sweep's folder: an executor only
/// has to say when to look. With `--free`, such a process chooses its trials itself, as long as there are any: an executor whose
/// processes outlive this one only has to start some.
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
        /// How far it is, if the process that worked on it has looked; otherwise that is read.
        state: Option<TrialState>,
    },
    /// The process that trained a trial is gone, and said nothing.
    Lost {
        /// The trial's number.
        trial: usize,
        /// What is known, in words.
        reason: String,
    },
    /// All tasks, and all that follow from them, are done without this process from now on; who does it, or why that is not possible, in a
    /// sentence. No other news follows.
    HandedOver(Result<String, String>),
}

/// What an executor may use.
#[derive(Clone, Debug)]
pub struct Resources {
    /// The program that trains: this one.
    pub program: PathBuf,
    /// The most trials at once in one place.
    pub jobs: usize,
    /// Threads of each.
    pub threads: usize,
    /// By how much its processes stand back behind others.
    pub nice: u16,
    /// The executor's own options as they were given: name and value, in this order; a flag has no value.
    pub options: Vec<(&'static str, String)>,
}

/// A kind of executor.
#[derive(Debug)]
pub struct ExecutorKind {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub help: &'static str,
    /// Its own options on the command line.
    pub options: &'static [ExecutorOption],
    /// Makes one.
    pub build: Build,
    /// The queue in which its processes wait, if they outlive the one that starts them.
    pub queue: Option<Queue>,
}

/// An option of an executor.
#[derive(Debug)]
pub struct ExecutorOption {
    /// Its name on the command line.
    pub name: &'static str,
    /// Its meaning, in a sentence.
    pub help: &'static str,
    /// What it takes.
    pub takes: Takes,
}

/// What an option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Nothing.
    Nothing,
    /// A text, called so in the help.
    Text(&'static str),
    /// A text, and it may be given several times.
    Texts(&'static str),
    /// A whole number from 1.
    Number,
}

/// Makes an executor for a sweep.
pub type Build = fn(&SweepFolder, Resources) -> Result<Box<dyn Executor>, SweepError>;

/// A queue outside of this program. Each function fails with a sentence.
#[derive(Debug)]
pub struct Queue {
    /// Whether trials of the sweep were put into it.
    pub is_used: fn(&SweepFolder) -> bool,
    /// What is in it for the sweep.
    pub look: fn(&SweepFolder) -> Result<Queued, String>,
    /// Removes what waits for its turn, or also what runs.
    pub cancel: fn(&SweepFolder, Cancel) -> Result<(), String>,
    /// Puts the process that calls it back into the queue, if it came from there and is not being ended for good; whether it did.
    pub put_back: fn() -> Result<bool, String>,
}

/// What is removed from a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cancel {
    /// What waits for its turn.
    Waiting,
    /// Everything.
    All,
}

/// What is in a queue for a sweep.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queued {
    /// Tasks that wait or run.
    pub tasks: usize,
    /// All of them in words.
    pub words: String,
}

/// Every kind, the default first.
pub static EXECUTORS: &[&ExecutorKind] = &[&local::LOCAL, &slurm::SLURM];

/// The kind and the queue that trials of the sweep were put into, if any.
pub fn queue_of(folder: &SweepFolder) -> Option<(&'static ExecutorKind, &'static Queue)> {
    let mut queues = EXECUTORS
        .iter()
        .filter_map(|kind| Some((*kind, kind.queue.as_ref()?)));
    queues.find(|(_, queue)| (queue.is_used)(folder))
}
