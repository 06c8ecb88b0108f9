//! `convscope sweep start` and `convscope sweep resume`: trains the trials of a sweep.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use clap::Args;
use color_eyre::eyre::eyre;
use indicatif::ProgressBar;

use super::super::Action;
use super::super::arguments::{SweepsArgument, whole_in};
use super::super::failure::Failure;
use super::super::interrupt::{Request, Requests};
use super::super::output::{line, note, warn};
use super::executors::ExecutorArguments;
use super::follow::follow;
use super::report::{Reporter, best_table, trials_table};
use super::{SweepArgument, failure};
use crate::data;
use crate::sweep::{
    Coordinator, End, ExecutorKind, Invalid, Measured, Resources, Share, Stand, SweepFile,
    SweepFolder, Trials, Wish,
};
use crate::training::free_memory;
use crate::wording::counted;

/// Between two frames of what turns while the data are read.
const BETWEEN_FRAMES: Duration = Duration::from_millis(120);

/// Trains all trials of a sweep, in a new sweep folder
#[derive(Debug, Args)]
#[command(
    about = "Start a sweep: train every trial of FILE, in a new sweep folder",
    after_help = "Ctrl-C starts no further trial and finishes those that run, a second one saves and stops them, both with exit code 130; \
    `convscope sweep resume SWEEP` continues as if the sweep had never stopped."
)]
pub struct StartArguments {
    /// Sweep file: a preset, or the name of one, with `sweep:`
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    sweeps: SweepsArgument,
    /// Print the trials, and train none
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    how: HowArguments,
}

/// Resumes a sweep
#[derive(Debug, Args)]
#[command(
    about = "Resume a sweep where it stopped, however it ended; what is done is not done again"
)]
pub struct ResumeArguments {
    #[command(flatten)]
    sweep: SweepArgument,
    /// Also try again what failed
    #[arg(long)]
    retry_failed: bool,
    /// Leave the session of the terminal, as the lab wants it
    #[arg(long, hide = true)]
    own_session: bool,
    #[command(flatten)]
    how: HowArguments,
}

// (Not a doc comment: clap would show it as the command's own help.)
#[derive(Debug, Args)]
struct HowArguments {
    /// Trials to train at once, in each task of a cluster [default: as many as train fastest and fit in memory; 1 in a task]
    #[arg(long, value_name = "N", value_parser = whole_in(1..=1024))]
    jobs: Option<u16>,
    /// Threads to train with; the result does not depend on them [default: the processors, divided by the jobs; 1 in a task]
    #[arg(long, value_name = "T", value_parser = whole_in(1..=1024))]
    threads: Option<u16>,
    /// Stand back behind other processes by so much
    #[arg(long, value_name = "N", default_value = "10", value_parser = whole_in(0..=19))]
    nice: u16,
    #[command(flatten)]
    executor: ExecutorArguments,
    /// If the executor needs no process here, show the sweep's progress all the same, until its end
    #[arg(long)]
    follow: bool,
    /// Print one line of JSON for each trial at the end, and nothing else on stdout
    #[arg(long)]
    json: bool,
    /// Print only the result, warnings and errors
    #[arg(long)]
    quiet: bool,
}

impl Action for StartArguments {
    fn run(self) -> Result<(), Failure> {
        if self.how.quiet {
            super::super::output::be_quiet();
        }
        let file = SweepFile::open(&self.file).map_err(failure)?;
        let trials = Trials::of(&file, &self.file.display().to_string()).map_err(failure)?;
        for data in &trials.data {
            data::locate(data.as_deref()).map_err(Failure::input)?;
        }
        if self.dry_run {
            line(&trials_table(&trials.trials))?;
            tell_count(&trials);
            return Ok(());
        }
        tell_count(&trials);
        let folder = SweepFolder::create(&self.sweeps.folder, &file, &trials).map_err(failure)?;
        note(&format!("sweep folder {}", folder.path().display()));
        let path = folder.path().to_owned();
        let kind = self.how.executor.kind(&folder);
        let checked = check(&folder, file.sweep.invalid)
            .and_then(|()| Sharing::find(&self.how, kind, &folder, trials.trials.len()));
        let sharing = checked.inspect_err(|_| {
            // Nothing was trained in it.
            let _ = std::fs::remove_dir_all(&path);
        })?;
        let coordinator = Coordinator::take(folder).map_err(failure)?;
        train(coordinator, &self.how, kind, sharing)
    }
}

