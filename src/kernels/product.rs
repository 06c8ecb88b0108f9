//! The strided matrix product that convolution and dense layers are made of, forward and backward.
//!
//! `out[row, column] = start + Σ over segments and steps of a[row + offset] · b[offset + column]`: rows can be anything with an
//! offset (output pixels, places of a kernel, images), columns are neighbours in memory (filters, units), so neither operand needs
//! to be copied into another order first. A tile of rows × columns stays in registers over the whole reduction.

use std::ops::Range;

use super::scratch::with_scratch;
use super::tier::{Tier, in_every_tier, tier};
#[cfg(target_arch = "aarch64")]
use super::tile_neon;
use super::tile_portable;
#[cfg(target_arch = "x86_64")]
use super::tile_x86;

/// A run of the reduction: `length` products whose operands begin at offset `a` from each row and at `b`, and advance by the
/// product's steps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Segment {
    pub(super) a: usize,
    pub(super) b: usize,
    pub(super) length: usize,
}

/// Where rows begin.
pub(super) struct Rows {
    begins: Vec<usize>,
    /// Whether they ascend, as they nearly always do: then the last one reaches farthest, and the others need no check.
    ascend: bool,
}

impl FromIterator<usize> for Rows {
    fn from_iter<I: IntoIterator<Item = usize>>(rows: I) -> Self {
        let begins: Vec<usize> = rows.into_iter().collect();
        let ascend = begins.is_sorted();
        Self { begins, ascend }
    }
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        self.begins.len()
    }

    pub(super) fn all(&self) -> SomeRows<'_> {
        self.some(0..self.len())
    }

    pub(super) fn some(&self, range: Range<usize>) -> SomeRows<'_> {
        let begins = &self.begins[range];
        let last = match self.ascend {
            true => begins.last(),
            false => begins.iter().max(),
        };
        SomeRows {
            begins,
            last: last.copied(),
        }
    }
}

/// Some of [`Rows`].
#[derive(Clone, Copy)]
pub(super) struct SomeRows<'a> {
    begins: &'a [usize],
    /// The row with the largest offset.
    last: Option<usize>,
}

/// The initial value of the sums.
#[derive(Clone, Copy, Debug)]
pub(super) enum Start<'a> {
    Zero,
    /// One value per column.
    Bias(&'a [f32]),
    /// Zero, and the sums are added to `out`.
    Out,
}

impl Start<'_> {
    /// The same for the columns from `column` on.
    pub(super) fn from(self, column: usize) -> Self {
        match self {
            Start::Bias(bias) => Start::Bias(&bias[column..]),
            other => other,
        }
    }
}

/// One product; see the module for what it computes. Rows are offsets into `a` and into the output.
pub(super) struct Product<'a> {
    pub(super) a: &'a [f32],
    pub(super) a_rows: SomeRows<'a>,
    pub(super) a_step: usize,
    pub(super) b: &'a [f32],
    pub(super) b_step: usize,
    pub(super) segments: &'a [Segment],
    /// The number of segments that are summed before their sum is added to the previous ones: short sums round less.
    pub(super) at_once: usize,
    pub(super) columns: usize,
    pub(super) start: Start<'a>,
    pub(super) out_rows: SomeRows<'a>,
}

/// All segments at once.
pub(super) const ALL: usize = usize::MAX;

/// At most this many rows in a tile, in any tier.
pub(super) const MOST_ROWS: usize = 12;

/// One tile, for the code of a tier. Every address that it makes was checked by [`Product::check`].
pub(super) struct Tile<'a> {
    pub(super) rows: usize,
    pub(super) a: [*const f32; MOST_ROWS],
    pub(super) a_step: usize,
    pub(super) b: *const f32,
    pub(super) b_step: usize,
    pub(super) segments: &'a [Segment],
    pub(super) at_once: usize,
    pub(super) columns: usize,
    pub(super) start: TileStart,
    pub(super) out: [*mut f32; MOST_ROWS],
}

/// As [`Start`], for the tile's columns.
#[derive(Clone, Copy)]
pub(super) enum TileStart {
    Zero,
    Bias(*const f32),
    Out,
}

