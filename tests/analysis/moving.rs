//! Moving statistics, and how much of them is what they began with.

use crate::support::model as any;
use convscope::network::Model;
use convscope::ops::{self, Flow};

fn model(batch_norm: &str) -> Model {
    any([28, 28, 1], 10, &format!("{batch_norm}, flatten, classify"))
}

/// Images of which half the values are above the mean by 0.25 and half below.
fn batch(mean: f32) -> Vec<f32> {
    let values = [mean - 0.25, mean + 0.25].into_iter().cycle();
    values.take(2 * 28 * 28).collect()
}

fn step(model: &mut Model, mean: f32) {
    let input = model.input(2, |input| input.copy_from_slice(&batch(mean)));
    model.forward(Flow::training(input), Some(1), |_, _| {});
}

fn statistics(model: &Model) -> [f32; 2] {
    let values: Vec<f32> = model
        .layer_weights(0)
        .map(|(_, values)| values[0])
        .collect();
    [values[2], values[3]]
}

#[test]
fn corrected_statistics_are_the_others_without_their_start() {
    let mut plain = model("batch_norm: {momentum: 0.9}");
    let mut corrected = model("batch_norm: {momentum: 0.9, corrected: true}");
    assert_eq!((plain.start_share(), corrected.start_share()), (1.0, 0.0));
    let means = [0.3, 0.6, 0.4, 0.55];
    for (number, mean) in means.into_iter().enumerate() {
        step(&mut plain, mean);
        step(&mut corrected, mean);
        let steps = number as i32 + 1;
        let share = 0.9f32.powi(steps);
        assert!((plain.start_share() - share).abs() < 1e-6);
        assert_eq!(corrected.start_share(), 0.0);
        // By the definition: the weighed mean of the batches so far.
        let weights = (0..=number).map(|step| 0.9f64.powi(steps - 1 - step as i32));
        let (mut sum, mut total) = (0.0, 0.0);
        for (weight, mean) in weights.zip(means) {
            sum += weight * f64::from(mean);
            total += weight;
        }
        let [mean, variance] = statistics(&corrected);
        assert!((f64::from(mean) - sum / total).abs() < 1e-6, "step {steps}");
        assert!((variance - 0.0625).abs() < 1e-6, "step {steps}");
        // And by what Keras has, without the mean 0 and the variance 1 that it begins with.
        let [moving_mean, moving_variance] = statistics(&plain);
        assert!((moving_mean / (1.0 - share) - mean).abs() < 1e-5);
        assert!(((moving_variance - share) / (1.0 - share) - variance).abs() < 1e-5);
    }
}

#[test]
fn the_share_goes_with_the_weights_until_it_is_nothing() {
    let mut first = model("batch_norm: {momentum: 0.5}");
    step(&mut first, 0.5);
    let weights = first.export();
    let last = weights.last().unwrap();
    assert_eq!(
        (last.name.as_str(), last.values[0]),
        ("batch_normalization/start_share", 0.5)
    );
    let mut second = model("batch_norm: {momentum: 0.5}");
    second.import(&weights).unwrap();
    assert_eq!(second.start_share(), 0.5);
    let mut kept = model("batch_norm: {momentum: 0.5}");
    kept.keep_matching(&second);
    assert_eq!(kept.start_share(), 0.5);

    // Half of the share goes with each step; below a billionth nothing is left of it, and files have Keras's tensors alone.
    for _ in 0..29 {
        step(&mut first, 0.5);
    }
    assert_eq!(first.start_share(), 0.0);
    let names: Vec<String> = first
        .export()
        .into_iter()
        .map(|weight| weight.name)
        .collect();
    assert!(names.iter().all(|name| !name.ends_with("start_share")));
    // Of a file that does not say, such as Keras's, the statistics are taken as they are.
    second.import(&first.export()).unwrap();
    assert_eq!(second.start_share(), 0.0);
}

#[test]
fn scores_by_own_statistics_are_those_of_training_and_change_nothing() {
    let mut model = model("batch_norm");
    let before = model.export();
    let images = batch(0.6);
    let length = images.len() / 2;
    let own = model.scores_by_own_statistics(2, |range, input| {
        input.copy_from_slice(&images[range.start * length..range.end * length]);
    });
    let own = own.values().to_vec();
    assert_eq!(model.export(), before);
    let predicted = model.probabilities(&images);
    let input = model.input(2, |input| input.copy_from_slice(&images));
    let trained = model.forward(Flow::training(input), Some(1), |_, _| {});
    assert_eq!(trained.values(), own);
    assert_ne!(ops::softmax(trained).values(), predicted);
}

#[test]
fn frozen_statistics_stay_as_they_are() {
    let mut model = model("batch_norm");
    model.freeze(1);
    let before = model.export();
    step(&mut model, 0.3);
    assert_eq!(model.export(), before);
    assert_eq!(model.start_share(), 1.0);
}
