//! A folder of images, one folder per class, or with a file that names the class of each.

mod class_list;
mod files;
mod labels_file;
mod layout;
pub(super) mod note;
mod pictures;
mod write;

use std::path::Path;

pub use layout::why_not;
pub(super) use layout::{APPLE, LABELS, MOST_FOLDERS, is_list};
pub use write::IMAGES_FORM;

use self::layout::{Layout, class_folders, layout, named_classes};
use self::pictures::{Pictures, Steps};
use crate::data::class_names;
use crate::data::dataset::{Dataset, Parts, Source, check_shape};
use crate::data::error::{DataError, Problem};
use crate::data::format::{Format, LoadOptions};
use crate::data::progress::Progress;
use crate::data::test_share::TestShare;
use crate::shape::Shape;

/// A folder per class, in the folder itself or in its `train/` and `test/`; or images in one folder, whose classes a file or their own names tell.
pub static IMAGES: Format = Format {
    name: "images",
    one: "a folder of images (train/<class>/*.png)",
    several: "folders of images",
    is_folder: true,
    asks: true,
    part: "",
    is_at: |folder| layout(folder).is_some(),
    is_part: |_| false,
    instead: |_| None,
    several_at: |_| Vec::new(),
    describe: |folder| (described(folder), None),
    known_set: |_| Ok(None),
    load,
};

fn described(folder: &Path) -> String {
    let classes = match layout(folder) {
        Some((root, Layout::Classes)) => root,
        Some((_, Layout::Halves(halves))) => halves.train,
        Some((_, Layout::Listed { labels, .. })) => {
            return format!("images with {}", class_names::of_path(&labels));
        }
        Some((_, Layout::Named(flat))) => {
            let classes = named_classes(&flat.images).map_or(0, |classes| classes.len());
            return format!("images in {classes} classes");
        }
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
    options.images.refuse_pixels(folder.display())?;
    let files = files::find(folder, progress)?;
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
    let mut notes = files.notes;
    let (train, test) = match files.is_whole {
        false => (
            pictures.decoded(&files.train, ": training images")?,
            pictures.decoded(&files.test, ": test images")?,
        ),
        // Of the images that can be read: a share of all would leave out those that are skipped later.
        true => {
            let mut share = TestShare::new(images);
            let whole = pictures.decoded(&files.train, "")?;
            let halves = whole.divided(files.classes.len(), &mut share);
            share.check(folder)?;
            notes.push(share.note());
            halves
        }
    };
    let validation = match files.validation.is_empty() {
        true => None,
        false => Some(pictures.decoded(&files.validation, ": validation images")?),
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
    notes.extend(note::skipped(&pictures.skipped));
    notes.extend(is_grey.then(|| note::GREY.to_owned()));
    notes.extend(note::without_images(&set));
    Ok(notes.into_iter().fold(set, Dataset::with_note))
}
