//! Looking at many files: where nothing is in memory, each look waits for the disk, and many can wait together.

use std::thread;

/// Threads that wait.
const WAITERS: usize = 16;

/// What `look` finds for each item, in their order.
pub(super) fn at_once<T: Sync, R: Send>(items: &[T], look: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let look = &look;
    let chunk = items.len().div_ceil(WAITERS).max(1);
    thread::scope(|scope| {
        let waiters: Vec<_> = items
            .chunks(chunk)
            .map(|items| scope.spawn(move || items.iter().map(look).collect::<Vec<_>>()))
            .collect();
        let found = waiters.into_iter().map(|waiter| waiter.join());
        found
            .flat_map(|found| found.expect("looking at files does not panic"))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_found_in_order() {
        for count in [0, 1, 15, 16, 17, 100] {
            let items: Vec<usize> = (0..count).collect();
            let found = at_once(&items, |item| item + 1);
            assert_eq!(found, (1..=count).collect::<Vec<_>>());
        }
    }
}
