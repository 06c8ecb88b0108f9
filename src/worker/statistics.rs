//! Statistics of sets: measured once for each, on a thread of their own.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use super::Sink;
use super::library::Library;
use super::protocol::Event;
use super::purpose::Purpose;
use super::set_questions::Measured;
use crate::data::{DataError, Dataset, Progress, SetStatistics};

/// A share is told no more often than this.
const BETWEEN_REPORTS: Duration = Duration::from_millis(200);

/// What was measured of the loaded sets, and what is being measured.
#[derive(Default)]
pub struct Statistics {
    known: Arc<Mutex<Vec<Known>>>,
    /// The wish that the latest measuring end.
    cancelled: Arc<AtomicBool>,
}

struct Known {
    /// Without a hold on the set, whose memory is free once it is unloaded.
    dataset: Weak<Dataset>,
    statistics: SetStatistics,
}

impl Statistics {
    /// Sends the statistics of a set as soon as they are there, and meanwhile how far they are; those of another set that are being
    /// measured are given up.
    pub fn send(
        &mut self,
        request: u64,
        name: &str,
        library: &Library,
        events: &Sink,
    ) -> Result<(), String> {
        let dataset = library.set(name)?;
        let cancelled = Arc::new(AtomicBool::new(false));
        let before = std::mem::replace(&mut self.cancelled, Arc::clone(&cancelled));
        before.store(true, Ordering::Relaxed);
        let (known, events) = (Arc::clone(&self.known), events.clone());
        thread::spawn(move || {
            events.guard(Purpose::Measure, || {
                let found = measure(&dataset, &known, &cancelled, |share| {
                    events.send(Event::Statistics {
                        request,
                        measured: Measured::Under(share),
                    });
                });
                match found {
                    Ok(statistics) => events.send(Event::Statistics {
                        request,
                        measured: Measured::Done(Box::new(statistics)),
                    }),
                    Err(DataError::Cancelled) => {}
                    Err(error) => return Err(error.to_string()),
                }
                Ok(())
            });
        });
        Ok(())
    }
}

/// The statistics of a set, if they are known already at once.
fn measure(
    dataset: &Arc<Dataset>,
    known: &Mutex<Vec<Known>>,
    cancelled: &AtomicBool,
    tell: impl Fn(f32) + Send + Sync,
) -> Result<SetStatistics, DataError> {
    // One at a time; whoever panicked while holding it left the list whole.
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    known.retain(|known| known.dataset.strong_count() > 0);
    let is_this = |known: &&Known| std::ptr::eq(known.dataset.as_ptr(), Arc::as_ptr(dataset));
    if let Some(known) = known.iter().find(is_this) {
        return Ok(known.statistics.clone());
    }
    let told = Mutex::new(Instant::now());
    let progress = Progress::new(cancelled, |done, all| {
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.elapsed() >= BETWEEN_REPORTS {
            *told = Instant::now();
            tell(done as f32 / all.max(1) as f32);
        }
    });
    let statistics = SetStatistics::of(dataset, &progress)?;
    known.push(Known {
        dataset: Arc::downgrade(dataset),
        statistics: statistics.clone(),
    });
    Ok(statistics)
}
