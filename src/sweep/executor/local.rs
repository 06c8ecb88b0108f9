//! A pool of processes on this machine that share its cores.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use super::protocol::Line;
use super::{Executor, ExecutorKind, News, Resources};
use crate::sweep::error::SweepError;
use crate::sweep::folder::SweepFolder;
use crate::sweep::work::Task;

pub(super) static LOCAL: ExecutorKind = ExecutorKind {
    name: "local",
    help: "processes on this machine that share its cores",
    options: &[],
    build: |folder, resources| Ok(Box::new(Local::new(folder, resources)?)),
    queue: None,
};

/// The pool; a process starts with its first task, and trains one after the other, so that data are read once.
struct Local {
    folder: PathBuf,
    working_folder: PathBuf,
    resources: Resources,
    workers: Vec<Option<Worker>>,
    sender: Sender<(usize, u64, Option<Line>)>,
    receiver: Receiver<(usize, u64, Option<Line>)>,
    /// Of processes that were started; tells the lines of a former one of the same slot apart.
    started: u64,
}

struct Worker {
    child: Child,
    /// Closed, it ends as soon as its run is saved.
    tasks: Option<ChildStdin>,
    trains: Option<usize>,
    number: u64,
}

impl Local {
    fn new(folder: &SweepFolder, resources: Resources) -> Result<Self, SweepError> {
        let here = std::env::current_dir().map_err(SweepError::not_read(folder.path()))?;
        let (sender, receiver) = mpsc::channel();
        let working_folder = folder.plan()?.working_folder;
        Ok(Self {
            folder: here.join(folder.path()),
            // It may be gone, or the sweep on another machine.
            working_folder: match working_folder.is_dir() {
                true => working_folder,
                false => here,
            },
            workers: (0..resources.jobs).map(|_| None).collect(),
            resources,
            sender,
            receiver,
            started: 0,
        })
    }

    fn spawn(&mut self, slot: usize) -> Result<Worker, String> {
        let mut command = Command::new(&self.resources.program);
        command
            .args(["sweep", "trial", "--tasks"])
            .args(["--threads", &self.resources.threads.to_string()])
            .args(["--nice", &self.resources.nice.to_string()])
            .arg("--")
            .arg(&self.folder)
            .current_dir(&self.working_folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt;
            // Ctrl-C is heard by the coordinator alone.
            command.process_group(0);
        }
        let mut child = command.spawn().map_err(|error| {
            format!(
                "{}: cannot be started: {error}; use fewer --jobs",
                self.resources.program.display()
            )
        })?;
        self.started += 1;
        let (number, sender) = (self.started, self.sender.clone());
        let lines = child.stdout.take().map(BufReader::new);
        thread::Builder::new()
            .name(format!("trials-{slot}"))
            .stack_size(256 << 10)
            .spawn(move || {
                for line in lines.into_iter().flat_map(BufRead::lines) {
                    let Ok(line) = line else { break };
                    // What it prints otherwise is no news.
                    if let Ok(line) = serde_json::from_str(&line)
                        && sender.send((slot, number, Some(line))).is_err()
                    {
                        return;
                    }
                }
                let _ = sender.send((slot, number, None));
            })
            .map_err(|error| format!("no thread can be started: {error}; use fewer --jobs"))?;
        Ok(Worker {
            tasks: child.stdin.take(),
            child,
            trains: None,
            number,
        })
    }

    /// The news in what a process of a slot said; `None` is its end.
    fn news(&mut self, slot: usize, number: u64, line: Option<Line>) -> Option<News> {
        let worker = self.workers[slot].as_mut()?;
        if worker.number != number {
            return None;
        }
        match line {
            Some(Line::Epoch { trial, metrics }) => Some(News::Epoch { trial, metrics }),
            Some(Line::Ended { trial, how, state }) => {
                worker.trains = None;
                Some(News::Ended { trial, how, state })
            }
            None => {
                let mut worker = self.workers[slot].take()?;
                let reason = match worker.child.wait() {
                    Ok(status) => format!("its process ended unexpectedly ({status})"),
                    Err(error) => format!("its process is gone ({error})"),
                };
                let trial = worker.trains?;
                Some(News::Lost { trial, reason })
            }
        }
    }
}

impl Executor for Local {
    fn slots(&self) -> usize {
        self.workers.len()
    }

    fn start(&mut self, task: Task) -> Result<(), String> {
        let is_idle = |worker: &Option<Worker>| {
            let worker = worker.as_ref();
            worker.is_some_and(|worker| worker.trains.is_none() && worker.tasks.is_some())
        };
        let idle = self.workers.iter().position(is_idle);
        let slot = match idle.or_else(|| self.workers.iter().position(Option::is_none)) {
            Some(slot) => slot,
            None => return Err("all processes are busy".to_owned()),
        };
        let mut worker = match self.workers[slot].take() {
            Some(worker) => worker,
            None => self.spawn(slot)?,
        };
        worker.trains = Some(task.trial);
        if let (Some(tasks), Ok(line)) = (&mut worker.tasks, serde_json::to_string(&task)) {
            // If it has just ended, its end is told next.
            let _ = tasks
                .write_all((line + "\n").as_bytes())
                .and_then(|()| tasks.flush());
        }
        self.workers[slot] = Some(worker);
        Ok(())
    }

    fn next(&mut self, patience: Duration) -> Option<News> {
        let (slot, number, line) = self.receiver.recv_timeout(patience).ok()?;
        self.news(slot, number, line)
    }

    fn stop(&mut self) {
        for worker in self.workers.iter_mut().flatten() {
            worker.tasks = None;
        }
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        self.stop();
        for mut worker in self.workers.drain(..).flatten() {
            // It ends by itself; if it cannot be waited for, it is not ours any more.
            let _ = worker.child.wait();
        }
    }
}
