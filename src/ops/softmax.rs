//! Softmax, and the loss of a classifier.

use super::{Flow, ParameterGradients};
use crate::kernels::{label_smoothing, softmax as kernel_of};

/// Probabilities from logits, along the channels. For inference only: gradients go through [`softmax_cross_entropy`].
pub fn softmax(flow: Flow) -> Flow {
    let classes = flow.shape().channels;
    flow.settled()
        .changed(|values| kernel_of::softmax(classes, values))
}

/// Index of the largest value, the first of equals.
pub fn most_probable(row: &[f32]) -> usize {
    let mut best = 0;
    for (index, value) in row.iter().enumerate() {
        if *value > row[best] {
            best = index;
        }
    }
    best
}

/// How well a batch was classified.
pub struct Loss {
    /// Mean cross-entropy over the images, in nats; times their weights, if they have some.
    pub mean: f32,
    /// Cross-entropy of each image, in nats; times its weight, if it has one.
    pub images: Vec<f32>,
    /// Images whose largest logit (the first of equals) is at the label.
    pub correct: usize,
    flow: Flow,
}

impl Loss {
    /// The gradients of the mean loss.
    ///
    /// # Panics
    /// If the flow began with [`Flow::inference`].
    pub fn backward(self) -> ParameterGradients {
        self.flow.backward()
    }
}

/// The cross-entropy of softmax(logits) `[batch, 1, 1, classes]` with one label per image.
///
/// # Panics
/// If there is not one label below `classes` for each image.
pub fn softmax_cross_entropy(flow: Flow, labels: &[u16]) -> Loss {
    smoothed_cross_entropy(flow, labels, 0.0)
}

/// The cross-entropy of softmax(logits) with labels of which the share `smoothing` is spread evenly over all classes, as Keras's
/// `label_smoothing` does.
///
/// # Panics
/// If there is not one label below `classes` for each image.
pub fn smoothed_cross_entropy(flow: Flow, labels: &[u16], smoothing: f32) -> Loss {
    weighted_cross_entropy(flow, labels, smoothing, &[])
}

/// The same with the loss of each image times the weight of its class, if there are weights.
///
/// # Panics
/// If there is not one label below `classes` for each image, or not one weight for each class.
pub fn weighted_cross_entropy(
    flow: Flow,
    labels: &[u16],
    smoothing: f32,
    class_weights: &[f32],
) -> Loss {
    let mut flow = flow.settled();
    let (batch, classes) = (flow.batch(), flow.shape().len());
    assert_eq!(labels.len(), batch, "one label for each image");
    assert!(
        labels.iter().all(|label| usize::from(*label) < classes),
        "labels are below the number of classes"
    );
    let length = batch * classes;
    let workspace = flow.workspace().clone();
    let mut gradient = workspace.values(length);
    let mut images = vec![0.0; batch];
    let correct = kernel_of::softmax_cross_entropy(
        classes,
        flow.values(),
        labels,
        &mut images,
        &mut gradient[..length],
    );
    if smoothing > 0.0 {
        label_smoothing::apply(
            smoothing,
            flow.values(),
            labels,
            &mut images,
            &mut gradient[..length],
        );
    }
    if !class_weights.is_empty() {
        assert_eq!(class_weights.len(), classes, "one weight for each class");
        let rows = gradient[..length].chunks_exact_mut(classes);
        for ((loss, row), label) in images.iter_mut().zip(rows).zip(labels) {
            let weight = class_weights[usize::from(*label)];
            *loss *= weight;
            row.iter_mut().for_each(|value| *value *= weight);
        }
    }
    if flow.needs_gradient() {
        flow.record("loss", &[], move |backward| backward.put(gradient));
    } else {
        workspace.give_back_values(gradient);
    }
    let sum: f64 = images.iter().map(|loss| f64::from(*loss)).sum();
    Loss {
        mean: (sum / batch as f64) as f32,
        images,
        correct,
        flow,
    }
}
