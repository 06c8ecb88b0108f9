//! `convscope sweep trial`: trains trials of a sweep, for an executor.

use std::io;
use std::num::NonZero;
use std::sync::atomic::Ordering;
use std::thread;

use clap::Args;
use color_eyre::eyre::eyre;

use super::super::Action;
use super::super::arguments::{whole, whole_in};
use super::super::failure::Failure;
use super::super::interrupt::{Interrupt, Request};
use super::super::output::{line, note, warn};
use super::{SweepArgument, failure};
use crate::sweep::{
    Coordinator, EXECUTORS, End, Ended, SweepError, Task, Workplace, measure, serve, tasks,
};

pub const NAME: &str = "trial";

/// Train trials of a sweep; for executors
#[derive(Debug, Args)]
pub struct TrialArguments {
    #[command(flatten)]
    sweep: SweepArgument,
    /// Numbers of the trials, each trained to its end
    #[arg(value_name = "NUMBER", conflicts_with_all = ["tasks", "free", "measure_cores", "check"])]
    trials: Vec<usize>,
    /// Read tasks from stdin, a line of JSON each
    #[arg(long, conflicts_with_all = ["free", "measure_cores", "check"])]
    tasks: bool,
    /// Train trials that no other process trains, until none is left to take
    #[arg(long, conflicts_with_all = ["measure_cores", "check"])]
    free: bool,
    /// Trials to train at once, with --free
    #[arg(long, value_name = "N", default_value = "1", value_parser = whole_in(1..=1024))]
    jobs: u16,
    /// Check whether every trial fits its data, instead of training any
    #[arg(long, conflicts_with = "measure_cores")]
    check: bool,
    /// Measure how fast the first trial trains on so many cores, instead of training it
    #[arg(long, value_name = "N", value_parser = whole::<NonZero<usize>>)]
    measure_cores: Option<NonZero<usize>>,
    /// Threads to train with; the result does not depend on them [default: one per processor]
    #[arg(long, value_name = "T", value_parser = whole_in(1..=1024))]
    threads: Option<u16>,
    /// Stand back behind other processes by so much
    #[arg(long, value_name = "N", default_value = "0", value_parser = whole_in(0..=19))]
    nice: u16,
}

impl Action for TrialArguments {
    fn run(self) -> Result<(), Failure> {
        // If it cannot, it trains all the same.
        #[cfg(unix)]
        let _ = rustix::process::nice(i32::from(self.nice));
        let threads = self.threads.map(usize::from);
        let workplace = Workplace::new(self.sweep.open()?, threads).map_err(failure)?;
        if let Some(cores) = self.measure_cores {
            let measured = measure(&workplace, cores.get());
            let measured = measured.map_err(|reason| Failure::Input(eyre!(reason)))?;
            return line(&serde_json::to_string(&measured).map_err(Failure::failed)?);
        }
        if self.check {
            let checked = workplace.check();
            return checked.map_err(|reason| Failure::Input(eyre!(reason)));
        }
        let interrupt = Interrupt::listen().map_err(Failure::failed)?;
        if self.free {
            return train_free(&workplace, self.jobs, &interrupt);
        }
        let out = io::stdout();
        let ends = match self.tasks {
            true => {
                let asked = interrupt.shared_flag();
                let tasks = tasks(io::BufReader::new(io::stdin()), move || {
                    asked.store(true, Ordering::Relaxed);
                });
                // A task has an outcome of its own, and this process none.
                let done = serve(&workplace, tasks, out, interrupt.flag());
                return done
                    .map(drop)
                    .map_err(|reason| Failure::Input(eyre!(reason)));
            }
            false => {
                let tasks = self.trials.iter();
                let tasks = tasks.map(|&trial| Ok(Task { trial, until: None }));
                serve(&workplace, tasks, out, interrupt.flag())
            }
        };
        let ends = ends.map_err(|reason| Failure::Input(eyre!(reason)))?;
        for end in ends {
            match end {
                Ended::Done => {}
                Ended::Failed(reason) | Ended::Hindered(reason) => {
                    return Err(Failure::Failed(eyre!(reason)));
                }
                Ended::Stopped => {
                    let request = interrupt.request().unwrap_or(Request::Interrupt);
                    return Err(Failure::Interrupted(
                        request,
                        "; the run is saved".to_owned(),
                    ));
                }
            }
        }
        Ok(())
    }
}

/// Trains trials that no other process trains, so many at once, and puts this process back into its queue if it was told to stop before all was done.
fn train_free(workplace: &Workplace, jobs: u16, interrupt: &Interrupt) -> Result<(), Failure> {
    let one = || -> Result<End, SweepError> {
        let workplace = workplace.beside()?;
        let sweep = Coordinator::look(workplace.folder().clone())?;
        sweep.train_free(&workplace, interrupt.flag(), &mut |_| {})
    };
    let ends: Vec<Result<End, SweepError>> = thread::scope(|scope| {
        let threads: Vec<_> = (0..jobs).map(|_| scope.spawn(one)).collect();
        let ends = threads.into_iter().map(|thread| {
            let failed = |_| Ok(End::Hindered("a trial's thread failed".to_owned()));
            thread.join().unwrap_or_else(failed)
        });
        ends.collect()
    });
    let ends: Vec<End> = ends
        .into_iter()
        .collect::<Result<_, _>>()
        .map_err(failure)?;
    for end in &ends {
        match end {
            End::Complete | End::Asked => {}
            End::HandedOver(who) => note(who),
            End::Cancelled => note("the sweep is cancelled; the runs are saved"),
            End::TimeLimit => note("the sweep's time limit is reached; the runs are saved"),
            End::Hindered(reason) => return Err(Failure::Failed(eyre!(reason.clone()))),
        }
    }
    if !ends.contains(&End::Asked) {
        return Ok(());
    }
    let queues = EXECUTORS.iter().filter_map(|kind| kind.queue.as_ref());
    for queue in queues {
        match (queue.put_back)() {
            Ok(false) => {}
            Ok(true) => {
                note("the runs are saved; the task waits in the queue again");
                return Ok(());
            }
            Err(reason) => warn(&format!(
                "the task cannot wait in the queue again: {reason}"
            )),
        }
    }
    let request = interrupt.request().unwrap_or(Request::Interrupt);
    Err(Failure::Interrupted(
        request,
        "; the runs are saved".to_owned(),
    ))
}
