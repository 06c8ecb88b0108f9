//! Data sets made of numpy arrays, in npz files or in files of their own: what each array is, its images, its labels.

mod array;
mod header;
mod images;
mod labels;
mod numbers;
mod place;
mod roles;

use std::path::{Path, PathBuf};

use rayon::prelude::*;

pub(super) use place::{ArrayAt, stem};
pub(super) use roles::has_role;
pub(in crate::data) use roles::partner;

use self::array::Reading;
use self::labels::Labels;
use self::roles::{Part, Roles};
use super::pixel_range;
use crate::data::class_names;
use crate::data::dataset::{Dataset, Parts, Source};
use crate::data::error::{DataError, Problem};
use crate::data::format::{Limits, LoadOptions, check_counts};
use crate::data::known::KnownSet;
use crate::data::progress::Progress;
use crate::data::split::Split;
use crate::data::test_share::TestShare;
use crate::wording::{counted, thousands};

/// The arrays of a set, and where they are.
pub(super) struct Arrays {
    pub source: Source,
    /// The file or folder, as named in errors.
    pub path: PathBuf,
    /// The name of the set on the screen.
    pub name: String,
    pub all: Vec<ArrayAt>,
}

/// The sets whose arrays may have these names, each with the word that only its own names have; by names alone.
pub(super) fn sets<'a>(names: impl Iterator<Item = &'a str>) -> Vec<(String, Vec<usize>)> {
    let sets = roles::sets(names).into_iter().map(|(set, roles)| {
        let pairs = roles.parts.into_iter().flat_map(|(_, pair)| pair);
        (set, pairs.chain(roles.names).collect())
    });
    sets.collect()
}

/// Reads the set that `arrays` hold.
///
/// Images are (n, height, width), (n, height, width, channels), (n, channels, height, width), or rows of square ones; [`pixel_range`] tells
/// black from white, [`labels`] the classes. Where there is one pair of images and labels, a share of each class is for testing.
pub(super) fn load(
    arrays: &Arrays,
    options: &LoadOptions,
    progress: &Progress<'_>,
) -> Result<Dataset, DataError> {
    let all = &arrays.all;
    let roles = roles_of(arrays, options)?;
    let pairs = roles.parts.iter().map(|&(_, pair)| pair.map(|at| &all[at]));
    let pairs: Vec<[&ArrayAt; 2]> = pairs.collect();
    let names = roles.names.map(|at| &all[at]);
    let used: Vec<&ArrayAt> = pairs.iter().flatten().copied().chain(names).collect();
    let reading = &Reading::new(&options.limits, progress, used.iter().copied());
    // The training images take nearly all of the time.
    let (images, (labels, own_names)) = rayon::join(
        || each(&pairs, |[images, _]| images::images(images, reading)),
        || {
            let labels = each(&pairs, |[_, labels]| labels::labels(labels, reading));
            (labels, names.map(|names| labels::names(names, reading)))
        },
    );
    let (images, labels) = (images?, labels?);
    for (pair, (images, labels)) in pairs.iter().zip(images.iter().zip(&labels)) {
        check_counts(images.count, labels.len(), |array| pair[array].place(), 0)?;
    }
    let own_names = own_names.transpose()?.flatten();
    let known = || {
        let last = labels.last().and_then(Labels::in_order);
        let by_labels = last.and_then(|labels| KnownSet::by_labels(&labels));
        by_labels.or_else(|| KnownSet::by_name(&arrays.name))
    };
    let named = match own_names.map_or_else(|| arrays.names_beside(), |names| Ok(Some(names)))? {
        Some(names) => Some(names),
        None => known().map(KnownSet::class_names),
    };
    let places = pairs.iter().map(|[_, labels]| labels.place());
    let classes = labels::classes(places.zip(labels).collect(), named)?;

    let without_images = classes.without_images();
    let order = images
        .iter()
        .find_map(|images| images.order.note(images.shape));
    let (shapes, raw): (Vec<_>, Vec<_>) = images
        .into_iter()
        .map(|images| (images.shape, images.raw))
        .unzip();
    let (pixels, range) = pixel_range::scaled(raw, options.images.pixels)?;
    let splits = shapes.into_iter().zip(pixels).zip(classes.labels);
    let mut splits = splits.map(|((shape, pixels), labels)| Split::new(shape, pixels, labels));

    let mut notes = vec![range];
    notes.extend(order);
    let last = splits.next_back().expect("a set has a part");
    let (train, test) = match splits.next() {
        Some(train) => (train, last),
        None => {
            let (train, test) = divided(&last, classes.names.len(), options, &arrays.path)?;
            notes.push(format!(
                "only {} given: {} of them for testing, by the test share {}",
                counted(last.len(), "image"),
                thousands(test.len()),
                options.images.test_share
            ));
            (train, test)
        }
    };
    let validation = splits.next();
    notes.extend(without_images);
    let is_unused = |array: &&ArrayAt| !used.iter().any(|used| std::ptr::eq(*used, *array));
    notes.extend(unused(all.iter().filter(is_unused)));
    let set = Dataset::new(Parts {
        name: arrays.name.clone(),
        source: arrays.source.clone(),
        class_names: classes.names,
        train,
        test,
        validation,
    })?;
    Ok(notes.into_iter().fold(set, Dataset::with_note))
}

