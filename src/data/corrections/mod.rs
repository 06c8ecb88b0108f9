//! Corrections of the labels of training images: images to exclude, and the right classes of others.
//!
//! [`Corrections`] are in the form of files and run folders; [`Dataset::corrected`] applies them, and a
//! [`CorrectionsFolder`] keeps those of the user, one file per set.

mod folder;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize};

use super::dataset::Dataset;
use super::hex::short_sha256;
use crate::field::nearest;
use crate::wording::counted;

pub use folder::CorrectionsFolder;

/// Corrections of the training labels of one set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Corrections {
    /// The name of the set.
    pub data: String,
    /// SHA-256 (hexadecimal) of the set, see [`Dataset::identity`]: they do not apply to other sets.
    pub sha256: String,
    /// The file that they were read from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<PathBuf>,
    /// Images excluded from training and validation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<Exclusion>,
    /// Images with another class than their label.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relabel: Vec<Relabelling>,
}

/// An excluded training image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// Position among the training images, from 0.
    pub image: usize,
    /// Its class in the set.
    pub was: ClassText,
}

/// A training image with another label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relabelling {
    /// Position among the training images, from 0.
    pub image: usize,
    /// Its class in the set.
    pub was: ClassText,
    /// The right class.
    pub becomes: ClassText,
}

/// A class by its name, or by its number from 0 where no class has that name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ClassText(String);

/// The mark on a training image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Excluded from training and validation.
    LeftOut,
    /// Relabelled with this class.
    Becomes(u16),
}

/// The marked training images of a set, by their positions from 0.
pub type Marks = BTreeMap<u32, Mark>;

impl Corrections {
    /// The corrections for `marks`, with the class names of `dataset`.
    ///
    /// # Panics
    /// Where a mark is not of a training image of the set, or a class is not one of its classes.
    pub fn new(dataset: &Dataset, marks: &Marks) -> Self {
        let names = dataset.class_names();
        let was = |image: u32| {
            let label = dataset.original_train().labels()[image as usize];
            ClassText::of(label.into(), names)
        };
        let mut corrections = Self {
            data: dataset.name.clone(),
            sha256: dataset.identity().to_owned(),
            ..Self::default()
        };
        for (&image, mark) in marks {
            match *mark {
                Mark::LeftOut => corrections.exclude.push(Exclusion {
                    image: image as usize,
                    was: was(image),
                }),
                Mark::Becomes(class) => corrections.relabel.push(Relabelling {
                    image: image as usize,
                    was: was(image),
                    becomes: ClassText::of(class.into(), names),
                }),
            }
        }
        corrections
    }

    /// Whether they are for this set.
    pub fn are_for(&self, dataset: &Dataset) -> bool {
        self.sha256 == dataset.identity()
    }

    /// Whether nothing is corrected.
    pub fn is_empty(&self) -> bool {
        self.exclude.is_empty() && self.relabel.is_empty()
    }

    /// Whether both have the same effect, whatever file they came from.
    pub fn do_as(&self, other: &Self) -> bool {
        (&self.sha256, &self.exclude, &self.relabel)
            == (&other.sha256, &other.exclude, &other.relabel)
    }

    /// The marks on the training images of `dataset`.
    ///
    /// # Errors
    /// A sentence that names the first invalid line: another set, an unknown image or class, an image of another class than stated, a
    /// duplicate, or no image left.
    pub fn marks(&self, dataset: &Dataset) -> Result<Marks, String> {
        if !self.are_for(dataset) {
            return Err(format!(
                "the corrections are for {} (SHA-256 {}…), but {} from {} has other images or labels (SHA-256 {}…); \
                 choose the matching set, or omit the corrections",
                self.data,
                short_sha256(&self.sha256),
                dataset.name,
                dataset.source(),
                short_sha256(dataset.identity()),
            ));
        }
        let mut marks = Marks::new();
        for Exclusion { image, was } in &self.exclude {
            let place = format!("exclude: image {image}");
            let (image, _) = find(dataset, *image, was, &place)?;
            add(&mut marks, image, Mark::LeftOut, &place)?;
        }
        for line in &self.relabel {
            let place = format!("relabel: image {}", line.image);
            let (image, was) = find(dataset, line.image, &line.was, &place)?;
            let becomes = line.becomes.class(dataset, &place)?;
            if becomes == was {
                return Err(format!(
                    "{place}: its class is already {}; choose another class, or delete the line",
                    line.becomes
                ));
            }
            add(&mut marks, image, Mark::Becomes(becomes), &place)?;
        }
        if self.exclude.len() >= dataset.original_train().len() {
            return Err(format!(
                "every training image of {} is excluded; keep some to train on",
                dataset.name
            ));
        }
        Ok(marks)
    }
}

