//! The tile in plain Rust; the compiler turns it into vector instructions of the target's baseline.

use super::product::{Tile, TileStart};

pub(super) const ROWS: usize = 4;
pub(super) const COLUMNS: usize = 8;

/// # Safety
/// The tile's addresses are valid for its segments, rows and columns; at most [`ROWS`] rows and [`COLUMNS`] columns.
pub(super) unsafe fn run(tile: &Tile) {
    // SAFETY: as promised by the caller.
    unsafe {
        match tile.rows {
            1 => rows::<1>(tile),
            2 => rows::<2>(tile),
            3 => rows::<3>(tile),
            _ => rows::<4>(tile),
        }
    }
}

/// # Safety
/// As [`run`], and the tile has exactly `R` rows.
unsafe fn rows<const R: usize>(tile: &Tile) {
    let columns = tile.columns.min(COLUMNS);
    // SAFETY: reads `columns` values.
    let load = |from: *const f32| unsafe {
        if columns == COLUMNS {
            from.cast::<[f32; COLUMNS]>().read_unaligned()
        } else {
            let mut values = [0.0; COLUMNS];
            std::ptr::copy_nonoverlapping(from, values.as_mut_ptr(), columns);
            values
        }
    };
    for (start, segments) in tile.parts() {
        let mut sums = match start {
            TileStart::Zero | TileStart::Out => [[0.0; COLUMNS]; R],
            TileStart::Bias(bias) => [load(bias); R],
        };
        for segment in segments {
            let (mut a, mut b) = (segment.a, segment.b);
            for _ in 0..segment.length {
                let values = load(tile.b.wrapping_add(b));
                for (r, sums) in sums.iter_mut().enumerate() {
                    // SAFETY: the caller's promise covers every step of every segment.
                    let factor = unsafe { *tile.a[r].wrapping_add(a) };
                    for (sum, value) in sums.iter_mut().zip(values) {
                        *sum += factor * value;
                    }
                }
                a += tile.a_step;
                b += tile.b_step;
            }
        }
        for (r, sums) in sums.iter_mut().enumerate() {
            if let TileStart::Out = start {
                for (sum, before) in sums.iter_mut().zip(load(tile.out[r])) {
                    *sum += before;
                }
            }
            // SAFETY: the tile may write `columns` values at each row's output.
            unsafe { std::ptr::copy_nonoverlapping(sums.as_ptr(), tile.out[r], columns) }
        }
    }
}
