//! Memory that a thread keeps for its kernels.

use std::cell::Cell;
use std::ops::{Deref, DerefMut, Range};

use super::volume::{LINE, zeros};

/// The maximum number of buffers that a thread keeps, more than its kernels nest. Some are created by one thread and dropped by another,
/// which would otherwise collect them without limit.
const MOST_KEPT: usize = 8;

thread_local! {
    static KEPT: Cell<Vec<Vec<f32>>> = const { Cell::new(Vec::new()) };
}

/// Values with undefined contents, aligned to a cache line. The thread that drops them keeps their memory.
pub(super) struct Scratch {
    buffer: Vec<f32>,
    range: Range<usize>,
}

impl Scratch {
    pub(super) fn new(length: usize) -> Self {
        let mut kept = KEPT.take();
        let mut buffer = kept.pop().unwrap_or_default();
        KEPT.set(kept);
        if buffer.len() < length + LINE {
            buffer = zeros(length + LINE);
        }
        let begin = buffer.as_ptr().align_offset(4 * LINE).min(LINE);
        Self {
            buffer,
            range: begin..begin + length,
        }
    }
}

impl Deref for Scratch {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.buffer[self.range.clone()]
    }
}

impl DerefMut for Scratch {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.buffer[self.range.clone()]
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let mut kept = KEPT.take();
        if kept.len() < MOST_KEPT {
            kept.push(std::mem::take(&mut self.buffer));
        }
        KEPT.set(kept);
    }
}

/// Lends `length` values of [`Scratch`]. Calls may nest.
pub(super) fn with_scratch<T>(length: usize, work: impl FnOnce(&mut [f32]) -> T) -> T {
    work(&mut Scratch::new(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_of_other_threads_do_not_gather() {
        for _ in 0..10 * MOST_KEPT {
            let made = std::thread::spawn(|| Scratch::new(1000));
            drop(made.join().expect("nothing panics"));
        }
        let kept = KEPT.take();
        assert_eq!(kept.len(), MOST_KEPT);
        KEPT.set(kept);
    }
}
