//! Gradients integrated along the path from a plain image to the image.

use super::gradients::{scores, summed_gradient};
use super::{MethodKind, PlainImage, per_pixel};
use crate::field::{Field, Plain, Settings, settings};

/// Source: Sundararajan, Taly and Yan 2017, "Axiomatic Attribution for Deep Networks"; the integral by the midpoint rule.
pub static KIND: MethodKind = MethodKind {
    name: "integrated_gradients",
    help: "Divides the score among the pixels: the shares add up to the score above that of a plain image.",
    fields: IntegratedGradients::FIELDS,
    orange: "for",
    explain: |model, question| {
        let shape = model.network().spec().input;
        let settings = IntegratedGradients::from_values(question.method.values());
        let (steps, baseline) = (settings.steps, settings.baseline.pixel());
        let sum = summed_gradient(model, question.class, steps, |step, image| {
            let along = (step as f32 + 0.5) / steps as f32;
            for (between, pixel) in image.iter_mut().zip(question.image) {
                *between = baseline + along * (pixel - baseline);
            }
        });
        let shares: Vec<f32> = question
            .image
            .iter()
            .zip(sum)
            .map(|(pixel, sum)| (f64::from(pixel - baseline) * sum / steps as f64) as f32)
            .collect();
        let ends = scores(model, question.class, 2, |number, image| {
            match number {
                0 => image.fill(baseline),
                _ => image.copy_from_slice(question.image),
            };
        });
        let total: f64 = shares.iter().map(|share| f64::from(*share)).sum();
        let note = format!(
            "the shares add up to {total:.3}; the score is {:.3} above that of the {} image",
            ends[1] - ends[0],
            settings.baseline.to_value()
        );
        let heat = per_pixel(&shares, shape.channels, |pixel| pixel.iter().sum());
        Ok(question.explained(heat, shape, shares, note))
    },
};

settings! {
    struct IntegratedGradients {
        /// number of steps from the plain image; more make the sum more exact
        steps: usize = Field::whole(64, 1..=1000, &[16, 32, 64, 128, 256]),
        /// plain image to start from
        baseline: PlainImage = Field::choice(PlainImage::NAMES),
    }
}
