//! Work cut into pieces that depend on the shapes alone and are spread over rayon's current pool.

use rayon::prelude::*;

/// Values in a piece of work that goes through them once.
pub(super) const PIECE: usize = 1 << 15;

/// Calls `work(index, piece)` for consecutive pieces of `length` values (the last may be shorter), in any order.
pub(super) fn for_pieces(
    values: &mut [f32],
    length: usize,
    work: impl Fn(usize, &mut [f32]) + Send + Sync,
) {
    if values.len() <= length {
        if !values.is_empty() {
            work(0, values);
        }
        return;
    }
    values
        .par_chunks_mut(length)
        .enumerate()
        .with_max_len(1)
        .for_each(|(index, piece)| work(index, piece));
}

/// Calls `work(index)` for each of `0..count`, in any order.
pub(super) fn for_indices(count: usize, work: impl Fn(usize) + Send + Sync) {
    if count == 1 {
        work(0);
        return;
    }
    (0..count).into_par_iter().with_max_len(1).for_each(work);
}

/// Who works on pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turns {
    /// The calling thread, because all others have pieces as large as this.
    Alone,
    /// All threads.
    Together,
}

impl Turns {
    /// As [`for_pieces`].
    pub(super) fn for_pieces(
        self,
        values: &mut [f32],
        length: usize,
        work: impl Fn(usize, &mut [f32]) + Send + Sync,
    ) {
        match self {
            Turns::Alone => values
                .chunks_mut(length)
                .enumerate()
                .for_each(|(index, piece)| work(index, piece)),
            Turns::Together => for_pieces(values, length, work),
        }
    }

    /// As [`for_indices`].
    pub(super) fn for_indices(self, count: usize, work: impl Fn(usize) + Send + Sync) {
        match self {
            Turns::Alone => (0..count).for_each(work),
            Turns::Together => for_indices(count, work),
        }
    }
}

/// An output that several pieces of work write at once, each its own places.
pub(super) struct SharedOutput<T = f32> {
    start: *mut T,
    length: usize,
}

impl<T> Clone for SharedOutput<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for SharedOutput<T> {}

// SAFETY: it is an address; whoever writes there promises to be alone at the places written.
unsafe impl<T: Send> Send for SharedOutput<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for SharedOutput<T> {}

impl<T> SharedOutput<T> {
    pub(super) fn new(values: &mut [T]) -> Self {
        Self {
            start: values.as_mut_ptr(),
            length: values.len(),
        }
    }

    pub(super) fn start(self) -> *mut T {
        self.start
    }

    pub(super) fn len(self) -> usize {
        self.length
    }

    /// # Safety
    /// The slice that the output was made from is still borrowed for it, and nobody else uses this range meanwhile.
    pub(super) unsafe fn range<'a>(self, range: std::ops::Range<usize>) -> &'a mut [T] {
        assert!(range.start <= range.end && range.end <= self.length);
        // SAFETY: inside the slice, and the caller's alone.
        unsafe { std::slice::from_raw_parts_mut(self.start.add(range.start), range.len()) }
    }
}
