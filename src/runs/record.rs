//! `run.yaml`: what a run was started with.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::notes::RunNotes;
use crate::data::{self, Dataset, SetNote};
use crate::training::{
    Expectation, Preset, Recipe, Validation, is_edited_name, vector_instructions,
};

/// Everything that is needed to repeat a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// What a person called the run, as its folder is called; empty where that is the network's name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What a person noted about it, in a folder of an earlier version of the program; now `notes.yaml` has it.
    #[serde(default, skip_serializing)]
    pub(super) note: String,
    /// The preset as it was trained, with what the command line changed.
    pub preset: Preset,
    /// What it was started on.
    pub data: DataIdentity,
    /// Where all random numbers came from; the preset's own.
    pub seed: u64,
    /// Of this program.
    pub version: String,
    /// It does not change the weights, only the time that they took.
    pub threads: usize,
    /// The vector instructions that it began with, such as `avx512`: a seed gives the same bits with the same ones, and need not with
    /// others. Empty where an earlier version of the program did not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub vector_instructions: String,
    /// To the second.
    pub started: Timestamp,
    /// What it went on with after its end, or after other data were chosen by hand or came as planned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub continued: Vec<Continuation>,
    /// What its epochs were measured on, where that is not all along what it was started with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stretches: Vec<Stretch>,
    /// Which layers started from an earlier training's weights, because they had stayed the same when the network was edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
    /// The training that starts from this one's weights, where this one is the first of two in one go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<Box<Following>>,
    /// Each time that the test set was measured, where a part of the training images validates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<TestRecord>,
    /// The run that this one was copied from, as it stood then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copied: Option<Copied>,
}

/// What a person says of a run before it begins; all may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunLabel {
    /// Its folder is called so, instead of by the network's name.
    pub name: String,
    /// What `notes.yaml` begins with.
    pub notes: RunNotes,
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
    /// The share of the test images that were predicted right.
    pub accuracy: f64,
    /// The stretch of the epoch.
    pub stretch: usize,
    /// Of the set whose test images they were; empty where an earlier version of the program wrote it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sha256: String,
    /// To the second.
    pub measured: Timestamp,
}

/// Why a test set was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// The training was at its end: the best epoch was measured.
    End,
    /// A person asked to see the test images' results, of the latest epoch.
    Asked,
    /// The command line measured the weights that speak for the run.
    Evaluated,
}

impl Occasion {
    /// In words, after the figures.
    pub fn words(self) -> &'static str {
        match self {
            Self::End => "at the end, the best epoch",
            Self::Asked => "on the screen, when it was asked for",
            Self::Evaluated => "by convscope eval",
        }
    }
}

impl TestRecord {
    /// A measurement that has just been done.
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

/// Where a copy of a run comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// The folder of the run that was copied.
    pub from: PathBuf,
    /// Whole epochs that were done in it.
    pub after_epoch: usize,
}

/// How a run went on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Continuation {
    /// Whole epochs that were done.
    pub after_epoch: usize,
    /// Epochs that were planned in all from then on.
    pub epochs: usize,
    /// What it was trained on from then on.
    pub data: DataIdentity,
    /// How it was trained from then on, where that is another recipe than before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipe: Option<Recipe>,
}

/// A row of epochs that were measured on the same images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stretch {
    /// Its first epoch, from 1.
    pub from_epoch: usize,
    /// The set that the images are of.
    pub data: DataIdentity,
    /// Which of its images.
    pub validation: Validation,
}

/// Weights that were there before a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The earlier run's folder, or the name of its network where it had none.
    pub from: String,
    /// Those that have weights.
    pub layers: Vec<KeptLayer>,
}

/// A layer that kept its weights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptLayer {
    /// What it is called in this run.
    pub layer: String,
    /// What it was called in the earlier run's network.
    pub was: String,
    /// How long its weights had been trained.
    pub epochs: usize,
}

/// The second of two trainings in one go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Following {
    /// What it will be trained by.
    pub preset: Preset,
    /// What it will be trained on.
    pub data: DataIdentity,
    /// Its run folder, once it has begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<PathBuf>,
}

