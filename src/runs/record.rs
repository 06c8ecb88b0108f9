//! `run.yaml`: the record of a run.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::notes::RunNotes;
use crate::data::{self, Dataset, SetNote, Split};
use crate::training::{
    Expectation, Preset, Recipe, Validation, is_edited_name, vector_instructions,
};
use crate::wording::part_of;

/// Everything that is needed to repeat a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// The user's name for the run and its folder; empty if that is the network's name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The user's note, in run folders of earlier versions; now in `notes.yaml`.
    #[serde(default, skip_serializing)]
    pub(super) note: String,
    /// The number of the trial that it belongs to, in the runs of a sweep.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial: Option<usize>,
    /// The preset as trained, with the changes of the command line.
    pub preset: Preset,
    /// The data that it was started on.
    pub data: DataIdentity,
    /// The seed of all random numbers; the preset's own.
    pub seed: u64,
    /// Of this program.
    pub version: String,
    /// Number of threads, which affects only the time, not the weights.
    pub threads: usize,
    /// The vector instructions that it started with, such as `avx512`: a seed gives bit-identical results with the same ones, but not
    /// necessarily with others. Empty in records of earlier versions.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub vector_instructions: String,
    /// The start time, to the second.
    pub started: Timestamp,
    /// How it was continued: after its end, or on other data that were chosen by hand or planned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub continued: Vec<Continuation>,
    /// How many of the set's training images it is trained on, if the recipe asks for a part of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training_images: Option<usize>,
    /// What its epochs were measured on, if that changed since the start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stretches: Vec<Stretch>,
    /// The layers that kept an earlier run's weights because they were unchanged when the network was edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
    /// The run that follows this one and starts from its weights, if this one is pretraining.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<Box<Following>>,
    /// Every measurement of the test set, if the validation set is held-out images.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<TestRecord>,
    /// The run that this one was copied from, and its state then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copied: Option<Copied>,
}

/// The user's name and notes for a new run; all may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunLabel {
    /// Used for the folder instead of the network's name.
    pub name: String,
    /// The first contents of `notes.yaml`.
    pub notes: RunNotes,
    /// The trial that it is the run of, in a sweep.
    pub trial: Option<usize>,
}

/// A measurement of the test set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestRecord {
    /// Why it was measured.
    pub occasion: Occasion,
    /// The epoch whose weights were measured.
    pub epoch: usize,
    /// That of the recipe's objective, in nats.
    pub loss: f64,
    /// The share of the test images that were predicted correctly.
    pub accuracy: f64,
    /// The stretch of the epoch.
    pub stretch: usize,
    /// SHA-256 of the set that was measured; empty in records of earlier versions.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sha256: String,
    /// To the second.
    pub measured: Timestamp,
}

/// Why a test set was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// At the end of the run: the best epoch was measured.
    End,
    /// On request on the screen, for the latest epoch.
    Asked,
    /// By the command line, for the weights that represent the run.
    Evaluated,
}

impl Occasion {
    /// In words, to follow the figures.
    pub fn words(self) -> &'static str {
        match self {
            Self::End => "at the end, the best epoch",
            Self::Asked => "on the screen, on request",
            Self::Evaluated => "by convscope eval",
        }
    }
}

impl TestRecord {
    /// A measurement made now.
    pub fn now(
        occasion: Occasion,
        epoch: usize,
        (stretch, dataset): (usize, &Dataset),
        (loss, accuracy): (f64, f64),
    ) -> Self {
        Self {
            occasion,
            epoch,
            loss,
            accuracy,
            stretch,
            sha256: dataset.identity().to_owned(),
            measured: this_second(),
        }
    }
}

/// The origin of a copied run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// The folder of the run that was copied.
    pub from: PathBuf,
    /// Whole epochs done in it.
    pub after_epoch: usize,
}

/// How a run was continued.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Continuation {
    /// Whole epochs done before.
    pub after_epoch: usize,
    /// Total planned epochs from then on.
    pub epochs: usize,
    /// The data used from then on.
    pub data: DataIdentity,
    /// The recipe used from then on, if it changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipe: Option<Recipe>,
}

/// Consecutive epochs that were measured on the same images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stretch {
    /// Its first epoch, from 1.
    pub from_epoch: usize,
    /// The set of these images.
    pub data: DataIdentity,
    /// Which of its images were measured.
    pub validation: Validation,
}

/// Weights kept from before a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The earlier run's folder, or the name of its network if it had none.
    pub from: String,
    /// The layers with weights.
    pub layers: Vec<KeptLayer>,
}

/// A layer that kept its weights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptLayer {
    /// Its name in this run.
    pub layer: String,
    /// Its name in the earlier run's network.
    pub was: String,
    /// Epochs that its weights had been trained.
    pub epochs: usize,
}

/// The run that follows pretraining.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Following {
    /// Its preset.
    pub preset: Preset,
    /// Its data.
    pub data: DataIdentity,
    /// Its run folder, once it has started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<PathBuf>,
}

/// The identity of a data set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataIdentity {
    /// The name of the set.
    pub name: String,
    /// Where it came from, in words.
    pub source: String,
    /// The name or path that opens it again; empty in records of earlier versions.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub choice: String,
    /// SHA-256 (hexadecimal) of its shapes, pixels and labels, independent of the file format.
    pub sha256: String,
    /// Number of training images.
    pub train_images: usize,
    /// Number of test images.
    pub test_images: usize,
    /// Number of validation images that the set brings, if it brings any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation_images: Option<usize>,
    /// The class names, class 0 first; empty in records of earlier versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub class_names: Vec<String>,
}

