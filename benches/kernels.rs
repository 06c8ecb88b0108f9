//! Single kernels on the presets' shapes, one thread: milliseconds (smallest) and GFLOP/s or GB/s.
//!
//! `cargo bench --bench kernels [-- NAME]`

use std::time::Instant;

use convscope::kernels::{
    Adadelta, BatchNorm, BlockGradient, Conv2d, ConvBlock, Dense, Gradients, MaxPool2d, Pool,
    adadelta, batch_norm, conv_block, dense, dropout, max_pool2d, relu, tier_name,
};
use convscope::shape::{Padding, Shape, Window};

const BATCH: usize = 128;

fn noise(length: usize) -> Vec<f32> {
    let mut state = length as u32 | 1;
    let values = (0..length).map(|_| {
        state = state.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
        state as f32 / u32::MAX as f32 - 0.5
    });
    values.collect()
}

/// Prints the shortest time of a few, and the work in `unit` done in it.
fn time(name: &str, work: f64, unit: &str, mut run: impl FnMut()) {
    let wanted = std::env::args()
        .skip(1)
        .find(|a| !a.starts_with("--"))
        .unwrap_or_default();
    if !name.contains(&wanted) {
        return;
    }
    let mut best = f64::INFINITY;
    let begin = Instant::now();
    let mut runs = 0;
    while runs < 3 || (begin.elapsed().as_secs_f64() < 0.15 && runs < 100) {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed().as_secs_f64());
        runs += 1;
    }
    println!(
        "{name:56} {:9.3} ms {:7.1} {unit}",
        best * 1e3,
        work / best * 1e-9
    );
}

/// A convolution, with rectifier and pooling behind it where `pooled`; the work counted is that of its plain products.
fn convolution(
    name: &str,
    input: Shape,
    (size, stride): (usize, usize),
    filters: usize,
    pooled: bool,
) {
    let padding = Padding::Same;
    let window = Window {
        size,
        stride,
        padding,
    };
    let conv = Conv2d {
        batch: BATCH,
        input,
        window,
        filters,
    };
    let block = ConvBlock {
        conv,
        pool: pooled.then_some(Pool {
            size: 2,
            rectified: true,
        }),
    };
    let x = noise(BATCH * input.len());
    let mut dx = x.clone();
    let mut y = noise(BATCH * block.output().len());
    let dy = y.clone();
    let mut places = vec![0; if pooled { y.len() } else { 0 }];
    let kernel = noise(conv.taps() * filters);
    let mut dw = kernel.clone();
    let (bias, mut db) = (noise(filters), noise(filters));
    let work = 2.0 * (BATCH * conv.output().len() * conv.taps()) as f64;
    let how = block.algorithm_name();
    let what = |part: &str| format!("{name} {input} k{size} s{stride} {filters} {how} {part}");
    time(&what("forward"), work, "GFLOP/s", || {
        conv_block::forward(&block, &x, (&kernel, &bias), &mut y, &mut places);
    });
    let by_block = || BlockGradient {
        gradient: &dy,
        places: &places,
    };
    time(&what("by parameters"), work, "GFLOP/s", || {
        let wanted = Gradients {
            parameters: Some((&mut dw, &mut db)),
            input: None,
        };
        conv_block::gradients(&block, &x, &kernel, by_block(), wanted);
    });
    time(&what("by both"), 2.0 * work, "GFLOP/s", || {
        let wanted = Gradients {
            parameters: Some((&mut dw, &mut db)),
            input: Some(&mut dx),
        };
        conv_block::gradients(&block, &x, &kernel, by_block(), wanted);
    });
}

fn fully_connected(name: &str, inputs: usize, units: usize) {
    let shape = Dense {
        batch: BATCH,
        inputs,
        units,
    };
    let (x, kernel) = (noise(BATCH * inputs), noise(inputs * units));
    let (mut dx, mut dw) = (x.clone(), kernel.clone());
    let mut y = noise(BATCH * units);
    let dy = y.clone();
    let (bias, mut db) = (noise(units), noise(units));
    let work = 2.0 * (BATCH * inputs * units) as f64;
    let what = |part: &str| format!("{name} {inputs} to {units} {part}");
    time(&what("forward"), work, "GFLOP/s", || {
        dense::forward(&shape, &x, &kernel, &bias, &mut y)
    });
    time(&what("by parameters"), work, "GFLOP/s", || {
        dense::parameter_gradient(&shape, &x, &dy, &mut dw, &mut db);
    });
    time(&what("by input"), work, "GFLOP/s", || {
        dense::input_gradient(&shape, &dy, &kernel, &mut dx);
    });
}

