//! A run's trained network, ready for inference.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use color_eyre::eyre::eyre;
use rayon::ThreadPool;
use serde_json::{Value, json};

use super::failure::Failure;
use super::output::note;
use crate::analysis::drawing::Habit;
use crate::data::{self, Dataset, SetNote, for_network_of};
use crate::network::{CheckedNetwork, Model};
use crate::ops::Objective;
use crate::runs::{
    DataIdentity, Occasion, RunFolder, RunRecord, Standing, TestRecord, WeightsNote,
};
use crate::session::thread_pool;
use crate::shape::Shape;
use crate::training::{Portion, Young};

// (Not a doc comment: clap would show it as the command's own help.)
#[derive(Debug, Args)]
pub struct SetArguments {
    /// Data set to use instead of the one that the weights were trained on, by name or path
    #[arg(long, value_name = "D")]
    data: Option<String>,
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
    pub record: RunRecord,
    pub model: Model,
    /// The objective that the run was last trained with; losses are reported with it.
    pub objective: Objective,
    /// The note in the weights file.
    pub about: WeightsNote,
    /// Whether the weights are not those of a best epoch but the latest ones.
    is_unfinished: bool,
    /// The set that the weights were last trained on. It has no class names if neither the weights nor the run record them.
    pub trained_on: SetNote,
    /// That set in the run's record.
    data: DataIdentity,
    /// One name per class; numbers if the run records none.
    pub class_names: Vec<String>,
    pool: Arc<ThreadPool>,
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
        let record = folder.record().map_err(Failure::input)?;
        let network = CheckedNetwork::new(&record.preset.network()).map_err(|problem| {
            Failure::Input(eyre!(
                "{}: its network cannot be built: {problem}",
                run.display()
            ))
        })?;
        let classes = network.spec().classes;
        let mut model = Model::new(Arc::new(network), record.seed);
        let kept = folder.checkpoint_epochs();
        let standing = match epoch {
            None => folder.standing().map_err(Failure::input)?,
            Some(epoch) if kept.contains(&epoch) => {
                let (weights, note) = folder.epoch_weights(epoch).map_err(Failure::input)?;
                Standing {
                    weights,
                    note,
                    remark: None,
                }
            }
            Some(epoch) => {
                let kept: Vec<String> = kept.iter().map(ToString::to_string).collect();
                return Err(Failure::Input(eyre!(
                    "epoch {epoch}: not kept; {} has the weights of epochs {}",
                    run.display(),
                    kept.join(", ")
                )));
            }
        };
        model.import(&standing.weights).map_err(|reason| {
            Failure::Input(eyre!(
                "{}: {reason}; its run.yaml describes a different network",
                run.display()
            ))
        })?;
        if let Some(remark) = &standing.remark {
            note(remark);
        }
        let about = standing.note;
        let mut trained_on = about.set(&record);
        if trained_on.class_names.len() != classes {
            trained_on.class_names = names_in_table(&folder, classes);
        }
        let class_names = match trained_on.class_names.is_empty() {
            true => (0..classes).map(|class| class.to_string()).collect(),
            false => trained_on.class_names.clone(),
        };
        let recipe = record.latest_recipe();
        let young = Young::of(model.start_share().into());
        if let Some(young) = young.filter(|_| recipe.await_batch_norm) {
            note(&young.to_string());
        }
        // Frozen layers have no penalty in the loss.
        let transfer = recipe.transfer.as_ref();
        model.freeze(transfer.map_or(0, |transfer| transfer.frozen_layers));
        Ok(Self {
            run: run.to_owned(),
            data: about.opens(&record).clone(),
            objective: recipe.objective(),
            record,
            model,
            about,
            is_unfinished: standing.remark.is_some(),
            trained_on,
            class_names,
            pool: thread_pool(None).map_err(Failure::failed)?,
        })
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
        let model = &mut self.model;
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
        let dataset = data::load(Some(choice)).map_err(Failure::input)?;
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
    /// A sentence, if that set is no longer available.
    pub fn habit(&self) -> Result<Habit, String> {
        let choice = self.data.opened_by(&self.record.preset);
        let dataset = data::load(Some(choice)).map_err(|error| error.to_string())?;
        match dataset.shape() == self.input() {
            true => Ok(Habit::of_set(dataset.train())),
            false => Err(format!("{choice} has images of another shape now")),
        }
    }

    /// Records that the test set was measured, if it is the run's own and the run validates on a part of its training images. Prints a
    /// note if that cannot be recorded.
    pub fn note_test(&self, dataset: &Dataset, loss: f64, accuracy: f64) {
        let validation = self.record.validation_of_epoch(self.about.epochs.max(1));
        if dataset.identity() != self.trained_on.sha256 || validation.portion() == Portion::Test {
            return;
        }
        let noted = RunFolder::open(&self.run).and_then(|folder| {
            let epochs = folder.metrics()?;
            let measured = epochs
                .get(self.about.epochs.saturating_sub(1))
                .or(epochs.last());
            let stretch = measured.map_or(1, |epoch| epoch.stretch);
            let test = TestRecord::now(
                Occasion::Evaluated,
                self.about.epochs,
                (stretch, dataset),
                (loss, accuracy),
            );
            folder.note_test(test)
        });
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

/// The class names in the run's confusion matrix, for runs of earlier versions whose record has none; empty if it has another number of
/// classes.
fn names_in_table(run: &RunFolder, classes: usize) -> Vec<String> {
    let table = run.confusion().ok().flatten();
    let names = table.map(|csv| header_names(&csv));
    let names = names.filter(|names| names.len() == classes);
    names.unwrap_or_default()
}

/// The column names of a confusion matrix in CSV, all quoted, after the first column.
fn header_names(csv: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = csv.split_once(',').map_or("", |(_, rest)| rest);
    while let Some(quoted) = rest.strip_prefix('"') {
        let mut name = String::new();
        let mut characters = quoted.char_indices().peekable();
        let mut end = quoted.len();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' if characters.peek().is_some_and(|(_, next)| *next == '"') => {
                    characters.next();
                    name.push('"');
                }
                '"' => {
                    end = at + 1;
                    break;
                }
                other => name.push(other),
            }
        }
        names.push(name);
        match quoted[end..].strip_prefix(',') {
            Some(next) => rest = next,
            None => break,
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::ConfusionTable;

    #[test]
    fn names_come_back_from_a_table() {
        let names = ["a,b", "c\"d", "plain", "", "two\nlines"].map(str::to_owned);
        let csv = ConfusionTable::new(5).to_csv(&names);
        assert_eq!(header_names(&csv), names);
        assert_eq!(header_names(""), [""; 0]);
    }
}
