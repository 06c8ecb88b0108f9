//! Writing a data set as a folder of PNG files.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::class_list::folders_for;
use crate::data::class_names;
use crate::data::dataset::Dataset;
use crate::data::drawings::png;
use crate::data::error::{DataError, Problem};
use crate::data::image_file::CHROMA_NOISE;
use crate::data::progress::Progress;
use crate::data::whole_file::WholeFolder;
use crate::data::written_form::WrittenForm;

/// A folder per class in a folder per split. An image is called by its number in the split, so that their order is kept.
pub const IMAGES_FORM: WrittenForm = WrittenForm {
    name: "images",
    help: "a folder of PNG files, train/<class>/0001.png and so on, test/, val/ if the set has validation images, and classes.txt",
    extension: None,
    value_bytes: [1, 1],
    arrays: None,
    save: |dataset, path, _, progress| save(dataset, path, progress),
};

/// Writes `dataset` into the new or empty `folder`, completely or not at all.
///
/// # Errors
/// Where pixels are no whole bytes, no image of a set in colour has any, or only one class has training images: the folder would not be read
/// as the same set.
fn save(dataset: &Dataset, folder: &Path, progress: &Progress<'_>) -> Result<(), DataError> {
    let wrong = |problem: Problem| problem.at(&dataset.name);
    let shape = dataset.shape();
    let mut written = Vec::new();
    for (name, split) in dataset.splits() {
        let form = "images";
        let pixels = split.whole_levels();
        let pixels = pixels.map_err(|image| wrong(Problem::NotBytes { form, image }))?;
        written.push((name, split.labels(), pixels));
    }
    let is_colorful = |pixel: &[u8]| {
        let (least, most) = (pixel.iter().min(), pixel.iter().max());
        least
            .zip(most)
            .is_some_and(|(least, most)| most - least > CHROMA_NOISE)
    };
    let has_color = |pixels: &[u8]| pixels.par_chunks_exact(shape.channels).any(is_colorful);
    if shape.channels > 1 && !written.iter().any(|(_, _, pixels)| has_color(pixels)) {
        return Err(wrong(Problem::GreyInColor));
    }
    let counts = dataset.train().class_counts(dataset.classes());
    let trained = counts.iter().filter(|count| **count > 0).count();
    if trained < 2 {
        return Err(wrong(Problem::OneClass(trained)));
    }
    let whole = WholeFolder::create(folder)?;
    let failed = whole.failed();
    let folders = folders_for(&class_names::as_lines(dataset.class_names()));
    let all = written
        .iter()
        .map(|(_, labels, _)| labels.len() as u64)
        .sum();
    let done = AtomicU64::new(0);
    for (name, labels, pixels) in written {
        let folder = whole.inside().join(name.stem());
        let mut has_images = vec![false; folders.len()];
        for &label in labels {
            has_images[usize::from(label)] = true;
        }
        for (class, _) in folders
            .iter()
            .zip(has_images)
            .filter(|(_, has_images)| *has_images)
        {
            fs::create_dir_all(folder.join(class)).map_err(&failed)?;
        }
        let digits = labels.len().to_string().len().max(4);
        let images = pixels.par_chunks_exact(shape.len()).zip(labels).enumerate();
        images.try_for_each(|(at, (pixels, &label))| {
            progress.step(done.fetch_add(1, Ordering::Relaxed), all)?;
            let class = folder.join(&folders[usize::from(label)]);
            let file = class.join(format!("{:0digits$}.png", at + 1));
            fs::write(file, png(pixels, shape)).map_err(&failed)
        })?;
    }
    progress.step(all, all)?;
    let names = whole.inside().join(class_names::FILE);
    class_names::write(&names, dataset.class_names())?.finish()?;
    whole.finish()
}
