//! Passes through networks with blocks.

use std::sync::Arc;

use super::super::tests::blocks::{NESTED, spec};
use super::*;
use crate::ops::Flow;

/// Each layer's values once more, layer by layer from its own inputs.
#[test]
fn a_pass_runs_each_layer_on_its_own_inputs() {
    let checked = Arc::new(CheckedNetwork::new(&spec(NESTED)).unwrap());
    let mut model = Model::new(checked.clone(), 5);
    let images: Vec<f32> = (0..3 * 192)
        .map(|i| ((i * 7919) % 256) as f32 / 255.0)
        .collect();
    let mut outputs: Vec<Vec<f32>> = vec![Vec::new(); checked.layers().len()];
    model.observe(&images, |layer, _, values| outputs[layer] = values.to_vec());
    for (index, layer) in checked.layers().iter().enumerate() {
        let inputs: Vec<&[f32]> = layer
            .inputs
            .iter()
            .map(|input| input.layer.map_or(&images[..], |layer| &outputs[layer]))
            .collect();
        let expected: Vec<f32> = if layer.is_sum() {
            (0..outputs[index].len())
                .map(|i| {
                    inputs
                        .iter()
                        .skip(1)
                        .fold(inputs[0][i], |sum, path| sum + path[i])
                })
                .collect()
        } else if layer.layer.joins().is_some() {
            let places = 3 * layer.output.height * layer.output.width;
            let of_place = |place: usize| {
                let paths = inputs.iter().zip(&layer.inputs);
                paths.flat_map(move |(values, input)| {
                    values[place * input.shape.channels..][..input.shape.channels].to_vec()
                })
            };
            (0..places).flat_map(of_place).collect()
        } else {
            continue;
        };
        assert_eq!(outputs[index], expected, "{}", layer.name);
    }
    // Only what leads there is run, and gives the same.
    for (index, layer) in checked.layers().iter().enumerate() {
        let input = model.input(3, |input| input.copy_from_slice(&images));
        let mut ran = Vec::new();
        let flow = model.forward_through(0..index + 1, Flow::inference(input), None, |at, _| {
            ran.push(at);
        });
        assert_eq!(flow.values(), outputs[index], "{}", layer.name);
        let mut needed = vec![index];
        let mut next = 0;
        while let Some(layer) = needed.get(next).copied() {
            needed.extend(
                checked.layers()[layer]
                    .inputs
                    .iter()
                    .filter_map(|input| input.layer),
            );
            next += 1;
        }
        needed.sort_unstable();
        needed.dedup();
        assert_eq!(ran, needed, "{}", layer.name);
    }
}

/// The gradient of every weight and of the image against central differences, in prediction, for each output value's sum.
#[test]
fn gradients_run_back_through_all_paths() {
    let text = NESTED
        .replace("max_pool2d", "avg_pool2d")
        .replace("relu", "gelu");
    let checked = Arc::new(CheckedNetwork::new(&spec(&text)).unwrap());
    let mut model = Model::new(checked.clone(), 5);
    let images: Vec<f32> = (0..192)
        .map(|i| ((i * 7919) % 256) as f32 / 255.0)
        .collect();
    let weighing: Vec<f32> = vec![0.5, -1.0, 2.0, 0.25];
    let value = |model: &mut Model, images: &[f32]| -> f64 {
        let input = model.input(1, |input| input.copy_from_slice(images));
        let flow = model.forward(Flow::inference(input), None, |_, _| {});
        let terms = flow.values().iter().zip(&weighing);
        terms.map(|(value, weight)| f64::from(value * weight)).sum()
    };
    let input = model.input(1, |input| input.copy_from_slice(&images));
    let flow = model.forward(Flow::training_with_input_gradient(input), None, |_, _| {});
    let mut gradients = ops::backward_from(flow, &weighing);
    let step = 1e-2;
    let close = |analytic: f32, difference: f64, what: &str| {
        let error = (f64::from(analytic) - difference).abs();
        assert!(
            error < 2e-3 + 1e-2 * difference.abs(),
            "{what}: {analytic} for {difference}"
        );
    };
    for pixel in (0..192).step_by(7) {
        let mut moved = images.clone();
        moved[pixel] += step;
        let up = value(&mut model, &moved);
        moved[pixel] -= 2.0 * step;
        let down = value(&mut model, &moved);
        let difference = (up - down) / f64::from(2.0 * step);
        close(gradients.input()[pixel], difference, "pixel");
    }
    let all: Vec<Vec<f32>> = model
        .trainable_mut()
        .map(|vector| gradients.of(vector).to_vec())
        .collect();
    assert!(
        all.iter()
            .all(|gradient| gradient.iter().any(|value| *value != 0.0))
    );
    for (tensor, analytic) in all.iter().enumerate() {
        for place in (0..analytic.len()).step_by(1 + analytic.len() / 5) {
            let at = |change: f32| {
                let mut changed = model.clone();
                let vector = changed.trainable_mut().nth(tensor).unwrap();
                ops::values_mut(vector)[place] += change;
                value(&mut changed, &images)
            };
            let difference = (at(step) - at(-step)) / f64::from(2.0 * step);
            close(
                analytic[place],
                difference,
                &format!("weight {place} of tensor {tensor}"),
            );
        }
    }
}
