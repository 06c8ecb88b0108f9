//! The sets that are in the program, so that there is something to train on at the first start.

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
        other => unreachable!("`{other}` has a starter set in the program, as every known set"),
    }
}

/// The first 10,000 training and 2,000 test images of `set`.
pub(super) fn load(set: &'static KnownSet) -> Result<Dataset, DataError> {
    let loaded = idx::load_embedded(format!("{} starter", set.title), set, files(set))?;
    let note = note(set, &loaded);
    Ok(loaded.with_note(note))
}

/// How much of the set this is, and how to get the rest.
fn note(set: &KnownSet, dataset: &Dataset) -> String {
    let package = match set.debian {
        Some((package, _)) => format!("install Debian's package {package}, "),
        None => String::new(),
    };
    format!(
        "starter set: {} of {} training and {} of {} test images; to get the rest, run `convscope data fetch {}`, {package}or name the folder of its IDX files with --data or $CONVSCOPE_DATA",
        thousands(dataset.train().len()),
        thousands(set.train_images),
        thousands(dataset.test().len()),
        thousands(set.test_images),
        set.name,
    )
}
