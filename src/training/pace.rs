//! How fast a network trains on this machine, from a short benchmark.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::ThreadPool;
use serde::Serialize;

use super::recipe::Recipe;
use super::trainer::{EVALUATION_BATCH, Progress, Setup, Trainer, check_data, check_recipe};
use crate::data::Dataset;
use crate::network::{CheckedNetwork, Model};

/// Measured steps, if time allows.
const STEPS: usize = 20;
/// Warm-up steps before them, which allocate the buffers.
const WARM_UP: usize = 2;
/// After this time no further step begins, once there is one.
const LONGEST: Duration = Duration::from_millis(1500);
/// The number of images per step is limited to this many multiply-adds in the forward pass.
const MOST_MULTIPLY_ACCUMULATES: u64 = 10_000_000_000;

/// The result of a short benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Pace {
    /// Measured steps.
    pub steps: usize,
    /// Images per step: the recipe's batch, or fewer if that is too much work.
    pub batch_size: usize,
    /// Threads used.
    pub threads: usize,
    /// Training time per image in seconds; the median over the steps.
    pub training_seconds: f64,
    /// Validation time per image in seconds.
    pub validation_seconds: f64,
    /// Training images per epoch.
    pub train_images: usize,
    /// Validation images per epoch.
    pub validation_images: usize,
}

impl Pace {
    /// Seconds per epoch, including validation.
    pub fn epoch_seconds(&self) -> f64 {
        self.training_seconds * self.train_images as f64
            + self.validation_seconds * self.validation_images as f64
    }
}

/// A benchmark to run.
pub struct PaceTrial<'a> {
    /// The network to train.
    pub network: Arc<CheckedNetwork>,
    /// The data set to take images from.
    pub dataset: Arc<Dataset>,
    /// How it is trained.
    pub recipe: &'a Recipe,
    /// The threads to compute with.
    pub pool: Arc<ThreadPool>,
}

impl PaceTrial<'_> {
    /// Trains initial weights for a few steps and discards them. `None` if `is_cancelled`, which is checked between steps.
    ///
    /// # Errors
    /// If the data do not match the network, or the loss is not finite from the start.
    pub fn measure(self, is_cancelled: impl Fn() -> bool) -> Result<Option<Pace>, String> {
        let Self {
            network,
            dataset,
            recipe,
            pool,
        } = self;
        let images = recipe.training_images(&dataset.train().class_counts(dataset.classes()));
        let batch_size = step_images(&network, recipe.batch_size.min(images));
        let mut model = Model::new(network, 1);
        check_data(&model, &dataset).map_err(|error| error.to_string())?;
        let corrected = dataset.corrected(recipe.corrections.as_ref())?;
        check_recipe(recipe, &corrected, 1).map_err(|error| error.to_string())?;
        model.freeze(recipe.transfer.as_ref().map_or(0, |to| to.frozen_layers));
        let mut trainer = Trainer::new(Setup {
            model,
            dataset: Arc::clone(&dataset),
            recipe: Recipe {
                batch_size,
                plan: Vec::new(),
                ..recipe.clone()
            },
            seed: 1,
            pool: Arc::clone(&pool),
            planned_data: Vec::new(),
        });
        let began = Instant::now();
        let mut steps = Vec::with_capacity(STEPS + WARM_UP);
        while steps.len() < STEPS + WARM_UP && (steps.len() <= WARM_UP || began.elapsed() < LONGEST)
        {
            if is_cancelled() {
                return Ok(None);
            }
            let started = Instant::now();
            match trainer.advance() {
                // An epoch's last batch may be smaller.
                Ok(Progress::Step(report)) if report.batch == report.batches => {
                    if report.batches == 1 {
                        steps.push(started.elapsed());
                    }
                }
                Ok(Progress::Step(_)) => steps.push(started.elapsed()),
                Ok(Progress::Validation | Progress::Epoch(_)) => {}
                Err(error) => return Err(error.to_string()),
            }
        }
        let measured = &mut steps[WARM_UP..];
        measured.sort_unstable();
        let (count, median) = (measured.len(), measured[measured.len() / 2]);
        let split = dataset.test();
        let validation = split.len().min(batch_size.min(EVALUATION_BATCH));
        let indices: Vec<u32> = (0..validation as u32).collect();
        let mut images = vec![0.0; validation * split.shape().len()];
        split.gather(&indices, &mut images);
        let mut evaluate = || {
            let started = Instant::now();
            pool.install(|| trainer.evaluated_mut().probabilities(&images));
            started.elapsed()
        };
        let first = evaluate();
        if is_cancelled() {
            return Ok(None);
        }
        let second = evaluate();
        Ok(Some(Pace {
            steps: count,
            batch_size,
            threads: pool.current_num_threads(),
            training_seconds: median.as_secs_f64() / batch_size as f64,
            validation_seconds: first.min(second).as_secs_f64() / validation.max(1) as f64,
            train_images: trainer.training_images(),
            validation_images: trainer.validation_images(),
        }))
    }
}

