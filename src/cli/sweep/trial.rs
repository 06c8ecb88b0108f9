//! `convscope sweep trial`: trains trials of a sweep, for an executor.

use std::io;
use std::num::NonZero;
use std::sync::atomic::Ordering;

use clap::Args;
use color_eyre::eyre::eyre;

use super::super::Action;
use super::super::arguments::{whole, whole_in};
use super::super::failure::Failure;
use super::super::interrupt::{Interrupt, Request};
use super::super::output::line;
use super::{SweepArgument, failure};
use crate::sweep::{Ended, Task, Workplace, measure, serve, tasks};

pub const NAME: &str = "trial";

/// Train trials of a sweep; for executors
#[derive(Debug, Args)]
pub struct TrialArguments {
    #[command(flatten)]
    sweep: SweepArgument,
    /// Numbers of the trials, each trained to its end
    #[arg(value_name = "NUMBER", conflicts_with_all = ["tasks", "measure_cores"])]
    trials: Vec<usize>,
    /// Read tasks from stdin, a line of JSON each
    #[arg(long, conflicts_with = "measure_cores")]
    tasks: bool,
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
        let interrupt = Interrupt::listen().map_err(Failure::failed)?;
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
