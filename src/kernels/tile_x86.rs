//! The tile with AVX-512 (12 rows × 32 columns: 24 of the 32 registers hold sums) and with AVX2 (6 × 16: 12 of 16).

// Plain indices keep the unrolled loops plain.
#![allow(
    clippy::needless_range_loop,
    reason = "a place in an array is what the arithmetic is about"
)]

use std::arch::x86_64::*;

use super::product::{Tile, TileStart};

pub(super) const AVX512_ROWS: usize = 12;
pub(super) const AVX512_COLUMNS: usize = 32;
pub(super) const AVX2_ROWS: usize = 6;
pub(super) const AVX2_COLUMNS: usize = 16;

/// Calls `$function::<rows, vectors>` for the tile's number of rows.
macro_rules! for_rows {
    ($tile:expr, $vectors:literal, $function:ident: $($rows:literal)*, $most:literal) => {
        match $tile.rows {
            $($rows => $function::<$rows, $vectors>($tile),)*
            _ => $function::<$most, $vectors>($tile),
        }
    };
}

/// # Safety
/// The machine has AVX-512; the tile's addresses are valid for its segments, rows and columns; at most [`AVX512_ROWS`] rows and
/// [`AVX512_COLUMNS`] columns.
pub(super) unsafe fn run_avx512(tile: &Tile) {
    // SAFETY: as promised by the caller.
    unsafe {
        if tile.columns > 16 {
            for_rows!(tile, 2, avx512: 1 2 3 4 5 6 7 8 9 10 11, 12);
        } else {
            for_rows!(tile, 1, avx512: 1 2 3 4 5 6 7 8 9 10 11, 12);
        }
    }
}

/// # Safety
/// As [`run_avx512`]; exactly `R` rows, and more than `16 · (V − 1)` columns.
#[target_feature(enable = "avx512f")]
unsafe fn avx512<const R: usize, const V: usize>(tile: &Tile) {
    // The last vector's columns; all of the vectors before it are used.
    let last: __mmask16 = u16::MAX >> (16 * V - tile.columns);
    let mut rows = [std::ptr::null::<f32>(); R];
    rows.copy_from_slice(&tile.a[..R]);
    let (a_step, b_step) = (tile.a_step, tile.b_step);
    for (start, segments) in tile.parts() {
        let mut sums = [[_mm512_setzero_ps(); V]; R];
        if let TileStart::Bias(bias) = start {
            // SAFETY: the bias holds the tile's columns.
            sums = [unsafe { load_avx512(bias, last) }; R];
            // A whole layer's output lies far away: without this the sums would wait for its lines in the end.
            for r in 0..R {
                for v in 0..V {
                    _mm_prefetch::<_MM_HINT_T0>(tile.out[r].wrapping_add(16 * v).cast());
                }
            }
        }
        for segment in segments {
            let (mut a, mut b) = (segment.a, tile.b.wrapping_add(segment.b));
            for _ in 0..segment.length {
                // SAFETY: the caller's promise covers every step of every segment.
                let values: [__m512; V] = unsafe { load_avx512(b, last) };
                for r in 0..R {
                    // SAFETY: as above.
                    let factor = unsafe { _mm_load_ss(rows[r].wrapping_add(a)) };
                    let factor = _mm512_broadcastss_ps(factor);
                    for v in 0..V {
                        sums[r][v] = _mm512_fmadd_ps(factor, values[v], sums[r][v]);
                    }
                }
                a = opaque(a.wrapping_add(a_step));
                b = b.wrapping_add(b_step);
            }
        }
        if let TileStart::Out = start {
            for r in 0..R {
                // SAFETY: each row's output holds the tile's columns.
                let before: [__m512; V] = unsafe { load_avx512(tile.out[r], last) };
                for v in 0..V {
                    sums[r][v] = _mm512_add_ps(sums[r][v], before[v]);
                }
            }
        }
        for r in 0..R {
            for v in 0..V {
                let mask = if v + 1 == V { last } else { u16::MAX };
                // SAFETY: writes the tile's columns only, the others are masked.
                unsafe { _mm512_mask_storeu_ps(tile.out[r].wrapping_add(16 * v), mask, sums[r][v]) }
            }
        }
    }
}

/// The same number, hidden from the compiler: otherwise it uses a moving pointer for each row, for which there are not enough
/// registers, instead of one offset for all.
#[inline(always)]
fn opaque(mut offset: usize) -> usize {
    // SAFETY: no instruction at all.
    unsafe {
        std::arch::asm!("/* {0} */", inout(reg) offset, options(pure, nomem, nostack, preserves_flags));
    }
    offset
}

/// # Safety
/// `from` holds `16 · V` values, less those that `last` leaves out of the last vector.
#[target_feature(enable = "avx512f")]
#[inline]
unsafe fn load_avx512<const V: usize>(from: *const f32, last: __mmask16) -> [__m512; V] {
    let mut values = [_mm512_setzero_ps(); V];
    for (v, value) in values.iter_mut().enumerate() {
        let mask = if v + 1 == V { last } else { u16::MAX };
        // SAFETY: as promised by the caller.
        *value = unsafe { _mm512_maskz_loadu_ps(mask, from.wrapping_add(16 * v)) };
    }
    values
}

