//! What a sweep prints: its progress on stderr, and a table of its trials.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use super::super::output::{note, table, warn};
use crate::report::best_trials;
use crate::sweep::{Coordinator, End, Progress, Stand, Trial, TrialState, Varied};
use crate::wording::{counted, decimals};

/// Redraws of the bar per second.
const FRAMES_PER_SECOND: u8 = 4;
/// Rows of the table at the end.
const MOST_ROWS: usize = 20;

/// Reports the progress of a sweep on stderr.
pub struct Reporter {
    /// Hidden if stderr is not a terminal.
    bar: ProgressBar,
    best: Option<(f64, usize)>,
}

impl Reporter {
    pub fn new(coordinator: &Coordinator, is_quiet: bool) -> Self {
        let all = coordinator.trials().count() as u64;
        let target = match is_quiet {
            true => ProgressDrawTarget::hidden(),
            false => ProgressDrawTarget::stderr_with_hz(FRAMES_PER_SECOND),
        };
        let bar = ProgressBar::with_draw_target(Some(all), target);
        let style = ProgressStyle::with_template("{bar:12} {pos}/{len} {wide_msg}")
            .expect("the template is well formed");
        bar.set_style(style);
        let mut reporter = Self { bar, best: None };
        for (trial, state) in coordinator.trials() {
            reporter.count(trial, state);
        }
        reporter
    }

    pub fn tell(&mut self, coordinator: &Coordinator, progress: &Progress<'_>) {
        match progress {
            Progress::Began(trial) => self.bar.set_message(format!(
                "trial {} reads its data and trains epoch 1/{}{}",
                trial.number,
                trial.epochs,
                self.best_in_words()
            )),
            Progress::Epoch(trial, metrics) => self.bar.set_message(format!(
                "trial {} epoch {}/{} accuracy {}{}",
                trial.number,
                metrics.epoch,
                trial.epochs,
                decimals(metrics.val_accuracy, 4),
                self.best_in_words()
            )),
            Progress::Ended(trial, state) => {
                self.count(trial, state);
                self.line(&ended(trial, state));
            }
            Progress::Lost(trial, reason) => {
                self.warn(&format!(
                    "trial {}: {reason}; it is started again",
                    trial.number
                ));
            }
            Progress::Compared { epochs, of, kept } => self.line(&format!(
                "after {}: {kept} of {} continue",
                counted(*epochs, "epoch"),
                counted(*of, "trial")
            )),
            Progress::Ending { end, is_at_once } => {
                self.warn(&ending(coordinator, end, *is_at_once));
            }
        }
    }

    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }

    fn count(&mut self, trial: &Trial, state: &TrialState) {
        if state.stand.is_ended() {
            self.bar.inc(1);
        }
        if let Some(best) = state.best
            && self.best.is_none_or(|(known, _)| best.val_accuracy > known)
        {
            self.best = Some((best.val_accuracy, trial.number));
        }
    }

    fn best_in_words(&self) -> String {
        self.best.map_or_else(String::new, |(accuracy, number)| {
            format!("  best {} (trial {number})", decimals(accuracy, 4))
        })
    }

    fn line(&self, text: &str) {
        self.bar.suspend(|| note(text));
    }

    fn warn(&self, text: &str) {
        self.bar.suspend(|| warn(text));
    }
}

fn ended(trial: &Trial, state: &TrialState) -> String {
    let what = match &state.stand {
        Stand::Failed { reason } => format!("failed: {reason}"),
        stand => {
            let accuracy = state.best.map(|best| decimals(best.val_accuracy, 4));
            let accuracy = accuracy.map_or_else(String::new, |text| format!(", accuracy {text}"));
            format!(
                "{}{accuracy}",
                match stand {
                    Stand::Finished => "finished".to_owned(),
                    _ => format!("epoch {}/{}", state.epochs, trial.epochs),
                }
            )
        }
    };
    format!("trial {} ({}): {what}", trial.number, trial.in_words())
}

fn ending(coordinator: &Coordinator, end: &End, is_at_once: bool) -> String {
    match end {
        End::Complete => "complete".to_owned(),
        End::Asked if is_at_once => "the trials that run are saved and stopped".to_owned(),
        End::Asked => "no further trial starts, and those that run are finished; Ctrl-C again saves and stops them".to_owned(),
        End::Cancelled => "cancelled: the trials that run are saved and stopped".to_owned(),
        End::TimeLimit => {
            let minutes = coordinator.plan().limits.minutes.unwrap_or_default();
            format!("the limit of {minutes} minutes is reached: the trials that run are saved and stopped")
        }
        End::HandedOver(reason) | End::Hindered(reason) => reason.clone(),
    }
}

/// A trial as one line of JSON.
pub fn as_json(coordinator: &Coordinator, trial: &Trial, state: &TrialState) -> String {
    #[derive(Serialize)]
    struct Row<'a> {
        #[serde(flatten)]
        trial: &'a Trial,
        is_stopped_early: bool,
        done: usize,
        #[serde(flatten)]
        stand: &'a Stand,
        run: Option<&'a std::path::Path>,
        best: Option<crate::training::Best>,
    }
    let row = Row {
        trial,
        is_stopped_early: coordinator.is_halted(trial),
        done: state.epochs,
        stand: &state.stand,
        run: state.run.as_deref(),
        best: state.best,
    };
    serde_json::to_string(&row).expect("a row has only string keys")
}

/// Headings of what trials differ in.
fn headings(varied: &Varied) -> Vec<String> {
    let seed = varied.has_seeds.then(|| "seed".to_owned());
    varied.names().iter().cloned().chain(seed).collect()
}

/// What a trial has there.
fn cells(varied: &Varied, trial: &Trial) -> Vec<String> {
    let seed = varied.has_seeds.then(|| trial.seed.to_string());
    let values = varied
        .values(trial)
        .map(|value| value.unwrap_or_default().to_owned());
    values.chain(seed).collect()
}

/// All trials with what they differ in.
pub fn trials_table(trials: &[Trial]) -> String {
    let varied = Varied::of(trials.iter());
    let row = |number: String, cells| [vec![number], cells].concat();
    let mut rows = vec![row("trial".to_owned(), headings(&varied))];
    rows.extend(
        trials
            .iter()
            .map(|trial| row(trial.number.to_string(), cells(&varied, trial))),
    );
    table(&rows, |_| false)
}

/// The best trials first, with what they differ in.
pub fn best_table(coordinator: &Coordinator) -> String {
    let trials = best_trials(coordinator, MOST_ROWS);
    let last = trials.columns.len() - 1;
    let text = table(&trials.texts(), |column| column == last);
    match coordinator.trials().count().saturating_sub(MOST_ROWS) {
        0 => text,
        rest => format!("{text}\n… and {rest} more"),
    }
}
