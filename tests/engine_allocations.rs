//! A training step reuses the buffers of the steps before it: it allocates nothing large.

#![allow(unsafe_code, reason = "an allocator that counts is one")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use convscope::ops::{self, Flow, Vector, Workspace};
use convscope::shape::{Padding, Shape, Window};

/// The system's allocator, and the largest allocation since [`LARGEST`] was last set to zero.
struct Watched;

static LARGEST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is handed on to the system's allocator.
unsafe impl GlobalAlloc for Watched {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LARGEST.fetch_max(layout.size(), Ordering::Relaxed);
        // SAFETY: as promised by the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as promised by the caller.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Watched = Watched;

#[test]
fn steps_allocate_nothing_large() {
    const BATCH: usize = 64;
    let window = Window {
        size: 3,
        stride: 1,
        padding: Padding::Same,
    };
    let lengths = [
        9 * 32,
        32,
        32,
        32,
        9 * 32 * 64,
        64,
        7 * 7 * 64 * 256,
        256,
        256 * 10,
        10,
    ];
    let parameters = lengths.map(|length| ops::vector(vec![0.01; length]));
    let [mut mean, mut variance]: [Vector; 2] = [0.0, 1.0].map(|v| ops::vector(vec![v; 32]));
    let workspace = Workspace::new();
    let mut step = |batch: usize| {
        let input = workspace.input(batch, Shape::new(28, 28, 1), |pixels| pixels.fill(0.5));
        let [k1, b1, gamma, beta, k2, b2, k3, b3, k4, b4] = &parameters;
        let mut flow = ops::conv2d(Flow::training(input), window, 32, k1, b1);
        flow = ops::batch_norm_training(flow, gamma, beta, &mut mean, &mut variance, 0.99, 1e-3);
        flow = ops::max_pool2d(ops::relu(flow), 2);
        flow = ops::max_pool2d(ops::relu(ops::conv2d(flow, window, 64, k2, b2)), 2);
        flow = ops::relu(ops::dense(ops::flatten(flow), 256, k3, b3));
        flow = ops::dense(ops::dropout(flow, 0.5, 3), 10, k4, b4);
        let mut gradients = ops::softmax_cross_entropy(flow, &vec![1; batch]).backward();
        gradients.of(k3)[0]
    };
    // One thread, so that the first steps meet every buffer that a later one uses.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    pool.expect("a thread starts").install(|| {
        step(BATCH);
        step(BATCH);
        LARGEST.store(0, Ordering::Relaxed);
        step(BATCH);
        step(BATCH - 5);
        step(BATCH);
    });
    let largest = LARGEST.load(Ordering::Relaxed);
    assert!(
        largest < 128 * 1024,
        "a step allocated {largest} bytes at once"
    );
}
