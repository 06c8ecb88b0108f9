//! A folder of PNG and JPEG images, one folder per class.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use crate::data::class_names;
use crate::data::dataset::{CLASSES, Dataset, Parts, Source, check_shape};
use crate::data::error::{DataError, Problem, unreadable};
use crate::data::format::{Format, ImageOptions, LoadOptions};
use crate::data::image_file::ImageFile;
use crate::data::names::has_ending;
use crate::data::progress::Progress;
use crate::data::split::{Pixels, Split};
use crate::data::test_share::TestShare;
use crate::shape::Shape;
use crate::wording::counted;

/// A folder per class, in the folder itself or in its `train/` and `test/`.
pub static IMAGES: Format = Format {
    name: "images",
    one: "a folder of images (train/<class>/*.png)",
    several: "folders of images",
    is_folder: true,
    asks: true,
    part: "",
    is_at,
    is_part: |_| false,
    describe: |folder| {
        let classes = class_folders(folder).len();
        (format!("images in {classes} classes"), None)
    },
    known_set: |_| Ok(None),
    load,
};

/// Whether `folder` has class folders with images, judging by names alone.
fn is_at(folder: &Path) -> bool {
    let classes = class_folders(folder);
    classes.len() > 1 && classes.iter().any(|class| has_image(class))
}

fn class_folders(folder: &Path) -> Vec<PathBuf> {
    folders(&halves(folder).unwrap_or(folder.to_owned())).unwrap_or_default()
}

/// The `train/` in `folder`, if there is a `test/` beside it.
fn halves(folder: &Path) -> Option<PathBuf> {
    let (train, test) = (folder.join("train"), folder.join("test"));
    (train.is_dir() && test.is_dir()).then_some(train)
}

fn has_image(folder: &Path) -> bool {
    let mut entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.any(|entry| is_image(&entry.path()))
}

/// Whether it is named like an image.
pub fn is_image(path: &Path) -> bool {
    has_ending(path, &["png", "jpg", "jpeg"])
}

/// The data set of the images in `folder`. Other files are skipped, counted and named in the set's note.
fn load(
    folder: &Path,
    options: &LoadOptions,
    progress: &Progress<'_>,
) -> Result<Dataset, DataError> {
    let files = find(folder, &options.images)?;
    let wrong = |problem: Problem| problem.at(folder.display());
    let all = files.splits.iter().map(|files| files.len() as u64).sum();
    let done = AtomicU64::new(0);
    let mut skipped = files.skipped;
    let mut decode = |files: Vec<Labelled>, title: &str| -> Result<Vec<Decoded>, DataError> {
        let decoded: Vec<_> = files
            .into_par_iter()
            .map(|file| {
                progress.step(done.fetch_add(1, Ordering::Relaxed), all)?;
                Ok((decode(&file.path, &options.images), file))
            })
            .collect::<Result<_, DataError>>()?;
        let mut images = Vec::new();
        for (image, file) in decoded {
            match image {
                Ok(image) => images.push((file, image)),
                Err(reason) => skipped.push(format!("{} ({reason})", relative(folder, &file.path))),
            }
        }
        if images.is_empty() {
            let place = format!("{}: {title} images", folder.display());
            return Err(Problem::EmptySplit.at(place));
        }
        Ok(images)
    };
    let [train, test] = files.splits;
    let (train, test) = (decode(train, "training")?, decode(test, "test")?);
    let shape = common_shape(&train, &test, options)?;
    check_shape(shape).map_err(wrong)?;
    let expected = (train.len().max(test.len()) * shape.len()) as u64;
    let limit = options.limits.decompressed_bytes;
    if expected > limit {
        return Err(wrong(Problem::TooLarge { expected, limit }));
    }
    progress.step(all, all)?;
    let set = Dataset::new(Parts {
        name: class_names::of_path(folder),
        source: Source::at(&IMAGES, folder),
        class_names: files.classes,
        train: split(train, shape),
        test: split(test, shape),
        validation: None,
    })?;
    Ok(set.with_note(note(&skipped)))
}

struct Labelled {
    path: PathBuf,
    class: u16,
}

type Decoded = (Labelled, ImageFile);

#[derive(Default)]
struct Files {
    classes: Vec<String>,
    /// Files of training and of test images.
    splits: [Vec<Labelled>; 2],
    /// Other files, by name.
    skipped: Vec<String>,
}

