//! Sets whose files hold their pixels and labels as numbers, whatever the files are: one range of pixels and one list of classes for all
//! parts, and a share of the images for testing where there is one part.

use std::path::Path;

use super::labels::{self, Labels};
use super::pixel_range::{self, Raw};
use crate::data::dataset::{self, Dataset, Source};
use crate::data::error::DataError;
use crate::data::format::LoadOptions;
use crate::data::known::KnownSet;
use crate::data::split::Split;
use crate::data::test_share::divided;
use crate::shape::Shape;

/// The side of the square images whose pixels are rows of so many values. Shorter rows are rarely images.
pub(super) fn square(values: usize) -> Option<usize> {
    const LEAST: usize = 8;
    let side = values.isqrt();
    (side * side == values && side >= LEAST).then_some(side)
}

/// Images with their labels, as many of one as of the other.
pub(super) struct LabelledImages {
    pub shape: Shape,
    pub raw: Raw,
    pub labels: Labels,
    /// Where the labels are, as named in errors.
    pub labels_place: String,
}

/// What is known of a set besides its parts.
pub(super) struct Described<'a> {
    pub source: Source,
    /// The file or folder, as named in errors.
    pub path: &'a Path,
    /// The name of the set on the screen.
    pub name: String,
    /// The class names that its files give.
    pub class_names: Option<Vec<String>>,
    /// How its images were understood, where that is not plain.
    pub understood: Option<String>,
    /// What is there and not used.
    pub unused: Option<String>,
}

/// The set of `parts`: training images first, and test images last where there is more than one part.
pub(super) fn assembled(
    set: Described<'_>,
    parts: Vec<LabelledImages>,
    options: &LoadOptions,
) -> Result<Dataset, DataError> {
    let known = || {
        let last = parts.last().and_then(|part| part.labels.in_order());
        let by_labels = last.and_then(|labels| KnownSet::by_labels(&labels));
        by_labels.or_else(|| KnownSet::by_name(&set.name))
    };
    let named = match set.class_names {
        Some(names) => Some(names),
        None => known().map(KnownSet::class_names),
    };
    let (mut shapes, mut raw, mut labels) = (Vec::new(), Vec::new(), Vec::new());
    for part in parts {
        shapes.push(part.shape);
        raw.push(part.raw);
        labels.push((part.labels_place, part.labels));
    }
    let classes = labels::classes(labels, named)?;
    let without_images = classes.without_images();
    let (pixels, range) = pixel_range::scaled(raw, options.images.pixels)?;
    let splits = shapes.into_iter().zip(pixels).zip(classes.labels);
    let mut splits = splits.map(|((shape, pixels), labels)| Split::new(shape, pixels, labels));

    let mut notes = vec![range];
    notes.extend(set.understood);
    let last = splits.next_back().expect("a set has a part");
    let (train, test) = match splits.next() {
        Some(train) => (train, last),
        None => {
            let (train, test, note) =
                divided(&last, classes.names.len(), &options.images, set.path)?;
            notes.push(note);
            (train, test)
        }
    };
    let validation = splits.next();
    notes.extend(without_images);
    notes.extend(set.unused);
    let made = Dataset::new(dataset::Parts {
        name: set.name,
        source: set.source,
        class_names: classes.names,
        train,
        test,
        validation,
    })?;
    Ok(notes.into_iter().fold(made, Dataset::with_note))
}

/// A note of things by their names that are there and not used.
pub(super) fn unused(names: &[&str]) -> Option<String> {
    match names {
        [] => None,
        [first, second, third, _, ..] => {
            Some(format!("not used: {first}, {second}, {third} and more"))
        }
        _ => Some(format!("not used: {}", names.join(", "))),
    }
}
