//! The starter sets in the program, for training at the first start.

use std::path::Path;

use super::dataset::Dataset;
use super::error::DataError;
use super::idx;
use super::known::KnownSet;
use crate::wording::thousands;

macro_rules! files {
    ($set:literal: $($name:literal)*) => {
        [$(include_bytes!(concat!("../../data/starter/", $set, "/", $name, "-ubyte.gz"))),*]
    };
    ($set:literal) => {
        files!($set: "train-images-idx3" "train-labels-idx1" "t10k-images-idx3" "t10k-labels-idx1")
    };
}

fn files(set: &KnownSet) -> [&'static [u8]; 4] {
    match set.name {
        "fashion-mnist" => files!("fashion-mnist"),
        "mnist" => files!("mnist"),
        other => unreachable!("`{other}` has a starter set in the program, as it claims"),
    }
}

/// The first 10,000 training and 2,000 test images of `set`; `whole` is the place of the full set on this machine, if any.
pub(super) fn load(set: &'static KnownSet, whole: Option<&Path>) -> Result<Dataset, DataError> {
    let loaded = idx::load_embedded(format!("{} starter", set.title), set, files(set))?;
    let note = note(set, &loaded, whole);
    Ok(loaded.with_note(note))
}

/// How much of the set this is, and how to get the rest.
fn note(set: &KnownSet, dataset: &Dataset, whole: Option<&Path>) -> String {
    let name = set.name;
    let rest = match (whole, set.debian) {
        (Some(path), _) => format!(
            "the full set is in {}: --data {name} opens it",
            path.display()
        ),
        (None, debian) => {
            let package = debian.map_or_else(String::new, |(package, _)| {
                format!("install Debian's package {package}, ")
            });
            format!(
                "to get the rest, run `convscope data fetch {name}`, {package}or set --data or $CONVSCOPE_DATA to the folder of its IDX files"
            )
        }
    };
    format!(
        "starter set: {} of {} training and {} of {} test images; {rest}",
        thousands(dataset.train().len()),
        thousands(set.train_images),
        thousands(dataset.test().len()),
        thousands(set.test_images),
    )
}