impl RunRecord {
    /// The record of a run that starts now.
    pub fn now(preset: Preset, dataset: &Dataset, threads: usize) -> Self {
        Self {
            name: String::new(),
            note: String::new(),
            trial: None,
            data: DataIdentity::of(dataset),
            seed: preset.seed,
            preset,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            threads,
            vector_instructions: vector_instructions().to_owned(),
            started: this_second(),
            continued: Vec::new(),
            training_images: None,
            stretches: Vec::new(),
            kept: None,
            then: None,
            tests: Vec::new(),
            copied: None,
        }
    }

    /// How many of its set's training images the run is trained on, if not on all: `500 of 10,000 training images`.
    pub fn trained_images_in_words(&self) -> Option<String> {
        let images = part_of(self.training_images?, self.latest_data().train_images);
        Some(format!("{images} training images"))
    }

    /// The data that the run was last trained on.
    pub fn latest_data(&self) -> &DataIdentity {
        self.continued
            .last()
            .map_or(&self.data, |continuation| &continuation.data)
    }

    /// The data that an epoch, from 1, was measured on.
    pub fn data_of_epoch(&self, epoch: usize) -> &DataIdentity {
        if let Some(stretch) = self.stretch_of_epoch(epoch) {
            return &stretch.data;
        }
        // Earlier versions recorded only changes.
        let mut continued = self.continued.iter().rev();
        continued
            .find(|continuation| continuation.after_epoch < epoch)
            .map_or(&self.data, |continuation| &continuation.data)
    }

    /// The validation setting of an epoch, from 1.
    pub fn validation_of_epoch(&self, epoch: usize) -> Validation {
        let stretch = self.stretch_of_epoch(epoch);
        stretch.map_or(self.preset.training.validation, |stretch| {
            stretch.validation
        })
    }

    fn stretch_of_epoch(&self, epoch: usize) -> Option<&Stretch> {
        let mut stretches = self.stretches.iter().rev();
        stretches.find(|stretch| stretch.from_epoch <= epoch)
    }

    /// The data that the latest of `epochs` epochs was measured on, to which its figures can be compared; before the first epoch, the data
    /// that it is trained on.
    pub fn data_after(&self, epochs: usize) -> &DataIdentity {
        match epochs {
            0 => self.latest_data(),
            epochs => self.data_of_epoch(epochs),
        }
    }

    /// The latest data in the record with this SHA-256.
    pub fn data_called(&self, sha256: &str) -> Option<&DataIdentity> {
        let continued = self.continued.iter().rev();
        let mut all = continued.map(|later| &later.data).chain([&self.data]);
        all.find(|data| data.sha256 == sha256)
    }

    /// The record with corrected names: a preset that differs from what its name says, or was continued with another recipe or number of
    /// epochs, is marked as edited. Earlier versions did not do that.
    #[must_use]
    pub(super) fn judged(mut self) -> Self {
        let carrier = Preset::built_in(&self.preset.name).unwrap_or(&self.preset);
        let recipe = &carrier.training;
        let went_another_way = self.continued.iter().any(|continuation| {
            let other = continuation.recipe.as_ref();
            continuation.epochs != recipe.epochs || other.is_some_and(|other| other.differs(recipe))
        });
        let is_edited = went_another_way || self.preset.is_edited(None);
        if let Some(then) = &mut self.then {
            then.preset = then.preset.clone().titled(Some(&then.preset));
        }
        // Pretraining is named after the run that follows.
        let of_edited = self.then.as_ref();
        let of_edited = of_edited.is_some_and(|then| is_edited_name(&then.preset.name));
        if is_edited || of_edited {
            self.preset = self.preset.called_edited();
        }
        self
    }

    /// The published figures that this run can be compared with: it trained exactly what its name says, from initial weights, on all of the
    /// data that the preset names.
    pub fn published(&self) -> Option<Expectation> {
        let is_alone = self.kept.is_none()
            && self
                .continued
                .iter()
                .all(|later| later.data.sha256 == self.data.sha256);
        let own = Some(&self.preset).filter(|_| is_alone);
        own?.published(own, |data| self.data.is_all_of(data))
    }

    /// The recipe that the run was last trained with, except for changes while it ran.
    pub fn latest_recipe(&self) -> &Recipe {
        let mut continued = self.continued.iter().rev();
        continued
            .find_map(|continuation| continuation.recipe.as_ref())
            .unwrap_or(&self.preset.training)
    }
}

/// Now, to the second.
pub(super) fn this_second() -> Timestamp {
    Timestamp::from_second(Timestamp::now().as_second())
        .expect("rounding down to a second keeps the time in range")
}

impl DataIdentity {
    /// The identity of a loaded set. The first call for a set hashes all pixels.
    pub fn of(dataset: &Dataset) -> Self {
        Self {
            name: dataset.name.clone(),
            source: dataset.source().to_string(),
            choice: dataset.source().choice(),
            sha256: dataset.identity().to_owned(),
            train_images: dataset.train().len(),
            test_images: dataset.test().len(),
            validation_images: dataset.validation().map(Split::len),
            class_names: dataset.class_names().to_vec(),
        }
    }

    /// The note about this set for weights that were trained on it.
    pub fn note(&self) -> SetNote {
        SetNote {
            name: self.name.clone(),
            sha256: self.sha256.clone(),
            class_names: self.class_names.clone(),
        }
    }

    /// Whether it is all of the set that a preset names with `data`.
    pub fn is_all_of(&self, data: &str) -> bool {
        data::is_among(data, &data::names_of(&self.choice, &self.sha256))
    }

    /// The name or path that opens the set again: its own, or, in records of earlier versions, the one in the preset.
    pub fn opened_by<'a>(&'a self, preset: &'a Preset) -> &'a str {
        if self.choice.is_empty() {
            preset.data.as_deref().unwrap_or(&self.name)
        } else {
            &self.choice
        }
    }
}
