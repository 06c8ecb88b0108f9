//! A folder of images, one folder per class, or with a file that names the class of each.

mod class_list;
mod files;
mod labels_file;
mod layout;
pub(super) mod note;
mod pictures;
mod write;

use std::path::Path;

pub(super) use layout::LABELS;
pub use layout::why_not;
pub use write::IMAGES_FORM;

use self::layout::{Layout, class_folders, layout};
use self::pictures::{Pictures, Steps};
use crate::data::class_names;
use crate::data::dataset::{Dataset, Parts, Source, check_shape};
use crate::data::error::{DataError, Problem};
use crate::data::format::{Format, LoadOptions};
use crate::data::progress::Progress;
use crate::shape::Shape;

/// A folder per class, in the folder itself or in its `train/` and `test/`; or images with a `labels.csv`.
pub static IMAGES: Format = Format {
    name: "images",
    one: "a folder of images (train/<class>/*.png)",
    several: "folders of images",
    is_folder: true,
    has_several: |_| false,
    asks: true,
    part: "",
    is_at: |folder| layout(folder).is_some(),
    is_part: |_| false,
    describe: |folder| (described(folder), None),
    known_set: |_| Ok(None),
    load,
};

fn described(folder: &Path) -> String {
    let classes = match layout(folder) {
        Some((root, Layout::Classes)) => root,
        Some((_, Layout::Halves(halves))) => halves.train,
        Some((_, Layout::Listed { .. })) => return "images with labels.csv".to_owned(),
        None => return "images".to_owned(),
    };
    format!("images in {} classes", class_folders(&classes).0.len())
}

/// The data set of the images in `folder`. What is skipped or was understood in a way that is not plain is told in the set's note.
fn load(
    folder: &Path,
    options: &LoadOptions,
    progress: &Progress<'_>,
) -> Result<Dataset, DataError> {
    let files = files::find(folder, &options.images, progress)?;
    let (images, limit) = (&options.images, options.limits.decompressed_bytes);
    let wrong = |problem: Problem| problem.at(folder.display());
    let count = files.all().count();
    // Without a size, the headers of all files are read first.
    let looks = if images.size.is_none() { 2 } else { 1 };
    let steps = Steps::new(progress, looks * count as u64);
    let size = match images.size {
        Some(size) => size,
        None => pictures::common_size(folder, &files, &steps)?,
    };
    let within = |channels: usize| {
        let shape = Shape::new(size.0, size.1, channels);
        check_shape(shape).map_err(wrong)?;
        let expected = (count * shape.len()) as u64;
        match expected > limit {
            true => Err(wrong(Problem::TooLarge { expected, limit })),
            false => Ok(shape),
        }
    };
    within(images.channels.unwrap_or(1))?;
    let mut pictures = Pictures::new(folder, size, &files, &steps);
    let train = pictures.decoded(&files.train, "training")?;
    let test = pictures.decoded(&files.test, "test")?;
    let validation = match files.validation.is_empty() {
        true => None,
        false => Some(pictures.decoded(&files.validation, "validation")?),
    };
    let channels = images.channels.unwrap_or(pictures.channels());
    let shape = within(channels)?;
    steps.finish()?;
    let set = Dataset::new(Parts {
        name: class_names::of_path(folder),
        source: Source::at(&IMAGES, folder),
        class_names: files.classes,
        train: train.split(shape),
        test: test.split(shape),
        validation: validation.map(|validation| validation.split(shape)),
    })?;
    let is_grey = images.channels.is_none() && pictures.is_grey_saved_in_color();
    let mut notes = files.notes;
    notes.extend(note::skipped(&pictures.skipped));
    notes.extend(is_grey.then(|| note::GREY.to_owned()));
    notes.extend(note::without_images(&set));
    Ok(notes.into_iter().fold(set, Dataset::with_note))
}
