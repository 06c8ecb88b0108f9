//! How a process is named to others: what it was, where, and since when.

use std::fmt;
use std::fs;
use std::process;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The process that trains a run, or trained it last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainedBy {
    /// Its process ID; 0 if unknown.
    pub process: u32,
    /// The name of its machine.
    pub host: String,
    /// When it acquired the run.
    pub since: Timestamp,
}

impl TrainedBy {
    pub(super) fn this_process() -> Self {
        Self {
            process: process::id(),
            host: host(),
            since: Timestamp::now(),
        }
    }

    /// A process that left no name.
    pub(super) fn unknown() -> Self {
        Self {
            process: 0,
            host: String::new(),
            since: Timestamp::UNIX_EPOCH,
        }
    }

    /// Whether it still runs, if it is a process of this host.
    pub(super) fn runs(&self) -> bool {
        // Another process that has its number began later.
        start_of(self.process).is_some_and(|start| start <= self.since + CLOCKS)
    }

    /// ` since 14:03`, in local time, with the date if that is not today's.
    pub fn since(&self) -> String {
        if self.process == 0 {
            return String::new();
        }
        let local = |time: Timestamp| time.to_zoned(TimeZone::system());
        let (since, now) = (local(self.since), local(Timestamp::now()));
        let format = match since.date() == now.date() {
            true => "%H:%M",
            false => "%Y-%m-%d %H:%M",
        };
        format!(" since {}", since.strftime(format))
    }
}

impl fmt::Display for TrainedBy {
    /// `process 4242 on build-host`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.process {
            0 => f.write_str("another process"),
            process => write!(f, "process {process} on {}", self.host),
        }
    }
}

/// When a process began; `None` if there is none.
#[cfg(target_os = "linux")]
fn start_of(process: u32) -> Option<Timestamp> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name before it may contain spaces.
    let ticks = stat.rsplit_once(')')?.1.split_whitespace().nth(19)?;
    let seconds = ticks.parse::<i64>().ok()? / rustix::param::clock_ticks_per_second() as i64;
    let all = fs::read_to_string("/proc/stat").ok()?;
    let boot = all.lines().find_map(|line| line.strip_prefix("btime "))?;
    Timestamp::from_second(boot.trim().parse::<i64>().ok()? + seconds).ok()
}

/// Elsewhere it is not known, and taken to be long ago.
#[cfg(all(unix, not(target_os = "linux")))]
fn start_of(process: u32) -> Option<Timestamp> {
    let process = rustix::process::Pid::from_raw(i32::try_from(process).ok()?)?;
    let found = rustix::process::test_kill_process(process);
    (found != Err(rustix::io::Errno::SRCH)).then_some(Timestamp::UNIX_EPOCH)
}

#[cfg(not(unix))]
fn start_of(_: u32) -> Option<Timestamp> {
    // Every file system has locks there.
    None
}

pub(super) fn host() -> String {
    #[cfg(unix)]
    return rustix::system::uname()
        .nodename()
        .to_string_lossy()
        .into_owned();
    #[cfg(not(unix))]
    return std::env::var("COMPUTERNAME").unwrap_or_else(|_| "this machine".to_owned());
}

/// How far the clocks of the system and of its processes may differ.
const CLOCKS: SignedDuration = SignedDuration::from_secs(5);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_another_day_come_with_their_date() {
        let by = TrainedBy {
            process: 7,
            host: "here".to_owned(),
            since: "2020-02-03T12:05:06Z".parse().unwrap(),
        };
        assert!(by.since().starts_with(" since 2020-02-0"), "{}", by.since());
        let now = TrainedBy::this_process().since();
        assert_eq!(now.len(), " since 14:03".len(), "{now}");
        assert_eq!(TrainedBy::unknown().to_string(), "another process");
    }

    #[test]
    fn a_process_runs_until_it_ends_and_its_number_may_be_given_again() {
        let mut by = TrainedBy::this_process();
        assert!(by.runs());
        by.since -= SignedDuration::from_hours(24 * 365);
        #[cfg(target_os = "linux")]
        assert!(!by.runs(), "it began later");
        let mut child = process::Command::new("true").spawn().unwrap();
        by.process = child.id();
        child.wait().unwrap();
        assert!(!by.runs());
    }
}
