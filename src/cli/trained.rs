//! A run's trained network, ready for inference.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use color_eyre::eyre::eyre;
use rayon::ThreadPool;
use serde_json::{Value, json};

use super::data::load_choice;
use super::failure::Failure;
use super::opening::OpeningArguments;
use super::output::note;
use crate::analysis::drawing::Habit;
use crate::data::{Dataset, for_network_of};
use crate::network::Model;
use crate::ops::Objective;
use crate::runs::{Occasion, RunFolder, TestRecord};
use crate::session::{self, thread_pool};
use crate::shape::Shape;

// (Not a doc comment: clap would show it as the command's own help.)
#[derive(Debug, Args)]
pub struct SetArguments {
    /// Data set to use instead of the one that the weights were trained on, by name or path
    #[arg(long, value_name = "D")]
    data: Option<String>,
    #[command(flatten)]
    opening: OpeningArguments,
    /// Match the classes of D to the network's by number, whatever they are called
    #[arg(long, requires = "data")]
    same_classes: bool,
}

impl SetArguments {
    /// Whether a set was named.
    pub fn is_given(&self) -> bool {
        self.data.is_some()
    }
}

/// A network with the weights that represent its run, or those of an epoch.
pub struct Trained {
    pub run: PathBuf,
    trained: session::Trained,
    /// One name per class; numbers if the run records none.
    pub class_names: Vec<String>,
    pool: Arc<ThreadPool>,
}

impl Deref for Trained {
    type Target = session::Trained;

    fn deref(&self) -> &session::Trained {
        &self.trained
    }
}

impl Trained {
    /// Loads the weights that represent the run folder `run`: the best epoch's, or, with a note, the latest if there are none yet.
    ///
    /// # Errors
    /// [`Failure::Input`] if it is not a run folder, or has no weights that fit its network.
    pub fn open(run: &Path) -> Result<Self, Failure> {
        Self::open_at(run, None)
    }

    /// Loads the weights of an epoch whose checkpoint the run keeps; `None` is as for [`open`](Self::open).
    ///
    /// # Errors
    /// As for [`open`](Self::open), and if the run does not keep the epoch.
    pub fn open_at(run: &Path, epoch: Option<usize>) -> Result<Self, Failure> {
        let folder = RunFolder::open(run).map_err(Failure::input)?;
        let trained = session::Trained::open(folder, epoch).map_err(Failure::sentence)?;
        for remark in &trained.remarks {
            note(remark);
        }
        let names = &trained.trained_on.class_names;
        let class_names = match names.is_empty() {
            true => (0..trained.record.preset.classes)
                .map(|class| class.to_string())
                .collect(),
            false => names.clone(),
        };
        Ok(Self {
            run: run.to_owned(),
            trained,
            class_names,
            pool: thread_pool(None).map_err(Failure::failed)?,
        })
    }

    /// The objective that the run was last trained with; losses are reported with it.
    pub fn objective(&self) -> Objective {
        self.record.latest_recipe().objective()
    }

    /// When the weights were saved: `epoch 3`, or `120 batches`.
    pub fn moment(&self) -> String {
        match self.is_unfinished {
            false => format!("epoch {}", self.about.epochs),
            true => self.about.batches(),
        }
    }

    /// The network's input shape.
    pub fn input(&self) -> Shape {
        self.record.preset.input
    }

    /// Runs `work` with the network on all threads.
    pub fn compute<T: Send>(&mut self, work: impl FnOnce(&mut Model) -> T + Send) -> T {
        let model = &mut self.trained.model;
        self.pool.install(|| work(model))
    }

    /// Probabilities, one per class, of an image `[height, width, channels]` in [0, 1].
    pub fn probabilities(&mut self, image: &[f32]) -> Vec<f32> {
        self.compute(|model| model.probabilities(image))
    }

