//! Array jobs of a Slurm cluster.
//!
//! `slurm.sh` in the sweep's folder is what every task of an array runs: `convscope sweep trial --free`, which takes trials until none is left to
//! take. So submitting it is all that there is to do: no process has to run on a login node, and it does not matter which tasks run, where, and how
//! often they are stopped. The script is written once and never again, so that a person can edit it. `slurm.jsonl` holds the numbers of the jobs.

mod commands;
mod jobs;
mod options;
mod queue;
mod script;

use std::path::PathBuf;
use std::time::Duration;

use super::{Cancel, Executor, ExecutorKind, News, Queue, Queued, Resources};
use crate::sweep::error::SweepError;
use crate::sweep::folder::SweepFolder;
use crate::sweep::work::Task;
use crate::wording::counted;
use commands::run;
use jobs::{Job, Jobs};
use options::{OPTIONS, Options};
use script::Script;

pub(super) static SLURM: ExecutorKind = ExecutorKind {
    name: "slurm",
    help: "array jobs of a Slurm cluster, which need no process here",
    options: OPTIONS,
    build: |folder, resources| Ok(Box::new(Slurm::new(folder, resources)?)),
    queue: Some(Queue {
        is_used: |folder| Script::path(folder).is_file(),
        look,
        cancel,
        put_back,
    }),
};

/// The most tasks of an array, if Slurm does not tell: its own default.
const MOST_TASKS: usize = 1001;

struct Slurm {
    folder: SweepFolder,
    program: PathBuf,
    resources: Resources,
    options: Options,
    /// Trials that are to be trained.
    trials: usize,
}

impl Slurm {
    fn new(folder: &SweepFolder, resources: Resources) -> Result<Self, SweepError> {
        let options = Options::read(&resources.options).map_err(SweepError::File)?;
        Ok(Self {
            folder: folder.clone(),
            program: resources.program.clone(),
            resources,
            options,
            trials: 0,
        })
    }

    /// Submits as many tasks as are missing; what was done.
    fn submit(&self) -> Result<String, String> {
        let path = Script::path(&self.folder);
        let is_edited = path.is_file();
        if !is_edited {
            let script = Script {
                folder: &self.folder,
                program: &self.program,
                resources: &self.resources,
                lines: &self.options.lines,
            };
            script.write()?;
        }
        if self.options.script_only {
            return Ok(format!(
                "nothing is submitted yet: edit {}, and submit it with `convscope sweep resume {}`",
                path.display(),
                self.folder.path().display()
            ));
        }
        let mut jobs = Jobs::read(&self.folder)?;
        let queued = queue::look(&jobs.numbers())?;
        let wanted = self.trials.div_ceil(self.options.pack);
        let missing = wanted.saturating_sub(queued.tasks);
        if missing == 0 {
            return Ok(format!(
                "{} in the queue already",
                counted(queued.tasks, "task")
            ));
        }
        let mut left = missing;
        let mut submitted: Vec<Job> = Vec::new();
        while left > 0 {
            let tasks = left.min(most_tasks());
            // An edited script keeps its own lines, except for what is given now.
            let lines = if is_edited {
                &self.options.lines[..]
            } else {
                &[]
            };
            let after = submitted.last().filter(|_| self.options.at_once.is_some());
            let job = self.submit_array(tasks, lines, after)?;
            jobs.add(&self.folder, &job)?;
            submitted.push(job);
            left -= tasks;
        }
        let numbers: Vec<String> = submitted.iter().map(|job| job.number.to_string()).collect();
        Ok(format!(
            "{} for {} submitted as job {}; see `convscope sweep status {}`",
            counted(missing, "task"),
            counted(self.trials, "trial"),
            numbers.join(", "),
            self.folder.path().display()
        ))
    }

    fn submit_array(
        &self,
        tasks: usize,
        lines: &[String],
        after: Option<&Job>,
    ) -> Result<Job, String> {
        let at_once = self.options.at_once;
        let at_once = at_once.map_or_else(String::new, |most| format!("%{most}"));
        let mut arguments = vec![
            "--parsable".to_owned(),
            format!("--array=0-{}{at_once}", tasks - 1),
        ];
        // `%P` is a limit of each array: one follows the other.
        arguments.extend(after.map(|job| format!("--dependency=afterany:{}", job.number)));
        let words = lines.iter().flat_map(|line| line.split_whitespace());
        arguments.extend(words.map(str::to_owned));
        arguments.push(Script::path(&self.folder).display().to_string());
        let said = run("sbatch", &arguments)?;
        // `123`, or `123;cluster`
        let number = said.trim().split(';').next().unwrap_or_default();
        match number.parse() {
            Ok(number) => Ok(Job::now(number, tasks)),
            Err(_) => Err(format!(
                "sbatch: expected the number of a job, got `{}`",
                said.trim()
            )),
        }
    }
}

impl Executor for Slurm {
    fn slots(&self) -> usize {
        usize::MAX
    }

    fn start(&mut self, _: Task) -> Result<(), String> {
        self.trials += 1;
        Ok(())
    }

    fn next(&mut self, _: Duration) -> Option<News> {
        Some(News::HandedOver(self.submit()))
    }

    fn stop(&mut self) {}
}

fn look(folder: &SweepFolder) -> Result<Queued, String> {
    queue::look(&Jobs::read(folder)?.numbers())
}

fn cancel(folder: &SweepFolder, what: Cancel) -> Result<(), String> {
    let numbers = Jobs::read(folder)?.numbers();
    let live = queue::live(&numbers)?;
    if live.is_empty() {
        return Ok(());
    }
    let state = (what == Cancel::Waiting).then(|| "--state=PENDING".to_owned());
    let numbers = live.iter().map(u64::to_string);
    let arguments: Vec<String> = state.into_iter().chain(numbers).collect();
    run("scancel", &arguments).map(drop)
}

/// The most tasks of one array.
fn most_tasks() -> usize {
    let config = run("scontrol", &["show".to_owned(), "config".to_owned()]);
    let config = config.unwrap_or_default();
    let value = config.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        (name.trim() == "MaxArraySize").then_some(value.trim())
    });
    // Numbers of tasks are below it.
    let most = value.and_then(|value| value.parse().ok());
    most.unwrap_or(MOST_TASKS).max(1)
}

fn put_back() -> Result<bool, String> {
    let variable = |name| std::env::var(name).ok();
    let Some(job) = variable("SLURM_JOB_ID") else {
        return Ok(false);
    };
    // The number of one of its tasks is that of the whole array.
    let array = variable("SLURM_ARRAY_JOB_ID").zip(variable("SLURM_ARRAY_TASK_ID"));
    let task = array.map_or(job, |(array, task)| format!("{array}_{task}"));
    // While it is cancelled or requeued by others, it is completing.
    let arguments = ["--noheader", "--format=%T", "--jobs", &task].map(str::to_owned);
    if run("squeue", &arguments)?.trim() != "RUNNING" {
        return Ok(false);
    }
    run("scontrol", &["requeue".to_owned(), task]).map(|_| true)
}

#[cfg(test)]
mod tests;
