//! What a set's note says about its folder.

use crate::data::dataset::Dataset;
use crate::wording::counted;

/// For pictures whose three channels are equal.
pub(super) const GREY: &str =
    "saved in colour, but grey: opened with one channel (colors: colour keeps three)";

/// The first names: `a`, `a and b`, `a, b and c`, `a, b, c and more`.
pub(in crate::data::formats) fn named(names: &[String]) -> String {
    match names {
        [first, second, third, _, ..] => format!("{first}, {second}, {third} and more"),
        [others @ .., last] if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        few => few.concat(),
    }
}

/// What was passed over, if anything.
pub(super) fn skipped(skipped: &[String]) -> Option<String> {
    let files = counted(skipped.len(), "file");
    match skipped {
        [] => None,
        [one] => Some(format!(
            "skipped {files} that cannot be read as an image: {one}"
        )),
        [first, second, third, _, ..] => Some(format!(
            "skipped {files} that cannot be read as images: {first}, {second}, {third} and more"
        )),
        few => Some(format!(
            "skipped {files} that cannot be read as images: {}",
            few.join(", ")
        )),
    }
}

/// The classes that have no images to train on, or to test on.
pub(super) fn without_images(set: &Dataset) -> Vec<String> {
    let without = set.splits().filter_map(|(name, split)| {
        let counts = split.class_counts(set.classes());
        let classes = set.class_names().iter().zip(counts);
        let empty = classes.filter(|(_, count)| *count == 0);
        let empty: Vec<_> = empty.map(|(name, _)| name.clone()).collect();
        (!empty.is_empty()).then(|| format!("no {} images of {}", name.word(), named(&empty)))
    });
    without.collect()
}
