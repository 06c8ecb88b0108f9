//! Images with labels in memory, and the facts about them that the screen shows.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use sha2::{Digest, Sha256};

use super::error::DataError;
use super::known::KnownSet;
use super::starter;
use super::summary::DatasetSummary;
use crate::shape::Shape;

/// Where a data set came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The part of a known set that is in the program.
    Starter(&'static KnownSet),
    /// Four IDX files in this folder.
    Idx(PathBuf),
    /// This npz file.
    Npz(PathBuf),
    /// PNG and JPEG images in this folder.
    Images(PathBuf),
    /// Drawn from typefaces.
    Digits,
}

impl Source {
    /// What opens the set again: a name, or the path of a file or folder.
    pub fn choice(&self) -> String {
        match self {
            Self::Starter(set) => format!("{}{}", set.name, super::STARTER_SUFFIX),
            Self::Idx(path) | Self::Npz(path) | Self::Images(path) => {
                // A relative path would mean another place in another working directory.
                let absolute = std::path::absolute(path);
                absolute.as_ref().unwrap_or(path).display().to_string()
            }
            Self::Digits => super::digits::NAME.to_owned(),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Starter(set) => write!(f, "{} starter set in the program", set.title),
            Self::Idx(folder) => write!(f, "{} (IDX)", folder.display()),
            Self::Npz(path) => write!(f, "{}", path.display()),
            Self::Digits => write!(f, "drawn from typefaces"),
            Self::Images(folder) => write!(f, "{} (images)", folder.display()),
        }
    }
}

/// The pixels of a split, `[images, height, width, channels]`, kept in the type in which they came.
#[derive(Clone, Debug, PartialEq)]
pub enum Pixels {
    /// 0 to 255.
    U8(Vec<u8>),
    /// 0 to 1.
    F32(Vec<f32>),
}

impl Pixels {
    /// Number of values.
    pub fn len(&self) -> usize {
        match self {
            Self::U8(values) => values.len(),
            Self::F32(values) => values.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn memory_bytes(&self) -> usize {
        match self {
            Self::U8(values) => values.len(),
            Self::F32(values) => values.len() * size_of::<f32>(),
        }
    }
}

/// Images of one shape, each with the number of its class.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    shape: Shape,
    /// Shared with the same images under other labels.
    pixels: Arc<Pixels>,
    labels: Vec<u16>,
}

impl Split {
    /// A split of `labels.len()` images.
    ///
    /// # Panics
    /// When `pixels` does not hold `labels.len()` images of `shape`.
    pub fn new(shape: Shape, pixels: Pixels, labels: Vec<u16>) -> Self {
        assert_eq!(
            pixels.len(),
            labels.len() * shape.len(),
            "{} images of {shape}",
            labels.len()
        );
        Self {
            shape,
            pixels: Arc::new(pixels),
            labels,
        }
    }

