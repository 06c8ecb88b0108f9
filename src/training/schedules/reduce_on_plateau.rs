//! Down whenever the validation loss stops falling. Source: Keras's `ReduceLROnPlateau` without cooldown. On other validation images
//! the comparison begins anew, and the learning rate stays as far down as it is, as in a second call of Keras's `fit`.

use super::{Place, Schedule, ScheduleKind, share};
use crate::field::{Field, FieldKind, Value};

pub static KIND: ScheduleKind = ScheduleKind {
    name: "reduce_on_plateau",
    help: "Multiplies the learning rate by a factor when the validation loss has not fallen for some epochs.",
    fields: &[
        share(
            "factor",
            "what a plateau multiplies by",
            0.1,
            &[0.1, 0.2, 0.5],
        ),
        Field {
            name: "patience",
            help: "epochs without a lower validation loss that make a plateau",
            kind: FieldKind::Whole {
                least: 1,
                most: 1_000_000,
                steps: &[2, 3, 5, 10],
            },
            default: Value::Whole(10),
            required: false,
        },
        share(
            "min_delta",
            "the loss has fallen when it is lower by more than this",
            1e-4,
            &[0.0, 1e-4, 1e-3],
        ),
        share(
            "least",
            "the share of the learning rate at which it stays",
            0.0,
            &[0.0, 0.001, 0.01],
        ),
    ],
    build: |values| {
        Box::new(ReduceOnPlateau {
            factor: values[0].number(),
            patience: values[1].whole(),
            min_delta: values[2].number(),
            least: values[3].number(),
        })
    },
};

#[derive(Debug)]
struct ReduceOnPlateau {
    factor: f64,
    patience: usize,
    min_delta: f64,
    least: f64,
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
