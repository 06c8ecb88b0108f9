//! From kernels to points and back, a block of filters at a time.

use super::Tiling;
use super::points::{F2, F3, F4, F5, F6, Points, Strided4, Strided7};
use super::transforms::{Source, Target, WIDTH, for_scheme, for_size, two_sided};
use crate::kernels::lanes::{LANES, Lanes};
use crate::kernels::pieces::SharedOutput;
use crate::kernels::tier::in_every_tier;
use crate::kernels::volume::fetch;

/// Columns `first..` of kernels `[3, 3, rows, columns]`, at most [`WIDTH`] of them.
#[derive(Clone, Copy)]
pub(super) struct KernelBlock {
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) first: usize,
}

/// The number of rows that are prefetched.
const AHEAD: usize = 8;

impl KernelBlock {
    fn end(&self) -> usize {
        self.columns.min(self.first + WIDTH)
    }

    /// Where a row begins at a place of the kernels.
    #[inline(always)]
    fn tap(&self, i: usize, j: usize, row: usize) -> usize {
        ((i * 3 + j) * self.rows + row) * self.columns
    }
}

/// The taps of one row's kernels, from one column on.
struct Taps<'a> {
    block: KernelBlock,
    kernel: &'a [f32],
    row: usize,
    column: usize,
}

impl<V: Lanes> Source<V> for Taps<'_> {
    #[inline(always)]
    fn load(&self, i: usize, j: usize) -> V {
        let begin = self.block.tap(i, j, self.row);
        V::load_part(&self.kernel[begin + self.column..begin + self.block.end()])
    }
}

struct TapsMut {
    block: KernelBlock,
    kernel: SharedOutput,
    row: usize,
    column: usize,
}

impl<V: Lanes> Target<V> for TapsMut {
    #[inline(always)]
    fn store(&mut self, i: usize, j: usize, values: V) {
        let begin = self.block.tap(i, j, self.row);
        let end = self.block.end().min(self.column + LANES);
        // SAFETY: whoever works on the block has its columns of every row for itself.
        values.store_part(unsafe { self.kernel.range(begin + self.column..begin + end) });
    }
}

/// One row's values at the points, from one column on, and their distance in memory.
struct RowValues<'a, const K: usize>(&'a [f32], usize);
struct RowValuesMut<'a, const K: usize>(&'a mut [f32], usize);

impl<V: Lanes, const K: usize> Source<V> for RowValues<'_, K> {
    #[inline(always)]
    fn load(&self, i: usize, j: usize) -> V {
        V::load_part(&self.0[(i * K + j) * self.1..][..LANES])
    }
}

impl<V: Lanes, const K: usize> Target<V> for RowValuesMut<'_, K> {
    #[inline(always)]
    fn store(&mut self, i: usize, j: usize, values: V) {
        values.store_part(&mut self.0[(i * K + j) * self.1..][..LANES]);
    }
}

in_every_tier! {
    /// Kernels to their values at the points, `[value][row][WIDTH columns]`.
    pub(super) fn kernel_to_points<V>(tiling: &Tiling, block: KernelBlock, kernel: &[f32], values: &mut [f32]) {
        for_scheme!(tiling, kernel_rows(block, kernel, values))
    }
}

#[inline(always)]
fn kernel_rows<
    V: Lanes,
    P: Points<M, N, L, K>,
    const M: usize,
    const N: usize,
    const L: usize,
    const K: usize,
>(
    block: KernelBlock,
    kernel: &[f32],
    values: &mut [f32],
) {
    for row in 0..block.rows {
        // The taps of a row lie in nine places far from each other, and those of the next row far from them.
        let next = row + AHEAD;
        if next < block.rows {
            for place in 0..9 {
                let begin = block.tap(place / 3, place % 3, next);
                fetch(&kernel[begin + block.first..begin + block.end()]);
            }
        }
        for column in (block.first..block.end()).step_by(LANES) {
            let source = Taps {
                block,
                kernel,
                row,
                column,
            };
            let values = &mut values[row * WIDTH + column - block.first..];
            let mut target = RowValuesMut::<K>(values, Tiling::value_step(block.rows));
            two_sided::<V, K, 3>(&P::MATRICES.kernel, &source, &mut target);
        }
    }
}

in_every_tier! {
    /// The gradient with respect to the values at the points, `[value][row][WIDTH columns]`, to the block's columns of the kernels.
    pub(super) fn points_to_kernel<V>(
        tiling: &Tiling,
        block: KernelBlock,
        values: &[f32],
        kernel: SharedOutput,
    ) {
        for_size!(tiling, kernel_rows_back(block, values, kernel))
    }
}

#[inline(always)]
fn kernel_rows_back<V: Lanes, P: Points<M, N, N, N>, const M: usize, const N: usize>(
    block: KernelBlock,
    values: &[f32],
    kernel: SharedOutput,
) {
    for row in 0..block.rows {
        for column in (block.first..block.end()).step_by(LANES) {
            let values = &values[row * WIDTH + column - block.first..];
            let source = RowValues::<N>(values, Tiling::value_step(block.rows));
            let mut target = TapsMut {
                block,
                kernel,
                row,
                column,
            };
            two_sided::<V, 3, N>(&P::KERNEL_BACK, &source, &mut target);
        }
    }
}
