//! A data set in memory: images with labels.

use std::fmt;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use sha2::{Digest, Sha256};
use tracing::debug;

use super::error::{DataError, Problem};
use super::fit::{asked_shape, fitted};
use super::format::{Format, ImageOptions};
use super::hex::hex;
use super::known::{KnownSet, STARTER_SUFFIX, SYNTHETIC_DIGITS};
use super::names::names_of;
use super::opening::with_choices;
use super::split::Split;
use super::summary::{DatasetSummary, SplitName};
use crate::shape::Shape;

/// Where a data set came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The part of a known set that is built into the program.
    Starter(&'static KnownSet),
    /// A file or folder of this format, and the choices that it was opened with, as at the end of its name: `height=28&width=28`.
    At(&'static Format, PathBuf, String),
    /// Drawn from typefaces.
    Digits,
}

impl Source {
    /// A file or folder of this format, opened without choices.
    pub fn at(format: &'static Format, path: impl Into<PathBuf>) -> Self {
        Self::At(format, path.into(), String::new())
    }

    /// The name or path that opens the set again.
    pub fn choice(&self) -> String {
        match self {
            Self::Starter(set) => format!("{}{}", set.name, STARTER_SUFFIX),
            Self::At(_, path, choices) => {
                // A relative path would mean another place from another working folder.
                let absolute = std::path::absolute(path);
                let path = absolute.as_ref().unwrap_or(path).display();
                with_choices(&path.to_string(), choices)
            }
            Self::Digits => SYNTHETIC_DIGITS.to_owned(),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Starter(set) => write!(f, "built-in {} starter set", set.title),
            Self::At(format, path, choices) => {
                let mut details = Vec::new();
                details.extend(format.is_folder.then(|| format.name.to_owned()));
                let choices = choices.split('&').filter(|choice| !choice.is_empty());
                details.extend(choices.map(|choice| choice.replace(['_', '='], " ")));
                match details[..] {
                    [] => write!(f, "{}", path.display()),
                    _ => write!(f, "{} ({})", path.display(), details.join(", ")),
                }
            }
            Self::Digits => write!(f, "drawn from typefaces"),
        }
    }
}

/// A data set: a training and a test split of the same shape and classes, and sometimes a validation split. A clone shares the pixels.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// Its name on the screen; renaming changes nothing else.
    pub name: String,
    source: Source,
    class_names: Vec<String>,
    train: Arc<Split>,
    test: Arc<Split>,
    validation: Option<Arc<Split>>,
    /// The training images with original labels, where labels were corrected.
    original_train: Option<Arc<Split>>,
    /// Positions of training images, ascending.
    left_out: Arc<[u32]>,
    identity: OnceLock<String>,
    note: String,
}

/// The parts of a [`Dataset`].
pub struct Parts {
    /// Its name on the screen.
    pub name: String,
    /// Its source.
    pub source: Source,
    /// Class names, class 0 first.
    pub class_names: Vec<String>,
    /// Training images.
    pub train: Split,
    /// Test images.
    pub test: Split,
    /// Validation images, if the data bring some.
    pub validation: Option<Split>,
}

impl Dataset {
    /// A data set, after checking its parts: all splits non-empty and of one shape, 2 to 1,000 classes, every
    /// label among them.
    pub fn new(parts: Parts) -> Result<Self, DataError> {
        let Parts {
            name,
            source,
            class_names,
            train,
            test,
            validation,
        } = parts;
        let splits = [(&train, "training"), (&test, "test")];
        let own = validation.iter().map(|split| (split, "validation"));
        for (split, title) in splits.into_iter().chain(own) {
            let of_images = |problem: Problem| problem.at(format_args!("{source}: {title} images"));
            let of_labels = |problem: Problem| problem.at(format_args!("{source}: {title} labels"));
            if split.is_empty() {
                return Err(of_images(Problem::EmptySplit));
            }
            check_shape(split.shape()).map_err(of_images)?;
            check_labels(split.labels(), class_names.len()).map_err(of_labels)?;
            if split.shape() != train.shape() {
                let problem = Problem::ShapesDiffer {
                    train: train.shape(),
                    other: split.shape(),
                    of: title,
                };
                return Err(problem.at(source));
            }
        }
        debug!(%source, train = train.len(), test = test.len(), "data is loaded");
        Ok(Self {
            name,
            source,
            class_names,
            train: Arc::new(train),
            test: Arc::new(test),
            validation: validation.map(Arc::new),
            original_train: None,
            left_out: Arc::default(),
            identity: OnceLock::new(),
            note: String::new(),
        })
    }

    /// The same set with one more note for the user; an empty one is none.
    pub(super) fn with_note(mut self, note: String) -> Self {
        let joint = match self.note.is_empty() || note.is_empty() {
            true => "",
            false => "; ",
        };
        self.note += joint;
        self.note += &note;
        self
    }

    /// The same set from another source, with another note.
    pub(super) fn moved(self, source: Source, note: String) -> Self {
        Self {
            source,
            note,
            ..self
        }
    }

