//! Single kernels on the presets' shapes, one thread, batches of 128.
//!
//! `cargo bench --bench kernels [-- FILTER]`. An element is a floating-point operation of the plain algorithm, so that Gelem/s are
//! GFLOP/s; an algorithm that needs fewer may show more than the machine can do. Bytes are counted for reading and writing.

use std::time::Duration;

use convscope::kernels::{
    Adadelta, BatchNorm, BlockGradient, Conv2d, ConvBlock, Dense, Gradients, MaxPool2d, Pool,
    adadelta, batch_norm, conv_block, dense, dropout, max_pool2d, relu, tier_name,
};
use convscope::shape::{Padding, Shape, Window};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput};

const BATCH: usize = 128;

fn noise(length: usize) -> Vec<f32> {
    let mut state = length as u32 | 1;
    let values = (0..length).map(|_| {
        state = state.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
        state as f32 / u32::MAX as f32 - 0.5
    });
    values.collect()
}

/// Kernels on one shape.
struct Kernels<'a>(BenchmarkGroup<'a, WallTime>);

impl<'a> Kernels<'a> {
    fn new(criterion: &'a mut Criterion, name: String) -> Self {
        let mut group = criterion.benchmark_group(name);
        // Criterion's own choice, samples of ever more runs, would make 55 runs of even the slowest kernels.
        group.sampling_mode(SamplingMode::Flat);
        Self(group)
    }

    /// A multiply-add is two operations.
    fn products(&mut self, name: &str, multiplications: usize, run: impl FnMut()) {
        self.time(name, Throughput::Elements(2 * multiplications as u64), run);
    }

    fn bytes(&mut self, name: &str, bytes: usize, run: impl FnMut()) {
        self.time(name, Throughput::BytesDecimal(bytes as u64), run);
    }

    fn time(&mut self, name: &str, work: Throughput, mut run: impl FnMut()) {
        let group = self.0.throughput(work);
        group.bench_function(name, |bencher| bencher.iter(&mut run));
    }
}

fn conv(input: [usize; 3], size: usize, stride: usize, filters: usize) -> Conv2d {
    let [height, width, channels] = input;
    Conv2d {
        batch: BATCH,
        input: Shape::new(height, width, channels),
        window: Window {
            size,
            stride,
            padding: Padding::Same,
        },
        filters,
    }
}

/// The convolution alone, or followed by rectifier and pooling.
fn convolution(criterion: &mut Criterion, name: &str, conv: Conv2d, pool: Option<Pool>) {
    let Window { size, stride, .. } = conv.window;
    let (input, filters) = (conv.input, conv.filters);
    let block = ConvBlock { conv, pool };
    let x = noise(BATCH * input.len());
    let mut dx = x.clone();
    let mut y = noise(BATCH * block.output().len());
    let dy = y.clone();
    let mut places = vec![0; pool.map_or(0, |_| y.len())];
    let kernel = noise(conv.taps() * filters);
    let mut dw = kernel.clone();
    let (bias, mut db) = (noise(filters), noise(filters));
    let products = BATCH * conv.output().len() * conv.taps();
    // Without the algorithm, so that a run with another one is compared with this one.
    let name = format!("{name} {input} k{size} s{stride} {filters}");
    let mut kernels = Kernels::new(criterion, name);
    kernels.products("forward", products, || {
        conv_block::forward(&block, &x, (&kernel, &bias), &mut y, &mut places);
    });
    let by_block = || BlockGradient {
        gradient: &dy,
        places: &places,
    };
    kernels.products("by parameters", products, || {
        let wanted = Gradients {
            parameters: Some((&mut dw, &mut db)),
            input: None,
        };
        conv_block::gradients(&block, &x, &kernel, by_block(), wanted);
    });
    kernels.products("by both", 2 * products, || {
        let wanted = Gradients {
            parameters: Some((&mut dw, &mut db)),
            input: Some(&mut dx),
        };
        conv_block::gradients(&block, &x, &kernel, by_block(), wanted);
    });
}

fn fully_connected(criterion: &mut Criterion, name: &str, inputs: usize, units: usize) {
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
    let products = BATCH * inputs * units;
    let mut kernels = Kernels::new(criterion, format!("{name} {inputs} to {units}"));
    kernels.products("forward", products, || {
        dense::forward(&shape, &x, &kernel, &bias, &mut y);
    });
    kernels.products("by parameters", products, || {
        dense::parameter_gradient(&shape, &x, &dy, &mut dw, &mut db);
    });
    kernels.products("by input", products, || {
        dense::input_gradient(&shape, &dy, &kernel, &mut dx);
    });
}

