//! What the screen may ask of the worker about data sets, and what the worker tells of them.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::data::browse::{Entry, KnownPlace, Listing};
use crate::data::tasks::{OPEN, TaskRequest};

/// Names a job within one start of the program; every event of a job carries it.
pub type JobId = u64;

/// Something the screen asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum DataCommand {
    /// Open, fetch or make a set. Answered by [`DataEvent::JobProgress`] where it takes long, by
    /// [`Event::DataLoaded`](super::Event::DataLoaded) where a set was opened, and always by [`DataEvent::JobEnded`].
    Start { job: JobId, request: TaskRequest },
    /// Give a job up. Nothing of it is left, but for what a fetch received. Answered by [`DataEvent::JobEnded`], as if it had ended by itself.
    Cancel { job: JobId },
    /// What is in the folder `text`, seen from `base`. Answered by [`DataEvent::Folder`].
    List {
        request: u64,
        /// `None` is where the program was started.
        base: Option<PathBuf>,
        /// As a person writes it; empty is `base` itself.
        text: String,
    },
    /// Call a loaded set something else. Answered by [`DataEvent::Renamed`].
    Rename { from: String, to: String },
    /// Forget a loaded set; its files stay. Answered by [`DataEvent::Unloaded`].
    Unload { name: String },
}

impl DataCommand {
    /// Opens a known set by its name, or what lies at a path; `None` is the full Fashion-MNIST where it is on this machine, else the
    /// starter set.
    pub fn open(job: JobId, choice: Option<String>) -> Self {
        Self::Start {
            job,
            request: TaskRequest::new(&OPEN, choice),
        }
    }
}

/// Something the worker tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum DataEvent {
    /// At most about ten a second; a job may begin to count anew.
    JobProgress {
        job: JobId,
        done: u64,
        all: u64,
        /// Since the job began.
        seconds: f64,
    },
    JobEnded {
        job: JobId,
        end: JobEnd,
    },
    Folder(Shelf),
    /// A loaded set is, all of it, a known one: what a preset's `data:` may call it.
    Recognized {
        name: String,
        names: Vec<String>,
    },
    Renamed {
        from: String,
        to: String,
    },
    Unloaded {
        name: String,
    },
}

/// How a job ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum JobEnd {
    /// With what became of it in sentences; empty where a set was only opened.
    Done { message: String },
    /// Nothing was done: this file is there already.
    InTheWay { path: String },
    /// On request.
    Cancelled,
    /// Nothing was done; a sentence that says why.
    Failed { message: String },
}

/// Everything that can be opened from a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shelf {
    /// Only the answer to the latest request is shown.
    pub request: u64,
    /// The folder, or why it cannot be read.
    pub listing: Result<Listing, String>,
    /// What was opened lately, the latest first.
    pub recent: Vec<Entry>,
    /// The sets that have names.
    pub known: Vec<KnownPlace>,
}