/// How many of `batch` images a measured step uses.
fn step_images(network: &CheckedNetwork, batch: usize) -> usize {
    let layers = network.layers().iter();
    let works = layers.map(|layer| layer.layer.multiply_accumulates(layer.input));
    let most = MOST_MULTIPLY_ACCUMULATES / works.sum::<u64>().max(1);
    usize::try_from(most).map_or(batch, |most| most.clamp(1, batch.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data;
    use crate::training::Preset;

    fn trial(text: &str, cancelled: bool) -> Result<Option<Pace>, String> {
        let preset = Preset::parse(text, "test").unwrap();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
        PaceTrial {
            network: Arc::new(CheckedNetwork::new(&preset.network()).unwrap()),
            dataset: Arc::new(data::load(Some("fashion-mnist-starter")).unwrap()),
            recipe: &preset.training,
            pool: Arc::new(pool.unwrap()),
        }
        .measure(|| cancelled)
    }

    #[test]
    fn a_pace_says_what_was_measured_and_how_long_an_epoch_takes() {
        let text = "{name: a, input: [28, 28, 1], classes: 10, layers: [flatten, classify], training: {batch_size: 50, validation: {split: 0.1}}}";
        let pace = trial(text, false).unwrap().unwrap();
        assert!((1..=STEPS).contains(&pace.steps), "{pace:?}");
        assert_eq!((pace.batch_size, pace.threads), (50, 1));
        assert_eq!((pace.train_images, pace.validation_images), (9000, 1000));
        assert!(pace.training_seconds > 0.0 && pace.validation_seconds > 0.0);
        let expected = 9000.0 * pace.training_seconds + 1000.0 * pace.validation_seconds;
        assert!((pace.epoch_seconds() - expected).abs() < 1e-9 * expected);
        assert_eq!(trial(text, true), Ok(None));
    }

    #[test]
    fn much_work_is_measured_on_fewer_images_and_a_small_set_in_one_batch() {
        let text = "{name: a, input: [28, 28, 1], classes: 10, layers: [{conv2d: {filters: 4096, kernel: 11}}, flatten, classify]}";
        let network = Preset::parse(text, "test").unwrap().network();
        let network = CheckedNetwork::new(&network).unwrap();
        // 28 × 28 × 4096 × (121 + 10) multiplications and additions an image.
        assert_eq!(step_images(&network, 128), 23);
        assert_eq!(step_images(&network, 8), 8);
        let text = "{name: a, input: [28, 28, 1], classes: 10, layers: [{max_pool2d: {size: 28}}, flatten, classify], training: {batch_size: 65536}}";
        let pace = trial(text, false).unwrap().unwrap();
        assert_eq!(pace.batch_size, 10_000);
        let text = "{name: a, input: [20, 20, 1], classes: 10, layers: [flatten, classify]}";
        assert!(trial(text, false).unwrap_err().contains("28"));
    }
}