/// # Safety
/// The machine has AVX2 and FMA; the tile's addresses are valid for its segments, rows and columns; at most [`AVX2_ROWS`] rows
/// and [`AVX2_COLUMNS`] columns.
pub(super) unsafe fn run_avx2(tile: &Tile) {
    // SAFETY: as promised by the caller.
    unsafe {
        match tile.columns {
            16 => for_rows!(tile, 2, avx2_whole: 1 2 3 4 5, 6),
            9..16 => for_rows!(tile, 2, avx2_part: 1 2 3 4 5, 6),
            8 => for_rows!(tile, 1, avx2_whole: 1 2 3 4 5, 6),
            _ => for_rows!(tile, 1, avx2_part: 1 2 3 4 5, 6),
        }
    }
}

/// # Safety
/// As [`run_avx2`]; exactly `R` rows and `8 · V` columns.
#[target_feature(enable = "avx2,fma")]
unsafe fn avx2_whole<const R: usize, const V: usize>(tile: &Tile) {
    // SAFETY: as promised by the caller.
    unsafe { avx2::<R, V, false>(tile) }
}

/// # Safety
/// As [`run_avx2`]; exactly `R` rows, and more than `8 · (V − 1)` but less than `8 · V` columns.
#[target_feature(enable = "avx2,fma")]
unsafe fn avx2_part<const R: usize, const V: usize>(tile: &Tile) {
    // SAFETY: as promised by the caller.
    unsafe { avx2::<R, V, true>(tile) }
}

/// # Safety
/// As [`run_avx2`]; exactly `R` rows; `8 · V` columns, or fewer, more than `8 · (V − 1)`, where `PART`.
#[target_feature(enable = "avx2,fma")]
#[inline]
unsafe fn avx2<const R: usize, const V: usize, const PART: bool>(tile: &Tile) {
    let used = (tile.columns - 8 * (V - 1)) as i32;
    let lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    let last = _mm256_cmpgt_epi32(_mm256_set1_epi32(used), lanes);
    let mut rows = [std::ptr::null::<f32>(); R];
    rows.copy_from_slice(&tile.a[..R]);
    let (a_step, b_step) = (tile.a_step, tile.b_step);
    for (start, segments) in tile.parts() {
        let mut sums = [[_mm256_setzero_ps(); V]; R];
        if let TileStart::Bias(bias) = start {
            // SAFETY: the bias holds the tile's columns.
            sums = [unsafe { load_avx2::<V, PART>(bias, last) }; R];
            // As in `avx512`.
            for r in 0..R {
                for v in 0..V {
                    _mm_prefetch::<_MM_HINT_T0>(tile.out[r].wrapping_add(8 * v).cast());
                }
            }
        }
        for segment in segments {
            let (mut a, mut b) = (segment.a, tile.b.wrapping_add(segment.b));
            for _ in 0..segment.length {
                // SAFETY: the caller's promise covers every step of every segment.
                let values = unsafe { load_avx2::<V, PART>(b, last) };
                for r in 0..R {
                    // SAFETY: as above.
                    let factor = unsafe { _mm_load_ss(rows[r].wrapping_add(a)) };
                    let factor = _mm256_broadcastss_ps(factor);
                    for v in 0..V {
                        sums[r][v] = _mm256_fmadd_ps(factor, values[v], sums[r][v]);
                    }
                }
                a = opaque(a.wrapping_add(a_step));
                b = b.wrapping_add(b_step);
            }
        }
        if let TileStart::Out = start {
            for r in 0..R {
                // SAFETY: each row's output holds the tile's columns.
                let before = unsafe { load_avx2::<V, PART>(tile.out[r], last) };
                for v in 0..V {
                    sums[r][v] = _mm256_add_ps(sums[r][v], before[v]);
                }
            }
        }
        for r in 0..R {
            for v in 0..V {
                let out = tile.out[r].wrapping_add(8 * v);
                // SAFETY: writes the tile's columns only, the others are masked.
                unsafe {
                    if PART && v + 1 == V {
                        _mm256_maskstore_ps(out, last, sums[r][v]);
                    } else {
                        _mm256_storeu_ps(out, sums[r][v]);
                    }
                }
            }
        }
    }
}

/// # Safety
/// `from` holds `8 · V` values, less those that `last` leaves out of the last vector where `PART`.
#[target_feature(enable = "avx2")]
#[inline]
unsafe fn load_avx2<const V: usize, const PART: bool>(
    from: *const f32,
    last: __m256i,
) -> [__m256; V] {
    let mut values = [_mm256_setzero_ps(); V];
    for (v, value) in values.iter_mut().enumerate() {
        let from = from.wrapping_add(8 * v);
        // SAFETY: as promised by the caller.
        *value = unsafe {
            if PART && v + 1 == V {
                _mm256_maskload_ps(from, last)
            } else {
                _mm256_loadu_ps(from)
            }
        };
    }
    values
}
