//! Memory that a thread keeps for its kernels.

use std::cell::Cell;

use super::volume::{LINE, zeros};

thread_local! {
    static KEPT: Cell<Vec<Vec<f32>>> = const { Cell::new(Vec::new()) };
}

/// Lends `length` values with undefined contents, from the beginning of a line of the caches on. Calls may nest.
pub(super) fn with_scratch<T>(length: usize, work: impl FnOnce(&mut [f32]) -> T) -> T {
    let mut kept = KEPT.take();
    let mut buffer = kept.pop().unwrap_or_default();
    KEPT.set(kept);
    if buffer.len() < length + LINE {
        buffer = zeros(length + LINE);
    }
    let begin = buffer.as_ptr().align_offset(4 * LINE).min(LINE);
    let result = work(&mut buffer[begin..begin + length]);
    let mut kept = KEPT.take();
    kept.push(buffer);
    KEPT.set(kept);
    result
}
