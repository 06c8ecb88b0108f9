//! Movements of a cursor.

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

    /// Where the cursor goes among `count` entries in rows of `columns`; up and down stay where there is no entry beyond.
    pub fn in_grid(self, at: usize, columns: usize, count: usize, page: usize) -> usize {
        match self {
            Self::Up => at.checked_sub(columns).unwrap_or(at),
            Self::Down if at + columns < count => at + columns,
            Self::Down => at,
            other => other.along(at, count, page),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Motion::{Down, First, Last, Left, PageDown, PageUp, Right, Up};

    #[test]
    fn up_and_down_keep_the_column_of_a_grid_or_stay() {
        // Four, four and three entries.
        for (motion, at, to) in [
            (Up, 5, 1),
            (Up, 3, 3),
            (Down, 6, 10),
            (Down, 7, 7),
            (Left, 4, 3),
            (Left, 0, 0),
            (Right, 10, 10),
            (PageUp, 9, 1),
            (PageDown, 9, 10),
            (First, 9, 0),
            (Last, 1, 10),
        ] {
            assert_eq!(motion.in_grid(at, 4, 11, 8), to, "{motion:?} from {at}");
        }
        assert_eq!(Last.in_grid(0, 4, 0, 8), 0);
    }
}
