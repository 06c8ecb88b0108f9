//! A folder of PNG and JPEG images, one folder a class.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64;
use rayon::prelude::*;

use crate::data::class_names;
use crate::data::dataset::{CLASSES, Dataset, Parts, Source, check_shape};
use crate::data::error::DataError;
use crate::data::format::{Format, ImageOptions, LoadOptions};
use crate::data::image_file::ImageFile;
use crate::data::progress::Progress;
use crate::data::split::{Pixels, Split};
use crate::shape::Shape;

/// A folder a class, in the folder itself or in its `train/` and `test/`.
pub static IMAGES: Format = Format {
    name: "images",
    one: "a folder of images (train/<class>/*.png)",
    several: "folders of images",
    is_folder: true,
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

/// Whether `folder` has class folders with images, told by names alone.
fn is_at(folder: &Path) -> bool {
    let classes = class_folders(folder);
    classes.len() > 1 && classes.iter().any(|class| has_image(class))
}

fn class_folders(folder: &Path) -> Vec<PathBuf> {
    folders(&halves(folder).unwrap_or(folder.to_owned())).unwrap_or_default()
}

/// The folder of the training images, where there is one for the test images beside it.
fn halves(folder: &Path) -> Option<PathBuf> {
    let (train, test) = (folder.join("train"), folder.join("test"));
    (train.is_dir() && test.is_dir()).then_some(train)
}

fn has_image(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| {
        entries.any(|entry| entry.is_ok_and(|entry| is_image(&entry.path())))
    })
}

fn is_image(path: &Path) -> bool {
    path.extension().is_some_and(|kind| {
        ["png", "jpg", "jpeg"]
            .iter()
            .any(|image| kind.eq_ignore_ascii_case(image))
    })
}

/// The data set of the images in `folder`. What is no image is skipped, counted and named in the set's note.
fn load(
    folder: &Path,
    options: &LoadOptions,
    progress: &Progress<'_>,
) -> Result<Dataset, DataError> {
    let mut files = find(folder, &options.images)?;
    let all = (files.train.len() + files.test.len()) as u64;
    let done = AtomicU64::new(0);
    let mut skipped = std::mem::take(&mut files.skipped);
    let mut decode = |files: Vec<Labelled>| -> Result<Vec<Decoded>, DataError> {
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
                Ok(image) => images.push(Decoded {
                    path: file.path,
                    class: file.class,
                    image,
                }),
                Err(reason) => skipped.push(format!("{} ({reason})", relative(folder, &file.path))),
            }
        }
        Ok(images)
    };
    let train = decode(files.train)?;
    let test = decode(files.test)?;
    for (images, title) in [(&train, "training"), (&test, "test")] {
        if images.is_empty() {
            return Err(DataError::EmptySplit {
                place: format!("{}: {title} images", folder.display()),
            });
        }
    }
    let shape = common_shape(&train, &test, options)?;
    check_shape(|| folder.display().to_string(), shape)?;
    let bytes = (train.len().max(test.len()) * shape.len()) as u64;
    if bytes > options.limits.decompressed_bytes {
        return Err(DataError::TooLarge {
            place: folder.display().to_string(),
            expected: bytes,
            limit: options.limits.decompressed_bytes,
        });
    }
    progress.step(all, all)?;
    let set = Dataset::new(Parts {
        name: class_names::of_path(folder),
        source: Source::At(&IMAGES, folder.to_owned()),
        class_names: files.classes,
        train: split(train, shape),
        test: split(test, shape),
    })?;
    Ok(set.with_note(note(&skipped)))
}

struct Labelled {
    path: PathBuf,
    class: u16,
}

struct Decoded {
    path: PathBuf,
    class: u16,
    image: ImageFile,
}

#[derive(Default)]
struct Files {
    classes: Vec<String>,
    train: Vec<Labelled>,
    test: Vec<Labelled>,
    /// What is no image, by name.
    skipped: Vec<String>,
}

fn find(folder: &Path, options: &ImageOptions) -> Result<Files, DataError> {
    let halves = halves(folder);
    let base = halves.as_deref().unwrap_or(folder);
    let classes = folders(base)?;
    if !CLASSES.contains(&classes.len()) {
        return Err(DataError::NoImages {
            folder: base.to_owned(),
            found: format!("{} class folders", classes.len()),
        });
    }
    let mut files = Files {
        classes: classes
            .iter()
            .map(|path| class_names::of_path(path))
            .collect(),
        ..Files::default()
    };
    let mut random = Pcg64::seed_from_u64(options.seed);
    for (class, path) in classes.iter().enumerate() {
        let mut images = images(folder, path, class as u16, &mut files.skipped)?;
        if halves.is_none() {
            images.shuffle(&mut random);
            let share = options.test_share.clamp(0.0, 1.0);
            let count = (images.len() as f64 * share).round() as usize;
            files.test.extend(images.drain(..count));
        }
        files.train.append(&mut images);
    }
    if halves.is_some() {
        for path in folders(&folder.join("test"))? {
            let name = class_names::of_path(&path);
            let Some(class) = files.classes.iter().position(|class| *class == name) else {
                return Err(DataError::ClassWithoutTraining {
                    folder: path,
                    classes: files.classes.len(),
                });
            };
            let images = images(folder, &path, class as u16, &mut files.skipped)?;
            files.test.extend(images);
        }
    }
    Ok(files)
}

/// The folders in `folder` that are not hidden: in the order of their numbers where all are numbers, else of their names.
fn folders(folder: &Path) -> Result<Vec<PathBuf>, DataError> {
    let mut folders = entries(folder)?;
    folders.retain(|path| path.is_dir());
    let number = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u64>().ok();
    if folders.iter().all(|path| number(path).is_some()) {
        folders.sort_by_key(number);
    }
    Ok(folders)
}

/// What is in `folder` and not hidden, by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, DataError> {
    let unreadable = |source| DataError::Unreadable {
        path: folder.to_owned(),
        source,
    };
    let mut paths = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !hidden {
            paths.insert(path);
        }
    }
    Ok(paths.into_iter().collect())
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

/// The image in a file, in its final size where one is asked for; else the reason why it is none.
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
    let first = &train[0];
    let (height, width) = first.image.size();
    let mut colour = false;
    for other in train.iter().chain(test) {
        colour |= other.image.has_color();
        if other.image.size() != (height, width) {
            let text = |image: &ImageFile| {
                let (height, width) = image.size();
                format!("{height}×{width}")
            };
            return Err(DataError::SizesDiffer {
                first: first.path.clone(),
                first_size: text(&first.image),
                other: other.path.clone(),
                other_size: text(&other.image),
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
    for Decoded { image, class, .. } in images {
        labels.push(class);
        let image = image.into_pixels(shape.channels);
        pixels.extend(image.expect("folders give one channel or three"));
    }
    Split::new(shape, Pixels::U8(pixels), labels)
}

fn note(skipped: &[String]) -> String {
    match skipped {
        [] => String::new(),
        [one] => format!("skipped 1 file that is no image: {one}"),
        [first, second, third, _, ..] => format!(
            "skipped {} files that are no images: {first}, {second}, {third} and more",
            skipped.len()
        ),
        few => format!(
            "skipped {} files that are no images: {}",
            few.len(),
            few.join(", ")
        ),
    }
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root)
        .unwrap_or(path)
        .display()
        .to_string()
}
