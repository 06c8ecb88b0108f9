//! Scores of one class and their gradients with respect to the pixels, for many images per pass.

use crate::network::Model;
use crate::ops::{self, Flow, Input};

/// Pixel values per pass: 64 images of 28×28, one of 512×512.
const VALUES: usize = 65_536;
/// Images per pass; more are not faster.
const IMAGES: usize = 64;

/// The score and the probability of `class` for one image.
pub(super) fn score(model: &mut Model, image: &[f32], class: usize) -> (f32, f32) {
    let input = model.input(1, |input| input.copy_from_slice(image));
    let scores = model.forward(Flow::inference(input), None, |_, _| {});
    let score = scores.values()[class];
    (score, ops::softmax(scores).values()[class])
}

/// The scores of `class` for `count` images, which `fill` makes from their number.
pub(super) fn scores(
    model: &mut Model,
    class: usize,
    count: usize,
    mut fill: impl FnMut(usize, &mut [f32]),
) -> Vec<f32> {
    let mut found = Vec::with_capacity(count);
    while found.len() < count {
        let input = next_input(model, found.len(), count, &mut fill);
        let scores = model.forward(Flow::inference(input), None, |_, _| {});
        let classes = scores.shape().len();
        found.extend(scores.values().iter().skip(class).step_by(classes));
    }
    found
}

/// The sum over `count` images, which `fill` makes from their number, of the gradient of the score of `class` by the pixels.
pub(super) fn summed_gradient(
    model: &mut Model,
    class: usize,
    count: usize,
    mut fill: impl FnMut(usize, &mut [f32]),
) -> Vec<f64> {
    let spec = model.network().spec();
    let (length, classes) = (spec.input.len(), spec.classes);
    let mut sum = vec![0.0; length];
    let mut done = 0;
    while done < count {
        let input = next_input(model, done, count, &mut fill);
        let flow = Flow::training_with_input_gradient(input).with_trainable(false);
        let scores = model.forward(flow, None, |_, _| {});
        let batch = scores.batch();
        let mut start = vec![0.0; batch * classes];
        start
            .iter_mut()
            .skip(class)
            .step_by(classes)
            .for_each(|one| *one = 1.0);
        let mut gradients = ops::backward_from(scores, &start);
        for gradient in gradients.input()[..batch * length].chunks_exact(length) {
            for (sum, gradient) in sum.iter_mut().zip(gradient) {
                *sum += f64::from(*gradient);
            }
        }
        done += batch;
    }
    sum
}

/// The images from number `done` on, as many as fit a pass.
fn next_input(
    model: &Model,
    done: usize,
    count: usize,
    fill: &mut impl FnMut(usize, &mut [f32]),
) -> Input {
    let length = model.network().spec().input.len();
    let batch = (VALUES / length).clamp(1, IMAGES).min(count - done);
    model.input(batch, |input| {
        for (number, image) in input.chunks_exact_mut(length).enumerate() {
            fill(done + number, image);
        }
    })
}
