//! How the images of a folder are arranged, judging by names alone.

use std::collections::BTreeSet;
use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use crate::data::class_names::of_path;
use crate::data::dataset::CLASSES;
use crate::data::image_file::is_image;
use crate::data::names::has_ending;
use crate::wording::counted;

/// The file that names the class of each image in a flat folder.
pub const LABELS: &str = "labels.csv";

/// The part of an unpacked archive that holds Apple's icons and not its images.
pub const APPLE: &str = "__MACOSX";

const TRAIN: &[&str] = &["train", "training"];
/// The last one is that of Kaggle's cats and dogs.
const TEST: &[&str] = &["test", "testing", "test1"];
const VALIDATION: &[&str] = &["val", "valid", "validation"];

/// An arrangement of images.
pub(super) enum Layout {
    /// A folder per class.
    Classes,
    /// A folder per class in each half.
    Halves(Halves),
    /// Images of all classes, and a file with the class of each, whose names start from their folder.
    Listed { labels: PathBuf, flat: Flat },
    /// Images of all classes that are called by their class and a number: `cat.0.jpg`.
    Named(Flat),
}

/// A folder of images without class folders.
pub(super) struct Flat {
    pub images: PathBuf,
    /// A folder for testing or validation beside it, whose images have no classes.
    pub unlabelled: Option<PathBuf>,
}

/// Folders with a folder per class.
pub(super) struct Halves {
    pub train: PathBuf,
    pub test: PathBuf,
    pub validation: Option<PathBuf>,
    /// A folder for testing or validation whose images have no class folders.
    pub unlabelled: Option<PathBuf>,
}

/// A class, and where its images are.
pub(super) struct ClassFolder {
    pub name: String,
    pub images: PathBuf,
    /// Whether that is a folder in the class's own.
    pub is_deeper: bool,
}

/// As deep an only folder is looked for in only folders.
pub const MOST_FOLDERS: usize = 8;

/// The arrangement in `folder`, or else in its only folder, or in the only one there; with the folder that has it.
pub(super) fn layout(folder: &Path) -> Option<(PathBuf, Layout)> {
    let mut folder = folder.to_owned();
    for _ in 0..MOST_FOLDERS {
        if let Some(layout) = layout_in(&folder) {
            return Some((folder, layout));
        }
        folder = only(&folder)?;
    }
    None
}

fn layout_in(folder: &Path) -> Option<Layout> {
    let inner = folders(folder);
    let [train, test, validation] =
        [TRAIN, TEST, VALIDATION].map(|names| inner.iter().find(|path| is_half(path, names)));
    let measured: Vec<_> = [test, validation].into_iter().flatten().collect();
    if let (Some(train), false) = (train, measured.is_empty()) {
        return match has_several(&folders(train)) {
            true => Some(Layout::Halves(halves(train, &measured))),
            false => flat(folder, train, measured.first().copied()),
        };
    }
    if has_several(&inner) {
        return Some(Layout::Classes);
    }
    let images = match (has_image(folder), only(folder)) {
        (false, Some(only)) => only,
        _ => folder.to_owned(),
    };
    flat(folder, &images, None)
}

/// Whether a folder is named like one of these, in any letter case: `train`, `train_set`, `Train-Images`.
fn is_half(folder: &Path, names: &[&str]) -> bool {
    let name = of_path(folder).to_lowercase();
    let name = name.replace(['_', '-', ' ', '.'], "");
    let ends = ["set", "data", "images"];
    let stem = ends.iter().find_map(|end| name.strip_suffix(end));
    names.contains(&stem.unwrap_or(&name))
}

/// Whether a folder is named like one of test images.
pub(super) fn is_test(folder: &Path) -> bool {
    is_half(folder, TEST)
}

/// The halves of a folder with these parts to measure with, test images first.
fn halves(train: &Path, measured: &[&PathBuf]) -> Halves {
    let is_labelled = |half: &Path| !class_folders(half).0.is_empty();
    let mut labelled = measured.iter().filter(|half| is_labelled(half));
    let mut unlabelled = measured
        .iter()
        .filter(|half| !is_labelled(half) && has_image(half));
    Halves {
        train: train.to_owned(),
        test: labelled.next().unwrap_or(&measured[0]).to_path_buf(),
        validation: labelled.next().map(|half| half.to_path_buf()),
        unlabelled: unlabelled.next().map(|half| half.to_path_buf()),
    }
}

/// The arrangement of the images in the folder `images`, which has no class folders, and may be `folder` itself or one in it.
fn flat(folder: &Path, images: &Path, unlabelled: Option<&PathBuf>) -> Option<Layout> {
    if !has_image(images) {
        return None;
    }
    let flat = Flat {
        images: images.to_owned(),
        unlabelled: unlabelled.cloned(),
    };
    let is_labels = |path: &PathBuf| of_path(path).eq_ignore_ascii_case(LABELS);
    let is_beside = |path: &PathBuf| folders_of_list(path).contains(&flat.images);
    let labels = readable(folder).find(is_labels);
    match labels.or_else(|| readable(folder).find(is_beside)) {
        Some(labels) => Some(Layout::Listed { labels, flat }),
        None => named_classes(images).map(|_| Layout::Named(flat)),
    }
}

