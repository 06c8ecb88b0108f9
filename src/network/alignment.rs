//! Which items of a list survived an edit.

/// For each of the `new` items, the index of the matching `old` item, if any: the longest common subsequence, where equal beginnings
/// and ends are matched first, so that of several equal items those that an edit did not reach match themselves.
pub fn align(old: usize, new: usize, same: impl Fn(usize, usize) -> bool) -> Vec<Option<usize>> {
    let most = old.min(new);
    let start = (0..most).take_while(|i| same(*i, *i)).count();
    let end = (0..most - start)
        .take_while(|i| same(old - 1 - i, new - 1 - i))
        .count();
    let (rows, columns) = (old - start - end, new - start - end);
    // lengths[i][j]: the longest common subsequence of what follows old item i and new item j, counted from `start`.
    let mut lengths = vec![vec![0usize; columns + 1]; rows + 1];
    for i in (0..rows).rev() {
        for j in (0..columns).rev() {
            lengths[i][j] = if same(start + i, start + j) {
                lengths[i + 1][j + 1] + 1
            } else {
                lengths[i + 1][j].max(lengths[i][j + 1])
            };
        }
    }
    let mut found = vec![None; new];
    for (index, found) in found.iter_mut().enumerate().take(start) {
        *found = Some(index);
    }
    for index in 0..end {
        found[new - 1 - index] = Some(old - 1 - index);
    }
    let (mut i, mut j) = (0, 0);
    while i < rows && j < columns {
        if same(start + i, start + j) {
            found[start + j] = Some(start + i);
            (i, j) = (i + 1, j + 1);
        } else if lengths[i + 1][j] >= lengths[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aligned(old: &str, new: &str) -> Vec<Option<usize>> {
        let (old, new) = (old.as_bytes(), new.as_bytes());
        align(old.len(), new.len(), |i, j| old[i] == new[j])
    }

    #[test]
    fn what_an_edit_did_not_reach_stays() {
        assert_eq!(aligned("abc", "abc"), [Some(0), Some(1), Some(2)]);
        assert_eq!(aligned("abc", "axc"), [Some(0), None, Some(2)]);
        assert_eq!(aligned("abab", "ab"), [Some(0), Some(1)]);
        assert_eq!(
            aligned("aab", "aaab"),
            [Some(0), Some(1), None, Some(2)],
            "a doubled item is the new one"
        );
        assert_eq!(
            aligned("abcde", "bxdaf"),
            [Some(1), None, Some(3), None, None]
        );
        assert_eq!(aligned("", "ab"), [None, None]);
        assert_eq!(aligned("ab", ""), []);
    }
}
