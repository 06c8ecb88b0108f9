//! `convscope bench [PRESET]`: how fast this machine trains the presets' networks, and how close that is to its peak.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Args;
use rayon::ThreadPool;
use serde::Serialize;

use super::Action;
use super::arguments::whole_in;
use super::data::load_choice;
use super::failure::Failure;
use super::opening::OpeningArguments;
use super::output::{line, note};
use crate::data::Dataset;
use crate::kernels::{Dense, dense, tier_name};
use crate::network::{CheckedNetwork, Model};
use crate::ops::Lap;
use crate::session::{check_preset, thread_pool};
use crate::training::{
    BUILT_IN, EarlyStopping, Preset, Progress, Recipe, Setup, Trainer, check_data, check_recipe,
};
use crate::wording::counted;

/// Measure how fast this machine trains and evaluates the presets' networks
#[derive(Debug, Args)]
#[command(
    after_help = "Times whole training steps on real images, without augmentation: gathering images, forward pass, loss, backward pass, \
    optimizer. Reports the minimum and the median time per step; steps and images per second, for training and evaluation, use the median. \
    The share of peak is relative to this machine's matrix product, measured first, and counts the multiply-adds of plain convolution: more \
    than 100 % is possible where an algorithm needs fewer."
)]
pub struct BenchArguments {
    /// Preset name, or preset or network file [default: every built-in preset]
    preset: Option<String>,
    /// Also show every layer: its algorithm, and its forward and backward time
    #[arg(long)]
    layers: bool,
    /// Data set to use instead of the presets' own, by name or path
    #[arg(long, value_name = "D")]
    data: Option<String>,
    #[command(flatten)]
    opening: OpeningArguments,
    /// Images per step, instead of the presets'
    #[arg(long, value_name = "N", value_parser = whole_in(1..=u16::MAX))]
    batch_size: Option<u16>,
    /// Threads to compute with [default: one per processor]
    #[arg(long, value_name = "T", value_parser = whole_in(1..=1024))]
    threads: Option<u16>,
    /// Duration of each measurement, in seconds
    #[arg(long, value_name = "S", default_value = "2", value_parser = whole_in(1..=600))]
    seconds: u16,
    /// Print one line of JSON per preset, times in milliseconds, and nothing else on stdout
    #[arg(long)]
    json: bool,
}

impl Action for BenchArguments {
    fn run(self) -> Result<(), Failure> {
        let names: Vec<&str> = match &self.preset {
            Some(name) => vec![name],
            None => BUILT_IN.iter().map(|(name, _)| *name).collect(),
        };
        let pool = thread_pool(self.threads.map(usize::from)).map_err(Failure::input)?;
        let for_each = Duration::from_secs(self.seconds.into());
        let peak = pool.install(|| products_per_second(for_each));
        let machine = format!(
            "{}, {}; matrix product {:.0} GFLOP/s",
            counted(pool.current_num_threads(), "thread"),
            tier_name(),
            2.0 * peak * 1e-9
        );
        if self.json {
            note(&machine);
        } else {
            line(&machine)?;
            line(TITLES)?;
        }
        let mut sets = HashMap::new();
        for name in names {
            let mut preset = Preset::open(name).map_err(Failure::input)?.titled(None);
            let network = check_preset(&preset).map_err(Failure::input)?;
            // Identical steps, without an end.
            preset.training = Recipe {
                epochs: 1_000_000,
                augment: None,
                plan: Vec::new(),
                early_stopping: EarlyStopping::default(),
                ..preset.training
            };
            if let Some(size) = self.batch_size {
                preset.training.batch_size = size.into();
            }
            let data = self.data.as_deref().or(preset.data.as_deref());
            let choice = self.opening.choice(data)?;
            if !sets.contains_key(&choice) {
                let set = load_choice(choice.as_deref())?;
                sets.insert(choice.clone(), Arc::new(set));
            }
            let dataset = Arc::clone(&sets[&choice]);
            let model = Model::new(Arc::clone(&network), preset.seed);
            check_data(&model, &dataset).map_err(Failure::input)?;
            let recipe = &preset.training;
            let corrected = dataset.corrected(recipe.corrections.as_ref());
            let corrected = corrected.map_err(Failure::sentence)?;
            check_recipe(recipe, &corrected, preset.seed).map_err(Failure::input)?;
            let subject = Subject {
                preset,
                network,
                dataset,
                pool: &pool,
                for_each,
            };
            let figures = subject.measure(model, peak)?;
            if self.json {
                let json = serde_json::to_string(&figures);
                line(&json.expect("figures have only string keys"))?;
            } else {
                line(&figures.row())?;
                if self.layers {
                    line(&figures.table())?;
                }
            }
        }
        Ok(())
    }
}

