//! Following a sweep that others train: its folder tells everything, from any machine that sees it.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use super::super::failure::Failure;
use super::failure;
use super::report::Reporter;
use crate::sweep::{Coordinator, End, Progress, SweepFolder, Wish};

/// Between two looks at the folder.
const LOOK: Duration = Duration::from_secs(5);
/// The most that is spent on looking is this part of the time.
const SHARE: u32 = 20;
/// Between two looks at whether it is to end.
const TICK: Duration = Duration::from_millis(100);

/// Reports the progress of a sweep until nothing is left, nobody trains it, or `wish` is another than to continue.
///
/// # Errors
/// If its folder cannot be read.
pub fn follow(
    folder: &SweepFolder,
    is_quiet: bool,
    wish: &dyn Fn() -> Wish,
) -> Result<End, Failure> {
    let mut sweep = Coordinator::look(folder.clone()).map_err(failure)?;
    let mut reporter = Reporter::new(&sweep, is_quiet);
    let ended = |sweep: &Coordinator| -> BTreeSet<usize> {
        let ended = sweep.trials();
        let ended = ended.filter(|(trial, state)| state.stand.is_ended() || sweep.is_halted(trial));
        ended.map(|(trial, _)| trial.number).collect()
    };
    let mut known = ended(&sweep);
    let mut pause = LOOK;
    let end = loop {
        if sweep.left() == 0 {
            break End::Complete;
        }
        if folder.who_trains().is_none() {
            // It may have ended since the look.
            sweep = Coordinator::look(folder.clone()).map_err(failure)?;
            break match sweep.left() {
                0 => End::Complete,
                _ => End::Hindered("nobody trains it".to_owned()),
            };
        }
        let began = Instant::now();
        while began.elapsed() < pause && wish() == Wish::Continue {
            thread::sleep(TICK);
        }
        if wish() != Wish::Continue {
            let path = folder.path().display();
            break End::HandedOver(format!(
                "the sweep is trained without this process; see `convscope sweep status {path}`"
            ));
        }
        let began = Instant::now();
        sweep = Coordinator::look(folder.clone()).map_err(failure)?;
        pause = LOOK.max(began.elapsed() * SHARE);
        let now = ended(&sweep);
        for (trial, state) in sweep.trials() {
            if now.contains(&trial.number) && !known.contains(&trial.number) {
                reporter.tell(&sweep, &Progress::Ended(trial, state));
            }
        }
        known = now;
    };
    reporter.clear();
    Ok(end)
}
