//! What Slurm says about jobs: `squeue` for those in the queue, `sacct`, where there is accounting, for those that have ended.
//!
//! Both are asked for JSON first, which older versions do not have, and some print about all jobs of the cluster; and then for a text of our own
//! format.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::commands::run;
use crate::sweep::executor::Queued;
use crate::wording::counted;

/// States in which nothing more happens; all others wait or run.
const ENDED: [&str; 11] = [
    "BOOT_FAIL",
    "CANCELLED",
    "COMPLETED",
    "DEADLINE",
    "FAILED",
    "LAUNCH_FAILED",
    "NODE_FAIL",
    "OUT_OF_MEMORY",
    "PREEMPTED",
    "REVOKED",
    "TIMEOUT",
];

/// Tasks of an array job in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub job: u64,
    pub tasks: usize,
    pub state: String,
    /// Why they wait; empty if they don't.
    pub reason: String,
}

impl Entry {
    fn is_ended(&self) -> bool {
        ENDED.contains(&self.state.as_str())
    }
}

/// What is in the queue for these jobs, and how those that have ended did.
///
/// # Errors
/// If Slurm does not answer; in a sentence.
pub fn look(jobs: &[u64]) -> Result<Queued, String> {
    if jobs.is_empty() {
        return Ok(Queued::default());
    }
    let mut entries = queued(jobs)?;
    entries.retain(|entry| !entry.is_ended());
    // Without accounting, nothing more is known of them.
    let ended = ended(jobs).unwrap_or_default();
    entries.extend(ended.into_iter().filter(Entry::is_ended));
    Ok(in_words(&entries))
}

/// Those of these jobs that wait or run.
///
/// # Errors
/// As for [`look`].
pub fn live(jobs: &[u64]) -> Result<BTreeSet<u64>, String> {
    if jobs.is_empty() {
        return Ok(BTreeSet::new());
    }
    let entries = queued(jobs)?.into_iter();
    Ok(entries
        .filter(|entry| !entry.is_ended())
        .map(|entry| entry.job)
        .collect())
}

fn queued(jobs: &[u64]) -> Result<Vec<Entry>, String> {
    let wanted = format!("--jobs={}", joined(jobs));
    let arguments = |format: &[&str]| -> Vec<String> {
        let format = format.iter().map(|&argument| argument.to_owned());
        format.chain([wanted.clone()]).collect()
    };
    let json = run("squeue", &arguments(&["--json"])).ok();
    if let Some(entries) = json.and_then(|text| squeue_json(&text)) {
        return Ok(only(jobs, entries));
    }
    let format = ["--noheader", "--array", "--format=%F|%T|%r"];
    match run("squeue", &arguments(&format)) {
        Ok(text) => Ok(only(jobs, squeue_text(&text))),
        // It has forgotten them all.
        Err(reason) if reason.contains("Invalid job id") => Ok(Vec::new()),
        Err(reason) => Err(reason),
    }
}

fn ended(jobs: &[u64]) -> Result<Vec<Entry>, String> {
    let wanted = format!("--jobs={}", joined(jobs));
    let json = run("sacct", &["--json".to_owned(), wanted.clone()]).ok();
    if let Some(entries) = json.and_then(|text| sacct_json(&text)) {
        return Ok(only(jobs, entries));
    }
    let format = [
        "--noheader",
        "--parsable2",
        "--allocations",
        "--format=JobID,State",
    ];
    let mut arguments: Vec<String> = format.map(str::to_owned).to_vec();
    arguments.push(wanted);
    run("sacct", &arguments).map(|text| only(jobs, sacct_text(&text)))
}

fn only(jobs: &[u64], mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.retain(|entry| jobs.contains(&entry.job));
    entries
}

fn joined(jobs: &[u64]) -> String {
    let numbers: Vec<String> = jobs.iter().map(u64::to_string).collect();
    numbers.join(",")
}

