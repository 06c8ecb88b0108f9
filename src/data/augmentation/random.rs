//! One stream of random numbers for each image of each epoch, so that neither the order nor the thread of the work decides anything.

use rand::{Rng, RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// A stream that depends on all of `words` and on nothing else.
pub fn stream(words: [u64; 3]) -> Pcg64Mcg {
    let mixed = words.into_iter().fold(0, |state, word| mix(state ^ word));
    Pcg64Mcg::seed_from_u64(mixed)
}

/// SplitMix64's output function, which changes half of the bits when one changes.
fn mix(word: u64) -> u64 {
    let word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// Evenly from `-reach` to `reach`.
pub fn either_way(random: &mut impl Rng, reach: f64) -> f64 {
    (2.0 * random.random::<f64>() - 1.0) * reach
}

/// Adds noise of a normal distribution with this standard deviation to every value.
///
/// Source: G. Marsaglia, T. A. Bray, "A convenient method for generating normal variables" (the polar method).
pub fn add_noise(random: &mut impl Rng, deviation: f32, values: &mut [f32]) {
    for pair in values.chunks_mut(2) {
        let (x, y, square) = loop {
            let x = 2.0 * random.random::<f32>() - 1.0;
            let y = 2.0 * random.random::<f32>() - 1.0;
            let square = x * x + y * y;
            if square < 1.0 && square > 0.0 {
                break (x, y, square);
            }
        };
        let scale = deviation * (-2.0 * square.ln() / square).sqrt();
        for (value, noise) in pair.iter_mut().zip([x, y]) {
            *value += scale * noise;
        }
    }
}
