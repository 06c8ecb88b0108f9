//! Inverted dropout with random numbers that depend on a key and the element's index alone.

use super::pieces::{PIECE, for_pieces};
use super::tier::in_every_tier;

/// Sets each value to zero with probability `rate` and divides the others by `1 − rate`, in place.
///
/// The same key drops the same elements, so this is the gradient too. `rate` in `[0, 1)`.
pub fn apply(key: u64, rate: f32, values: &mut [f32]) {
    for_pieces(values, PIECE, |piece, values| {
        apply_from((piece * PIECE) as u32, key, rate, values);
    });
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