    /// `told` with the run, its network, the epochs of the weights, and the data set added.
    pub fn in_json(&self, data: &str, sha256: &str, mut told: Value) -> Value {
        told["run"] = json!(self.run);
        told["network"] = json!(self.record.preset.name);
        told["epochs"] = json!(self.about.epochs);
        told["data"] = json!(data);
        told["sha256"] = json!(sha256);
        told
    }

    /// The requested set, or the one that the weights were trained on, with a note if that has changed. Its classes are in the network's
    /// order.
    ///
    /// # Errors
    /// [`Failure::Input`] if it cannot be loaded, or its images or classes do not match the network's.
    pub fn dataset(&self, asked: &SetArguments) -> Result<Arc<Dataset>, Failure> {
        let named = asked.data.as_deref();
        let preset = &self.record.preset;
        let choice = named.unwrap_or(self.data.opened_by(preset));
        let choice = asked.opening.choice(Some(choice))?;
        let dataset = load_choice(choice.as_deref())?;
        if (dataset.shape(), dataset.classes()) != (preset.input, preset.classes) {
            return Err(Failure::Input(eyre!(
                "{} has {} classes of {} images, but the network of {} expects {} images in {} classes; choose a matching set with --data",
                dataset.name,
                dataset.classes(),
                dataset.shape(),
                self.run.display(),
                preset.input,
                preset.classes
            )));
        }
        let own = &self.trained_on;
        if named.is_none() && dataset.identity() != own.sha256 {
            note(&format!(
                "{} is not the data that the run was trained on ({}, from {}); choose that with --data",
                dataset.name, own.name, self.data.source
            ));
        }
        let fitting = for_network_of(own, Arc::new(dataset), asked.same_classes);
        let (dataset, matched) = fitting.map_err(|difference| {
            Failure::Input(eyre!(
                "{difference}; choose a set with the network's classes with --data, or match the classes by number with --same-classes"
            ))
        })?;
        if let Some(matched) = matched {
            note(&matched);
        }
        Ok(dataset)
    }

    /// The polarity and placement of most images of the set that the weights were trained on.
    ///
    /// # Errors
    /// If that set is no longer available, or reading it was interrupted.
    pub fn habit(&self) -> Result<Habit, Failure> {
        let choice = self.data.opened_by(&self.record.preset);
        let dataset = load_choice(Some(choice))?;
        match dataset.shape() == self.input() {
            true => Ok(Habit::of_set(dataset.train())),
            false => Err(Failure::sentence(format!(
                "{choice} has images of another shape now"
            ))),
        }
    }

    /// Records that the test set was measured, if it is the run's own and the run validates on a part of its training images. Prints a
    /// note if that cannot be recorded.
    pub fn note_test(&self, dataset: &Dataset, loss: f64, accuracy: f64) {
        let measured = (loss, accuracy);
        let noted = self
            .trained
            .note_test(dataset, Occasion::Evaluated, measured);
        if let Err(error) = noted {
            note(&format!(
                "cannot record in the run folder that the test set was measured: {error}"
            ));
        }
    }

    /// As [`note_test`](Self::note_test), unless the record has a measurement of these weights on this set.
    pub fn note_test_once(&self, dataset: &Dataset, loss: f64, accuracy: f64) {
        let mut tests = self.record.tests.iter();
        let is_known = |test: &TestRecord| {
            test.epoch == self.about.epochs && test.sha256 == dataset.identity()
        };
        if !tests.any(is_known) {
            self.note_test(dataset, loss, accuracy);
        }
    }

    /// The class with this number or name.
    pub fn class(&self, text: &str) -> Result<usize, Failure> {
        let by_name = |name: &String| name.eq_ignore_ascii_case(text);
        self.class_names
            .iter()
            .position(by_name)
            .or_else(|| {
                let number: Option<usize> = text.parse().ok();
                number.filter(|class| *class < self.class_names.len())
            })
            .ok_or_else(|| {
                Failure::Input(eyre!(
                    "class {text}: not found; the network's {} classes are {}",
                    self.class_names.len(),
                    self.class_names.join(", ")
                ))
            })
    }
}
