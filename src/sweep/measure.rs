//! How many trials to train at once, and with how many threads each: measured, and limited by memory.

use std::sync::Arc;
use std::thread;

use serde::{Deserialize, Serialize};

use super::work::Workplace;
use crate::session::{check_preset, thread_pool};
use crate::training::PaceTrial;
use crate::wording::{counted, decimals};

/// What a process needs beside data and training: the program itself.
const PROCESS: u64 = 40 << 20;

/// Measured with the first trial.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// Images per second of all cores together, each training a run of its own with one thread.
    pub one_thread_each: f64,
    /// Images per second of one run that has all cores.
    pub all_for_one: f64,
    /// Bytes of its data set in memory.
    pub data: u64,
}

/// How many trials are trained at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Trials at once.
    pub jobs: usize,
    /// Threads of each.
    pub threads: usize,
    /// Why, in words.
    pub why: String,
}

/// Trains a few steps of the first trial in both ways. What is wrong with the data shows here, before any trial.
///
/// # Errors
/// If it cannot be trained, in a sentence.
pub fn measure(workplace: &Workplace, cores: usize) -> Result<Measured, String> {
    let (preset, dataset) = workplace.first()?;
    let network = check_preset(&preset).map_err(|error| error.to_string())?;
    let pace = |threads: usize| -> Result<f64, String> {
        let trial = PaceTrial {
            network: Arc::clone(&network),
            dataset: Arc::clone(&dataset),
            recipe: &preset.training,
            pool: thread_pool(Some(threads)).map_err(|error| error.to_string())?,
        };
        let pace = trial.measure(|| false)?;
        let seconds = pace.map(|pace| pace.training_seconds);
        seconds
            .map(f64::recip)
            .ok_or_else(|| "was not measured".to_owned())
    };
    let all_for_one = pace(cores)?;
    let one_thread_each = thread::scope(|scope| {
        let runs: Vec<_> = (0..cores).map(|_| scope.spawn(|| pace(1))).collect();
        let paces = runs.into_iter().map(|run| {
            run.join()
                .unwrap_or_else(|_| Err("the measurement failed".to_owned()))
        });
        paces.sum::<Result<f64, String>>()
    })?;
    let images = (dataset.train().len() + dataset.test().len()) as u64;
    Ok(Measured {
        one_thread_each,
        all_for_one,
        data: images * preset.input.len() as u64 * size_of::<f32>() as u64,
    })
}

impl Share {
    /// For so many cores and trials, of which each needs so many bytes without its data, with so many free.
    pub fn choose(
        cores: usize,
        trials: usize,
        measured: Option<&Measured>,
        memory: u64,
        free: Option<u64>,
    ) -> Self {
        let is_faster_alone =
            measured.is_some_and(|measured| measured.all_for_one > measured.one_thread_each);
        let mut jobs = if is_faster_alone { 1 } else { cores };
        let mut why = measured.map_or_else(String::new, |measured| {
            format!(
                "measured: {} images/s with one thread each, {} with all cores on one run",
                decimals(measured.one_thread_each, 0),
                decimals(measured.all_for_one, 0)
            )
        });
        let need = memory + PROCESS + measured.map_or(0, |measured| measured.data);
        let room = free.map_or(usize::MAX, |free| {
            usize::try_from(free / need).unwrap_or(usize::MAX)
        });
        if room < jobs {
            jobs = room.max(1);
            why = format!(
                "each needs about {} MB of memory, and {} MB are free",
                need >> 20,
                free.unwrap_or(0) >> 20
            );
        }
        if trials < jobs {
            jobs = trials.max(1);
            why = format!("{} left", counted(trials, "trial"));
        }
        Self {
            jobs,
            threads: (cores / jobs).max(1),
            why,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GB: u64 = 1 << 30;

    fn measured(one_thread_each: f64, all_for_one: f64) -> Measured {
        Measured {
            one_thread_each,
            all_for_one,
            data: GB,
        }
    }

    fn choose(trials: usize, measured: &Measured, free: u64) -> (usize, usize, String) {
        let share = Share::choose(8, trials, Some(measured), GB, Some(free));
        (share.jobs, share.threads, share.why)
    }

    #[test]
    fn the_faster_way_is_chosen_as_far_as_memory_and_trials_go() {
        let small = measured(8000.0, 3000.0);
        let large = measured(800.0, 900.0);
        let (jobs, threads, why) = choose(60, &small, 64 * GB);
        assert_eq!((jobs, threads), (8, 1));
        assert!(why.contains("8000 images/s with one thread each"), "{why}");
        let (jobs, threads, _) = choose(60, &large, 64 * GB);
        assert_eq!((jobs, threads), (1, 8));
        let (jobs, threads, why) = choose(60, &small, 9 * GB);
        assert_eq!((jobs, threads), (4, 2));
        assert!(why.contains("9216 MB are free"), "{why}");
        assert_eq!(choose(60, &small, 0).0, 1);
        let (jobs, threads, why) = choose(3, &small, 64 * GB);
        assert_eq!((jobs, threads, why.as_str()), (3, 2, "3 trials left"));
        let plain = Share::choose(2, 9, None, GB, None);
        assert_eq!((plain.jobs, plain.threads), (2, 1));
    }
}