pub(super) fn squeue_json(text: &str) -> Option<Vec<Entry>> {
    let tree: Value = serde_json::from_str(text).ok()?;
    let jobs = tree.get("jobs")?.as_array()?.iter();
    let entries = jobs.map(|job| {
        let number = |name: &str| job.get(name).and_then(number);
        let own = number("job_id")?;
        let waiting = job.get("array_task_string").and_then(Value::as_str);
        let reason = word(job.get("state_reason")?)?;
        Some(Entry {
            // 0 if it is no array.
            job: number("array_job_id")
                .filter(|&job| job != 0)
                .unwrap_or(own),
            tasks: waiting.map_or(1, tasks),
            state: word(job.get("job_state")?)?,
            reason: if reason == "None" {
                String::new()
            } else {
                reason
            },
        })
    });
    entries.collect()
}

pub(super) fn squeue_text(text: &str) -> Vec<Entry> {
    let lines = text.lines().filter_map(|line| {
        let mut parts = line.trim().splitn(3, '|');
        let job = parts.next()?.trim().parse().ok()?;
        let state = parts.next()?.trim().to_owned();
        let reason = parts.next()?.trim();
        Some(Entry {
            job,
            tasks: 1,
            state,
            reason: if reason == "None" { "" } else { reason }.to_owned(),
        })
    });
    lines.collect()
}

pub(super) fn sacct_json(text: &str) -> Option<Vec<Entry>> {
    let tree: Value = serde_json::from_str(text).ok()?;
    let jobs = tree.get("jobs")?.as_array()?.iter();
    let entries = jobs.map(|job| {
        let array = job.get("array");
        let array = array.and_then(|array| number(array.get("job_id")?));
        let state = job.get("state")?;
        Some(Entry {
            job: array
                .filter(|&job| job != 0)
                .or_else(|| number(job.get("job_id")?))?,
            tasks: 1,
            state: word(state.get("current").unwrap_or(state))?,
            reason: String::new(),
        })
    });
    entries.collect()
}

pub(super) fn sacct_text(text: &str) -> Vec<Entry> {
    let lines = text.lines().filter_map(|line| {
        let (task, state) = line.trim().split_once('|')?;
        Some(Entry {
            job: task.split(['_', '.']).next()?.parse().ok()?,
            tasks: 1,
            // `CANCELLED by 1000`
            state: state.split_whitespace().next()?.to_owned(),
            reason: String::new(),
        })
    });
    lines.collect()
}

/// A number, which newer versions write as `{"set": true, "infinite": false, "number": 7}`.
fn number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.get("number")?.as_u64())
}

/// A word, which newer versions write as a list; its first.
fn word(value: &Value) -> Option<String> {
    let first = value.as_array().map_or(Some(value), |words| words.first());
    first?.as_str().map(str::to_owned)
}

/// How many tasks `3,5-8,10-20:2%4` are; 1 if it is empty, as for a task that runs.
pub(super) fn tasks(text: &str) -> usize {
    let parts = text.split('%').next().unwrap_or_default().split(',');
    let counts = parts.filter_map(|part| {
        let (span, step) = part.split_once(':').unwrap_or((part, "1"));
        let (from, to) = span.split_once('-').unwrap_or((span, span));
        let (from, to): (usize, usize) = (from.parse().ok()?, to.parse().ok()?);
        Some(to.checked_sub(from)? / step.parse::<usize>().ok()?.max(1) + 1)
    });
    counts.sum::<usize>().max(1)
}

/// `2 running, 10 pending (Priority), 3 completed`
fn in_words(entries: &[Entry]) -> Queued {
    let mut counts: BTreeMap<(bool, String, &str), usize> = BTreeMap::new();
    for entry in entries {
        let state = entry.state.to_lowercase().replace('_', " ");
        let key = (entry.is_ended(), state, entry.reason.as_str());
        *counts.entry(key).or_default() += entry.tasks;
    }
    let words: Vec<String> = counts
        .iter()
        .map(|((_, state, reason), count)| match *reason {
            "" => format!("{count} {state}"),
            reason => format!("{count} {state} ({reason})"),
        })
        .collect();
    let live = entries.iter().filter(|entry| !entry.is_ended());
    let jobs: BTreeSet<u64> = entries.iter().map(|entry| entry.job).collect();
    let jobs: Vec<String> = jobs.iter().map(u64::to_string).collect();
    let all: usize = counts.values().sum();
    Queued {
        tasks: live.map(|entry| entry.tasks).sum(),
        words: match all {
            0 => String::new(),
            all => format!(
                "{} of job {}: {}",
                counted(all, "task"),
                jobs.join(", "),
                words.join(", ")
            ),
        },
    }
}
