//! Sweeps on a Slurm that is none: the commands of `fake_slurm.sh`. `drills/slurm` does the same with a real one.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli_support::{Outcome, Place};
use crate::support::{
    LONG, VARY, only_sweep, place, results, signal_to, status, trainers, wait_for,
};

const COMMANDS: [&str; 5] = ["sbatch", "squeue", "sacct", "scancel", "scontrol"];

/// A place with Slurm's commands.
struct Cluster(Place);

impl Cluster {
    fn new(epochs: usize, lines: &str) -> Self {
        let cluster = Self(place(epochs, lines));
        let place = &cluster.0;
        for folder in ["bin", "slurm/jobs", "slurm/numbers"] {
            fs::create_dir_all(place.path(folder)).unwrap();
        }
        for name in COMMANDS {
            let path = place.path("bin").join(name);
            fs::write(&path, include_str!("fake_slurm.sh")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        cluster
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let path = format!(
            "{}:{}",
            self.0.path("bin").display(),
            std::env::var("PATH").unwrap()
        );
        let mut command = self.0.command(arguments);
        command
            .env("PATH", path)
            .env("FAKE_SLURM", self.0.path("slurm"));
        command.env_remove("SLURM_JOB_ID");
        command
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(&self.command(arguments).output().unwrap())
    }

    /// Runs the command, which succeeds.
    fn do_it(&self, arguments: &[&str]) -> Outcome {
        let outcome = self.run(arguments);
        assert_eq!(
            outcome.code,
            Some(0),
            "{outcome:?}, tasks: {}",
            self.file("printed")
        );
        outcome
    }

    fn set(&self, file: &str, content: &str) {
        self.0.write(&format!("slurm/{file}"), content);
    }

    fn file(&self, name: &str) -> String {
        fs::read_to_string(self.0.path("slurm").join(name)).unwrap_or_default()
    }

    /// What a command of Slurm was called with.
    fn calls(&self, name: &str) -> Vec<String> {
        let calls = self.file("calls");
        let calls = calls.lines().filter_map(|call| call.strip_prefix(name));
        calls.map(|call| call.trim().to_owned()).collect()
    }

    fn sweep(&self) -> PathBuf {
        only_sweep(&self.0, "sweeps")
    }

    /// The same sweep, trained on this machine.
    fn whole(&self) -> PathBuf {
        let arguments = [
            "sweep",
            "sweep.yaml",
            "--sweeps",
            "whole",
            "--jobs",
            "1",
            "--nice",
            "0",
        ];
        self.do_it(&arguments);
        only_sweep(&self.0, "whole")
    }

    fn count(&self, state: &str) -> usize {
        let states = status(&self.0, &self.sweep());
        states
            .iter()
            .filter(|trial| trial["state"] == state)
            .count()
    }
}

/// Tasks that still run end by themselves: nothing that is left of a test runs on.
impl Drop for Cluster {
    fn drop(&mut self) {
        let sweeps = fs::read_dir(self.0.path("sweeps")).map_or(0, Iterator::count);
        if sweeps == 1 {
            let _ = self.run(&["sweep", "cancel", self.sweep().to_str().unwrap()]);
        }
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn jobs_train_the_same_bytes_as_this_machine() {
    let lines = format!("{VARY}  seeds: [1, 2]\n  halving: {{after: 2, keep: 0.5}}\n");
    let cluster = Cluster::new(8, &lines);
    let whole = cluster.whole();
    let begun = cluster.do_it(&["sweep", "sweep.yaml", "--slurm", "--pack", "3", "--follow"]);
    assert!(
        begun
            .stderr
            .contains("3 tasks for 8 trials submitted as job 1"),
        "{begun:?}"
    );
    assert!(begun.stdout.contains("stopped early"), "{begun:?}");
    assert!(results(&cluster.sweep()) == results(&whole), "{begun:?}");
    let calls = cluster.calls("sbatch");
    assert_eq!(calls.len(), 1, "{calls:?}");
    assert!(calls[0].starts_with("--parsable --array=0-2 "), "{calls:?}");
    // Nothing is left to submit.
    let again = cluster.do_it(&["sweep", "resume", text(&cluster.sweep())]);
    assert!(again.stderr.contains("0 trials left"), "{again:?}");
    assert_eq!(cluster.calls("sbatch").len(), 1);
}

#[test]
fn the_script_is_written_once_and_may_be_edited() {
    let cluster = Cluster::new(2, VARY);
    let options = ["--partition", "gpu", "--time", "1:00:00", "--account", "me"];
    let more = [
        "--sbatch",
        "--mem=2G",
        "--jobs",
        "2",
        "--threads",
        "3",
        "--script-only",
    ];
    let start = [
        &["sweep", "start", "sweep.yaml", "--slurm"][..],
        &options,
        &more,
    ]
    .concat();
    let written = cluster.do_it(&start);
    assert!(
        written.stderr.contains("nothing is submitted yet"),
        "{written:?}"
    );
    assert!(cluster.calls("sbatch").is_empty());
    let sweep = cluster.sweep();
    let path = sweep.join("slurm.sh");
    let script = fs::read_to_string(&path).unwrap();
    for line in [
        "#SBATCH --partition=gpu",
        "#SBATCH --time=1:00:00",
        "#SBATCH --account=me",
        "#SBATCH --mem=2G",
        "#SBATCH --cpus-per-task=6",
        "#SBATCH --requeue",
        "#SBATCH --signal=B:TERM@120",
    ] {
        assert!(script.lines().any(|one| one == line), "{line}:\n{script}");
    }
    assert!(
        script.contains("--free --jobs 2 --threads 3 -- '/"),
        "{script}"
    );

    let edited = script.replace("\ncd ", "\ntouch \"$FAKE_SLURM/edited\"\ncd ");
    fs::write(&path, &edited).unwrap();
    let resume = [
        "sweep",
        "resume",
        text(&sweep),
        "--time",
        "2:00:00",
        "--follow",
    ];
    cluster.do_it(&resume);
    assert_eq!(fs::read_to_string(&path).unwrap(), edited);
    assert!(cluster.0.path("slurm/edited").exists());
    let calls = cluster.calls("sbatch");
    assert!(calls[0].contains("--time=2:00:00"), "{calls:?}");
    assert_eq!(cluster.count("finished"), 4);
}

#[test]
fn arrays_are_no_larger_than_the_cluster_allows() {
    let cluster = Cluster::new(2, &format!("{VARY}  seeds: [1, 2]\n"));
    cluster.set("held", "");
    cluster.set("most", "3");
    let options = ["--pack", "1", "--at-once", "2"];
    let start = [&["sweep", "start", "sweep.yaml", "--slurm"][..], &options].concat();
    let begun = cluster.do_it(&start);
    assert!(
        begun
            .stderr
            .contains("8 tasks for 8 trials submitted as job 1, 2, 3"),
        "{begun:?}"
    );
    let script = cluster.sweep().join("slurm.sh");
    let script = text(&script)
        .strip_prefix(text(&cluster.0.path("")))
        .unwrap();
    let expected = [
        format!("--parsable --array=0-2%2 {script}"),
        format!("--parsable --array=0-2%2 --dependency=afterany:1 {script}"),
        format!("--parsable --array=0-1%2 --dependency=afterany:2 {script}"),
    ];
    assert_eq!(cluster.calls("sbatch"), expected);
    // They wait: there is nothing to add.
    let again = cluster.do_it(&["sweep", "resume", text(&cluster.sweep()), "--pack", "1"]);
    assert!(
        again.stderr.contains("8 tasks in the queue already"),
        "{again:?}"
    );

    let waiting = "8 tasks of job 1, 2, 3: 8 pending (Priority)";
    for json in [false, true] {
        if json {
            cluster.set("json", "");
        }
        let shown = cluster.do_it(&["sweep", "status", text(&cluster.sweep())]);
        assert!(shown.stdout.contains(waiting), "{shown:?}");
    }
    let cancelled = cluster.do_it(&["sweep", "cancel", text(&cluster.sweep())]);
    assert_eq!(
        cluster.calls("scancel"),
        ["--state=PENDING 1 2 3"],
        "{cancelled:?}"
    );
    cluster.set("sacct", "");
    let shown = cluster.do_it(&["sweep", "status", text(&cluster.sweep())]);
    assert!(shown.stdout.contains("8 cancelled"), "{shown:?}");
}

#[test]
fn cancelled_and_resumed_it_is_the_same() {
    let cluster = Cluster::new(LONG, &format!("{VARY}  seeds: [1, 2]\n"));
    let whole = cluster.whole();
    cluster.do_it(&["sweep", "sweep.yaml", "--slurm"]);
    let sweep = cluster.sweep();
    wait_for(|| trainers(&sweep).first().copied());
    let cancelled = cluster.do_it(&["sweep", "cancel", text(&sweep)]);
    assert!(
        cancelled.stderr.contains("no process runs it"),
        "{cancelled:?}"
    );
    assert!(trainers(&sweep).is_empty());
    assert!(cluster.count("finished") < 8);
    assert!(cluster.calls("scontrol requeue").is_empty());
    let resumed = cluster.do_it(&["sweep", "resume", text(&sweep), "--follow"]);
    assert!(results(&sweep) == results(&whole), "{resumed:?}");
}

#[test]
fn a_task_whose_time_is_up_waits_in_the_queue_again() {
    let cluster = Cluster::new(LONG, &format!("{VARY}  seeds: [1, 2]\n"));
    let whole = cluster.whole();
    cluster.do_it(&["sweep", "sweep.yaml", "--slurm", "--pack", "8"]);
    let sweep = cluster.sweep();
    // As Slurm does it, some time before the end.
    signal_to(wait_for(|| trainers(&sweep).first().copied()), "TERM");
    wait_for(|| {
        cluster
            .file("printed")
            .contains("waits in the queue again")
            .then_some(())
    });
    assert_eq!(cluster.calls("scontrol requeue"), ["1_0"]);
    cluster.do_it(&["sweep", "status", text(&sweep), "--follow"]);
    assert!(results(&sweep) == results(&whole));
}

#[test]
fn what_a_killed_task_leaves_is_trained_by_others_or_later() {
    let cluster = Cluster::new(LONG, &format!("{VARY}  seeds: [1, 2]\n"));
    let whole = cluster.whole();
    cluster.do_it(&["sweep", "sweep.yaml", "--slurm", "--pack", "4"]);
    let sweep = cluster.sweep();
    for killed in wait_for(|| Some(trainers(&sweep)).filter(|found| found.len() == 2)) {
        signal_to(killed, "KILL");
    }
    let left = cluster.run(&["sweep", "status", text(&sweep), "--follow"]);
    assert_eq!(left.code, Some(0), "{left:?}");
    assert!(cluster.count("finished") < 8, "{left:?}");
    cluster.do_it(&["sweep", "resume", text(&sweep), "--follow"]);
    assert!(results(&sweep) == results(&whole));
}

#[test]
fn without_slurm_or_with_options_of_another_executor_it_says_so() {
    let cluster = Cluster::new(2, VARY);
    fs::remove_file(cluster.0.path("bin/sbatch")).unwrap();
    let mut command = cluster
        .0
        .command(&["sweep", "sweep.yaml", "--slurm", "--sweeps", "none"]);
    // Whether there is a real one or not.
    let refused = Outcome::of(&command.env("PATH", cluster.0.path("bin")).output().unwrap());
    assert_eq!(refused.code, Some(1), "{refused:?}");
    assert!(
        refused.stderr.contains("sbatch: no such command"),
        "{refused:?}"
    );
    for (option, part) in [
        ("--partition=main", "--executor slurm, not of local"),
        ("--pack=0", "whole number from 1"),
    ] {
        let refused = cluster.run(&["sweep", "sweep.yaml", option]);
        assert_eq!(refused.code, Some(2), "{refused:?}");
        assert!(refused.stderr.contains(part), "{refused:?}");
        assert_eq!(
            fs::read_dir(cluster.0.path("sweeps")).map_or(0, Iterator::count),
            0
        );
    }
}