    /// The same images with other labels.
    pub(super) fn relabelled(&self, labels: Vec<u16>) -> Self {
        assert_eq!(labels.len(), self.len(), "one label an image");
        Self {
            labels,
            ..self.clone()
        }
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The shape of one image.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    pub fn pixels(&self) -> &Pixels {
        &self.pixels
    }

    /// The class of each image.
    pub fn labels(&self) -> &[u16] {
        &self.labels
    }

    /// Image `index` in [0, 1] → `out` `[height, width, channels]`.
    ///
    /// # Panics
    /// When there is no such image, or `out` is not one image long.
    pub fn image(&self, index: usize, out: &mut [f32]) {
        let length = self.shape.len();
        let range = index * length..(index + 1) * length;
        match &*self.pixels {
            Pixels::U8(values) => scale(&values[range], out),
            Pixels::F32(values) => out.copy_from_slice(&values[range]),
        }
    }

    /// The images at `indices` in [0, 1] → `out` `[indices, height, width, channels]`. It allocates nothing, and threads may
    /// gather pieces of one batch side by side.
    ///
    /// # Panics
    /// When there is no image at an index, or `out` is not `indices.len()` images long.
    pub fn gather(&self, indices: &[u32], out: &mut [f32]) {
        let length = self.shape.len();
        assert_eq!(out.len(), indices.len() * length, "one place for an image");
        for (&index, out) in indices.iter().zip(out.chunks_exact_mut(length)) {
            self.image(index as usize, out);
        }
    }

    /// The classes of the images at `indices` → `out`.
    ///
    /// # Panics
    /// When there is no image at an index, or the lengths differ.
    pub fn gather_labels(&self, indices: &[u32], out: &mut [u16]) {
        assert_eq!(out.len(), indices.len(), "one place for a label");
        for (&index, out) in indices.iter().zip(out) {
            *out = self.labels[index as usize];
        }
    }

    /// Image `index` as 0 to 255, `[height, width, channels]`, for drawing.
    ///
    /// # Panics
    /// When there is no such image.
    pub fn image_u8(&self, index: usize) -> Vec<u8> {
        let length = self.shape.len();
        let range = index * length..(index + 1) * length;
        match &*self.pixels {
            Pixels::U8(values) => values[range].to_vec(),
            Pixels::F32(values) => values[range]
                .iter()
                .map(|value| (value * 255.0).round() as u8)
                .collect(),
        }
    }

    /// Number of images of each class.
    ///
    /// # Panics
    /// When a label is `classes` or more.
    pub fn class_counts(&self, classes: usize) -> Vec<usize> {
        let mut counts = vec![0; classes];
        for &label in &self.labels {
            counts[usize::from(label)] += 1;
        }
        counts
    }

    pub fn memory_bytes(&self) -> usize {
        self.pixels.memory_bytes() + self.labels.len() * size_of::<u16>()
    }

    fn digest(&self, hasher: &mut Sha256) {
        let Shape {
            height,
            width,
            channels,
        } = self.shape;
        for length in [self.len(), height, width, channels] {
            hasher.update((length as u64).to_le_bytes());
        }
        match &*self.pixels {
            Pixels::U8(values) => {
                hasher.update(b"u8");
                hasher.update(values);
            }
            Pixels::F32(values) => {
                hasher.update(b"f32");
                let mut bytes = Vec::with_capacity(4 * 4096);
                for values in values.chunks(4096) {
                    bytes.clear();
                    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
                    hasher.update(&bytes);
                }
            }
        }
        for label in &self.labels {
            hasher.update(label.to_le_bytes());
        }
    }
}

/// 0 to 255 → 0 to 1, correctly rounded as `x / 255` in Keras examples is.
fn scale(values: &[u8], out: &mut [f32]) {
    assert_eq!(values.len(), out.len(), "one place for a pixel");
    for (&value, out) in values.iter().zip(out) {
        *out = f32::from(value) / 255.0;
    }
}

/// A training and a test split of the same shape and classes. A clone shares the pixels.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// What the screen calls it; renaming changes nothing else.
    pub name: String,
    source: Source,
    class_names: Vec<String>,
    train: Arc<Split>,
    test: Arc<Split>,
    /// The training images as they came, where labels were corrected since.
    original_train: Option<Arc<Split>>,
    /// Positions of training images, rising.
    left_out: Arc<[u32]>,
    identity: OnceLock<String>,
    note: String,
}

/// What [`Dataset::new`] puts together.
pub struct Parts {
    pub name: String,
    pub source: Source,
    pub class_names: Vec<String>,
    pub train: Split,
    pub test: Split,
}

impl Dataset {
    /// A data set, once its parts are found to go together: both splits filled and of one shape, 2 to 1,000 classes, every
    /// label among them.
    pub fn new(parts: Parts) -> Result<Self, DataError> {
        let Parts {
            name,
            source,
            class_names,
            train,
            test,
        } = parts;
        for (split, title) in [(&train, "training"), (&test, "test")] {
            let place = || format!("{source}: {title} images");
            if split.is_empty() {
                return Err(DataError::EmptySplit { place: place() });
            }
            check_shape(place, split.shape)?;
            check_labels(
                || format!("{source}: {title} labels"),
                &split.labels,
                class_names.len(),
            )?;
        }
        if train.shape != test.shape {
            return Err(DataError::ShapesDiffer {
                place: source.to_string(),
                train: train.shape,
                test: test.shape,
            });
        }
        Ok(Self {
            name,
            source,
            class_names,
            train: Arc::new(train),
            test: Arc::new(test),
            original_train: None,
            left_out: Arc::default(),
            identity: OnceLock::new(),
            note: String::new(),
        })
    }

