//! What each figure of a recipe is called, means and takes.

use std::sync::LazyLock;

use crate::field::{Field, FieldKind, Kind, Value};
use crate::training::optimizers::OptimizerKind;
use crate::training::schedules::ScheduleKind;

const fn whole(
    name: &'static str,
    help: &'static str,
    (least, most): (usize, usize),
    steps: &'static [usize],
) -> Field {
    Field {
        name,
        help,
        kind: FieldKind::Whole { least, most, steps },
        default: Value::Whole(least),
        required: false,
    }
}

const fn number(
    name: &'static str,
    help: &'static str,
    below: f64,
    steps: &'static [f64],
) -> Field {
    Field {
        name,
        help,
        kind: FieldKind::Number {
            least: 0.0,
            below,
            steps,
        },
        default: Value::Number(0.0),
        required: false,
    }
}

const fn choice(
    name: &'static str,
    help: &'static str,
    choices: &'static [&'static str],
    default: &'static str,
) -> Field {
    Field {
        name,
        help,
        kind: FieldKind::Choice(choices),
        default: Value::Choice(default),
        required: false,
    }
}

/// The kinds of a list by their names.
fn names<K: Kind>() -> &'static [&'static str] {
    let names = K::all().iter().map(|kind| kind.name());
    names.collect::<Vec<_>>().leak()
}

pub(super) static EPOCHS: Field = whole(
    "epochs",
    "passes over the training images; a training that goes on after its end does as many more",
    (1, 1_000_000),
    &[1, 2, 3, 5, 10, 20, 50, 100],
);
pub(super) static BATCH_SIZE: Field = whole(
    "batch_size",
    "images a step",
    (1, 65_536),
    &[16, 32, 64, 128, 256, 512, 1024],
);
pub(super) static OPTIMIZER: LazyLock<Field> = LazyLock::new(|| {
    let names = names::<OptimizerKind>();
    choice(
        "optimizer",
        "how weights follow their gradients",
        names,
        names[0],
    )
});
pub(super) static SCHEDULE: LazyLock<Field> = LazyLock::new(|| {
    let names = names::<ScheduleKind>();
    choice(
        "schedule",
        "how the learning rate goes over the epochs",
        names,
        names[0],
    )
});
pub(super) static WARM_UP: Field = number(
    "warm_up",
    "epochs over which the learning rate rises evenly, from 0 at the first step, before the schedule begins, as in Keras",
    1e6,
    &[0.0, 0.5, 1.0, 2.0, 5.0],
);
pub(super) static VALIDATION: Field = choice(
    "validation",
    "what is measured after each epoch: the test set, by which choosing the best epoch flatters, or a split of the training set, \
     of each class alike, and the test set once at the end",
    &["test", "split"],
    "test",
);
pub(super) static SPLIT: Field = Field {
    kind: FieldKind::Number {
        least: 0.001,
        below: 0.9,
        steps: &[0.05, 0.1, 0.2, 0.3],
    },
    ..number(
        "split",
        "share of the training images that is measured and not trained on",
        0.9,
        &[],
    )
};
pub(super) static PATIENCE: Field = whole(
    "early_stopping",
    "epochs without a lower validation loss that end the training; 0 for never",
    (0, 1_000_000),
    &[0, 2, 3, 5, 10, 20],
);
pub(super) static AUGMENT: Field = choice(
    "augment",
    "whether every training image is changed by chance, anew in each epoch",
    &["off", "on"],
    "off",
);
pub(super) static AVERAGE: Field = number(
    "average",
    "decay of a running average of the weights, which is what is measured and kept, as Keras's ema_momentum: it looks back over about \
     1/(1 − decay) steps; 0 for none",
    1.0,
    &[0.0, 0.9, 0.99, 0.999, 0.9999],
);
pub(super) static LABEL_SMOOTHING: Field = number(
    "label_smoothing",
    "share of every label that is spread evenly over all classes, for training and for every loss that is told, as in Keras",
    1.0,
    &[0.0, 0.05, 0.1, 0.2],
);
pub(super) static GRADIENT_CLIP: Field = number(
    "gradient_clip",
    "the most that the norm of all gradients together may be; 0 for no limit",
    1e6,
    &[0.0, 0.5, 1.0, 5.0],
);
pub(super) static PRETRAIN_EPOCHS: Field = whole(
    "pretrain_epochs",
    "epochs of the training that comes first",
    (1, 1_000_000),
    &[1, 2, 3, 5, 10, 20, 50],
);
pub(super) static PRETRAIN_BATCH_SIZE: Field = whole(
    "pretrain_batch",
    "images a step of the training that comes first; 0 for as many as batch_size says",
    (0, 65_536),
    &[0, 16, 32, 64, 128, 256, 512, 1024],
);
pub(super) static PRETRAIN_AUGMENT: Field = choice(
    "pretrain_augment",
    "whether the training that comes first changes its images by chance, with the figures under Augmentation",
    &["off", "on"],
    "off",
);
pub(super) static FROZEN_LAYERS: Field = whole(
    "frozen_layers",
    "so many of the first layers, as they stand in the network, keep the weights that they come with",
    (0, 1000),
    &[0, 1, 2, 3, 4, 6, 8, 10, 12, 16],
);
pub(super) static FRESH_FROM: Field = whole(
    "fresh_from",
    "layers up to this number bring their weights along, those after it start new; 0 where all bring theirs",
    (0, 1000),
    &[0, 1, 2, 3, 4, 6, 8, 10, 12, 16],
);
