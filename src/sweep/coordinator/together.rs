//! Training without a coordinator: several processes, on as many machines as see the sweep's folder, take whatever trial is free.
//!
//! Each of them decides by the same rules from the same folder what may be trained next and until when. So there is nothing to hand on: any of
//! them may end at any moment, and others may join.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{Coordinator, Round};
use crate::sweep::error::SweepError;
use crate::sweep::progress::End;
use crate::sweep::work::{Ended, Task, Tell, Workplace};

/// Between two looks at whether it is to stop.
const TICK: Duration = Duration::from_millis(500);
/// Between two looks at what other processes have trained.
const LOOK: Duration = Duration::from_secs(2);
/// The most that is spent on looking is this part of the time.
const SHARE: u32 = 20;

impl Coordinator {
    /// Trains trials that no other process trains, until none is left to take, `stop` is set, the sweep is cancelled, or its time is up.
    ///
    /// # Errors
    /// If the sweep's folder cannot be read or written.
    pub fn train_free(
        self,
        workplace: &Workplace,
        stop: &AtomicBool,
        tell: &mut Tell<'_>,
    ) -> Result<End, SweepError> {
        let limit = self.plan.limits.minutes;
        let limit = limit.map(|minutes| Duration::from_secs_f64(minutes * 60.0));
        let folder = self.folder.clone();
        let is_over = || match limit {
            _ if folder.is_cancelled() => Some(End::Cancelled),
            // A folder that cannot be written shows in what is trained.
            Some(limit) if folder.elapsed().is_ok_and(|elapsed| elapsed >= limit) => {
                Some(End::TimeLimit)
            }
            _ => None,
        };
        let mut worker = Worker {
            sweep: self,
            workplace,
            stop,
            has_worked: false,
            looked: Instant::now(),
            pause: LOOK,
        };
        let is_done = AtomicBool::new(false);
        let end = thread::scope(|scope| {
            scope.spawn(|| {
                while !is_done.load(Ordering::Relaxed) {
                    if is_over().is_some() {
                        stop.store(true, Ordering::Relaxed);
                        return;
                    }
                    thread::sleep(TICK);
                }
            });
            let end = worker.train(tell);
            is_done.store(true, Ordering::Relaxed);
            end
        })?;
        Ok(match (end, is_over()) {
            (Some(end), _) => end,
            (None, Some(end)) => end,
            (None, None) if worker.has_worked => End::Asked,
            // The same would happen again.
            (None, None) => End::Hindered(
                "it was told to stop before it had trained anything; give it more time".to_owned(),
            ),
        })
    }

    /// The most trials that continue after a round; 0 if none follows.
    fn most_that_continue(&self, round: &Round) -> usize {
        let (Some(halving), Some(_)) = (&self.plan.halving, round.until) else {
            return 0;
        };
        let combination = |index: usize| self.trials[index].combination;
        let alive = &round.alive;
        let groups = alive.chunk_by(|&one, &other| combination(one) == combination(other));
        let sizes: Vec<usize> = groups.map(<[usize]>::len).collect();
        halving.kept(sizes.len()) * sizes.into_iter().max().unwrap_or(0)
    }
}

/// One of the processes, or a thread of one.
struct Worker<'a> {
    sweep: Coordinator,
    workplace: &'a Workplace,
    stop: &'a AtomicBool,
    /// Whether a trial was trained here, or waited for.
    has_worked: bool,
    /// When the states were read last.
    looked: Instant,
    /// How long they count as known.
    pause: Duration,
}

impl Worker<'_> {
    /// Trains until nothing is left to take, and returns why it ended; `None` if it was told to.
    fn train(&mut self, tell: &mut Tell<'_>) -> Result<Option<End>, SweepError> {
        while let Some(round) = self.sweep.compare_all(&mut |_| {})? {
            // First those that no process has begun: to find them, nothing need be read.
            let mut end = self.take(&round, true, tell)?;
            if end.is_none() {
                end = self.take(&round, false, tell)?;
            }
            if end.is_some() || self.is_told() {
                return Ok(end);
            }
            self.look(&round)?;
            let elsewhere = round.alive.iter();
            let elsewhere = elsewhere.filter(|&&index| !self.sweep.is_there(index, round.until));
            let elsewhere = elsewhere.count();
            if elsewhere == 0 {
                continue;
            }
            // The processes that train these are as many as the next round needs.
            if elsewhere >= self.sweep.most_that_continue(&round) {
                let who = format!("other processes train the {elsewhere} left");
                return Ok(Some(End::HandedOver(who)));
            }
            self.has_worked = true;
            while self.looked.elapsed() < self.pause {
                if self.is_told() {
                    return Ok(None);
                }
                thread::sleep(TICK);
            }
        }
        Ok(Some(End::Complete))
    }

    /// Trains the trials of a round that no other process trains, only those that none has begun or all of them; what hinders it, if anything does.
    fn take(
        &mut self,
        round: &Round,
        only_new: bool,
        tell: &mut Tell<'_>,
    ) -> Result<Option<End>, SweepError> {
        for &index in &round.alive {
            if self.is_told() {
                return Ok(None);
            }
            if !only_new && self.looked.elapsed() > self.pause {
                self.look(round)?;
            }
            let trial = self.sweep.trials[index].number;
            let is_skipped = only_new && self.sweep.folder.trial(trial).exists();
            if is_skipped || self.sweep.is_there(index, round.until) {
                continue;
            }
            let until = round.until;
            let task = Task { trial, until };
            let Some((how, run)) = self.workplace.train_free(task, self.stop, tell) else {
                continue;
            };
            self.has_worked |= run.is_some();
            if let Ended::Hindered(reason) = how {
                return Ok(Some(End::Hindered(format!("trial {trial}: {reason}"))));
            }
            self.sweep.refresh(index, run.as_deref())?;
        }
        Ok(None)
    }

    /// Reads how far the trials of the round are.
    fn look(&mut self, round: &Round) -> Result<(), SweepError> {
        let began = Instant::now();
        self.sweep.refresh_others(round)?;
        self.looked = Instant::now();
        self.pause = LOOK.max(began.elapsed() * SHARE);
        Ok(())
    }

    fn is_told(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
