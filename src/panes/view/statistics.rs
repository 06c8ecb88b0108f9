//! The statistics of a set, measured once per set.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use crate::data::{DataError, Dataset, Progress, SetStatistics};
use crate::worker::{Beside, Desk, Question, Tell};

/// Least time between two progress reports.
const BETWEEN_REPORTS: Duration = Duration::from_millis(200);

/// Which set.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// Name of a loaded set.
    pub dataset: String,
}

/// The statistics of a set, or the progress towards them.
#[derive(Clone, Debug, PartialEq)]
pub enum Measured {
    /// The share of the images measured so far, in [0, 1].
    Under(f32),
    Done(Box<SetStatistics>),
}

/// The statistics of sets, held weakly: their memory is freed once they are unloaded.
#[derive(Default)]
struct Known(Vec<(Weak<Dataset>, SetStatistics)>);

impl Question for Statistics {
    type Answer = Measured;
    type Lane = Beside;
    const PURPOSE: &'static str = "measure the set";

    fn find_out(self, desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let dataset = desk.library.set(&self.dataset)?;
        let known = desk.memory.of::<Known>();
        // A panic while holding the lock leaves the list intact.
        let known = || known.lock().unwrap_or_else(PoisonError::into_inner);
        known().0.retain(|(set, _)| set.strong_count() > 0);
        let is_this = |set: &Weak<Dataset>| std::ptr::eq(set.as_ptr(), Arc::as_ptr(&dataset));
        let found = known().0.iter().find(|(set, _)| is_this(set)).cloned();
        if let Some((_, statistics)) = found {
            tell.tell(Measured::Done(Box::new(statistics)));
            return Ok(());
        }
        match measure(&dataset, tell) {
            Ok(statistics) => {
                let weak = Arc::downgrade(&dataset);
                known().0.push((weak, statistics.clone()));
                tell.tell(Measured::Done(Box::new(statistics)));
                Ok(())
            }
            Err(DataError::Cancelled) => Ok(()),
            Err(error) => Err(error.to_string()),
        }
    }
}

fn measure(dataset: &Dataset, tell: &Tell<Statistics>) -> Result<SetStatistics, DataError> {
    let told = Mutex::new(Instant::now());
    let cancelled = AtomicBool::new(false);
    let progress = Progress::new(&cancelled, |done, all| {
        cancelled.store(!tell.is_wanted(), std::sync::atomic::Ordering::Relaxed);
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.elapsed() >= BETWEEN_REPORTS {
            *told = Instant::now();
            tell.tell(Measured::Under(done as f32 / all.max(1) as f32));
        }
    });
    SetStatistics::of(dataset, &progress)
}
