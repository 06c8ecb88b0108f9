//! How the learning rate changes over a run: one file per schedule, and [`SCHEDULES`], the list from which parser, menus and tests
//! derive.
//!
//! A schedule is a pure function of the place in the run, so it has no state to save.

mod constant;
mod cosine;
mod exponential;
mod one_cycle;
mod reduce_on_plateau;
mod step;

use std::fmt;

use crate::field::{Configured, Field, Settings, Value, kinds};

kinds! {
    /// The description of a schedule.
    pub struct ScheduleKind, "schedule" {
        /// Makes the schedule from one legal value per field, in the order of `fields`.
        pub build: fn(&[Value]) -> Box<dyn Schedule>,
    }

    /// Every schedule, in the order in which menus show them.
    pub static SCHEDULES = [
        constant::KIND,
        step::KIND,
        exponential::KIND,
        cosine::KIND,
        one_cycle::KIND,
        reduce_on_plateau::KIND,
    ];
}

/// A schedule with a legal value for each of its fields.
pub type ScheduleSpec = Configured<ScheduleKind>;

/// A configured schedule.
pub trait Schedule: fmt::Debug + Send {
    /// The factor on the learning rate at `place`.
    fn factor(&self, place: &Place<'_>) -> f64;
}

/// The place in a run, without its warm-up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place<'a> {
    /// Epochs since the start, including the fraction of the current one: step 5 of 20 in the third epoch is 2.25.
    pub epoch: f64,
    /// Planned epochs.
    pub epochs: f64,
    /// Batches per epoch.
    pub batches: f64,
    /// The validation losses of the epochs so far.
    pub val_losses: &'a [f64],
    /// Positions in them, ascending, where the validation images changed.
    pub other_images: &'a [usize],
}

impl Place<'_> {
    /// The number of the step, from 0.
    fn step(&self) -> f64 {
        self.epoch * self.batches
    }

    /// Planned steps.
    fn steps(&self) -> f64 {
        self.epochs * self.batches
    }

    /// The fraction of the plan that is done, in [0, 1].
    fn progress(&self) -> f64 {
        if self.epochs > 0.0 {
            (self.epoch / self.epochs).clamp(0.0, 1.0)
        } else {
            1.0
        }
    }
}

impl ScheduleSpec {
    /// Builds the schedule.
    pub fn build(&self) -> Box<dyn Schedule> {
        (self.kind().build)(self.values())
    }
}

impl Default for ScheduleSpec {
    fn default() -> Self {
        Self::with_defaults(&constant::KIND)
    }
}

/// From `from` at 0 to `to` at 1 along half a cosine, flat at both ends.
fn half_cosine(from: f64, to: f64, progress: f64) -> f64 {
    to + (from - to) * 0.5 * (1.0 + (std::f64::consts::PI * progress).cos())
}

/// A setting for a share of the learning rate.
const fn share(default: f64, steps: &'static [f64]) -> Field {
    Field::number(default, 0.0..1.0, steps)
}

