//! The gradient, averaged over noisy copies of the image.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::gradients::summed_gradient;
use super::{MethodKind, largest_size, per_pixel};
use crate::field::{Field, Settings, settings};

/// Source: Smilkov, Thorat, Kim, Viégas and Wattenberg 2017, "SmoothGrad: removing noise by adding noise".
pub static KIND: MethodKind = MethodKind {
    name: "smooth_grad",
    help: "Gradient averaged over noisy copies of the image: a smoother picture than saliency's.",
    fields: SmoothGrad::FIELDS,
    orange: "matters for",
    explain: |model, question| {
        let shape = model.network().spec().input;
        let settings = SmoothGrad::from_values(question.method.values());
        let samples = settings.samples;
        let (darkest, lightest) = question
            .image
            .iter()
            .fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), value| {
                (low.min(*value), high.max(*value))
            });
        let deviation = settings.noise * (lightest - darkest);
        let mut random = Pcg64Mcg::seed_from_u64(settings.seed);
        let sum = summed_gradient(model, question.class, samples, |_, image| {
            for (copy, pixel) in image.iter_mut().zip(question.image) {
                *copy = pixel + deviation * normal(&mut random);
            }
        });
        let values: Vec<f32> = sum
            .into_iter()
            .map(|value| (value / samples as f64) as f32)
            .collect();
        let note = format!("mean of {samples} gradients, noise with std {deviation:.3}");
        let heat = per_pixel(&values, shape.channels, largest_size);
        Ok(question.explained(heat, shape, values, note))
    },
};

settings! {
    struct SmoothGrad {
        /// number of noisy copies
        samples: usize = Field::whole(50, 1..=1000, &[10, 25, 50, 100, 200]),
        /// standard deviation of the noise, as a share of the range from the image's darkest to its lightest value
        noise: f32 = Field::number(0.15, 0.0..1.0, &[0.05, 0.1, 0.15, 0.2, 0.3]),
        /// seed of the noise: the same seed gives the same picture
        seed: u64 = Field::whole(1, 0..=999_999, &[1, 2, 3, 4, 5]),
    }
}

/// A number from the standard normal distribution. Source: Box and Muller 1958.
fn normal(random: &mut Pcg64Mcg) -> f32 {
    let radius = (-2.0 * (1.0 - random.random::<f64>()).ln()).sqrt();
    (radius * (std::f64::consts::TAU * random.random::<f64>()).cos()) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_normal() {
        let mut random = Pcg64Mcg::seed_from_u64(7);
        let numbers: Vec<f64> = (0..100_000).map(|_| normal(&mut random).into()).collect();
        let count = numbers.len() as f64;
        let moment = |power| numbers.iter().map(|x| x.powi(power)).sum::<f64>() / count;
        assert!(moment(1).abs() < 0.01, "mean {}", moment(1));
        assert!((moment(2) - 1.0).abs() < 0.02, "variance {}", moment(2));
        assert!((moment(4) - 3.0).abs() < 0.1, "kurtosis {}", moment(4));
    }
}