impl<'a> Tile<'a> {
    /// Groups of segments that are summed together, with the initial value of their sums, in order.
    #[inline(always)]
    pub(super) fn parts(&self) -> impl Iterator<Item = (TileStart, &'a [Segment])> {
        let (mut start, mut left) = (self.start, Some(self.segments));
        std::iter::from_fn(move || {
            let (part, others) = left?.split_at(self.at_once.min(left?.len()));
            left = (!others.is_empty()).then_some(others);
            Some((std::mem::replace(&mut start, TileStart::Out), part))
        })
    }
}

/// Rows and columns of a tile, and the code that computes one of up to that size.
struct Machine {
    rows: usize,
    columns: usize,
    run: unsafe fn(&Tile),
}

fn machine() -> Machine {
    match tier() {
        #[cfg(target_arch = "x86_64")]
        Tier::Avx512 => Machine {
            rows: tile_x86::AVX512_ROWS,
            columns: tile_x86::AVX512_COLUMNS,
            run: tile_x86::run_avx512,
        },
        #[cfg(target_arch = "x86_64")]
        Tier::Avx2 => Machine {
            rows: tile_x86::AVX2_ROWS,
            columns: tile_x86::AVX2_COLUMNS,
            run: tile_x86::run_avx2,
        },
        #[cfg(target_arch = "aarch64")]
        Tier::Neon => Machine {
            rows: tile_neon::ROWS,
            columns: tile_neon::COLUMNS,
            run: tile_neon::run,
        },
        Tier::Portable => Machine {
            rows: tile_portable::ROWS,
            columns: tile_portable::COLUMNS,
            run: tile_portable::run,
        },
    }
}

impl Product<'_> {
    /// Computes every row and column into `out`.
    ///
    /// # Panics
    /// If an operand or the output is too short.
    pub(super) fn run(&self, out: &mut [f32]) {
        self.check(out.len());
        // SAFETY: `check` has passed for the length of `out`, which is borrowed mutably.
        unsafe { self.run_at(out.as_mut_ptr()) }
    }

    /// Panics unless every read is inside `a` and `b` and every write inside an output of `out` values.
    pub(super) fn check(&self, out: usize) {
        let counts = [self.a_rows, self.out_rows].map(|rows| rows.begins.len());
        assert_eq!(counts[0], counts[1], "rows in and rows out");
        let (Some(last_a), Some(last_out)) = (self.a_rows.last, self.out_rows.last) else {
            return;
        };
        if self.columns == 0 {
            return;
        }
        let segments = || self.segments.iter().filter(|s| s.length > 0);
        let a = segments().map(|s| s.a + (s.length - 1) * self.a_step).max();
        let b = segments().map(|s| s.b + (s.length - 1) * self.b_step).max();
        assert!(a.is_none_or(|reach| last_a + reach < self.a.len()));
        assert!(b.is_none_or(|reach| reach + self.columns <= self.b.len()));
        assert!(last_out + self.columns <= out);
        if let Start::Bias(bias) = self.start {
            assert!(bias.len() >= self.columns);
        }
    }

    /// Computes every row and column into the output that begins at `out`.
    ///
    /// # Safety
    /// [`Product::check`] has passed for the length of the output, and nothing else reads or writes `columns` values from each of
    /// `out_rows` at the same time.
    pub(super) unsafe fn run_at(&self, out: *mut f32) {
        let machine = machine();
        let tiles = self.a_rows.begins.len().div_ceil(machine.rows);
        let steps: usize = self.segments.iter().map(|segment| segment.length).sum();
        let fits = steps * machine.columns <= NEAR && self.b_step > machine.columns;
        if tiles < WORTH_PACKING || (self.b_step < FAR && !fits) {
            for column in (0..self.columns).step_by(machine.columns) {
                let b = (self.b.as_ptr().wrapping_add(column), self.b_step);
                // SAFETY: as promised by the caller.
                unsafe { self.run_column(&machine, column, b, self.segments, out) }
            }
            return;
        }
        let mut begin = 0;
        let segments: Vec<Segment> = self
            .segments
            .iter()
            .map(|segment| {
                let b = begin;
                begin += segment.length * machine.columns;
                Segment { b, ..*segment }
            })
            .collect();
        with_scratch(steps * machine.columns, |packed| {
            for column in (0..self.columns).step_by(machine.columns) {
                let columns = machine.columns.min(self.columns - column);
                for (segment, place) in self.segments.iter().zip(&segments) {
                    let b = &self.b[(segment.b + column).min(self.b.len())..];
                    let packed = &mut packed[place.b..][..segment.length * machine.columns];
                    pack(b, self.b_step, columns, machine.columns, packed);
                }
                let b = (packed.as_ptr(), machine.columns);
                // SAFETY: as promised by the caller; `packed` holds the same columns of every step.
                unsafe { self.run_column(&machine, column, b, &segments, out) }
            }
        });
    }

    /// Computes the tiles that begin at `column`, whose operands are at `b` with its step.
    ///
    /// # Safety
    /// As [`Product::run_at`]; `b` with `segments` is what [`Product::check`] passed, or a copy of it.
    unsafe fn run_column(
        &self,
        machine: &Machine,
        column: usize,
        (b, b_step): (*const f32, usize),
        segments: &[Segment],
        out: *mut f32,
    ) {
        let start = match self.start {
            Start::Zero => TileStart::Zero,
            Start::Bias(bias) => TileStart::Bias(bias[column..].as_ptr()),
            Start::Out => TileStart::Out,
        };
        let mut tile = Tile {
            rows: 0,
            a: [self.a.as_ptr(); MOST_ROWS],
            a_step: self.a_step,
            b,
            b_step,
            segments,
            at_once: self.at_once,
            columns: machine.columns.min(self.columns - column),
            start,
            out: [out; MOST_ROWS],
        };
        let (a_rows, out_rows) = (self.a_rows.begins, self.out_rows.begins);
        let tiles = a_rows.len().div_ceil(machine.rows);
        if tiles == 0 {
            return;
        }
        // The first tiles have a row more, where they cannot all have the same; a division for each tile would show.
        let (least, larger) = (a_rows.len() / tiles, a_rows.len() % tiles);
        let mut rows = a_rows.iter().zip(out_rows);
        for index in 0..tiles {
            tile.rows = least + usize::from(index < larger);
            let slots = tile.a.iter_mut().zip(&mut tile.out).take(tile.rows);
            for ((a_slot, out_slot), (a_row, out_row)) in slots.zip(&mut rows) {
                *a_slot = self.a.as_ptr().wrapping_add(*a_row);
                *out_slot = out.wrapping_add(out_row + column);
            }
            // SAFETY: `check` has passed: reads stay inside `a`, `b` and the bias, writes inside the output, which
            // nobody else uses; the machine has the tier's instructions.
            unsafe { (machine.run)(&tile) }
        }
    }
}

