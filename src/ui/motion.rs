//! Movements of a cursor.

/// Where `steps` from `at` lead among `count` entries, around the end.
pub fn around(at: usize, steps: isize, count: usize) -> usize {
    (at as isize + steps).rem_euclid(count.max(1) as isize) as usize
}

/// A movement of the cursor in the part that has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    Left,
    Right,
    Up,
    Down,
    PageUp,
    PageDown,
    First,
    Last,
}

impl Motion {
    /// Where the cursor goes in a column of `count` entries; a page is `page` of them.
    pub fn along(self, at: usize, count: usize, page: usize) -> usize {
        let last = count.saturating_sub(1);
        let page = page.max(1);
        match self {
            Self::Left | Self::Up => at.saturating_sub(1),
            Self::Right | Self::Down => at + 1,
            Self::PageUp => at.saturating_sub(page),
            Self::PageDown => at + page,
            Self::First => 0,
            Self::Last => last,
        }
        .min(last)
    }
}