/// Builds a schedule that consists of its settings.
fn built<S: Settings + Schedule + 'static>(values: &[Value]) -> Box<dyn Schedule> {
    Box::new(S::from_values(values))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factors(schedule: &str, places: &[(f64, &[f64])]) -> Vec<f64> {
        let spec: ScheduleSpec = serde_yaml::from_str(schedule).unwrap();
        let schedule = spec.build();
        let place = |&(epoch, val_losses)| Place {
            epoch,
            epochs: 10.0,
            batches: 10.0,
            val_losses,
            other_images: &[],
        };
        places
            .iter()
            .map(|at| schedule.factor(&place(at)))
            .collect()
    }

    fn at(schedule: &str, epochs: &[f64]) -> Vec<f64> {
        let places: Vec<_> = epochs.iter().map(|&epoch| (epoch, &[][..])).collect();
        factors(schedule, &places)
    }

    fn close(got: &[f64], expected: &[f64]) {
        assert_eq!(got.len(), expected.len());
        for (got, expected) in got.iter().zip(expected) {
            assert!((got - expected).abs() < 1e-12, "{got} {expected}");
        }
    }

    #[test]
    fn constant_stays() {
        close(&at("constant", &[0.0, 3.3, 10.0]), &[1.0; 3]);
    }

    #[test]
    fn step_multiplies_every_few_epochs() {
        let got = at(
            "step: {every: 3, factor: 0.5}",
            &[0.0, 2.99, 3.0, 5.9, 6.0, 9.5],
        );
        close(&got, &[1.0, 1.0, 0.5, 0.5, 0.25, 0.125]);
    }

    #[test]
    fn exponential_multiplies_once_an_epoch_and_in_between() {
        let got = at("exponential: {factor: 0.81}", &[0.0, 0.5, 1.0, 2.0]);
        close(&got, &[1.0, 0.9, 0.81, 0.6561]);
    }

    #[test]
    fn cosine_is_half_way_in_the_middle() {
        let got = at("cosine: {final: 0.2}", &[0.0, 2.5, 5.0, 7.5, 10.0]);
        let quarter = std::f64::consts::FRAC_1_SQRT_2;
        close(
            &got,
            &[1.0, 0.6 + 0.4 * quarter, 0.6, 0.6 - 0.4 * quarter, 0.2],
        );
    }

    #[test]
    fn one_cycle_rises_to_the_rate_and_falls() {
        let got = at(
            "one_cycle: {rise: 0.4, start: 0.1, final: 0.0}",
            // Of 100 steps, number 39 is the 40th and the highest, number 99 the last.
            &[0.0, 1.95, 3.9, 6.9, 9.9],
        );
        close(&got, &[0.1, 0.55, 1.0, 0.5, 0.0]);
    }

    #[test]
    fn reduce_on_plateau_waits_for_its_patience_then_starts_counting_anew() {
        let schedule = "reduce_on_plateau: {factor: 0.1, patience: 2, min_delta: 0.0}";
        let losses = [1.0, 0.9, 0.95, 0.9, 0.8, 0.8, 0.8, 0.8, 0.8];
        let got = factors(
            schedule,
            &[2, 3, 4, 5, 6, 7, 8, 9].map(|done| (done as f64, &losses[..done])),
        );
        close(&got, &[1.0, 1.0, 0.1, 0.1, 0.1, 0.01, 0.01, 0.001]);
        let bounded = factors(
            "reduce_on_plateau: {factor: 0.1, patience: 2, min_delta: 0.0, least: 0.05}",
            &[(9.0, &losses[..])],
        );
        close(&bounded, &[0.05]);
        // A fall of no more than `min_delta` is none.
        let strict = factors(
            "reduce_on_plateau: {factor: 0.1, patience: 2, min_delta: 0.2}",
            &[(3.0, &losses[..3])],
        );
        close(&strict, &[0.1]);
    }

    #[test]
    fn reduce_on_plateau_compares_no_losses_of_different_images() {
        let spec: ScheduleSpec =
            serde_yaml::from_str("reduce_on_plateau: {factor: 0.1, patience: 2, min_delta: 0.0}")
                .unwrap();
        let schedule = spec.build();
        // Low on one set, then high and falling on another, then a plateau there.
        let losses = [0.2, 0.1, 2.0, 1.8, 1.6, 1.7, 1.7];
        let at = |done: usize, other_images: &[usize]| {
            schedule.factor(&Place {
                epoch: done as f64,
                epochs: 10.0,
                batches: 10.0,
                val_losses: &losses[..done],
                other_images,
            })
        };
        let got: Vec<f64> = (2..=7).map(|done| at(done, &[2])).collect();
        close(&got, &[1.0, 1.0, 1.0, 1.0, 1.0, 0.1]);
        close(&[at(4, &[])], &[0.1]);
        // What was reduced before stays reduced, and epochs waited for on one set do not count on the other.
        close(&[at(7, &[2, 6])], &[1.0]);
        let plateau = [1.0, 1.0, 1.0, 3.0];
        close(
            &[schedule.factor(&Place {
                epoch: 4.0,
                epochs: 10.0,
                batches: 10.0,
                val_losses: &plateau,
                other_images: &[3],
            })],
            &[0.1],
        );
    }

    #[test]
    fn every_schedule_stays_in_range_over_a_whole_training() {
        for kind in SCHEDULES {
            let spec = ScheduleSpec::with_defaults(kind);
            let schedule = spec.build();
            let losses: Vec<f64> = (0..10).map(|epoch| 1.0 / f64::from(epoch + 1)).collect();
            for step in 0..1000 {
                let place = Place {
                    epoch: f64::from(step) / 100.0,
                    epochs: 10.0,
                    batches: 100.0,
                    val_losses: &losses[..step as usize / 100],
                    other_images: &[],
                };
                let factor = schedule.factor(&place);
                assert!(
                    (0.0..=1.0).contains(&factor),
                    "{} {step}: {factor}",
                    kind.name
                );
            }
            let text = serde_yaml::to_string(&spec).unwrap();
            assert_eq!(serde_yaml::from_str::<ScheduleSpec>(&text).unwrap(), spec);
        }
    }
}
