//! From kernels to points and back, a block of filters at a time.

use super::Tiling;
use super::points::{F2, F3, F4, Points};
use super::transforms::{Source, Target, WIDTH, for_size, two_sided};
use crate::kernels::lanes::{LANES, Lanes};
use crate::kernels::pieces::SharedOutput;
use crate::kernels::tier::in_every_tier;

/// Columns `first..` of kernels `[3, 3, rows, columns]`, at most [`WIDTH`] of them.
#[derive(Clone, Copy)]
pub(super) struct KernelBlock {
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) first: usize,
}

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

/// One row's points, from one column on; a point is `step` values behind the one before.
struct RowPoints<'a, const N: usize>(&'a [f32], usize);
struct RowPointsMut<'a, const N: usize>(&'a mut [f32], usize);

impl<V: Lanes, const N: usize> Source<V> for RowPoints<'_, N> {
    #[inline(always)]
    fn load(&self, i: usize, j: usize) -> V {
        V::load_part(&self.0[(i * N + j) * self.1..][..LANES])
    }
}

impl<V: Lanes, const N: usize> Target<V> for RowPointsMut<'_, N> {
    #[inline(always)]
    fn store(&mut self, i: usize, j: usize, values: V) {
        values.store_part(&mut self.0[(i * N + j) * self.1..][..LANES]);
    }
}

in_every_tier! {
    /// Kernels to points, `[point][row][WIDTH columns]`.
    pub(super) fn kernel_to_points<V>(tiling: &Tiling, block: KernelBlock, kernel: &[f32], points: &mut [f32]) {
        for_size!(tiling, kernel_rows(block, kernel, points))
    }
}

#[inline(always)]
fn kernel_rows<V: Lanes, P: Points<M, N>, const M: usize, const N: usize>(
    block: KernelBlock,
    kernel: &[f32],
    points: &mut [f32],
) {
    for row in 0..block.rows {
        for column in (block.first..block.end()).step_by(LANES) {
            let source = Taps {
                block,
                kernel,
                row,
                column,
            };
            let points = &mut points[row * WIDTH + column - block.first..];
            let mut target = RowPointsMut::<N>(points, block.rows * WIDTH);
            two_sided::<V, N, 3>(&P::MATRICES.kernel, &source, &mut target);
        }
    }
}

in_every_tier! {
    /// The gradient at the points, `[point][row][WIDTH columns]`, to the block's columns of the kernels.
    pub(super) fn points_to_kernel<V>(
        tiling: &Tiling,
        block: KernelBlock,
        points: &[f32],
        kernel: SharedOutput,
    ) {
        for_size!(tiling, kernel_rows_back(block, points, kernel))
    }
}

#[inline(always)]
fn kernel_rows_back<V: Lanes, P: Points<M, N>, const M: usize, const N: usize>(
    block: KernelBlock,
    points: &[f32],
    kernel: SharedOutput,
) {
    for row in 0..block.rows {
        for column in (block.first..block.end()).step_by(LANES) {
            let points = &points[row * WIDTH + column - block.first..];
            let source = RowPoints::<N>(points, block.rows * WIDTH);
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