fn elementwise(criterion: &mut Criterion, name: &str, shape: Shape) {
    let length = BATCH * shape.len();
    let bytes = 4 * length;
    let (x, mut y) = (noise(length), noise(length));
    let channels = noise(shape.channels);
    let (mut a, mut b) = (channels.clone(), channels.clone());
    let mut kernels = Kernels::new(criterion, format!("{name} {shape}"));
    kernels.bytes("moments", bytes, || {
        batch_norm::moments(&x, &mut a, &mut b);
    });
    let norm = BatchNorm {
        gamma: &channels,
        beta: &channels,
        mean: &channels,
        variance: &vec![1.0; shape.channels],
        epsilon: 1e-3,
        rectified: false,
    };
    kernels.bytes("batch norm forward", 2 * bytes, || {
        batch_norm::forward(&norm, &x, &mut y);
    });
    kernels.bytes("batch norm by parameters", 2 * bytes, || {
        batch_norm::parameter_gradient(&norm, &x, &y, &mut a, &mut b);
    });
    kernels.bytes("batch norm by input", 3 * bytes, || {
        batch_norm::training_input_gradient(&norm, &x, &channels, &channels, &mut y);
    });
    kernels.bytes("relu forward", 2 * bytes, || relu::forward(&mut y));
    kernels.bytes("relu by input", 3 * bytes, || relu::gradient(&x, &mut y));
    kernels.bytes("dropout", 2 * bytes, || dropout::apply(3, 0.001, &mut y));
    let pool = MaxPool2d {
        batch: BATCH,
        input: shape,
        size: 2,
    };
    let mut pooled = noise(BATCH * pool.output().len());
    let mut places = vec![0; pooled.len()];
    let bytes = bytes + 5 * pooled.len();
    kernels.bytes("pool forward", bytes, || {
        max_pool2d::forward(&pool, &x, &mut pooled, &mut places);
    });
    kernels.bytes("pool by input", bytes, || {
        max_pool2d::gradient(&pool, &pooled, &places, &mut y);
    });
}

fn optimizer(criterion: &mut Criterion, length: usize) {
    let (mut p, g) = (noise(length), noise(length));
    let (mut squares, mut updates) = (vec![0.0; length], vec![0.0; length]);
    Kernels::new(criterion, format!("adadelta {length}")).bytes("step", 28 * length, || {
        adadelta::step(&Adadelta::default(), &mut p, &g, &mut squares, &mut updates);
    });
}

fn main() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1);
    let pool = pool.use_current_thread().build_global();
    pool.expect("this thread is in no pool yet");
    println!("1 thread, {}", tier_name());
    let criterion = &mut Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(1))
        .sample_size(10)
        .without_plots()
        .configure_from_args();
    let pooled = Some(Pool {
        size: 2,
        rectified: true,
    });
    convolution(criterion, "conv1", conv([28, 28, 1], 2, 1, 16), pooled);
    convolution(criterion, "conv2", conv([14, 14, 16], 2, 1, 16), pooled);
    convolution(criterion, "bn4.2", conv([28, 28, 16], 3, 2, 128), None);
    convolution(criterion, "bn4.3", conv([14, 14, 128], 3, 2, 128), None);
    convolution(criterion, "bn4.4", conv([7, 7, 128], 3, 2, 128), None);
    convolution(criterion, "slim1", conv([28, 28, 1], 3, 1, 32), pooled);
    convolution(criterion, "slim2", conv([14, 14, 32], 3, 1, 64), pooled);
    convolution(criterion, "slim3", conv([7, 7, 64], 3, 1, 128), pooled);
    convolution(criterion, "wide1", conv([28, 28, 1], 3, 1, 128), pooled);
    convolution(criterion, "wide2", conv([14, 14, 128], 3, 1, 256), pooled);
    convolution(criterion, "wide3", conv([7, 7, 256], 3, 1, 512), pooled);
    fully_connected(criterion, "dense2", 784, 512);
    fully_connected(criterion, "dense4", 128, 128);
    fully_connected(criterion, "wide", 4608, 1024);
    elementwise(criterion, "bn4.1", Shape::new(28, 28, 16));
    elementwise(criterion, "bn4.2", Shape::new(14, 14, 128));
    optimizer(criterion, 1_213_450);
}
