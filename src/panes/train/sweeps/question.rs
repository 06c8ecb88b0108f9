//! What the list and the page of sweeps ask the worker: the sweeps of a folder, one of them as it grows, and to stop or resume it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::view::SweepView;
use crate::sweep::{Cancel, Coordinator, Measure, SweepFolder, queue_of, run_apart};
use crate::worker::{Beside, Desk, Older, Question, Tell};

/// The shortest time between two looks at a folder.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);
/// The same where a cluster's queue is asked.
const BETWEEN_LOOKS_AT_A_QUEUE: Duration = Duration::from_secs(10);
/// Of many trials a look takes longer: then the next one is so many times as long after it.
const REST: u32 = 20;
/// How often is checked whether a question is still wanted.
const MOMENT: Duration = Duration::from_millis(50);

/// Tells what `read` finds whenever that is another, until nobody wants to know.
fn watch<Q: Question>(
    folder: &Path,
    tell: &Tell<Q>,
    is_queued: bool,
    read: impl Fn() -> Result<Q::Answer, String>,
) -> Result<(), String>
where
    Q::Answer: Clone + PartialEq,
{
    let between = match is_queued {
        true => BETWEEN_LOOKS_AT_A_QUEUE,
        false => BETWEEN_LOOKS,
    };
    let mut told = None;
    loop {
        let began = Instant::now();
        match read() {
            Ok(found) if told.as_ref() == Some(&found) => {}
            Ok(found) => {
                tell.tell(found.clone());
                told = Some(found);
            }
            // Its files may be from two moments now, and from one at the next look.
            Err(_) if told.is_some() && folder.exists() => {}
            Err(why) => return Err(why),
        }
        let next = Instant::now() + between.max(REST * began.elapsed());
        while Instant::now() < next {
            if !tell.is_wanted() {
                return Ok(());
            }
            thread::sleep(MOMENT);
        }
    }
}

/// Lists the sweeps of a folder, and again whenever one of them has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListSweeps {
    pub folder: PathBuf,
}

/// A sweep in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedSweep {
    pub folder: PathBuf,
    /// All its trials and those that are left to train, or why it cannot be read.
    pub trials: Result<[usize; 2], String>,
    /// Whether a process runs it.
    pub is_running: bool,
    /// The best validation accuracy of all trials.
    pub best: Option<f64>,
    /// The data set that its preset names.
    pub data: Option<String>,
}

impl Question for ListSweeps {
    /// The newest first.
    type Answer = Arc<Vec<ListedSweep>>;
    type Lane = Beside;
    const PURPOSE: &'static str = "list the sweeps";

    fn find_out(self, _desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let known = SweepFolder::list(&self.folder).unwrap_or_default();
        let is_queued = known.iter().any(|folder| queue_of(folder).is_some());
        watch(&self.folder, tell, is_queued, || {
            let folders = SweepFolder::list(&self.folder).map_err(|error| error.to_string())?;
            Ok(Arc::new(
                folders.into_iter().rev().map(ListedSweep::of).collect(),
            ))
        })
    }
}

impl ListedSweep {
    fn of(folder: SweepFolder) -> Self {
        let data = folder.base().ok().and_then(|base| base.data);
        let (path, is_running) = (folder.path().to_owned(), folder.who_trains().is_some());
        let sweep = Coordinator::look(folder);
        let best = sweep.iter().flat_map(Coordinator::trials);
        let best = best.filter_map(|(_, state)| state.best);
        Self {
            folder: path,
            best: best.map(|best| best.val_accuracy).reduce(f64::max),
            trials: match &sweep {
                Ok(sweep) => Ok([sweep.trials().count(), sweep.left()]),
                Err(error) => Err(error.to_string()),
            },
            is_running,
            data,
        }
    }
}

/// Reads a sweep, and again whenever it has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchSweep {
    pub folder: PathBuf,
    /// What its trials are compared by.
    pub by: Measure,
}

impl Question for WatchSweep {
    type Answer = Arc<SweepView>;
    type Lane = Beside;
    const PURPOSE: &'static str = "read the sweep";

    fn find_out(self, _desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let folder = SweepFolder::open(&self.folder);
        let is_queued = folder.is_ok_and(|folder| queue_of(&folder).is_some());
        watch(&self.folder, tell, is_queued, || {
            SweepView::read(&self.folder, self.by).map(Arc::new)
        })
    }
}

/// Stops a sweep that another process runs, or resumes it in a process of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SteerSweep {
    pub folder: PathBuf,
    pub wish: SweepWish,
}

/// What is to become of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SweepWish {
    Cancel,
    Resume,
}

impl Question for SteerSweep {
    type Answer = ();
    type Lane = Beside;
    const PURPOSE: &'static str = "steer the sweep";
    const OLDER: Older = Older::Done;

    fn find_out(self, _desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let folder = SweepFolder::open(&self.folder).map_err(|error| error.to_string())?;
        match self.wish {
            SweepWish::Cancel => {
                folder.cancel().map_err(|error| error.to_string())?;
                if let Some((_, queue)) = queue_of(&folder) {
                    (queue.cancel)(&folder, Cancel::Waiting)?;
                }
            }
            SweepWish::Resume => run_by_this_program(&folder)?,
        }
        tell.tell(());
        Ok(())
    }
}

/// Runs a sweep with this program, in a process of its own.
///
/// # Errors
/// If it cannot be started, in a sentence.
pub fn run_by_this_program(folder: &SweepFolder) -> Result<(), String> {
    let program = std::env::current_exe()
        .map_err(|error| format!("the file of this program is not known: {error}"))?;
    run_apart(&program, folder).map_err(|error| error.to_string())
}
