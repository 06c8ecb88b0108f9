//! Reduction whenever the validation loss stops falling. Source: Keras's `ReduceLROnPlateau` without cooldown. New validation images
//! restart the comparison but keep the reduced learning rate, as in a second call of Keras's `fit`.

use super::{Place, Schedule, ScheduleKind, built, share};
use crate::field::{Field, Settings, settings};

pub static KIND: ScheduleKind = ScheduleKind {
    name: "reduce_on_plateau",
    help: "Multiplies the learning rate by a factor when the validation loss has not fallen for some epochs.",
    fields: ReduceOnPlateau::FIELDS,
    build: built::<ReduceOnPlateau>,
};

settings! {
    struct ReduceOnPlateau {
        /// factor at each plateau
        factor: f64 = share(0.1, &[0.1, 0.2, 0.5]),
        /// epochs without a lower validation loss that make a plateau
        patience: usize = Field::whole(10, 1..=1_000_000, &[2, 3, 5, 10]),
        /// smallest decrease of the loss that counts
        min_delta: f64 = share(1e-4, &[0.0, 1e-4, 1e-3]),
        /// lower limit, as a share of the learning rate
        least: f64 = share(0.0, &[0.0, 0.001, 0.01]),
    }
}

impl Schedule for ReduceOnPlateau {
    fn factor(&self, place: &Place<'_>) -> f64 {
        let (mut factor, mut best, mut waited) = (1.0, f64::INFINITY, 0);
        for (epoch, &loss) in place.val_losses.iter().enumerate() {
            if place.other_images.contains(&epoch) {
                (best, waited) = (f64::INFINITY, 0);
            }
            if loss < best - self.min_delta {
                best = loss;
                waited = 0;
                continue;
            }
            waited += 1;
            if waited >= self.patience {
                factor *= self.factor;
                waited = 0;
            }
        }
        f64::max(factor, self.least)
    }
}
