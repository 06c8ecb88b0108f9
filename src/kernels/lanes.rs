//! Sixteen values side by side, in each tier's registers. For loops that the compiler does not vectorise automatically.

/// Values in a [`Lanes`].
pub(super) const LANES: usize = 16;

/// Sixteen `f32`, or as many bit patterns.
pub(super) trait Lanes: Copy {
    fn splat(value: f32) -> Self;
    fn load(from: &[f32; LANES]) -> Self;
    fn store(self, to: &mut [f32; LANES]);
    fn add(self, other: Self) -> Self;
    fn multiply(self, other: Self) -> Self;
    /// `self · factor + sum`, rounded once or twice.
    fn multiply_add(self, factor: Self, sum: Self) -> Self;
    /// `(self, mine)` where `self` is larger than `best`, or is not a number and `best` is one; `(best, its)` elsewhere.
    fn larger(self, mine: Self, best: Self, its: Self) -> (Self, Self);
    /// `(self, mine)` where `self` is positive or not a number, `(0, instead)` elsewhere.
    fn rectified(self, mine: Self, instead: Self) -> (Self, Self);
    /// The bytes as bit patterns.
    fn load_bytes(from: &[u8; LANES]) -> Self;
    /// The lowest byte of each bit pattern.
    fn store_bytes(self, to: &mut [u8; LANES]);
    /// `self` where the bit pattern of `place` is that of `wanted`, zero elsewhere.
    fn kept_at(self, place: Self, wanted: Self) -> Self;

    /// The first of `values`, zeros where there are fewer.
    #[inline(always)]
    fn load_part(values: &[f32]) -> Self {
        match values.first_chunk() {
            Some(lanes) => Self::load(lanes),
            None => {
                let mut lanes = [0.0; LANES];
                lanes[..values.len()].copy_from_slice(values);
                Self::load(&lanes)
            }
        }
    }

    /// Writes as many values as `to` has room for.
    #[inline(always)]
    fn store_part(self, to: &mut [f32]) {
        match to.first_chunk_mut() {
            Some(to) => self.store(to),
            None => {
                let mut lanes = [0.0; LANES];
                self.store(&mut lanes);
                to.copy_from_slice(&lanes[..to.len()]);
            }
        }
    }
}

/// Repeats a block for `0..$count`, at most 16, with numbers that the compiler knows.
macro_rules! unrolled {
    ($count:expr, |$i:ident| $body:block) => {
        unrolled!(@ $count, $i, $body, 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)
    };
    (@ $count:expr, $i:ident, $body:block, $($number:literal)*) => {
        $({
            let $i: usize = $number;
            if $i < $count $body
        })*
    };
}

pub(super) use unrolled;

/// Lanes in plain Rust.
#[derive(Clone, Copy)]
pub(super) struct Portable([f32; LANES]);

impl Portable {
    #[inline(always)]
    fn each(make: impl Fn(usize) -> f32) -> Self {
        let mut lanes = [0.0; LANES];
        for (i, lane) in lanes.iter_mut().enumerate() {
            *lane = make(i);
        }
        Self(lanes)
    }
}

impl Lanes for Portable {
    #[inline(always)]
    fn splat(value: f32) -> Self {
        Self([value; LANES])
    }

    #[inline(always)]
    fn load(from: &[f32; LANES]) -> Self {
        Self(*from)
    }

    #[inline(always)]
    fn store(self, to: &mut [f32; LANES]) {
        *to = self.0;
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self::each(|i| self.0[i] + other.0[i])
    }

    #[inline(always)]
    fn multiply(self, other: Self) -> Self {
        Self::each(|i| self.0[i] * other.0[i])
    }

    #[inline(always)]
    fn multiply_add(self, factor: Self, sum: Self) -> Self {
        // Where every processor of the target has the instruction; elsewhere it is a call of a function.
        if cfg!(target_arch = "aarch64") {
            Self::each(|i| self.0[i].mul_add(factor.0[i], sum.0[i]))
        } else {
            Self::each(|i| self.0[i] * factor.0[i] + sum.0[i])
        }
    }