/// From this step on, each step of `b` is in its own page: the prefetchers stop at the page's end, the address translations do not
/// fit the TLB, and all steps share a few sets of the L1 cache. Then a tile's columns are first copied next to each other. Below, the
/// copy costs more than it saves (measured on Zen 4), except for few steps.
const FAR: usize = 1024;

/// Values of a tile's columns that fit the L1 cache once they are next to each other: before, their steps share some of its sets, and
/// each tile of rows fetches them again.
const NEAR: usize = 8 << 10;

/// The number of tiles of rows from which the copy pays off.
const WORTH_PACKING: usize = 5;

in_every_tier! {
    /// Copies `columns` values of each step to the front of each `width` values of `packed`.
    fn pack(b: &[f32], b_step: usize, columns: usize, width: usize, packed: &mut [f32]) {
        if columns == 32 && width == 32 {
            for (from, to) in b.chunks(b_step).zip(packed.chunks_exact_mut(32)) {
                if let (Some(from), Some(to)) = (from.first_chunk::<32>(), to.first_chunk_mut::<32>()) {
                    *to = *from;
                }
            }
        } else {
            for (from, to) in b.chunks(b_step).zip(packed.chunks_exact_mut(width)) {
                to[..columns].copy_from_slice(&from[..columns]);
            }
        }
    }
}

/// Part `index` of `0..count`, cut into `parts` of nearly equal length.
pub(super) fn share(count: usize, parts: usize, index: usize) -> Range<usize> {
    index * count / parts..(index + 1) * count / parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_that_begins_last_is_known() {
        for begins in [vec![], vec![3], vec![0, 2, 2, 9], vec![4, 11, 5, 7]] {
            let rows: Rows = begins.iter().copied().collect();
            for end in 0..=begins.len() {
                let last = begins[..end].iter().copied().max();
                assert_eq!(rows.some(0..end).last, last, "{begins:?} to {end}");
            }
        }
    }
}
