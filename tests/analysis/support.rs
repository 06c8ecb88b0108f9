//! Small networks with chosen weights.

// Each test file uses its own part of this module.
#![allow(dead_code, reason = "each test program needs a part of it")]

use std::sync::Arc;

use convscope::data::{Pixels, Split};
use convscope::network::{CheckedNetwork, Model, NetworkSpec};
use convscope::ops::Flow;
use convscope::shape::Shape;

/// A network of these layers (as YAML's flow style writes them) with weights from a seed; biases that differ keep
/// its ReLUs alive.
pub fn model(input: [usize; 3], classes: usize, layers: &str) -> Model {
    let text = format!("name: test\ninput: {input:?}\nclasses: {classes}\nlayers: [{layers}]");
    let spec: NetworkSpec = serde_yaml::from_str(&text).unwrap();
    let mut model = Model::new(Arc::new(CheckedNetwork::new(&spec).unwrap()), 3);
    change(&mut model, "bias", |values| {
        let count = values.len();
        values.copy_from_slice(&image(11, count));
    });
    model
}

/// Changes every weight tensor whose name ends with `name`.
pub fn change(model: &mut Model, name: &str, mut change: impl FnMut(&mut [f32])) {
    let mut weights = model.export();
    for weight in weights.iter_mut().filter(|w| w.name.ends_with(name)) {
        change(&mut weight.values);
    }
    model.import(&weights).unwrap();
}

/// One weight tensor, by its full name.
pub fn weight(model: &Model, name: &str) -> Vec<f32> {
    let found = model.export().into_iter().find(|w| w.name == name);
    found.unwrap_or_else(|| panic!("no weight {name}")).values
}

/// Numbers in (-1, 1) that look random, the same for the same seed.
pub fn noise(seed: u64, length: usize) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0
        })
        .collect()
}

/// An image of numbers in (0, 1).
pub fn image(seed: u64, length: usize) -> Vec<f32> {
    noise(seed, length).iter().map(|v| 0.5 + 0.5 * v).collect()
}

/// Images of bytes that look random.
pub fn split(shape: Shape, images: usize, classes: u16) -> Split {
    let pixels = noise(5, images * shape.len());
    let pixels = pixels.iter().map(|v| (127.5 + 127.5 * v) as u8).collect();
    let labels = (0..images).map(|i| (i * 7 % 11) as u16 % classes).collect();
    Split::new(shape, Pixels::U8(pixels), labels)
}

/// The scores before softmax of one image.
pub fn scores(model: &mut Model, image: &[f32]) -> Vec<f32> {
    let input = model.input(1, |input| input.copy_from_slice(image));
    let flow = model.forward(Flow::inference(input), None, |_, _| {});
    flow.values().to_vec()
}

/// What comes out of layer `layer` for one image.
pub fn layer_output(model: &mut Model, image: &[f32], layer: usize) -> Vec<f32> {
    let input = model.input(1, |input| input.copy_from_slice(image));
    let mut kept = Vec::new();
    model.forward(Flow::inference(input), None, |index, flow| {
        if index == layer {
            kept = flow.values().to_vec();
        }
    });
    kept
}

/// Fails with the first place where two lists differ by more than `tolerance`.
#[track_caller]
pub fn close(got: &[f32], expected: &[f32], tolerance: f32) {
    assert_eq!(got.len(), expected.len(), "number of values");
    for (index, (got, expected)) in got.iter().zip(expected).enumerate() {
        assert!(
            (got - expected).abs() <= tolerance,
            "[{index}]: expected {expected}, got {got} (tolerance {tolerance:e})"
        );
    }
}
