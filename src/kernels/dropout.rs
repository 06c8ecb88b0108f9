//! Inverted dropout with random numbers that depend on a key and the element's index alone.

use super::pieces::{PIECE, for_images, for_pieces};
use super::scratch::with_scratch;
use super::tier::in_every_tier;
use crate::shape::Shape;

/// Sets each value to zero with probability `rate` and divides the others by `1 − rate`, in place.
///
/// The same key drops the same elements, so this is the gradient too. `rate` in `[0, 1)`.
pub fn apply(key: u64, rate: f32, values: &mut [f32]) {
    for_pieces(values, PIECE, |piece, values| {
        apply_from((piece * PIECE) as u32, key, rate, values);
    });
}

/// The same for whole channels: in each image of `shape`, each channel becomes zero with probability `rate`.
pub fn apply_to_channels(key: u64, rate: f32, shape: Shape, values: &mut [f32]) {
    let channels = shape.channels;
    for_images(values, shape.len(), |images, values| {
        for (image, values) in images.zip(values.chunks_exact_mut(shape.len())) {
            with_scratch(channels, |factors| {
                factors.fill(1.0);
                apply_from((image * channels) as u32, key, rate, factors);
                scale_channels(factors, values);
            });
        }
    });
}

in_every_tier! {
    fn scale_channels(factors: &[f32], values: &mut [f32]) {
        for pixel in values.chunks_exact_mut(factors.len()) {
            for (value, factor) in pixel.iter_mut().zip(factors) {
                *value = if *factor == 0.0 { 0.0 } else { *value * factor };
            }
        }
    }
}

in_every_tier! {
    fn apply_from(first: u32, key: u64, rate: f32, values: &mut [f32]) {
        let threshold = (f64::from(rate) * (1u64 << 32) as f64) as u32;
        let scale = 1.0 / (1.0 - rate);
        for (index, value) in values.iter_mut().enumerate() {
            let kept = random(key, first.wrapping_add(index as u32)) >= threshold;
            *value = if kept { *value * scale } else { 0.0 };
        }
    }
}

/// Rounds of multiply and xor-shift (constants of Ettinger's `triple32`), the key's halves mixed in before and between them.
#[inline(always)]
fn random(key: u64, index: u32) -> u32 {
    let (low, high) = (key as u32, (key >> 32) as u32);
    let mut x = index ^ low;
    x ^= x >> 17;
    x = x.wrapping_mul(0xed5a_d4bb);
    x ^= x >> 11;
    x = (x ^ high).wrapping_mul(0xac4c_1b51);
    x ^= x >> 15;
    x = x.wrapping_mul(0x3184_8bab);
    x ^ (x >> 14)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_dropped_whole_at_the_rate_and_the_rest_scaled() {
        let (images, shape, rate) = (500, Shape::new(3, 2, 7), 0.25);
        let mut values = vec![3.0; images * shape.len()];
        apply_to_channels(5, rate, shape, &mut values);
        let mut dropped = 0;
        for image in values.chunks_exact(shape.len()) {
            let first = &image[..shape.channels];
            assert!(
                image
                    .chunks_exact(shape.channels)
                    .all(|pixel| pixel == first)
            );
            assert!(first.iter().all(|value| *value == 0.0 || *value == 4.0));
            dropped += first.iter().filter(|value| **value == 0.0).count();
        }
        let share = dropped as f64 / (images * shape.channels) as f64;
        assert!((share - f64::from(rate)).abs() < 0.03, "{share}");
    }
}