impl Dataset {
    /// The set with these corrections applied: with the same identity, pixels and test images, with corrected training labels and the
    /// excluded images in [`left_out`](Self::left_out). Corrections for another set, or none, give the original set. No pixel is
    /// copied.
    ///
    /// # Errors
    /// As for [`Corrections::marks`].
    pub fn corrected(
        self: &Arc<Self>,
        corrections: Option<&Corrections>,
    ) -> Result<Arc<Self>, String> {
        let said = corrections.filter(|corrections| !corrections.is_empty());
        let Some(corrections) = said.filter(|corrections| corrections.are_for(self)) else {
            return Ok(match self.is_as_it_came() {
                true => Arc::clone(self),
                false => Arc::new(self.with_labels(None, Vec::new())),
            });
        };
        let marks = corrections.marks(self)?;
        let mut labels = self.original_train().labels().to_vec();
        let mut left_out = Vec::new();
        for (&image, mark) in &marks {
            match *mark {
                Mark::Becomes(class) => labels[image as usize] = class,
                Mark::LeftOut => left_out.push(image),
            }
        }
        Ok(Arc::new(self.with_labels(Some(labels), left_out)))
    }
}

/// The image and its class, if it exists and has the class of the line.
fn find(
    dataset: &Dataset,
    image: usize,
    was: &ClassText,
    place: &str,
) -> Result<(u32, u16), String> {
    let labels = dataset.original_train().labels();
    let Some(&label) = labels.get(image) else {
        return Err(format!(
            "{place}: {} has {} training images, numbered from 0 to {}",
            dataset.name,
            labels.len(),
            labels.len() - 1
        ));
    };
    if was.class(dataset, place)? != label {
        return Err(format!(
            "{place}: expected the class {}, but in {} it is {}; correct the number or the class",
            was,
            dataset.name,
            ClassText::of(label.into(), dataset.class_names())
        ));
    }
    Ok((image as u32, label))
}

fn add(marks: &mut Marks, image: u32, mark: Mark, place: &str) -> Result<(), String> {
    match marks.insert(image, mark) {
        None => Ok(()),
        Some(_) => Err(format!("{place}: duplicate image; keep one of its lines")),
    }
}

/// `3 training images excluded, 1 relabelled`, and from which file.
impl fmt::Display for Corrections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&in_words(self.exclude.len(), self.relabel.len()))?;
        match &self.from {
            Some(file) => write!(f, ", from {}", file.display()),
            None => Ok(()),
        }
    }
}

/// `3 training images excluded, 1 relabelled`.
pub fn in_words(left_out: usize, relabelled: usize) -> String {
    let images = |count: usize| counted(count, "training image");
    match (left_out, relabelled) {
        (0, 0) => "no training image corrected".to_owned(),
        (0, relabelled) => format!("{} relabelled", images(relabelled)),
        (left_out, 0) => format!("{} excluded", images(left_out)),
        (left_out, relabelled) => format!("{} excluded, {relabelled} relabelled", images(left_out)),
    }
}

impl ClassText {
    /// The text that names this class among `names`.
    fn of(class: usize, names: &[String]) -> Self {
        let first = names.iter().position(|name| *name == names[class]);
        // A name that two classes have names the first of them.
        match first == Some(class) {
            true => Self(names[class].clone()),
            false => Self(class.to_string()),
        }
    }

    fn class(&self, dataset: &Dataset, place: &str) -> Result<u16, String> {
        let names = dataset.class_names();
        let named = names.iter().position(|name| *name == self.0);
        let numbered = || self.0.parse().ok().filter(|class| *class < names.len());
        let class = named.or_else(numbered).ok_or_else(|| {
            let hint = nearest(&self.0, names.iter().map(String::as_str)).map_or_else(
                || format!("its classes are {}", names.join(", ")),
                |name| format!("did you mean {name}?"),
            );
            format!("{place}: {} has no class `{self}`; {hint}", dataset.name)
        })?;
        Ok(class as u16)
    }
}

impl fmt::Display for ClassText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A digit's name may be written as a number.
impl<'de> Deserialize<'de> for ClassText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "the name or number of a class")]
        enum Written {
            Number(u16),
            Name(String),
        }
        Written::deserialize(deserializer).map(|written| match written {
            Written::Number(number) => Self(number.to_string()),
            Written::Name(name) => Self(name),
        })
    }
}
