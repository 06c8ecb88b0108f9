//! Following a sweep that others train: its folder tells everything, from any machine that sees it.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use super::super::failure::Failure;
use super::failure;
use super::report::Reporter;
use crate::sweep::{Coordinator, End, Progress, SweepFolder, Wish, queue_of};
use crate::wording::counted;

/// Between two looks at the folder.
const LOOK: Duration = Duration::from_secs(2);
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
        if who_trains(folder).is_none() {
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

/// Who trains trials of a sweep, or will, in words.
pub fn who_trains(folder: &SweepFolder) -> Option<String> {
    if let Some(by) = folder.run_by() {
        return Some(by.to_string());
    }
    // Where the queue cannot be seen, the claims of the trials tell.
    let queued = queue_of(folder).and_then(|(_, queue)| (queue.look)(folder).ok());
    if let Some(queued) = queued.filter(|queued| queued.tasks > 0) {
        return Some(queued.words);
    }
    match folder.held() {
        0 => None,
        held => Some(format!("the processes of {}", counted(held, "trial"))),
    }
}
