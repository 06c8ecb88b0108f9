//! Whole training steps of the presets' networks on random images: forward, loss, backward, Adadelta.
//!
//! `cargo bench --bench step [-- NAME [THREADS]]` prints milliseconds a step (smallest, median) for batches of 128.

use std::time::Instant;

use convscope::kernels::tier_name;
use convscope::ops::{self, Adadelta, Flow, Vector, Workspace};
use convscope::shape::{Padding, Shape, Window};

const BATCH: usize = 128;

/// A layer of a network to be timed.
enum Layer {
    Conv(usize, usize, usize),
    BatchNorm,
    Relu,
    Pool,
    Dropout(f32),
    Dense(usize),
}

use Layer::{BatchNorm, Conv, Dense, Dropout, Pool, Relu};

fn networks() -> Vec<(&'static str, Vec<Layer>)> {
    let blocks = |filters: &[usize], size| -> Vec<Layer> {
        let block = |f: &usize| [Conv(*f, size, 1), Relu, Pool];
        filters.iter().flat_map(block).collect()
    };
    let normed = |filters, size, stride| [Conv(filters, size, stride), BatchNorm, Relu];
    let hidden = |units: &[usize], rate: f32| -> Vec<Layer> {
        let layer = |u: &usize| [Dropout(rate), Dense(*u), Relu];
        units.iter().flat_map(layer).collect()
    };
    let bn4 = [
        normed(16, 2, 1),
        normed(128, 3, 2),
        normed(128, 3, 2),
        normed(128, 3, 2),
    ];
    let mut all = vec![
        ("conv1", blocks(&[16], 2)),
        ("conv2", blocks(&[16; 2], 2)),
        ("conv3", blocks(&[16; 3], 2)),
        ("dense2", hidden(&[512, 128], 0.5)),
        ("dense4", hidden(&[128; 4], 0.5)),
        (
            "bn4",
            bn4.into_iter()
                .flatten()
                .chain([Dense(128), Relu])
                .collect(),
        ),
        ("slim", blocks(&[32, 64, 128], 3)),
        ("wide", blocks(&[128, 256, 512], 3)),
    ];
    all[6].1.extend(hidden(&[512], 0.6));
    all[7].1.extend(hidden(&[1024; 3], 0.7));
    for (_, layers) in &mut all {
        layers.push(Dense(10));
    }
    all
}

struct Parameter {
    values: Vector,
    squares: Vec<f32>,
    updates: Vec<f32>,
}

fn parameter(length: usize, limit: f32) -> Parameter {
    let mut state = length as u32 | 1;
    let values = (0..length).map(|_| {
        state = state.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
        (state as f32 / u32::MAX as f32 * 2.0 - 1.0) * limit
    });
    Parameter {
        values: ops::vector(values.collect()),
        squares: vec![0.0; length],
        updates: vec![0.0; length],
    }
}

struct Network {
    layers: Vec<Layer>,
    parameters: Vec<Vec<Parameter>>,
    moving: Vec<[Vector; 2]>,
    workspace: Workspace,
}

impl Network {
    fn new(layers: Vec<Layer>) -> Self {
        let mut shape = Shape::new(28, 28, 1);
        let (mut parameters, mut moving) = (Vec::new(), Vec::new());
        for layer in &layers {
            let made = match layer {
                Conv(filters, size, stride) => {
                    let taps = size * size * shape.channels;
                    shape = window(*size, *stride).slide(shape, *filters);
                    vec![
                        parameter(taps * filters, 1.0 / (taps as f32).sqrt()),
                        parameter(*filters, 0.0),
                    ]
                }
                Dense(units) => {
                    let inputs = shape.len();
                    shape = Shape::flat(*units);
                    vec![
                        parameter(inputs * units, 1.0 / (inputs as f32).sqrt()),
                        parameter(*units, 0.0),
                    ]
                }
                BatchNorm => {
                    moving.push([0.0, 1.0].map(|v| ops::vector(vec![v; shape.channels])));
                    vec![
                        parameter(shape.channels, 1.0),
                        parameter(shape.channels, 0.0),
                    ]
                }
                Pool => {
                    shape = Shape::new(shape.height / 2, shape.width / 2, shape.channels);
                    Vec::new()
                }
                Relu | Dropout(_) => Vec::new(),
            };
            parameters.push(made);
        }
        Self {
            layers,
            parameters,
            moving,
            workspace: Workspace::new(),
        }
    }

    fn step(&mut self, images: &[f32], labels: &[u16], key: u64) -> f32 {
        let shape = Shape::new(28, 28, 1);
        let input = self
            .workspace
            .input(BATCH, shape, |pixels| pixels.copy_from_slice(images));
        let mut flow = Flow::training(input);
        let mut moving = self.moving.iter_mut();
        for (layer, parameters) in self.layers.iter().zip(&self.parameters) {
            flow = match (layer, &parameters[..]) {
                (Conv(filters, size, stride), [kernel, bias]) => ops::conv2d(
                    flow,
                    window(*size, *stride),
                    *filters,
                    &kernel.values,
                    &bias.values,
                ),
                (Dense(units), [kernel, bias]) => {
                    ops::dense(ops::flatten(flow), *units, &kernel.values, &bias.values)
                }
                (BatchNorm, [gamma, beta]) => {
                    let [mean, variance] = moving.next().expect("one pair a batch norm");
                    ops::batch_norm_training(
                        flow,
                        &gamma.values,
                        &beta.values,
                        mean,
                        variance,
                        0.99,
                        1e-3,
                    )
                }
                (Relu, _) => ops::relu(flow),
                (Pool, _) => ops::max_pool2d(flow, 2),
                (Dropout(rate), _) => ops::dropout(flow, *rate, key),
                _ => unreachable!("parameters are made for their layers"),
            };
        }
        let loss = ops::softmax_cross_entropy(flow, labels);
        let mean = loss.mean;
        let mut gradients = loss.backward();
        for p in self.parameters.iter_mut().flatten() {
            let gradient = gradients.of(&p.values);
            let settings = Adadelta::default();
            let values = ops::values_mut(&mut p.values);
            ops::adadelta::step(&settings, values, gradient, &mut p.squares, &mut p.updates);
        }
        mean
    }
}

fn window(size: usize, stride: usize) -> Window {
    Window {
        size,
        stride,
        padding: Padding::Same,
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|a| !a.starts_with("--"));
    let wanted = arguments.next().unwrap_or_default();
    let threads = arguments.next().and_then(|t| t.parse().ok()).unwrap_or(0);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.expect("threads start");
    println!("{} threads, {}", pool.current_num_threads(), tier_name());
    let images = parameter(BATCH * 784, 1.0);
    let labels: Vec<u16> = (0..BATCH as u16).map(|i| i % 10).collect();
    for (name, layers) in networks() {
        if !name.contains(&wanted) {
            continue;
        }
        let mut network = Network::new(layers);
        let images = ops::values(&images.values);
        let mut times = Vec::new();
        let mut loss = 0.0;
        let begin = Instant::now();
        pool.install(|| {
            while times.len() < 10 || (begin.elapsed().as_secs_f64() < 2.0 && times.len() < 2000) {
                let start = Instant::now();
                loss = network.step(images, &labels, times.len() as u64);
                times.push(start.elapsed().as_secs_f64() * 1e3);
            }
        });
        times.sort_by(f64::total_cmp);
        println!(
            "{name:8} {:8.3} {:8.3} ms, loss {loss:.4}",
            times[0],
            times[times.len() / 2]
        );
    }
}
