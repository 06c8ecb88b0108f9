//! The tile with NEON: 6 rows × 16 columns, 24 of the 32 registers hold sums.

// Plain indices keep the unrolled loops plain.
#![allow(
    clippy::needless_range_loop,
    reason = "a place in an array is what the arithmetic is about"
)]

use std::arch::aarch64::*;

use super::product::{Tile, TileStart};

pub(super) const ROWS: usize = 6;
pub(super) const COLUMNS: usize = 16;

/// Values in a register.
const LANES: usize = 4;

/// # Safety
/// The tile's addresses are valid for its segments, rows and columns; at most [`ROWS`] rows and [`COLUMNS`] columns.
pub(super) unsafe fn run(tile: &Tile) {
    // SAFETY: as promised by the caller; every processor of this architecture has NEON.
    unsafe {
        match tile.columns {
            16 => for_rows::<4, false>(tile),
            9..16 => for_rows::<4, true>(tile),
            8 => for_rows::<2, false>(tile),
            _ => for_rows::<2, true>(tile),
        }
    }
}

/// # Safety
/// As [`run`]; `V` registers of columns, some of which are not used where `PART`.
#[target_feature(enable = "neon")]
unsafe fn for_rows<const V: usize, const PART: bool>(tile: &Tile) {
    // SAFETY: as promised by the caller.
    unsafe {
        match tile.rows {
            1 => rows::<1, V, PART>(tile),
            2 => rows::<2, V, PART>(tile),
            3 => rows::<3, V, PART>(tile),
            4 => rows::<4, V, PART>(tile),
            5 => rows::<5, V, PART>(tile),
            _ => rows::<6, V, PART>(tile),
        }
    }
}

/// # Safety
/// As [`for_rows`]; exactly `R` rows.
#[target_feature(enable = "neon")]
unsafe fn rows<const R: usize, const V: usize, const PART: bool>(tile: &Tile) {
    let mut rows = [std::ptr::null::<f32>(); R];
    rows.copy_from_slice(&tile.a[..R]);
    for (start, segments) in tile.parts() {
        let mut sums = [[vdupq_n_f32(0.0); V]; R];
        if let TileStart::Bias(bias) = start {
            // SAFETY: the bias holds the tile's columns.
            sums = [unsafe { load::<V, PART>(bias, tile.columns) }; R];
        }
        for segment in segments {
            let (mut a, mut b) = (segment.a, tile.b.wrapping_add(segment.b));
            for _ in 0..segment.length {
                // SAFETY: the caller's promise covers every step of every segment.
                let values = unsafe { load::<V, PART>(b, tile.columns) };
                for r in 0..R {
                    // SAFETY: as above.
                    let factor = unsafe { *rows[r].wrapping_add(a) };
                    for v in 0..V {
                        sums[r][v] = vfmaq_n_f32(sums[r][v], values[v], factor);
                    }
                }
                a += tile.a_step;
                b = b.wrapping_add(tile.b_step);
            }
        }
        for r in 0..R {
            if let TileStart::Out = start {
                // SAFETY: each row's output holds the tile's columns.
                let before = unsafe { load::<V, PART>(tile.out[r], tile.columns) };
                for v in 0..V {
                    sums[r][v] = vaddq_f32(sums[r][v], before[v]);
                }
            }
            let mut values = [[0.0; LANES]; V];
            for v in 0..V {
                // SAFETY: a register's values fit.
                unsafe { vst1q_f32(values[v].as_mut_ptr(), sums[r][v]) }
            }
            let used = if PART { tile.columns } else { V * LANES };
            // SAFETY: the tile may write its columns at each row's output.
            unsafe { std::ptr::copy_nonoverlapping(values.as_ptr().cast(), tile.out[r], used) }
        }
    }
}

/// # Safety
/// `from` holds `columns` values where `PART`, all of `V` registers otherwise.
#[target_feature(enable = "neon")]
#[inline]
unsafe fn load<const V: usize, const PART: bool>(
    from: *const f32,
    columns: usize,
) -> [float32x4_t; V] {
    let mut values = [[0.0; LANES]; V];
    let used = if PART { columns } else { V * LANES };
    // SAFETY: as promised by the caller; a tile has at most `V` registers of columns.
    unsafe {
        std::ptr::copy_nonoverlapping(from, values.as_mut_ptr().cast(), used);
        let mut registers = [vdupq_n_f32(0.0); V];
        for v in 0..V {
            registers[v] = vld1q_f32(values[v].as_ptr());
        }
        registers
    }
}