/// Which data a run was trained on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataIdentity {
    /// What the set is called.
    pub name: String,
    /// Where it came from, in words.
    pub source: String,
    /// What opens it again where it came from; empty where an earlier version of the program did not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub choice: String,
    /// SHA-256 (hexadecimal) of its shapes, pixels and labels, the same in whichever file format they came.
    pub sha256: String,
    /// How many there are.
    pub train_images: usize,
    /// How many there are.
    pub test_images: usize,
    /// The name of class 0 first; empty where an earlier version of the program did not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub class_names: Vec<String>,
}

impl RunRecord {
    /// The record of a run that starts now.
    pub fn now(preset: Preset, dataset: &Dataset, threads: usize) -> Self {
        Self {
            name: String::new(),
            note: String::new(),
            data: DataIdentity::of(dataset),
            seed: preset.seed,
            preset,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            threads,
            vector_instructions: vector_instructions().to_owned(),
            started: this_second(),
            continued: Vec::new(),
            stretches: Vec::new(),
            kept: None,
            then: None,
            tests: Vec::new(),
            copied: None,
        }
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
        // An earlier version of the program recorded changes alone.
        let mut continued = self.continued.iter().rev();
        continued
            .find(|continuation| continuation.after_epoch < epoch)
            .map_or(&self.data, |continuation| &continuation.data)
    }

    /// How an epoch, from 1, was measured.
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

    /// The data that the latest of so many epochs was measured on, and so what can be compared with it; before the first one, the data
    /// that it is trained on.
    pub fn data_after(&self, epochs: usize) -> &DataIdentity {
        match epochs {
            0 => self.latest_data(),
            epochs => self.data_of_epoch(epochs),
        }
    }

    /// The record's data of this SHA-256, the latest of them.
    pub fn data_called(&self, sha256: &str) -> Option<&DataIdentity> {
        let continued = self.continued.iter().rev();
        let mut all = continued.map(|later| &later.data).chain([&self.data]);
        all.find(|data| data.sha256 == sha256)
    }

    /// The record with the right names: a preset that is not what its name says, or that went on by another recipe or for another number
    /// of epochs, is called edited. Earlier versions of the program left that out.
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
        // The first of two trainings has its name from the second.
        let of_edited = self.then.as_ref();
        let of_edited = of_edited.is_some_and(|then| is_edited_name(&then.preset.name));
        if is_edited || of_edited {
            self.preset = self.preset.called_edited();
        }
        self
    }

    /// The published figures that may stand beside this run's: of a training of what its name says from fresh weights, and on no other data
    /// than all of those that it names.
    pub fn published(&self) -> Option<Expectation> {
        let is_alone = self.kept.is_none()
            && self
                .continued
                .iter()
                .all(|later| later.data.sha256 == self.data.sha256);
        let own = Some(&self.preset).filter(|_| is_alone);
        own?.published(own, |data| self.data.is_all_of(data))
    }

    /// The recipe that the run was last trained by, but for what was changed while it ran.
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
        .expect("a whole second of a time that can be held can be held too")
}

impl DataIdentity {
    /// The identity of a loaded set. It hashes all pixels at the set's first call.
    pub fn of(dataset: &Dataset) -> Self {
        Self {
            name: dataset.name.clone(),
            source: dataset.source().to_string(),
            choice: dataset.source().choice(),
            sha256: dataset.identity().to_owned(),
            train_images: dataset.train().len(),
            test_images: dataset.test().len(),
            class_names: dataset.class_names().to_vec(),
        }
    }

    /// What weights that were trained on it know of it.
    pub fn note(&self) -> SetNote {
        SetNote {
            name: self.name.clone(),
            sha256: self.sha256.clone(),
            class_names: self.class_names.clone(),
        }
    }

    /// Whether it is, all of it, the set that a preset names with `data`.
    pub fn is_all_of(&self, data: &str) -> bool {
        data::is_among(data, &data::names_of(&self.choice, &self.sha256))
    }

    /// The name or path that opens the set again: its own, or in a record of an earlier version of the program, which has none, what
    /// the preset that was trained on it asks for.
    pub fn opened_by<'a>(&'a self, preset: &'a Preset) -> &'a str {
        if self.choice.is_empty() {
            preset.data.as_deref().unwrap_or(&self.name)
        } else {
            &self.choice
        }
    }
}
