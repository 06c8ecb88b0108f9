//! Fuzzy matching of names.

/// How well a name matches the typed text, the best first, regardless of case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closeness {
    Exact,
    Begins,
    Holds,
    /// The letters occur in this order, with others between them.
    Scattered,
    No,
}

pub fn closeness(name: &str, typed: &str) -> Closeness {
    let (name, typed) = (name.to_lowercase(), typed.to_lowercase());
    let mut letters = name.chars();
    match &name {
        name if *name == typed => Closeness::Exact,
        name if name.starts_with(&typed) => Closeness::Begins,
        name if name.contains(&typed) => Closeness::Holds,
        _ if typed
            .chars()
            .all(|typed| letters.any(|letter| letter == typed)) =>
        {
            Closeness::Scattered
        }
        _ => Closeness::No,
    }
}

/// The position of the best match, the first of several; 0 without a match.
pub fn best_match<'a>(names: impl IntoIterator<Item = &'a str>, typed: &str) -> usize {
    let ranked = names.into_iter().map(|name| closeness(name, typed));
    let best = ranked.enumerate().min_by_key(|(_, closeness)| *closeness);
    best.filter(|(_, closeness)| *closeness != Closeness::No)
        .map_or(0, |(position, _)| position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_name_comes_before_its_beginning_and_that_before_a_part() {
        let names = ["fashion-mnist", "mnist-starter", "MNIST", "m-n"];
        for (typed, meant) in [
            ("mnist", 2),
            ("mnist-", 1),
            ("fash", 0),
            ("starter", 1),
            ("mn", 1),
            ("m-n", 3),
            ("fmn", 0),
            ("", 0),
            ("zebra", 0),
        ] {
            assert_eq!(best_match(names, typed), meant, "{typed}");
        }
    }
}
