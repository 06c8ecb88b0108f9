//! Sixteen values in one register of AVX-512 or two of AVX2.
//!
//! Only the code of a tier creates values of its types ([`super::tier::in_every_tier`]), on machines with its instructions: every
//! SAFETY note here relies on that.

#![allow(
    clippy::undocumented_unsafe_blocks,
    reason = "one note at the head of each implementation"
)]

use std::arch::x86_64::*;

use super::lanes::{LANES, Lanes};

#[derive(Clone, Copy)]
pub(super) struct Avx512(__m512);

#[derive(Clone, Copy)]
pub(super) struct Avx2([__m256; 2]);

// SAFETY throughout: the machine has AVX-512 (see the module); arrays hold what is loaded and stored.
impl Lanes for Avx512 {
    #[inline(always)]
    fn splat(value: f32) -> Self {
        Self(unsafe { _mm512_set1_ps(value) })
    }

    #[inline(always)]
    fn load(from: &[f32; LANES]) -> Self {
        Self(unsafe { _mm512_loadu_ps(from.as_ptr()) })
    }

    #[inline(always)]
    fn store(self, to: &mut [f32; LANES]) {
        unsafe { _mm512_storeu_ps(to.as_mut_ptr(), self.0) }
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(unsafe { _mm512_add_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn multiply(self, other: Self) -> Self {
        Self(unsafe { _mm512_mul_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn multiply_add(self, factor: Self, sum: Self) -> Self {
        Self(unsafe { _mm512_fmadd_ps(self.0, factor.0, sum.0) })
    }

    #[inline(always)]
    fn larger(self, mine: Self, best: Self, its: Self) -> (Self, Self) {
        unsafe {
            let number = _mm512_cmp_ps_mask::<_CMP_ORD_Q>(best.0, best.0);
            let larger = _mm512_mask_cmp_ps_mask::<_CMP_NLE_UQ>(number, self.0, best.0);
            (
                Self(_mm512_mask_mov_ps(best.0, larger, self.0)),
                Self(_mm512_mask_mov_ps(its.0, larger, mine.0)),
            )
        }
    }

    #[inline(always)]
    fn rectified(self, mine: Self, instead: Self) -> (Self, Self) {
        unsafe {
            let kept = _mm512_cmp_ps_mask::<_CMP_NLE_UQ>(self.0, _mm512_setzero_ps());
            (
                Self(_mm512_maskz_mov_ps(kept, self.0)),
                Self(_mm512_mask_mov_ps(instead.0, kept, mine.0)),
            )
        }
    }

    #[inline(always)]
    fn load_bytes(from: &[u8; LANES]) -> Self {
        unsafe {
            let bytes = _mm_loadu_si128(from.as_ptr().cast());
            Self(_mm512_castsi512_ps(_mm512_cvtepu8_epi32(bytes)))
        }
    }

    #[inline(always)]
    fn store_bytes(self, to: &mut [u8; LANES]) {
        unsafe {
            let bytes = _mm512_cvtepi32_epi8(_mm512_castps_si512(self.0));
            _mm_storeu_si128(to.as_mut_ptr().cast(), bytes);
        }
    }

    #[inline(always)]
    fn kept_at(self, place: Self, wanted: Self) -> Self {
        unsafe {
            let (place, wanted) = (_mm512_castps_si512(place.0), _mm512_castps_si512(wanted.0));
            let equal = _mm512_cmpeq_epi32_mask(place, wanted);
            Self(_mm512_maskz_mov_ps(equal, self.0))
        }
    }
}

// SAFETY throughout: the machine has AVX2 and FMA (see the module); arrays hold what is loaded and stored.
impl Lanes for Avx2 {
    #[inline(always)]
    fn splat(value: f32) -> Self {
        let half = unsafe { _mm256_set1_ps(value) };
        Self([half, half])
    }

    #[inline(always)]
    fn load(from: &[f32; LANES]) -> Self {
        let from = from.as_ptr();
        Self(unsafe { [_mm256_loadu_ps(from), _mm256_loadu_ps(from.add(8))] })
    }

    #[inline(always)]
    fn store(self, to: &mut [f32; LANES]) {
        let to = to.as_mut_ptr();
        unsafe {
            _mm256_storeu_ps(to, self.0[0]);
            _mm256_storeu_ps(to.add(8), self.0[1]);
        }
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        let ([a, b], [c, d]) = (self.0, other.0);
        Self(unsafe { [_mm256_add_ps(a, c), _mm256_add_ps(b, d)] })
    }

    #[inline(always)]
    fn multiply(self, other: Self) -> Self {
        let ([a, b], [c, d]) = (self.0, other.0);
        Self(unsafe { [_mm256_mul_ps(a, c), _mm256_mul_ps(b, d)] })
    }

    #[inline(always)]
    fn multiply_add(self, factor: Self, sum: Self) -> Self {
        let ([a, b], [c, d], [e, f]) = (self.0, factor.0, sum.0);
        Self(unsafe { [_mm256_fmadd_ps(a, c, e), _mm256_fmadd_ps(b, d, f)] })
    }

    #[inline(always)]
    fn larger(self, mine: Self, best: Self, its: Self) -> (Self, Self) {
        let (mut values, mut places) = (best, its);
        for i in 0..2 {
            unsafe {
                let number = _mm256_cmp_ps::<_CMP_ORD_Q>(best.0[i], best.0[i]);
                let larger = _mm256_cmp_ps::<_CMP_NLE_UQ>(self.0[i], best.0[i]);
                let larger = _mm256_and_ps(number, larger);
                values.0[i] = _mm256_blendv_ps(best.0[i], self.0[i], larger);
                places.0[i] = _mm256_blendv_ps(its.0[i], mine.0[i], larger);
            }
        }
        (values, places)
    }

    #[inline(always)]
    fn rectified(self, mine: Self, instead: Self) -> (Self, Self) {
        let (mut values, mut places) = (self, mine);
        for i in 0..2 {
            unsafe {
                let kept = _mm256_cmp_ps::<_CMP_NLE_UQ>(self.0[i], _mm256_setzero_ps());
                values.0[i] = _mm256_and_ps(self.0[i], kept);
                places.0[i] = _mm256_blendv_ps(instead.0[i], mine.0[i], kept);
            }
        }
        (values, places)
    }

    #[inline(always)]
    fn load_bytes(from: &[u8; LANES]) -> Self {
        let from = from.as_ptr();
        unsafe {
            let low = _mm256_cvtepu8_epi32(_mm_loadl_epi64(from.cast()));
            let high = _mm256_cvtepu8_epi32(_mm_loadl_epi64(from.add(8).cast()));
            Self([_mm256_castsi256_ps(low), _mm256_castsi256_ps(high)])
        }
    }

    #[inline(always)]
    fn store_bytes(self, to: &mut [u8; LANES]) {
        unsafe {
            // Words of each half lie in turns of four: 0 4 1 5 of both, put in order before the last step.
            let [a, b] = self.0;
            let words = _mm256_packus_epi32(_mm256_castps_si256(a), _mm256_castps_si256(b));
            let words = _mm256_permute4x64_epi64::<0b11_01_10_00>(words);
            let bytes = _mm_packus_epi16(
                _mm256_castsi256_si128(words),
                _mm256_extracti128_si256::<1>(words),
            );
            _mm_storeu_si128(to.as_mut_ptr().cast(), bytes);
        }
    }

    #[inline(always)]
    fn kept_at(self, place: Self, wanted: Self) -> Self {
        let mut kept = self;
        for i in 0..2 {
            unsafe {
                let place = _mm256_castps_si256(place.0[i]);
                let wanted = _mm256_castps_si256(wanted.0[i]);
                let equal = _mm256_castsi256_ps(_mm256_cmpeq_epi32(place, wanted));
                kept.0[i] = _mm256_and_ps(self.0[i], equal);
            }
        }
        kept
    }
}
