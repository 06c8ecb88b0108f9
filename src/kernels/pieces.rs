//! Work cut into pieces that depend on the shapes alone and are spread over the threads of rayon's current pool.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use super::team;

/// The number of values in a piece of work that visits them once.
pub(super) const PIECE: usize = 1 << 15;

/// The number of pieces that work should have, for every thread to get some.
pub(super) fn pieces_wanted() -> usize {
    if team::is_alone() { 1 } else { 8 }
}

/// Calls `work(index, piece)` for consecutive pieces of `length` values (the last may be shorter), in any order.
pub fn for_pieces(
    values: &mut [f32],
    length: usize,
    work: impl Fn(usize, &mut [f32]) + Send + Sync,
) {
    let end = values.len();
    let values = SharedOutput::new(values);
    for_indices(end.div_ceil(length), |index| {
        let begin = index * length;
        // SAFETY: each piece has its own values, and `values` is borrowed until all are done.
        work(index, unsafe {
            values.range(begin..end.min(begin + length))
        });
    });
}

/// Calls `work(images, piece)` for pieces of whole images of `length` values, in any order.
pub fn for_images(
    values: &mut [f32],
    length: usize,
    work: impl Fn(Range<usize>, &mut [f32]) + Send + Sync,
) {
    // Small ones, because a batch has few.
    let images = (PIECE / 4 / length.max(1)).max(1);
    for_pieces(values, (images * length).max(1), |index, piece| {
        let begin = index * images;
        work(begin..begin + piece.len() / length, piece);
    });
}

/// Calls `work(index)` for each of `0..count`, in any order.
pub(super) fn for_indices(count: usize, work: impl Fn(usize) + Send + Sync) {
    team::for_indices(count, &work);
}

/// Calls `work(item)` for each item, in any order.
pub(super) fn for_each<I>(items: I, work: impl Fn(I::Item) + Send + Sync)
where
    I: ExactSizeIterator + Send,
    I::Item: Send,
{
    let count = items.len();
    let items = Mutex::new(items);
    for_indices(count, |_| {
        let item = items.lock().unwrap_or_else(PoisonError::into_inner).next();
        work(item.expect("as many items as the iterator said"));
    });
}

/// The threads that work on pieces.
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

/// Images that a kernel processes together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    /// The maximum number of images.
    pub(super) images: usize,
    /// The threads that work on a group.
    pub(super) turns: Turns,
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
    /// The slice that the output was made from is still borrowed for it, and nothing else uses this range at the same time.
    pub(super) unsafe fn range<'a>(self, range: Range<usize>) -> &'a mut [T] {
        assert!(range.start <= range.end && range.end <= self.length);
        // SAFETY: inside the slice, and the caller's alone.
        unsafe { std::slice::from_raw_parts_mut(self.start.add(range.start), range.len()) }
    }

    /// As [`range`](Self::range), but empty for an output without values, which is not needed.
    ///
    /// # Safety
    /// As [`range`](Self::range).
    pub(super) unsafe fn range_if_any<'a>(self, range: Range<usize>) -> &'a mut [T] {
        let range = if self.length == 0 { 0..0 } else { range };
        // SAFETY: as promised by the caller.
        unsafe { self.range(range) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_image_is_worked_on_at_its_own_place() {
        for (count, length) in [(0, 5), (1, 784), (100, 784), (7, 3 * PIECE), (9000, 1)] {
            let mut values = vec![0.0; count * length];
            for_images(&mut values, length, |images, piece| {
                assert_eq!(piece.len(), images.len() * length);
                for (image, values) in images.zip(piece.chunks_exact_mut(length)) {
                    values
                        .iter_mut()
                        .for_each(|value| *value += 1.0 + image as f32);
                }
            });
            let places = values.iter().enumerate();
            for (place, value) in places {
                assert_eq!(*value, 1.0 + (place / length) as f32, "{count} × {length}");
            }
        }
    }
}