/// What `work` makes of each pair, side by side; the first error of several.
fn each<T: Send>(
    pairs: &[[&ArrayAt; 2]],
    work: impl Fn([&ArrayAt; 2]) -> Result<T, DataError> + Sync,
) -> Result<Vec<T>, DataError> {
    let done: Vec<Result<T, DataError>> = pairs.par_iter().map(|pair| work(*pair)).collect();
    done.into_iter().collect()
}

/// What each array is: by its name, or by its number.
fn roles_of(arrays: &Arrays, options: &LoadOptions) -> Result<Roles, DataError> {
    let names = arrays.all.iter().map(|array| array.name.as_str());
    if let Some(numbered) = roles::numbered(names.clone()) {
        return Ok(Roles {
            parts: in_pairs(arrays, &numbered, options)?,
            names: roles::names(names),
        });
    }
    let mut sets = roles::sets(names.clone());
    match sets.len() {
        0 => Err(missing(&arrays.path, SET, names)),
        1 => Ok(sets.remove(0).1),
        _ => {
            let sets = sets.into_iter().map(|(set, _)| set);
            Err(Problem::SeveralSetsOfArrays(sets.collect()).at(arrays.path.display()))
        }
    }
}

/// Numbered arrays: images, labels, test images, test labels, or first the images and then the labels of both parts.
fn in_pairs(
    arrays: &Arrays,
    numbered: &[usize],
    options: &LoadOptions,
) -> Result<Vec<(Part, [usize; 2])>, DataError> {
    Ok(match *numbered {
        [first, second, third, fourth] => {
            let silent = Progress::silent();
            let reading = Reading::new(&options.limits, &silent, arrays.all.iter());
            let is_images =
                |at: usize| Ok::<_, DataError>(arrays.all[at].lengths(&reading)?.len() > 2);
            let (labels, images) = match is_images(second)? && !is_images(third)? {
                true => (third, second),
                false => (second, third),
            };
            vec![
                (Part::Train, [first, labels]),
                (Part::Test, [images, fourth]),
            ]
        }
        _ => vec![(Part::Whole, [numbered[0], numbered[1]])],
    })
}

/// The training and the test split of a set that comes as one, in the order of its images.
fn divided(
    whole: &Split,
    classes: usize,
    options: &LoadOptions,
    path: &Path,
) -> Result<(Split, Split), DataError> {
    let mut positions = vec![Vec::new(); classes];
    for (position, &label) in whole.labels().iter().enumerate() {
        positions[usize::from(label)].push(position);
    }
    let mut share = TestShare::new(&options.images);
    let (mut train, mut test) = (Vec::new(), Vec::new());
    for positions in positions {
        let (of_train, of_test) = share.divide(positions);
        train.extend(of_train);
        test.extend(of_test);
    }
    share.check(path)?;
    train.sort_unstable();
    test.sort_unstable();
    Ok((whole.part(&train), whole.part(&test)))
}

/// A note of arrays that are not read.
fn unused<'a>(arrays: impl Iterator<Item = &'a ArrayAt>) -> Option<String> {
    let names: Vec<&str> = arrays.map(|array| array.name.as_str()).collect();
    match names[..] {
        [] => None,
        [first, second, third, _, ..] => {
            Some(format!("not used: {first}, {second}, {third} and more"))
        }
        _ => Some(format!("not used: {}", names.join(", "))),
    }
}

impl Arrays {
    /// The class names in a file beside them.
    fn names_beside(&self) -> Result<Option<Vec<String>>, DataError> {
        if self.path.is_dir() {
            return class_names::read(&self.path);
        }
        match class_names::read_file(class_names::beside(&self.path))? {
            Some(names) => Ok(Some(names)),
            None => class_names::read(self.path.parent().unwrap_or(Path::new("."))),
        }
    }
}

/// The images among `all` without their labels, which are all 0: of the array with a name for images, of `arr_0`, or of the only one.
pub(super) fn images(path: &Path, all: &[ArrayAt], limits: &Limits) -> Result<Split, DataError> {
    let names = || all.iter().map(|array| array.name.as_str());
    let numbered = || names().position(|name| name == "arr_0");
    let at = match roles::images(names()).or_else(numbered) {
        Some(at) => at,
        None if all.len() == 1 => 0,
        None => return Err(missing(path, IMAGES, names())),
    };
    let silent = Progress::silent();
    let reading = Reading::new(limits, &silent, std::iter::empty());
    let images = images::images(&all[at], &reading)?;
    let (mut pixels, _) = pixel_range::scaled(vec![images.raw], None)?;
    let pixels = pixels.pop().expect("one array gives one");
    Ok(Split::new(images.shape, pixels, vec![0; images.count]))
}

const SET: &str = "arr_0 to arr_3, or x_train, y_train, x_test and y_test";
const IMAGES: &str = "images, x_test or arr_0, or one array alone";

/// The error for a file at `path` with only the arrays `found`.
fn missing<'a>(
    path: &Path,
    expected: &'static str,
    found: impl Iterator<Item = &'a str>,
) -> DataError {
    let found: Vec<&str> = found.collect();
    let found = match found.is_empty() {
        true => "none".to_owned(),
        false => found.join(", "),
    };
    Problem::MissingArrays { expected, found }.at(path.display())
}