    /// The same set, opened with these choices.
    pub(super) fn opened_with(mut self, choices: String) -> Self {
        if let Source::At(.., held) = &mut self.source {
            *held = choices;
        }
        self
    }

    /// The same set with images of the size and the channels that are asked for.
    ///
    /// # Errors
    /// Where that is not a shape of images.
    pub(super) fn fitted(self, options: &ImageOptions) -> Result<Self, DataError> {
        let (from, to) = (self.shape(), asked_shape(self.shape(), options));
        if from == to {
            return Ok(self);
        }
        check_shape(to).map_err(|problem| problem.at(&self.source))?;
        let mut notes = vec![format!("scaled from {from} to {to}")];
        notes.extend((!self.note.is_empty()).then(|| self.note.clone()));
        let change = |split: &Arc<Split>| Arc::new(fitted(split, to));
        Ok(Self {
            train: change(&self.train),
            test: change(&self.test),
            validation: self.validation.as_ref().map(change),
            identity: OnceLock::new(),
            note: notes.join("; "),
            ..self
        })
    }

    /// Its source.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Class names, class 0 first.
    pub fn class_names(&self) -> &[String] {
        &self.class_names
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.class_names.len()
    }

    /// A split by its name.
    ///
    /// # Errors
    /// If it is the validation split and the set has none.
    pub fn split(&self, name: SplitName) -> Result<&Split, String> {
        match name {
            SplitName::Train => Ok(self.train()),
            SplitName::Test => Ok(self.test()),
            SplitName::Validation => {
                let split = self.validation();
                split.ok_or_else(|| format!("{} has no validation images of its own", self.name))
            }
        }
    }

    /// The training images, with corrected labels.
    pub fn train(&self) -> &Split {
        &self.train
    }

    /// The test images.
    pub fn test(&self) -> &Split {
        &self.test
    }

    /// The validation images that the data bring, if any.
    pub fn validation(&self) -> Option<&Split> {
        self.validation.as_deref()
    }