/// Multiply-adds per second of a matrix product of a favourable size, the best of several.
fn products_per_second(for_each: Duration) -> f64 {
    let shape = Dense {
        batch: 384,
        inputs: 512,
        units: 1024,
    };
    let input = vec![0.5; shape.batch * shape.inputs];
    let kernel = vec![0.25; shape.inputs * shape.units];
    let bias = vec![0.0; shape.units];
    let mut output = vec![0.0; shape.batch * shape.units];
    let times = times(for_each, || {
        dense::forward(&shape, &input, &kernel, &bias, &mut output);
    });
    (shape.batch * shape.inputs * shape.units) as f64 / times[0].as_secs_f64()
}

/// The times of repeated `work` after one warm-up, the smallest first; at least 5.
fn times(for_each: Duration, mut work: impl FnMut()) -> Vec<Duration> {
    work();
    let (begin, mut all) = (Instant::now(), Vec::new());
    while all.len() < 5 || begin.elapsed() < for_each {
        let start = Instant::now();
        work();
        all.push(start.elapsed());
    }
    all.sort_unstable();
    all
}

struct Subject<'a> {
    preset: Preset,
    network: Arc<CheckedNetwork>,
    dataset: Arc<Dataset>,
    pool: &'a Arc<ThreadPool>,
    for_each: Duration,
}

/// Images per evaluation.
const EVALUATED: usize = 250;

impl Subject<'_> {
    fn measure(&self, mut model: Model, peak: f64) -> Result<BenchFigures, Failure> {
        let mut trainer = Trainer::new(Setup {
            model: model.clone(),
            dataset: Arc::clone(&self.dataset),
            recipe: self.preset.training.clone(),
            seed: self.preset.seed,
            pool: Arc::clone(self.pool),
            planned_data: Vec::new(),
        });
        let mut steps = self.pool.install(|| self.steps(&mut trainer))?;
        steps.sort_unstable();
        let batch = self
            .preset
            .training
            .batch_size
            .min(trainer.training_images());
        let step = milliseconds(steps[steps.len() / 2]);
        let per_second = 1e3 / step;

        let test = self.dataset.test();
        let mut image = vec![0.5; self.network.spec().input.len()];
        if !test.is_empty() {
            test.gather(&[0], &mut image);
        }
        let one = self.pool.install(|| {
            times(self.for_each / 4, || {
                model.probabilities(&image);
            })
        });
        // Through the whole set, batch by batch: repeating the same images would measure the caches.
        let count = EVALUATED.min(test.len());
        let mut next = (0..test.len() as u32).cycle();
        let many = self.pool.install(|| {
            times(self.for_each / 4, || {
                let indices: Vec<u32> = next.by_ref().take(count).collect();
                model.scores(indices.len(), |images, values| {
                    test.gather(&indices[images], values);
                });
            })
        });
        Ok(BenchFigures {
            preset: self.preset.name.clone(),
            batch,
            step_smallest: milliseconds(steps[0]),
            step_median: step,
            steps_per_second: per_second,
            images_per_second: per_second * batch as f64,
            share_of_peak: self.products() * batch as f64 * per_second / peak,
            prediction: milliseconds(one[0]),
            evaluated_per_second: count as f64 / many[many.len() / 2].as_secs_f64(),
            layers: self.layers(&mut trainer)?,
        })
    }

    /// The times of whole consecutive steps.
    fn steps(&self, trainer: &mut Trainer) -> Result<Vec<Duration>, Failure> {
        let mut steps = Vec::new();
        let begin = Instant::now();
        while steps.len() < FIRST + 5 || begin.elapsed() < self.for_each {
            let start = Instant::now();
            let progress = trainer.advance().map_err(Failure::failed)?;
            if is_whole(&progress) {
                steps.push(start.elapsed());
            }
        }
        steps.drain(..FIRST);
        Ok(steps)
    }

    /// Multiply-adds of one training image: the forward pass, the gradient of the weights, and the gradient of the input of all but the
    /// first layer with weights.
    fn products(&self) -> f64 {
        let mut first = true;
        let each = self.network.layers().iter().map(|layer| {
            let once = layer.layer.multiply_accumulates(layer.input) as f64;
            let passes = match (layer.parameters.is_empty(), first) {
                (true, _) => 1.0,
                (false, true) => 2.0,
                (false, false) => 3.0,
            };
            first &= layer.parameters.is_empty();
            passes * once
        });
        each.sum()
    }

    /// The layers' times in the fastest of a few steps.
    fn layers(&self, trainer: &mut Trainer) -> Result<Vec<LayerTimes>, Failure> {
        let mut best: Option<(Duration, Vec<Lap>)> = None;
        let (begin, mut done) = (Instant::now(), 0);
        while done < 5 || begin.elapsed() < self.for_each / 2 {
            let workspace = trainer.model().workspace().clone();
            workspace.start_watch();
            let progress = trainer.advance().map_err(Failure::failed);
            let laps = workspace.stop_watch();
            if !is_whole(&progress?) {
                continue;
            }
            done += 1;
            let whole = laps.iter().map(|lap| lap.forward + lap.backward).sum();
            if best.as_ref().is_none_or(|(least, _)| whole < *least) {
                best = Some((whole, laps));
            }
        }
        let laps = best.map_or_else(Vec::new, |(_, laps)| laps);
        Ok(laps.into_iter().map(LayerTimes::from).collect())
    }
}