fn elementwise(name: &str, shape: Shape) {
    let length = BATCH * shape.len();
    let bytes = 4.0 * length as f64;
    let what = |part: &str| format!("{name} {shape} {part}");
    let (x, mut y) = (noise(length), noise(length));
    let channels = noise(shape.channels);
    let (mut a, mut b) = (channels.clone(), channels.clone());
    time(&what("moments"), bytes, "GB/s", || {
        batch_norm::moments(&x, &mut a, &mut b)
    });
    let norm = BatchNorm {
        gamma: &channels,
        beta: &channels,
        mean: &channels,
        variance: &vec![1.0; shape.channels],
        epsilon: 1e-3,
        rectified: false,
    };
    time(&what("batch norm forward"), 2.0 * bytes, "GB/s", || {
        batch_norm::forward(&norm, &x, &mut y)
    });
    time(
        &what("batch norm by parameters"),
        2.0 * bytes,
        "GB/s",
        || {
            batch_norm::parameter_gradient(&norm, &x, &y, &mut a, &mut b);
        },
    );
    time(&what("batch norm by input"), 3.0 * bytes, "GB/s", || {
        batch_norm::training_input_gradient(&norm, &x, &channels, &channels, &mut y);
    });
    time(&what("relu forward"), 2.0 * bytes, "GB/s", || {
        relu::forward(&mut y)
    });
    time(&what("relu by input"), 3.0 * bytes, "GB/s", || {
        relu::gradient(&x, &mut y)
    });
    time(&what("dropout"), 2.0 * bytes, "GB/s", || {
        dropout::apply(3, 0.001, &mut y)
    });
    let pool = MaxPool2d {
        batch: BATCH,
        input: shape,
        size: 2,
    };
    let mut pooled = noise(BATCH * pool.output().len());
    let mut places = vec![0; pooled.len()];
    time(&what("pool forward"), 1.4 * bytes, "GB/s", || {
        max_pool2d::forward(&pool, &x, &mut pooled, &mut places);
    });
    time(&what("pool by input"), 1.4 * bytes, "GB/s", || {
        max_pool2d::gradient(&pool, &pooled, &places, &mut y);
    });
}

fn main() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    println!("1 thread, {}", tier_name());
    pool.expect("a thread starts").install(|| {
        convolution("conv1", Shape::new(28, 28, 1), (2, 1), 16, true);
        convolution("conv2", Shape::new(14, 14, 16), (2, 1), 16, true);
        convolution("bn4.2", Shape::new(28, 28, 16), (3, 2), 128, false);
        convolution("bn4.3", Shape::new(14, 14, 128), (3, 2), 128, false);
        convolution("bn4.4", Shape::new(7, 7, 128), (3, 2), 128, false);
        convolution("slim1", Shape::new(28, 28, 1), (3, 1), 32, true);
        convolution("slim2", Shape::new(14, 14, 32), (3, 1), 64, true);
        convolution("slim3", Shape::new(7, 7, 64), (3, 1), 128, true);
        convolution("wide1", Shape::new(28, 28, 1), (3, 1), 128, true);
        convolution("wide2", Shape::new(14, 14, 128), (3, 1), 256, true);
        convolution("wide3", Shape::new(7, 7, 256), (3, 1), 512, true);
        fully_connected("dense2", 784, 512);
        fully_connected("dense4", 128, 128);
        fully_connected("wide", 4608, 1024);
        elementwise("bn4.1", Shape::new(28, 28, 16));
        elementwise("bn4.2", Shape::new(14, 14, 128));
        let length = 1_213_450;
        let (mut p, g) = (noise(length), noise(length));
        let (mut squares, mut updates) = (vec![0.0; length], vec![0.0; length]);
        time("adadelta", 28.0 * length as f64, "GB/s", || {
            adadelta::step(&Adadelta::default(), &mut p, &g, &mut squares, &mut updates);
        });
    });
}
