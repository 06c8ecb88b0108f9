//! The health of networks that are made ill on purpose.

use crate::support::{change, image, model};
use convscope::analysis::health::{DeadUnits, Health, health, remarks};
use convscope::network::Model;
use convscope::ops::{self, Flow};

const LAYERS: &str = "conv2d: {filters: 4, kernel: 3}, batch_norm, relu, conv2d: {filters: 8, kernel: 3, stride: 2}, relu, \
                      flatten, dense: {units: 5, activation: relu}, classify";
const LABELS: [u16; 6] = [0, 1, 2, 0, 1, 2];

fn network() -> Model {
    let mut model = model([8, 8, 1], 3, LAYERS);
    change(&mut model, "dense/bias", |bias| bias.fill(3.0));
    model
}

fn look(model: &mut Model) -> (Health, Vec<String>) {
    let found = health(model, &image(3, 6 * 64), &LABELS);
    let said = remarks(model.network(), &found);
    (found, said.into_iter().map(|r| r.sentence).collect())
}

#[test]
fn a_healthy_network_gets_no_remark_and_is_left_as_it_was() {
    let mut model = network();
    let before = model.export();
    let (found, said) = look(&mut model);
    assert_eq!(model.export(), before);
    assert_eq!(said, [""; 0]);
    assert_eq!(found.images, 6);
    let names: Vec<_> = found.layers.iter().map(|l| l.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "conv2d",
            "batch_norm",
            "relu",
            "conv2d_1",
            "relu_1",
            "flatten",
            "dense",
            "classify"
        ]
    );
    let with = |has: fn(&convscope::analysis::health::LayerHealth) -> bool| -> Vec<usize> {
        (0..8).filter(|i| has(&found.layers[*i])).collect()
    };
    assert_eq!(with(|l| l.weights.is_some()), [0, 1, 3, 6, 7]);
    assert_eq!(with(|l| l.gradients.is_some()), [0, 1, 3, 6, 7]);
    assert_eq!(with(|l| l.dead.is_some()), [2, 4, 6]);
    assert_eq!(
        found.layers[3].weights.as_ref().unwrap().count,
        9 * 4 * 8 + 8
    );
    assert_eq!(
        found.layers[1].weights.as_ref().unwrap().count,
        8,
        "gamma and beta alone"
    );
    assert_eq!(found.layers[0].values.count, 6 * 64 * 4);
    assert_eq!(found.layers[2].values.least, 0.0);
}

#[test]
fn gradients_are_those_of_the_mean_loss() {
    let mut model = network();
    let (found, _) = look(&mut model);
    let images = image(3, 6 * 64);
    // Along the bias of the classifier: the mean of its gradient by central difference.
    let loss = |model: &mut Model, step: f32| {
        change(model, "dense_1/bias", |bias| bias[0] += step);
        let input = model.input(6, |input| input.copy_from_slice(&images));
        let scores = model.forward(Flow::inference(input), None, |_, _| {});
        let loss = ops::softmax_cross_entropy(scores, &LABELS);
        change(model, "dense_1/bias", |bias| bias[0] -= step);
        loss.images.iter().map(|l| f64::from(*l)).sum::<f64>() / 6.0
    };
    let step = 1.0 / 128.0;
    let by_bias = (loss(&mut model, step) - loss(&mut model, -step)) / (2.0 * f64::from(step));
    let gradients = found.layers[7].gradients.as_ref().unwrap();
    let (least, most) = (f64::from(gradients.least), f64::from(gradients.most));
    assert!(by_bias.abs() > 0.01, "a gradient of zero tests nothing");
    assert!(
        (least - 1e-3..=most + 1e-3).contains(&by_bias),
        "{by_bias} not in {least} to {most}"
    );
    // Softmax's gradients by the biases add up to 0, and so do those by each input's weights.
    assert!(gradients.mean.abs() < 1e-6, "{}", gradients.mean);
}

#[test]
fn dead_filters_are_counted_and_named_by_their_convolution() {
    let mut model = network();
    change(&mut model, "conv2d_1/bias", |bias| bias[..5].fill(-1e3));
    let (found, said) = look(&mut model);
    let dead = found.layers[4].dead.unwrap();
    assert_eq!(
        (dead.filters, dead.dead_filters, dead.units),
        (8, 5, 4 * 4 * 8)
    );
    assert!(dead.dead_units >= 5 * 16);
    assert_eq!(
        said[0],
        "conv2d_1: 62 % of its filters never fire on these 6 images"
    );
}

#[test]
fn a_wholly_dead_layer_stops_the_gradient() {
    let mut model = network();
    change(&mut model, "dense/bias", |bias| bias.fill(-1e3));
    let (found, said) = look(&mut model);
    assert_eq!(
        found.layers[6].dead,
        Some(DeadUnits {
            units: 5,
            dead_units: 5,
            filters: 5,
            dead_filters: 5
        })
    );
    assert_eq!(
        said,
        [
            "conv2d: no gradient reaches its weights, so it does not learn",
            "batch_norm: no gradient reaches its weights, so it does not learn",
            "conv2d_1: no gradient reaches its weights, so it does not learn",
            "dense: none of its units fires on these 6 images, so no layer before it can learn",
            "dense: no gradient reaches its weights, so it does not learn",
        ]
    );
}

#[test]
fn weights_that_are_no_numbers_are_told_of() {
    let mut model = network();
    change(&mut model, "conv2d_1/kernel", |kernel| {
        kernel[..3].fill(f32::NAN)
    });
    let (_, said) = look(&mut model);
    assert!(
        said[0].starts_with("conv2d_1: 3 of its 296 weights are not finite"),
        "{said:?}"
    );
}

#[test]
fn large_values_and_faint_gradients_are_told_of() {
    let mut model = network();
    change(&mut model, "conv2d_1/kernel", |kernel| {
        kernel.iter_mut().for_each(|w| *w *= 1e5)
    });
    let (_, said) = look(&mut model);
    assert!(
        said.iter()
            .any(|s| s.starts_with("conv2d_1: its values are very large")),
        "{said:?}"
    );
    let mut model = network();
    // What reaches the first layers is a millionth of itself.
    change(&mut model, "dense/kernel", |kernel| {
        kernel.iter_mut().for_each(|w| *w *= 1e-7)
    });
    let (_, said) = look(&mut model);
    assert!(
        said.iter().any(
            |s| s.starts_with("conv2d: its gradient is ") && s.ends_with("so it hardly learns")
        ),
        "{said:?}"
    );
}
