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
pub(in crate::data) use roles::partner;
pub(super) use roles::{Part, has_role, part_in, rank_of_labels};

use self::array::Reading;
use self::roles::Roles;
use super::parts::{self, Described, LabelledImages, assembled};
use super::pixel_range;
use crate::data::class_names;
use crate::data::dataset::{Dataset, Source};
use crate::data::error::{DataError, Problem};
use crate::data::format::{Limits, LoadOptions, check_counts};
use crate::data::progress::Progress;
use crate::data::split::Split;

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
        images.refuse_number_last(labels.len(), &pair[0].place())?;
        check_counts(images.count, labels.len(), |array| pair[array].place(), 0)?;
    }
    let own_names = own_names.transpose()?.flatten();
    let class_names = own_names.map_or_else(
        || class_names::for_set(&arrays.path),
        |names| Ok(Some(names)),
    )?;
    let understood = images
        .iter()
        .find_map(|images| images.order.note(images.shape));
    let is_unused = |array: &&ArrayAt| !used.iter().any(|used| std::ptr::eq(*used, *array));
    let set = Described {
        source: arrays.source.clone(),
        path: &arrays.path,
        name: arrays.name.clone(),
        class_names,
        understood,
        unused: unused(all.iter().filter(is_unused)),
    };
    let parts = images.into_iter().zip(labels).zip(&pairs);
    let parts = parts.map(|((images, labels), [_, at])| LabelledImages {
        shape: images.shape,
        raw: images.raw,
        labels,
        labels_place: at.place(),
    });
    assembled(set, parts.collect(), options)
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
        // Only images, or only labels.
        0 => Err(
            match names
                .clone()
                .map(roles::partner)
                .collect::<Option<Vec<_>>>()
            {
                Some(partners) if !partners.is_empty() => {
                    let (what, partner) = partners[0].clone();
                    Problem::WithoutPartner { what, partner }.at(arrays.path.display())
                }
                _ => missing(&arrays.path, SET, names),
            },
        ),
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

/// A note of arrays that are not read.
fn unused<'a>(arrays: impl Iterator<Item = &'a ArrayAt>) -> Option<String> {
    let names: Vec<&str> = arrays.map(|array| array.name.as_str()).collect();
    parts::unused(&names)
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
