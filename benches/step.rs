//! Whole training steps of the published experiments' networks on real images, without augmentation, on all processors (or on
//! `$RAYON_NUM_THREADS` threads): gathering the images, forward, loss, backward, optimizer. An element is an image.
//!
//! `cargo bench --bench step [-- FILTER]`

use std::sync::Arc;
use std::time::{Duration, Instant};

use convscope::data;
use convscope::kernels::tier_name;
use convscope::network::Model;
use convscope::session::check_preset;
use convscope::training::{Preset, Progress, Setup, Trainer};
use criterion::{Criterion, SamplingMode, Throughput};

const PRESETS: [&str; 8] = [
    "fashion-conv1",
    "fashion-conv2",
    "fashion-conv3",
    "fashion-dense2-dropout",
    "fashion-dense4-dropout",
    "fashion-bn4",
    "fashion-slim-augmented",
    "fashion-wide",
];

/// The time of the next step on a whole batch; an epoch's last batch and its validation are skipped.
fn step(trainer: &mut Trainer) -> Duration {
    loop {
        let start = Instant::now();
        let progress = trainer.advance().expect("the loss stays finite");
        let took = start.elapsed();
        if matches!(progress, Progress::Step(step) if step.batch < step.batches) {
            return took;
        }
    }
}

fn main() {
    let pool = rayon::ThreadPoolBuilder::new().use_current_thread();
    let pool = Arc::new(pool.build().expect("threads start"));
    println!("{} threads, {}", pool.current_num_threads(), tier_name());
    let starter = data::load(Some("fashion-mnist-starter"));
    let dataset = Arc::new(starter.expect("the starter set is in the program"));
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4))
        .sample_size(10)
        .without_plots()
        .configure_from_args();
    let mut group = criterion.benchmark_group("step");
    // Criterion's own choice, samples of ever more steps, would make 55 steps of even the widest network.
    group.sampling_mode(SamplingMode::Flat);
    for name in PRESETS {
        let mut preset = Preset::open(name).expect("the preset is built in");
        preset.training.augment = None;
        let network = check_preset(&preset).expect("built-in presets are legal");
        group.throughput(Throughput::Elements(preset.training.batch_size as u64));
        let mut trainer = Trainer::new(Setup {
            model: Model::new(network, preset.seed),
            dataset: Arc::clone(&dataset),
            recipe: preset.training,
            seed: preset.seed,
            pool: Arc::clone(&pool),
            planned_data: Vec::new(),
        });
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|steps| (0..steps).map(|_| step(&mut trainer)).sum());
        });
    }
}