    #[inline(always)]
    fn larger(self, mine: Self, best: Self, its: Self) -> (Self, Self) {
        let larger = |i: usize| {
            let (value, best) = (self.0[i], best.0[i]);
            value > best || (value.is_nan() && !best.is_nan())
        };
        (
            Self::each(|i| if larger(i) { self.0[i] } else { best.0[i] }),
            Self::each(|i| if larger(i) { mine.0[i] } else { its.0[i] }),
        )
    }

    #[inline(always)]
    fn rectified(self, mine: Self, instead: Self) -> (Self, Self) {
        (
            Self::each(|i| if self.0[i] <= 0.0 { 0.0 } else { self.0[i] }),
            Self::each(|i| {
                if self.0[i] <= 0.0 {
                    instead.0[i]
                } else {
                    mine.0[i]
                }
            }),
        )
    }

    #[inline(always)]
    fn load_bytes(from: &[u8; LANES]) -> Self {
        Self::each(|i| f32::from_bits(u32::from(from[i])))
    }

    #[inline(always)]
    fn store_bytes(self, to: &mut [u8; LANES]) {
        for (to, lane) in to.iter_mut().zip(self.0) {
            *to = lane.to_bits() as u8;
        }
    }

    #[inline(always)]
    fn kept_at(self, place: Self, wanted: Self) -> Self {
        Self::each(|i| {
            let kept = place.0[i].to_bits() == wanted.0[i].to_bits();
            if kept { self.0[i] } else { 0.0 }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::tests::noise;
    use crate::kernels::tier::in_every_tier;

    /// The result of every operation for `x`, `y` and `z`.
    #[inline(always)]
    fn results<V: Lanes>(x: &[f32; LANES], y: &[f32; LANES], all: &mut Vec<f32>) {
        let (a, b) = (V::load(x), V::load(y));
        let mut keep = |lanes: V| {
            let mut values = [0.0; LANES];
            lanes.store(&mut values);
            all.extend(values);
        };
        keep(a.add(b));
        keep(a.multiply(b));
        let (one, other) = (V::splat(1.0), V::splat(2.0));
        let (best, place) = a.larger(one, b, other);
        keep(best);
        keep(place);
        let (best, place) = a.rectified(one, other);
        keep(best);
        keep(place);
        let mut bytes = [0; LANES];
        for (i, byte) in bytes.iter_mut().enumerate() {
            *byte = (i * 17) as u8;
        }
        let places = V::load_bytes(&bytes);
        keep(a.kept_at(places, V::splat(f32::from_bits(34))));
        bytes = [0; LANES];
        places.store_bytes(&mut bytes);
        all.extend(bytes.map(f32::from));
    }

    in_every_tier! {
        fn in_this_tier<V>(x: &[f32; LANES], y: &[f32; LANES], all: &mut Vec<f32>) {
            results::<V>(x, y, all);
        }
    }

    #[test]
    fn lanes_of_this_tier_compute_what_portable_ones_do() {
        let mut values = noise(5, 4 * LANES);
        (values[3], values[20], values[40], values[56]) = (f32::NAN, f32::NAN, f32::NAN, f32::NAN);
        (values[7], values[23], values[8]) = (0.0, 0.0, -0.0);
        for (first, second) in [(0, 16), (16, 0), (32, 48), (40, 24), (0, 0)] {
            let part = |begin: usize| values[begin..].first_chunk::<LANES>().unwrap();
            let (mut fast, mut plain) = (Vec::new(), Vec::new());
            in_this_tier(part(first), part(second), &mut fast);
            results::<Portable>(part(first), part(second), &mut plain);
            let bits = |values: &[f32]| -> Vec<_> {
                values
                    .iter()
                    .map(|v| (!v.is_nan()).then_some(v + 0.0))
                    .collect()
            };
            assert_eq!(bits(&fast), bits(&plain));
        }
    }
}
