//! Memory for volumes.

#[cfg(target_os = "linux")]
use rustix::mm::{Advice, madvise};

/// Bytes of the processor's larger pages, on the machines that have them.
const HUGE_PAGE: usize = 2 << 20;

/// Values in a line of the caches.
pub(super) const LINE: usize = 16;

/// `length` zeros, on large pages if they fill some and the system has them.
///
/// Kernels walk through volumes in strides; with pages of 4 KiB every step is on its own page, more pages than
/// the processor's TLB holds.
pub fn zeros(length: usize) -> Vec<f32> {
    let mut values = vec![0.0; length];
    prefer_huge_pages(&mut values);
    values
}

#[cfg(target_os = "linux")]
fn prefer_huge_pages(values: &mut [f32]) {
    let range = values.as_mut_ptr_range();
    let begin = (range.start as usize).next_multiple_of(HUGE_PAGE);
    let end = range.end as usize / HUGE_PAGE * HUGE_PAGE;
    if begin < end {
        let start = range.start.wrapping_byte_add(begin - range.start as usize);
        // SAFETY: these pages hold nothing but `values`, whose contents the advice does not change. Where the system does not take it,
        // nothing is lost.
        let _ = unsafe { madvise(start.cast(), end - begin, Advice::LinuxHugepage) };
    }
}

#[cfg(not(target_os = "linux"))]
fn prefer_huge_pages(_: &mut [f32]) {}

/// Prefetches `values`, for a loop that is about to visit them in strides that the processor does not predict.
pub(super) fn fetch(values: &[f32]) {
    #[cfg(target_arch = "x86_64")]
    for line in values.chunks(LINE) {
        use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
        // SAFETY: only a hint, of an address that may be read.
        unsafe { _mm_prefetch::<_MM_HINT_T1>(line.as_ptr().cast()) }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = values;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_zero_and_can_be_written() {
        for length in [0, 1, 1000, 3 * HUGE_PAGE / 4 + 5] {
            let mut values = zeros(length);
            assert_eq!(values.len(), length);
            assert!(values.iter().all(|value| *value == 0.0));
            values.fill(1.0);
            assert!(values.iter().all(|value| *value == 1.0));
        }
    }
}