    /// Its splits: training, test and, if the data bring some, validation images, as they are written and hashed.
    pub fn splits(&self) -> impl Iterator<Item = (SplitName, &Split)> {
        let own = [
            (SplitName::Train, self.train()),
            (SplitName::Test, self.test()),
        ];
        let validation = self.validation();
        own.into_iter()
            .chain(validation.map(|split| (SplitName::Validation, split)))
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

    /// Whether both share the same images in memory, whatever their names.
    pub fn shares_images_with(&self, other: &Self) -> bool {
        self.train.shares_pixels_with(&other.train)
    }

    /// The training images with their original labels.
    pub fn original_train(&self) -> &Arc<Split> {
        self.original_train.as_ref().unwrap_or(&self.train)
    }

    /// Positions of the training images excluded from training and validation, ascending.
    pub fn left_out(&self) -> &[u32] {
        &self.left_out
    }

    /// Whether no label was corrected and no image excluded.
    pub(super) fn is_as_it_came(&self) -> bool {
        self.original_train.is_none()
    }

    /// The same set with these training labels, `None` for the original ones, and these images excluded.
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

    /// The same set with other class names, where class `i` becomes class `places[i]`.
    pub(super) fn reclassed(&self, class_names: Vec<String>, places: &[u16]) -> Self {
        let moved = |split: &Arc<Split>| {
            let labels = split.labels().iter();
            let labels = labels.map(|&label| places[usize::from(label)]).collect();
            Arc::new(split.relabelled(labels))
        };
        Self {
            class_names,
            train: moved(&self.train),
            test: moved(&self.test),
            validation: self.validation.as_ref().map(moved),
            original_train: self.original_train.as_ref().map(moved),
            // Its identity does not change.
            identity: self.identity().to_owned().into(),
            ..self.clone()
        }
    }

    /// The same set with rows and columns of each image exchanged, where a file holds them on their side.
    pub fn transposed(&self) -> Self {
        let turned = |split: &Arc<Split>| Arc::new(split.transposed());
        Self {
            train: turned(&self.train),
            test: turned(&self.test),
            original_train: self.original_train.as_ref().map(turned),
            identity: OnceLock::new(),
            ..self.clone()
        }
    }

    /// Shape of one image.
    pub fn shape(&self) -> Shape {
        self.train.shape()
    }

    /// SHA-256 (hexadecimal) of shapes, pixels and original labels, the same for every file format. Computed at the first call, at a
    /// gigabyte or two per second.
    pub fn identity(&self) -> &str {
        self.identity.get_or_init(|| {
            let mut hasher = Sha256::new();
            hasher.update(b"convscope data 1");
            self.original_train().digest(&mut hasher);
            self.test.digest(&mut hasher);
            if let Some(validation) = self.validation() {
                validation.digest(&mut hasher);
            }
            hex(&hasher.finalize())
        })
    }

    /// Names for it in a preset's `data:`; see [`names_of`]. The first call hashes all pixels.
    pub fn names(&self) -> Vec<String> {
        names_of(&self.source.choice(), self.identity())
    }

    /// Bytes of pixels and labels.
    pub fn memory_bytes(&self) -> usize {
        self.splits().map(|(_, split)| split.memory_bytes()).sum()
    }

    /// The summary for the screen, without pixels. Nothing is hashed for it: a known set has its name among
    /// [`names`](DatasetSummary::names) only after a call of [`identity`](Self::identity).
    pub fn summary(&self) -> DatasetSummary {
        DatasetSummary {
            name: self.name.clone(),
            source: self.source.to_string(),
            names: names_of(
                &self.source.choice(),
                self.identity.get().map_or("", String::as_str),
            ),
            shape: self.shape(),
            class_names: self.class_names.clone(),
            train_counts: self.train.class_counts(self.classes()),
            test_counts: self.test.class_counts(self.classes()),
            validation_counts: (self.validation.as_ref())
                .map(|split| split.class_counts(self.classes())),
            memory: self.memory_bytes() as u64,
            note: self.note.clone(),
        }
    }
}

/// Refuses to write a set with validation images to a file of four arrays.
pub(super) fn refuse_validation(dataset: &Dataset, path: &Path) -> Result<(), DataError> {
    match dataset.validation() {
        None => Ok(()),
        Some(validation) => Err(Problem::NoPlaceForValidation(validation.len()).at(path.display())),
    }
}

/// Allowed numbers of classes.
pub(super) const CLASSES: RangeInclusive<usize> = 2..=1000;

/// Allowed heights and widths of images.
pub(super) const SIDES: RangeInclusive<usize> = 1..=512;

pub(super) fn check_shape(shape: Shape) -> Result<(), Problem> {
    let is_image = SIDES.contains(&shape.height) && SIDES.contains(&shape.width);
    match is_image && [1, 3].contains(&shape.channels) {
        true => Ok(()),
        false => Err(Problem::UnsupportedShape(shape)),
    }
}

pub(super) fn check_labels(labels: &[u16], classes: usize) -> Result<(), Problem> {
    if !CLASSES.contains(&classes) {
        return Err(Problem::ClassCount(classes));
    }
    let mut labels = labels.iter().copied().enumerate();
    match labels.find(|(_, label)| usize::from(*label) >= classes) {
        None => Ok(()),
        Some((index, label)) => Err(Problem::LabelOutOfRange {
            index,
            label: label.into(),
            first: 0,
            classes,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Pixels;

    fn split(side: usize, label: u16) -> Split {
        let shape = Shape::new(side, side, 1);
        Split::new(shape, Pixels::U8(vec![7; 2 * shape.len()]), vec![0, label])
    }

    fn parts(validation: Option<Split>) -> Parts {
        Parts {
            name: "squares".to_owned(),
            source: Source::Digits,
            class_names: ["a", "b"].map(str::to_owned).to_vec(),
            train: split(3, 1),
            test: split(3, 0),
            validation,
        }
    }

    #[test]
    fn validation_images_are_a_part_of_the_set_where_it_has_some() {
        let without = Dataset::new(parts(None)).unwrap();
        let with = Dataset::new(parts(Some(split(3, 1)))).unwrap();
        // What a set without them was called by before sets could have some.
        assert_eq!(
            without.identity(),
            "b314d5cb895e7fb8f7245f095e253db22bfa5a5d37f9e7b1d56203fc07599cd8"
        );
        assert_ne!(with.identity(), without.identity());
        let other = Dataset::new(parts(Some(split(3, 0)))).unwrap();
        assert_ne!(with.identity(), other.identity());
        assert_eq!(without.summary().validation_counts, None);
        assert_eq!(with.summary().validation_counts, Some(vec![1, 1]));
        assert_eq!(with.summary().sizes(), "2 + 2 + 2");
        assert_eq!(with.memory_bytes() - without.memory_bytes(), 18 + 4);
        assert!(with.split(SplitName::Validation).is_ok());
        assert_eq!(
            without.split(SplitName::Validation).unwrap_err(),
            "squares has no validation images of its own"
        );
        let moved = with.reclassed(["b", "a"].map(str::to_owned).to_vec(), &[1, 0]);
        assert_eq!(moved.validation().unwrap().labels(), [1, 0]);
        assert_eq!(moved.identity(), with.identity());
    }

    #[test]
    fn validation_images_must_fit_the_others() {
        let refusal = |split: Split| Dataset::new(parts(Some(split))).unwrap_err().to_string();
        let shape = refusal(split(2, 1));
        assert!(
            shape.contains("training images are 3×3×1, but validation images are 2×2×1"),
            "{shape}"
        );
        let label = refusal(split(3, 2));
        assert!(label.contains("validation labels"), "{label}");
        let none = refusal(Split::new(
            Shape::new(3, 3, 1),
            Pixels::U8(Vec::new()),
            Vec::new(),
        ));
        assert!(none.contains("validation images"), "{none}");
    }
}
