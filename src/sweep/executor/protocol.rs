//! What a process that trains trials is told and tells: one line of JSON each.
//!
//! It reads a [`Task`] a line from stdin, trains one after the other, and writes a [`Line`] for every epoch and every end. When stdin is
//! closed, as it also is when the coordinator is killed, it saves its run and ends: no process trains what nobody waits for.

use std::io::{BufRead, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use serde::{Deserialize, Serialize};

use crate::sweep::state::TrialState;
use crate::sweep::work::{Ended, Task, Workplace};
use crate::training::EpochMetrics;

/// What a process tells of the trial that it trains.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    /// It has finished an epoch.
    Epoch {
        trial: usize,
        metrics: Box<EpochMetrics>,
    },
    /// The work on it has ended.
    Ended {
        trial: usize,
        how: Ended,
        state: Option<TrialState>,
    },
}

/// The tasks on the lines of `from`. When there are no more, `stop` is told to be set: nobody waits for what runs.
pub fn tasks(
    from: impl BufRead + Send + 'static,
    stop: impl FnOnce() + Send + 'static,
) -> Receiver<Result<Task, String>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in from.lines() {
            let Ok(line) = line else { break };
            let task = serde_json::from_str::<Task>(&line);
            let task = task.map_err(|error| format!("expected a task, got `{line}`: {error}"));
            if sender.send(task).is_err() {
                return;
            }
        }
        stop();
    });
    receiver
}

/// Trains the tasks one after the other, until there are no more or `stop` is set, tells it on `out`, and returns how each ended.
///
/// # Errors
/// If something is not a task.
pub fn serve(
    workplace: &Workplace,
    tasks: impl IntoIterator<Item = Result<Task, String>>,
    mut out: impl Write + Send,
    stop: &AtomicBool,
) -> Result<Vec<Ended>, String> {
    // Whoever reads is gone when stdin is closed too, and that ends it.
    let mut tell = |line: &Line| {
        let mut text = serde_json::to_string(line).unwrap_or_default();
        text.push('\n');
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    };
    let mut ends = Vec::new();
    for task in tasks {
        let task = task?;
        let trial = task.trial;
        let (how, run) = match stop.load(Ordering::Relaxed) {
            true => (Ended::Stopped, None),
            false => workplace.train(task, stop, &mut |metrics| {
                let metrics = Box::new(metrics.clone());
                tell(&Line::Epoch { trial, metrics });
            }),
        };
        ends.push(how.clone());
        let state = run.and_then(|run| workplace.state(trial, run));
        tell(&Line::Ended { trial, how, state });
        if stop.load(Ordering::Relaxed) {
            break;
        }
    }
    Ok(ends)
}