/// Warm-up steps, which allocate the buffers.
const FIRST: usize = 2;

/// Whether it is a training step on a full batch; the last batch of an epoch may be smaller.
fn is_whole(progress: &Progress) -> bool {
    matches!(progress, Progress::Step(step) if step.batch < step.batches || step.batches == 1)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Times are in milliseconds.
#[derive(Debug, Serialize)]
struct BenchFigures {
    preset: String,
    batch: usize,
    step_smallest: f64,
    step_median: f64,
    steps_per_second: f64,
    images_per_second: f64,
    share_of_peak: f64,
    prediction: f64,
    evaluated_per_second: f64,
    layers: Vec<LayerTimes>,
}

/// Times are in milliseconds.
#[derive(Debug, Serialize)]
struct LayerTimes {
    layer: String,
    algorithm: Option<String>,
    forward: f64,
    backward: f64,
}

impl From<Lap> for LayerTimes {
    fn from(lap: Lap) -> Self {
        Self {
            layer: lap.op,
            algorithm: lap.how,
            forward: milliseconds(lap.forward),
            backward: milliseconds(lap.backward),
        }
    }
}

const TITLES: &str = "preset                   batch  ms/step: minimum  median  steps/s  images/s  of peak  one image ms  evaluated/s";

impl BenchFigures {
    fn row(&self) -> String {
        format!(
            "{:24} {:>5}  {:>16.3} {:>7.3} {:>8.1} {:>9.0} {:>7.0}% {:>13.3} {:>12.0}",
            self.preset,
            self.batch,
            self.step_smallest,
            self.step_median,
            self.steps_per_second,
            self.images_per_second,
            100.0 * self.share_of_peak,
            self.prediction,
            self.evaluated_per_second
        )
    }

    /// The layers of the fastest of a few steps.
    fn table(&self) -> String {
        let row = |name: &str, how: &str, forward: f64, backward: f64| {
            format!("\n  {name:28} {how:24} {forward:>10.3} {backward:>11.3}")
        };
        let mut table = format!(
            "  {:28} {:24} {:>10} {:>11}",
            "layer", "algorithm", "forward ms", "backward ms"
        );
        let (mut forward, mut backward) = (0.0, 0.0);
        for layer in &self.layers {
            let how = layer.algorithm.as_deref().unwrap_or("");
            table += &row(&layer.layer, how, layer.forward, layer.backward);
            forward += layer.forward;
            backward += layer.backward;
        }
        table + &row("all", "", forward, backward)
    }
}