/// Checks whether the trials fit their data, unless those that don't are to be skipped: they fail one by one.
fn check(folder: &SweepFolder, invalid: Invalid) -> Result<(), Failure> {
    match invalid {
        Invalid::Refuse => ask_trial(folder, &["--check"]).map(drop),
        Invalid::Skip => Ok(()),
    }
}

fn tell_count(trials: &Trials) {
    let mut text = counted(trials.trials.len(), "trial");
    if trials.is_limited {
        text += ", as many as `limits: {runs: …}` allows";
    }
    if trials.skipped > 0 {
        text += &format!(
            "; {} left out that cannot be trained",
            counted(trials.skipped, "combination")
        );
    }
    note(&text);
}

impl Action for ResumeArguments {
    fn run(self) -> Result<(), Failure> {
        #[cfg(unix)]
        if self.own_session {
            // Whoever has a session of its own already may stay in it.
            let _ = rustix::process::setsid();
        }
        if self.how.quiet {
            super::super::output::be_quiet();
        }
        let folder = self.sweep.open()?;
        let mut coordinator = Coordinator::take(folder).map_err(failure)?;
        if self.retry_failed {
            let again = coordinator.retry_failed().map_err(failure)?;
            note(&format!("{} to try again", counted(again, "failed trial")));
        }
        let left = coordinator.left();
        note(&format!("{} left", counted(left, "trial")));
        let kind = self.how.executor.kind(coordinator.folder());
        let sharing = match left {
            0 => Sharing::SMALLEST,
            left => Sharing::find(&self.how, kind, coordinator.folder(), left)?,
        };
        train(coordinator, &self.how, kind, sharing)
    }
}

/// How the machine is shared.
struct Sharing {
    jobs: usize,
    threads: usize,
}

impl Sharing {
    const SMALLEST: Self = Self {
        jobs: 1,
        threads: 1,
    };

    /// As asked, or as measured with the first trial.
    fn find(
        how: &HowArguments,
        kind: &ExecutorKind,
        folder: &SweepFolder,
        trials: usize,
    ) -> Result<Self, Failure> {
        if let Some(problem) = how.executor.foreign(kind) {
            return Err(Failure::sentence(problem));
        }
        if kind.queue.is_some() {
            // Other machines train: what this one can is of no use.
            return Ok(Self {
                jobs: how.jobs.map_or(1, usize::from),
                threads: how.threads.map_or(1, usize::from),
            });
        }
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        if let Some(jobs) = how.jobs.map(usize::from) {
            let threads = how.threads.map_or((cores / jobs).max(1), usize::from);
            return Ok(Self { jobs, threads });
        }
        let measured = match how.threads.is_none() {
            true => Some(measure(folder, cores)?),
            false => None,
        };
        let memory = folder.plan().map_err(failure)?.memory;
        let share = Share::choose(cores, trials, measured.as_ref(), memory, free_memory());
        let threads = how.threads.map_or(share.threads, usize::from);
        let jobs = match how.threads {
            Some(_) => share.jobs.min((cores / threads).max(1)),
            None => share.jobs,
        };
        let why = match share.why.as_str() {
            "" => String::new(),
            why => format!(" ({why})"),
        };
        note(&format!(
            "{} at once, {} each{why}",
            counted(jobs, "trial"),
            counted(threads, "thread")
        ));
        Ok(Self { jobs, threads })
    }
}

fn measure(folder: &SweepFolder, cores: usize) -> Result<Measured, Failure> {
    let output = ask_trial(folder, &["--measure-cores", &cores.to_string()])?;
    serde_json::from_slice(&output).map_err(Failure::failed)
}

