//! The figures of an epoch, one entry each. The fields of [`EpochMetrics`], the columns of tables, the curves and the printed summary
//! of an epoch derive from these entries.
//!
//! A new figure is one entry here, plus a field of [`Measured`] if the trainer does not measure its source yet.

use serde::{Deserialize, Serialize};

use super::metrics::{first_stretch, is_first_stretch, latest_stretch};
use super::trainer::Evaluation;

/// The description of a figure.
#[derive(Debug)]
pub struct Figure {
    /// Its key in `metrics.jsonl`, JSON and CSV, and its name in printed text.
    pub name: &'static str,
    /// Its name among the figures of its unit: `training`.
    pub title: &'static str,
    /// Its unit, which decides the chart that shows it.
    pub unit: Unit,
    /// Which of its values is the best.
    pub better: Better,
    /// Its heading in comparisons of runs; `None` if it is not compared.
    pub compared: Option<&'static str>,
    /// Its value; `None` in epochs of versions that did not record it.
    pub of: fn(&EpochMetrics) -> Option<f64>,
}

/// The unit of a figure. Figures of one unit share a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// In [0, 1].
    Share,
    /// Of the recipe's [objective](crate::ops::Objective).
    Nats,
    /// Of wall-clock time.
    Seconds,
    /// Images per second.
    ImagesPerSecond,
    /// A number without a unit.
    Plain,
}

/// Which values of a figure are good ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Better {
    /// The largest.
    Higher,
    /// The smallest.
    Lower,
    /// Neither: it was set, not measured.
    Neither,
}

impl Figure {
    /// The figures by which runs are compared, those where higher is better first.
    pub fn compared() -> Vec<(&'static Self, &'static str)> {
        let mut compared: Vec<_> = FIGURES
            .iter()
            .filter_map(|figure| Some((figure, figure.compared?)))
            .collect();
        compared.sort_by_key(|(figure, _)| figure.better);
        compared
    }

    /// The epoch of the latest stretch with the best value, of those that [count](EpochMetrics::counts); ties go to the lowest
    /// validation loss, then to the first epoch.
    pub fn best_epoch<'a>(&self, epochs: &'a [EpochMetrics]) -> Option<&'a EpochMetrics> {
        let counting = latest_stretch(epochs).iter().filter(|epoch| epoch.counts());
        counting.reduce(|best, epoch| {
            let (old, new) = ((self.of)(best), (self.of)(epoch));
            let is_better = match self.better {
                Better::Higher => new > old,
                Better::Lower => new.is_some() && (old.is_none() || new < old),
                Better::Neither => false,
            };
            match is_better || new == old && epoch.val_loss < best.val_loss {
                true => epoch,
                false => best,
            }
        })
    }

    /// The best value of the latest stretch.
    pub fn best(&self, epochs: &[EpochMetrics]) -> Option<f64> {
        (self.of)(self.best_epoch(epochs)?)
    }
}

/// What the trainer measured in an epoch.
pub(super) struct Measured<'a> {
    pub training_seconds: f64,
    pub validation_seconds: f64,
    /// Of the latest step.
    pub learning_rate: f64,
    pub sums: Sums,
    pub validation: &'a Evaluation,
    /// Of the evaluated network.
    pub start_share: f32,
}

/// Sums over the training images of an epoch so far, as `last.state` stores them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sums {
    /// Number of images.
    pub images: usize,
    /// Of the recipe's [objective](crate::ops::Objective), in nats.
    pub loss: f64,
    /// Images that were predicted correctly.
    pub correct: usize,
}

impl Sums {
    /// In nats per image.
    pub fn mean_loss(&self) -> f64 {
        self.loss / self.images as f64
    }

    /// The share of the images that were predicted correctly.
    pub fn accuracy(&self) -> f64 {
        self.correct as f64 / self.images as f64
    }
}

macro_rules! figures {
    ($($(#[$about:meta])* $name:ident: $value:ty {
        title: $title:expr, unit: $unit:expr, better: $better:expr, compared: $compared:expr, had: $had:expr $(,)?
    })*) => {
        /// One epoch's figures: a line of `metrics.jsonl`.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub struct EpochMetrics {
            /// From 1.
            pub epoch: usize,
            $($(#[$about])* pub $name: $value,)*
            /// What was changed by hand during the epoch, in words.
            pub changes: Vec<String>,
            /// The stretch that it belongs to, from 1: consecutive epochs measured on the same images. Other data or other held-out images
            /// begin a new one, because figures on different images cannot be compared.
            #[serde(default = "first_stretch", skip_serializing_if = "is_first_stretch")]
            pub stretch: usize,
        }

        /// Nothing measured and nothing changed.
        impl Default for EpochMetrics {
            fn default() -> Self {
                Self { epoch: 0, $($name: Default::default(),)* changes: Vec::new(), stretch: first_stretch() }
            }
        }

        impl EpochMetrics {
            pub(super) fn of(epoch: usize, measured: &Measured<'_>) -> Self {
                $(
                    let had: fn(&Measured<'_>) -> $value = $had;
                    let $name = had(measured);
                )*
                Self { epoch, $($name,)* ..Self::default() }
            }
        }

        /// Every figure, in file order.
        pub static FIGURES: &[Figure] = &[$(Figure {
            name: stringify!($name),
            title: $title,
            unit: $unit,
            better: $better,
            compared: $compared,
            of: |metrics| metrics.$name.into(),
        }),*];
    };
}

figures! {
    /// Of training and validation, without pauses.
    seconds: f64 {
        title: "time", unit: Unit::Seconds, better: Better::Lower, compared: None,
        had: |epoch| epoch.training_seconds + epoch.validation_seconds,
    }
    /// Of training only.
    images_per_second: f64 {
        title: "speed", unit: Unit::ImagesPerSecond, better: Better::Higher, compared: None,
        had: |epoch| epoch.sums.images as f64 / epoch.training_seconds,
    }
    /// Of the epoch's latest step.
    learning_rate: f64 {
        title: "learning rate", unit: Unit::Plain, better: Better::Neither, compared: None,
        had: |epoch| epoch.learning_rate,
    }
    /// Mean over the epoch's training batches, with dropout, as Keras reports it.
    loss: f64 {
        title: "training", unit: Unit::Nats, better: Better::Lower, compared: None,
        had: |epoch| epoch.sums.mean_loss(),
    }
    /// As `loss`.
    accuracy: f64 {
        title: "training", unit: Unit::Share, better: Better::Higher, compared: None,
        had: |epoch| epoch.sums.accuracy(),
    }
    /// Of the validation images after the epoch, in nats per image.
    val_loss: f64 {
        title: "validation", unit: Unit::Nats, better: Better::Lower, compared: Some("loss"),
        had: |epoch| epoch.validation.loss(),
    }
    /// The share of the validation images that are predicted correctly after the epoch.
    val_accuracy: f64 {
        title: "validation", unit: Unit::Share, better: Better::Higher, compared: Some("accuracy"),
        had: |epoch| epoch.validation.accuracy(),
    }
    /// As `val_accuracy`, with batch norm using each batch's own mean and variance; only if its moving statistics are young.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    val_accuracy_by_batch: Option<f64> {
        title: "by each batch", unit: Unit::Share, better: Better::Higher, compared: None,
        had: |epoch| epoch.validation.accuracy_by_batch(),
    }
    /// The share of batch norm's moving statistics that is their initial value; in the same epochs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    start_share: Option<f64> {
        title: "start share", unit: Unit::Plain, better: Better::Neither, compared: None,
        had: |epoch| epoch.validation.accuracy_by_batch().map(|_| epoch.start_share.into()),
    }
}