    /// The same set with what a person should know about it.
    pub(super) fn with_note(self, note: String) -> Self {
        Self { note, ..self }
    }

    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The name of class 0 first.
    pub fn class_names(&self) -> &[String] {
        &self.class_names
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.class_names.len()
    }

    pub fn train(&self) -> &Split {
        &self.train
    }

    pub fn test(&self) -> &Split {
        &self.test
    }

    pub(super) fn into_test(self) -> Split {
        Arc::unwrap_or_clone(self.test)
    }

    /// The same images under another name.
    pub fn renamed(&self, name: String) -> Self {
        Self {
            name,
            ..self.clone()
        }
    }

    /// Whether both hold the very same images in memory, whatever they are called.
    pub fn shares_images_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.train.pixels, &other.train.pixels)
    }

    /// The training images with the labels that they came with.
    pub fn original_train(&self) -> &Arc<Split> {
        self.original_train.as_ref().unwrap_or(&self.train)
    }

    /// The training images that nothing is to be trained or validated on: their positions, rising.
    pub fn left_out(&self) -> &[u32] {
        &self.left_out
    }

    /// Whether no label was corrected and no image left out.
    pub(super) fn is_as_it_came(&self) -> bool {
        self.original_train.is_none()
    }

    /// The same set with these training labels, `None` for those that it came with, and these images left out.
    pub(super) fn with_labels(&self, labels: Option<Vec<u16>>, left_out: Vec<u32>) -> Self {
        let original = Arc::clone(self.original_train());
        let corrected = labels.map(|labels| Arc::new(original.relabelled(labels)));
        let is_as_it_came = corrected.is_none();
        Self {
            train: corrected.unwrap_or_else(|| Arc::clone(&original)),
            original_train: (!is_as_it_came).then_some(original),
            left_out: left_out.into(),
            ..self.clone()
        }
    }

    /// The shape of one image.
    pub fn shape(&self) -> Shape {
        self.train.shape
    }

    /// SHA-256 (hexadecimal) of shapes, pixels and labels as they came, the same whichever file format they came in. Worked out at the
    /// first call, at a gigabyte or two a second.
    pub fn identity(&self) -> &str {
        self.identity.get_or_init(|| {
            let mut hasher = Sha256::new();
            hasher.update(b"convscope data 1");
            self.original_train().digest(&mut hasher);
            self.test.digest(&mut hasher);
            hex(&hasher.finalize())
        })
    }

    pub fn memory_bytes(&self) -> usize {
        self.train.memory_bytes() + self.test.memory_bytes()
    }

    /// The facts that a screen needs, without the pixels.
    pub fn summary(&self) -> DatasetSummary {
        DatasetSummary {
            name: self.name.clone(),
            source: self.source.to_string(),
            shape: self.shape(),
            class_names: self.class_names.clone(),
            train_counts: self.train.class_counts(self.classes()),
            test_counts: self.test.class_counts(self.classes()),
            memory: self.memory_bytes() as u64,
            note: match self.source {
                Source::Starter(set) => starter::note(set, self),
                _ => self.note.clone(),
            },
        }
    }
}

pub(super) fn check_shape(place: impl Fn() -> String, shape: Shape) -> Result<(), DataError> {
    let side = 1..=512;
    if side.contains(&shape.height)
        && side.contains(&shape.width)
        && [1, 3].contains(&shape.channels)
    {
        Ok(())
    } else {
        Err(DataError::UnsupportedShape {
            place: place(),
            shape,
        })
    }
}

pub(super) fn check_labels(
    place: impl Fn() -> String,
    labels: &[u16],
    classes: usize,
) -> Result<(), DataError> {
    if !(2..=1000).contains(&classes) {
        return Err(DataError::ClassCount {
            place: place(),
            classes,
        });
    }
    match labels
        .iter()
        .position(|&label| usize::from(label) >= classes)
    {
        None => Ok(()),
        Some(index) => Err(DataError::LabelOutOfRange {
            place: place(),
            index,
            label: i64::from(labels[index]),
            classes,
        }),
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