/// The folders beside the table at `path` that by its name it may list, as in Kaggle's competitions: `train.csv` and `trainLabels.csv` may list
/// the images in `train` or `train_images`.
fn folders_of_list(path: &Path) -> Vec<PathBuf> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    if !has_ending(path, &["csv"]) {
        return Vec::new();
    }
    let ends = ["", "_labels", "-labels", "Labels"];
    let stems = ends.iter().filter_map(|end| stem.strip_suffix(end));
    let folders = stems.flat_map(|stem| {
        ["", "_images", "-images"].map(|end| path.with_file_name(format!("{stem}{end}")))
    });
    folders.collect()
}

/// Whether the table at `path` is named like one that lists the classes of the images in a folder beside it.
pub fn is_list(path: &Path) -> bool {
    folders_of_list(path).iter().any(|folder| has_image(folder))
}

/// The class in the name of an image that is its class and a number, `cat.0.jpg`.
pub(super) fn class_in_name(image: &Path) -> Option<&str> {
    let (class, number) = image.file_stem()?.to_str()?.split_once('.')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_number && class.chars().any(char::is_alphabetic)).then_some(class)
}

/// The classes in the names of the images in `folder`, where each image has one, and two or more classes have several images.
pub(super) fn named_classes(folder: &Path) -> Option<BTreeSet<String>> {
    let (mut classes, mut of_several) = (BTreeSet::new(), BTreeSet::new());
    for image in readable(folder).filter(|path| is_image(path)) {
        let class = class_in_name(&image)?;
        if classes.contains(class) {
            of_several.insert(class.to_owned());
        } else {
            classes.insert(class.to_owned());
        }
    }
    (of_several.len() > 1 && CLASSES.contains(&classes.len())).then_some(classes)
}

/// The class folders in a folder that have images, in numerical order where all names are numbers, else by name; and the names of the
/// folders without any.
pub(super) fn class_folders(folder: &Path) -> (Vec<ClassFolder>, Vec<String>) {
    let mut classes = Vec::new();
    let mut empty = Vec::new();
    for path in folders(folder) {
        let name = of_path(&path);
        // A folder that cannot be read is an error as soon as its images are looked for.
        let closed = || fs::read_dir(&path).is_err().then(|| path.clone());
        match images_of_class(&path).or_else(closed) {
            Some(images) => classes.push(ClassFolder {
                name,
                is_deeper: images != path,
                images,
            }),
            None => empty.push(name),
        }
    }
    in_order(&mut classes, |class| &class.name);
    (classes, empty)
}

/// Sorts classes by their numbers, where all their names are numbers.
pub(super) fn in_order<T>(classes: &mut [T], name: impl Fn(&T) -> &str) {
    let number = |class: &T| name(class).parse::<u64>().ok();
    if classes.iter().all(|class| number(class).is_some()) {
        classes.sort_by_key(number);
    }
}

/// Whether these folders are enough classes for a set.
fn has_several(folders: &[PathBuf]) -> bool {
    let classes = folders.iter().filter_map(|path| images_of_class(path));
    classes.take(2).count() == 2
}

/// The folder with the images of a class: its own, or the only one in it.
fn images_of_class(class: &Path) -> Option<PathBuf> {
    if has_image(class) {
        return Some(class.to_owned());
    }
    only(class).filter(|only| has_image(only))
}

/// The only folder in `folder`.
fn only(folder: &Path) -> Option<PathBuf> {
    match &folders(folder)[..] {
        [only] => Some(only.clone()),
        _ => None,
    }
}

fn has_image(folder: &Path) -> bool {
    readable(folder).any(|path| is_image(&path))
}

/// The folders in `folder` that can hold images, by name.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<_> = readable(folder)
        .filter(|path| !path.ends_with(APPLE) && path.is_dir())
        .collect();
    folders.sort_unstable();
    folders
}

/// The entries of `folder` that are not hidden, in no order.
pub(super) fn entries(folder: &Path) -> io::Result<impl Iterator<Item = io::Result<PathBuf>>> {
    let is_hidden = |entry: &DirEntry| entry.file_name().as_encoded_bytes().starts_with(b".");
    let entries = fs::read_dir(folder)?;
    let entries = entries.filter(move |entry| !entry.as_ref().is_ok_and(is_hidden));
    Ok(entries.map(|entry| entry.map(|entry| entry.path())))
}

/// As [`entries`], without those that cannot be read.
fn readable(folder: &Path) -> impl Iterator<Item = PathBuf> {
    entries(folder).into_iter().flatten().flatten()
}

/// Why the images of a folder are no set, and the nearest thing that could be one.
pub fn why_not(folder: &Path) -> Option<String> {
    let inner = folders(folder);
    if let Some(set) = inner.iter().find(|path| layout(path).is_some()) {
        return Some(format!("choose {} instead", set.display()));
    }
    let images = readable(folder).filter(|path| is_image(path)).count();
    if images > 0 {
        return Some(format!(
            "{} in it {} no class: put images into one folder per class, or name their classes in {LABELS} beside them (file,class)",
            counted(images, "image"),
            if images == 1 { "has" } else { "have" },
        ));
    }
    match &class_folders(folder).0[..] {
        [class] => Some(format!(
            "{} is its only folder with images; a set needs one per class, and at least 2 classes",
            class.name
        )),
        _ => None,
    }
}
