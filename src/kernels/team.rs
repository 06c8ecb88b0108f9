//! Threads that stay awake for the next work.
//!
//! A training step is dozens of short works with short gaps between them, and waking a thread takes longer than many of them. So
//! a thread that has helped waits for the next work for a moment ([`PATIENCE`]) before it lets rayon put it to sleep. Spinning any
//! longer would take a processor away from other programs for nothing.

use std::any::Any;
use std::cell::{Cell, UnsafeCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::product::share;

/// How long a helper waits for work.
const PATIENCE: Duration = Duration::from_micros(100);

/// How often the caller checks whether all helpers are done before it yields its processor.
const LOOKS: usize = 1 << 12;

thread_local! {
    /// The team that this thread calls when it has work.
    static TEAM: Cell<Option<Arc<Team>>> = const { Cell::new(None) };
    /// Whether this thread is working for a team: it does alone whatever it starts.
    static AT_WORK: Cell<bool> = const { Cell::new(false) };
    /// Whether this thread is waiting for a team's work.
    static IS_HELPING: Cell<bool> = const { Cell::new(false) };
}

/// Calls `work(index)` for each of `0..count`, in any order, on the threads of rayon's current pool. Work that is started inside
/// it is done by the thread that started it.
pub(super) fn for_indices(count: usize, work: &(dyn Fn(usize) + Sync)) {
    if count <= 1 || is_alone() {
        (0..count).for_each(work);
    } else if rayon::current_thread_index().is_some() {
        let team = TEAM.take().unwrap_or_else(Team::new);
        TEAM.set(Some(team.clone()));
        team.run(count, work);
    } else {
        rayon::scope(|_| for_indices(count, work));
    }
}

/// Whether this thread does alone whatever it starts: it is working for a team, or its pool has no other thread.
pub(super) fn is_alone() -> bool {
    let is_member = rayon::current_thread_index().is_some();
    AT_WORK.get() || (is_member && rayon::current_num_threads() == 1)
}

/// The threads of a pool as one of them, the caller, sees them.
struct Team {
    /// The caller's index in the pool.
    caller: usize,
    /// Odd while there is work; one more whenever work begins or ends.
    works: AtomicUsize,
    work: UnsafeCell<Work>,
    /// For each thread the next index of its share; a thread that has finished its own continues with the others'.
    next: Vec<Place>,
    /// Helpers that may read `work`.
    inside: AtomicUsize,
    /// Whether the helpers were called since one of them left.
    is_called: AtomicBool,
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

/// A cache line of its own, to avoid false sharing.
#[repr(align(128))]
struct Place(AtomicUsize);

#[derive(Clone, Copy)]
struct Work {
    count: usize,
    run: *const (dyn Fn(usize) + Sync),
}

// SAFETY: `work` is written by the caller while no helper is inside, and read by helpers while the caller waits for them (`run` and
// `take_part` say how that is made sure of).
unsafe impl Send for Team {}
// SAFETY: as above.
unsafe impl Sync for Team {}

impl Team {
    fn new() -> Arc<Self> {
        let nothing: &(dyn Fn(usize) + Sync) = &|_| {};
        let threads = rayon::current_num_threads();
        Arc::new(Self {
            caller: rayon::current_thread_index().unwrap_or(0),
            works: AtomicUsize::new(0),
            work: UnsafeCell::new(Work {
                count: 0,
                run: nothing,
            }),
            next: (0..threads).map(|_| Place(AtomicUsize::new(0))).collect(),
            inside: AtomicUsize::new(0),
            is_called: AtomicBool::new(false),
            panic: Mutex::new(None),
        })
    }

    fn run(self: &Arc<Self>, count: usize, work: &(dyn Fn(usize) + Sync)) {
        for (thread, next) in self.next.iter().enumerate() {
            next.0.store(self.share(count, thread).start, SeqCst);
        }
        // SAFETY: only the lifetime is dropped; this function does not return before every helper has left the work.
        let run = unsafe {
            std::mem::transmute::<&(dyn Fn(usize) + Sync), *const (dyn Fn(usize) + Sync)>(work)
        };
        // SAFETY: there is no work, so no helper reads it: each looks at `works` again once it is inside.
        unsafe { *self.work.get() = Work { count, run } };
        self.works.fetch_add(1, SeqCst);
        if !self.is_called.swap(true, SeqCst) {
            let team = self.clone();
            rayon::spawn_broadcast(move |thread| team.help(thread.index()));
        }
        self.take(Work { count, run }, self.caller);
        self.works.fetch_add(1, SeqCst);
        // A helper that is inside by now is waited for, and one that comes later finds that there is no work.
        let mut looks = 0;
        while self.inside.load(SeqCst) > 0 {
            looks += 1;
            if looks < LOOKS {
                std::hint::spin_loop();
            } else {
                std::thread::yield_now();
            }
        }
        let panic = self
            .panic
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(panic) = panic {
            resume_unwind(panic);
        }
    }

    fn share(&self, count: usize, thread: usize) -> std::ops::Range<usize> {
        share(count, self.next.len(), thread)
    }

    /// Works while there are free indices, those of the thread's own share first: they tend to be the images that it had before, and may
    /// still be in its caches.
    fn take(&self, work: Work, thread: usize) {
        let threads = self.next.len();
        AT_WORK.set(true);
        let result = catch_unwind(AssertUnwindSafe(|| {
            for other in (thread..threads).chain(0..thread) {
                let end = self.share(work.count, other).end;
                loop {
                    let index = self.next[other].0.fetch_add(1, SeqCst);
                    if index >= end {
                        break;
                    }
                    // SAFETY: the caller of `run` lends the work until all who take part have left it.
                    unsafe { (*work.run)(index) };
                }
            }
        }));
        AT_WORK.set(false);
        if let Err(panic) = result {
            *self.panic.lock().unwrap_or_else(PoisonError::into_inner) = Some(panic);
        }
    }

    /// A helper's loop: takes part in work, and waits for more.
    fn help(&self, thread: usize) {
        // Called while it works, or while it helps already: then it is awake.
        if thread == self.caller || AT_WORK.get() || IS_HELPING.replace(true) {
            return;
        }
        let (mut done, mut since) = (0, Instant::now());
        while since.elapsed() < PATIENCE {
            let works = self.works.load(SeqCst);
            if works % 2 == 1 && works != done {
                self.take_part(works, thread);
                (done, since) = (works, Instant::now());
            } else if rayon::yield_now() == Some(rayon::Yield::Executed) {
                // Work of rayon's own, such as augmentation's.
                since = Instant::now();
            } else {
                std::hint::spin_loop();
            }
        }
        IS_HELPING.set(false);
        self.is_called.store(false, SeqCst);
    }

    fn take_part(&self, works: usize, thread: usize) {
        self.inside.fetch_add(1, SeqCst);
        // Helpers that are inside during the work are waited for.
        if self.works.load(SeqCst) == works {
            // SAFETY: the work is in progress, so the caller neither writes it nor leaves before `inside` is 0 again.
            let work = unsafe { *self.work.get() };
            self.take(work, thread);
        }
        self.inside.fetch_sub(1, SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(threads: usize) -> rayon::ThreadPool {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().expect("threads start")
    }

    /// How often each index was worked on.
    fn counted(count: usize, work: impl Fn(usize) + Sync) -> Vec<usize> {
        let times: Vec<_> = (0..count).map(|_| AtomicUsize::new(0)).collect();
        for_indices(count, &|index| {
            work(index);
            times[index].fetch_add(1, SeqCst);
        });
        times.into_iter().map(AtomicUsize::into_inner).collect()
    }

    #[test]
    fn each_index_comes_once_with_any_number_of_threads() {
        for threads in [1, 2, 3, 8] {
            pool(threads).install(|| {
                for count in (0..40).cycle().take(2000) {
                    assert_eq!(counted(count, |_| ()), vec![1; count], "{threads} threads");
                }
            });
        }
        assert_eq!(counted(100, |_| ()), [1; 100], "outside of any pool");
    }

    #[test]
    fn helpers_take_part() {
        let threads = Mutex::new(std::collections::BTreeSet::new());
        let both_are_here = std::sync::Barrier::new(2);
        pool(2).install(|| {
            for_indices(2, &|_| {
                let mut threads = threads.lock().expect("nobody panics with it");
                threads.insert(rayon::current_thread_index());
                drop(threads);
                // Neither continues before the other has arrived.
                both_are_here.wait();
            });
        });
        assert_eq!(threads.into_inner().expect("nobody panicked").len(), 2);
    }

    #[test]
    fn work_in_work_is_done_too() {
        pool(3).install(|| {
            let inner = AtomicUsize::new(0);
            assert_eq!(
                counted(20, |_| for_indices(5, &|_| {
                    inner.fetch_add(1, SeqCst);
                })),
                [1; 20]
            );
            assert_eq!(inner.into_inner(), 100);
        });
    }

    #[test]
    fn several_callers_share_a_pool() {
        let pool = pool(2);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        pool.install(|| assert_eq!(counted(17, |_| ()), [1; 17]));
                    }
                });
            }
        });
    }

    #[test]
    fn a_panic_reaches_the_caller_and_the_next_work_is_done() {
        pool(2).install(|| {
            for bad in [0, 9] {
                let result = catch_unwind(AssertUnwindSafe(|| {
                    for_indices(10, &|index| assert_ne!(index, bad, "this one is bad"));
                }));
                let panic = result.expect_err("it panicked");
                let text = panic.downcast_ref::<String>().expect("a message");
                assert!(text.contains("this one is bad"), "{text}");
                assert_eq!(counted(10, |_| ()), [1; 10]);
            }
        });
    }
}
