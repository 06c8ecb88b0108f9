//! The gradient of a class score with respect to the pixels.

use super::gradients::summed_gradient;
use super::{MethodKind, largest_size, per_pixel};

/// Source: Simonyan, Vedaldi and Zisserman 2013, "Deep Inside Convolutional Networks".
pub static KIND: MethodKind = MethodKind {
    name: "saliency",
    help: "Gradient: how strongly the score responds to a small change of each pixel.",
    fields: &[],
    orange: "matters for",
    explain: |model, question| {
        let shape = model.network().spec().input;
        let gradient = summed_gradient(model, question.class, 1, |_, image| {
            image.copy_from_slice(question.image);
        });
        let values: Vec<f32> = gradient.into_iter().map(|value| value as f32).collect();
        let heat = per_pixel(&values, shape.channels, largest_size);
        Ok(question.explained(heat, shape, values, String::new()))
    },
};