/// Asks a process of its own about the trials: this one then needs no memory for data.
fn ask_trial(folder: &SweepFolder, what: &[&str]) -> Result<Vec<u8>, Failure> {
    let here = std::env::current_dir().map_err(Failure::failed)?;
    let working_folder = folder.plan().map_err(failure)?.working_folder;
    let mut command = Command::new(program()?);
    command
        .args(["sweep", "trial"])
        .args(what)
        .arg("--")
        .arg(here.join(folder.path()))
        .current_dir(match working_folder.is_dir() {
            true => &working_folder,
            false => &here,
        })
        .stdin(Stdio::null());
    let bar = ProgressBar::new_spinner().with_message("reading the data of the trials");
    bar.enable_steady_tick(BETWEEN_FRAMES);
    let output = command.output();
    bar.finish_and_clear();
    let output = output.map_err(Failure::failed)?;
    let said = String::from_utf8_lossy(&output.stderr);
    let reason = said.trim();
    let reason = eyre!(reason.strip_prefix("error: ").unwrap_or(reason).to_owned());
    match output.status.code() {
        Some(0) => Ok(output.stdout),
        Some(2) => Err(Failure::Input(reason)),
        _ => Err(Failure::Failed(reason)),
    }
}

fn program() -> Result<PathBuf, Failure> {
    std::env::current_exe().map_err(Failure::failed)
}

fn train(
    mut coordinator: Coordinator,
    how: &HowArguments,
    kind: &ExecutorKind,
    sharing: Sharing,
) -> Result<(), Failure> {
    let resources = Resources {
        program: program()?,
        jobs: sharing.jobs,
        threads: sharing.threads,
        nice: how.nice,
        options: how.executor.options.clone(),
    };
    let requests = Requests::listen().map_err(Failure::failed)?;
    let mut executor = (kind.build)(coordinator.folder(), resources).map_err(failure)?;
    let mut reporter = Reporter::new(&coordinator, how.quiet);
    let wish = || match (requests.count(), requests.is_urgent()) {
        (0, false) => Wish::Continue,
        (1, false) => Wish::Finish,
        _ => Wish::Stop,
    };
    let ended = coordinator.run(executor.as_mut(), &wish, &mut |coordinator, progress| {
        reporter.tell(coordinator, progress);
    });
    drop(executor);
    reporter.clear();
    let mut end = ended.map_err(failure)?;
    if let End::HandedOver(who) = &end
        && how.follow
    {
        note(who);
        let folder = coordinator.folder().clone();
        // Others may run the sweep now.
        drop(coordinator);
        end = follow(&folder, how.quiet, &wish)?;
        coordinator = Coordinator::look(folder).map_err(failure)?;
    }
    if how.json {
        for (trial, state) in coordinator.trials() {
            line(&super::report::as_json(&coordinator, trial, state))?;
        }
    } else if !matches!(end, End::HandedOver(_)) {
        line(&best_table(&coordinator))?;
    }
    finish(&coordinator, end, requests.request())
}

/// What is left to say, and the exit code.
fn finish(coordinator: &Coordinator, end: End, request: Option<Request>) -> Result<(), Failure> {
    let path = coordinator.folder().path();
    let failed = coordinator
        .trials()
        .filter(|(_, state)| matches!(state.stand, Stand::Failed { .. }))
        .count();
    if failed > 0 {
        warn(&format!(
            "{} failed; `convscope sweep status {}` shows why",
            counted(failed, "trial"),
            path.display()
        ));
    }
    let left = coordinator.left();
    if left == 0 {
        return Ok(());
    }
    let resume = resume(path, left);
    match end {
        // Nothing is left then.
        End::Complete => Ok(()),
        End::Asked => Err(Failure::Interrupted(
            request.unwrap_or(Request::Interrupt),
            resume,
        )),
        End::Cancelled => Err(Failure::Interrupted(
            Request::Interrupt,
            format!("by `convscope sweep cancel` {resume}"),
        )),
        End::TimeLimit => {
            warn(&format!("the time limit is reached {resume}"));
            Ok(())
        }
        End::HandedOver(who) => {
            note(&who);
            Ok(())
        }
        End::Hindered(reason) => Err(Failure::Failed(eyre!("{reason}; the sweep ended {resume}"))),
    }
}

/// `with 12 trials left; resume it with …`
fn resume(path: &Path, left: usize) -> String {
    format!(
        "with {} left; continue with `convscope sweep resume {}`",
        counted(left, "trial"),
        path.display()
    )
}