fn find(folder: &Path, options: &ImageOptions) -> Result<Files, DataError> {
    let halves = halves(folder);
    let base = halves.as_deref().unwrap_or(folder);
    let classes = folders(base)?;
    if !CLASSES.contains(&classes.len()) {
        return Err(Problem::NoImages(classes.len()).at(base.display()));
    }
    let names = classes.iter().map(|path| class_names::of_path(path));
    let mut files = Files {
        classes: names.collect(),
        ..Files::default()
    };
    let mut share = TestShare::new(options);
    for (class, path) in classes.iter().enumerate() {
        let mut images = images(folder, path, class as u16, &mut files.skipped)?;
        if halves.is_none() {
            let (train, test) = share.divide(images);
            files.splits[1].extend(test);
            images = train;
        }
        files.splits[0].append(&mut images);
    }
    if halves.is_some() {
        for path in folders(&folder.join("test"))? {
            let name = class_names::of_path(&path);
            let class = files.classes.iter().position(|class| *class == name);
            let class = class
                .ok_or_else(|| Problem::ClassWithoutTraining(classes.len()).at(path.display()))?;
            let images = images(folder, &path, class as u16, &mut files.skipped)?;
            files.splits[1].extend(images);
        }
    }
    Ok(files)
}

/// The folders in `folder` that are not hidden: in numerical order where all names are numbers, else by name.
fn folders(folder: &Path) -> Result<Vec<PathBuf>, DataError> {
    let mut folders = entries(folder)?;
    folders.retain(|path| path.is_dir());
    let number = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u64>().ok();
    if folders.iter().all(|path| number(path).is_some()) {
        folders.sort_by_key(number);
    }
    Ok(folders)
}

/// The entries of `folder` that are not hidden, by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, DataError> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
        let entry = entry.map_err(unreadable(folder))?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            paths.push(entry.path());
        }
    }
    paths.sort_unstable();
    Ok(paths)
}

fn images(
    root: &Path,
    folder: &Path,
    class: u16,
    skipped: &mut Vec<String>,
) -> Result<Vec<Labelled>, DataError> {
    let (images, others): (Vec<_>, Vec<_>) = entries(folder)?
        .into_iter()
        .partition(|path| is_image(path) && path.is_file());
    skipped.extend(others.iter().map(|path| relative(root, path)));
    Ok(images
        .into_iter()
        .map(|path| Labelled { path, class })
        .collect())
}

/// The image in a file, in its final size where one is set; the error is the reason why it cannot be decoded.
fn decode(path: &Path, options: &ImageOptions) -> Result<ImageFile, String> {
    let image = ImageFile::open(path)?;
    Ok(match options.size {
        Some(size) => image.resized(size),
        None => image,
    })
}

fn common_shape(
    train: &[Decoded],
    test: &[Decoded],
    options: &LoadOptions,
) -> Result<Shape, DataError> {
    let (first, image) = &train[0];
    let (height, width) = image.size();
    let mut colour = false;
    for (other, image) in train.iter().chain(test) {
        colour |= image.has_color();
        if image.size() != (height, width) {
            let text = |(height, width): (usize, usize)| format!("{height}×{width}");
            return Err(DataError::SizesDiffer {
                first: first.path.clone(),
                first_size: text((height, width)),
                other: other.path.clone(),
                other_size: text(image.size()),
            });
        }
    }
    let channels = options
        .images
        .channels
        .unwrap_or(if colour { 3 } else { 1 });
    Ok(Shape::new(height, width, channels))
}

fn split(images: Vec<Decoded>, shape: Shape) -> Split {
    let mut pixels = Vec::with_capacity(images.len() * shape.len());
    let mut labels = Vec::with_capacity(images.len());
    for (file, image) in images {
        labels.push(file.class);
        let image = image.into_pixels(shape.channels);
        pixels.extend(image.expect("folders give one channel or three"));
    }
    Split::new(shape, Pixels::U8(pixels), labels)
}

fn note(skipped: &[String]) -> String {
    let files = counted(skipped.len(), "file");
    match skipped {
        [] => String::new(),
        [one] => format!("skipped {files} that is not an image: {one}"),
        [first, second, third, _, ..] => {
            format!("skipped {files} that are not images: {first}, {second}, {third} and more")
        }
        few => format!("skipped {files} that are not images: {}", few.join(", ")),
    }
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root)
        .unwrap_or(path)
        .display()
        .to_string()
}
