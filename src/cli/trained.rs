//! A run's trained network, ready to be asked about images.

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
    /// A data set, by name or path, instead of the one that the weights were trained on
    #[arg(long, value_name = "D")]
    data: Option<String>,
    /// The classes of D are the network's, number by number, though they are called something else
    #[arg(long, requires = "data")]
    same_classes: bool,
}

/// A network with the weights that speak for its run, or those of an epoch.
pub struct Trained {
    pub run: PathBuf,
    pub record: RunRecord,
    pub model: Model,
    /// What the run was last trained by; the loss is told as the training told it.
    pub objective: Objective,
    /// What the weights say of themselves.
    pub about: WeightsNote,
    /// Whether they are of the middle of an epoch.
    is_unfinished: bool,
    /// The set that they were trained on last. It has no class names where neither the weights nor the run tell of any.
    pub trained_on: SetNote,
    /// What the record says of that set.
    data: DataIdentity,
    /// One name a class; numbers where the run tells of none.
    pub class_names: Vec<String>,
    pool: Arc<ThreadPool>,
}

impl Trained {
    /// The weights that speak for the run folder `run`: the best epoch's, and where there are none yet the latest, which a note says.
    ///
    /// # Errors
    /// Where it is no run folder, or has no weights that fit its network: bad input.
    pub fn open(run: &Path) -> Result<Self, Failure> {
        Self::open_at(run, None)
    }

    /// The weights after an epoch, of those that the run keeps; `None` is as for [`open`](Self::open).
    ///
    /// # Errors
    /// As for [`open`](Self::open), and where the run does not keep the epoch.
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
                    "epoch {epoch}: {} keeps the weights of epochs {}",
                    run.display(),
                    kept.join(", ")
                )));
            }
        };
        model.import(&standing.weights).map_err(|reason| {
            Failure::Input(eyre!(
                "{}: {reason}; the network in its run.yaml is another one",
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
        // Layers that are not trained have no penalty in the loss.
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

    /// Which moment of the training the weights are of: `epoch 3`, or `120 batches`.
    pub fn moment(&self) -> String {
        match self.is_unfinished {
            false => format!("epoch {}", self.about.epochs),
            true => self.about.batches(),
        }
    }

    /// What the network takes.
    pub fn input(&self) -> Shape {
        self.record.preset.input
    }

    /// Lets all threads work with the network.
    pub fn compute<T: Send>(&mut self, work: impl FnOnce(&mut Model) -> T + Send) -> T {
        let model = &mut self.model;
        self.pool.install(|| work(model))
    }

    /// Probabilities, one a class, of an image `[height, width, channels]` in [0, 1].
    pub fn probabilities(&mut self, image: &[f32]) -> Vec<f32> {
        self.compute(|model| model.probabilities(image))
    }

    /// `told` as JSON, with the run, its network and the epochs of the weights, and the set that it is about.
    pub fn in_json(&self, data: &str, sha256: &str, mut told: Value) -> Value {
        told["run"] = json!(self.run);
        told["network"] = json!(self.record.preset.name);
        told["epochs"] = json!(self.about.epochs);
        told["data"] = json!(data);
        told["sha256"] = json!(sha256);
        told
    }

    /// The set that was asked for, or the one that the weights were trained on; a note says so where it is another one now. Its classes
    /// stand where the network has them.
    ///
    /// # Errors
    /// Where it cannot be loaded, or the network takes other images or tells other classes apart: bad input.
    pub fn dataset(&self, asked: &SetArguments) -> Result<Arc<Dataset>, Failure> {
        let named = asked.data.as_deref();
        let preset = &self.record.preset;
        let choice = named.unwrap_or(self.data.opened_by(preset));
        let dataset = data::load(Some(choice)).map_err(Failure::input)?;
        if (dataset.shape(), dataset.classes()) != (preset.input, preset.classes) {
            return Err(Failure::Input(eyre!(
                "{} has {} classes of {} images, and the network of {} takes {} in {} classes; name a set that fits with --data",
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
                "{} is not the data that the run was trained on ({}, from {}); name it with --data",
                dataset.name, own.name, self.data.source
            ));
        }
        let fitting = for_network_of(own, Arc::new(dataset), asked.same_classes);
        let (dataset, matched) = fitting.map_err(|difference| {
            Failure::Input(eyre!(
                "{difference}; name a set with the network's classes with --data, or say with --same-classes that they correspond by \
                 their numbers, whatever they are called"
            ))
        })?;
        if let Some(matched) = matched {
            note(&matched);
        }
        Ok(dataset)
    }

    /// How most images lie of the set that the weights were trained on.
    ///
    /// # Errors
    /// A sentence, where that set is not here any more.
    pub fn habit(&self) -> Result<Habit, String> {
        let choice = self.data.opened_by(&self.record.preset);
        let dataset = data::load(Some(choice)).map_err(|error| error.to_string())?;
        match dataset.shape() == self.input() {
            true => Ok(Habit::of_set(dataset.train())),
            false => Err(format!("{choice} holds others now")),
        }
    }

    /// Records that the test set was measured, where that is the run's own and a part of its training images validates; a note says where
    /// that could not be recorded.
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
                "that the test set was measured could not be noted in the run's record: {error}"
            ));
        }
    }

    /// The class of this number or name.
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
                    "class {text}: the network tells {} classes apart: {}",
                    self.class_names.len(),
                    self.class_names.join(", ")
                ))
            })
    }
}

/// The names of so many classes in the run's confusion table, which says more than the record of an earlier version of the program; none
/// where it has others.
fn names_in_table(run: &RunFolder, classes: usize) -> Vec<String> {
    let table = run.confusion().ok().flatten();
    let names = table.map(|csv| header_names(&csv));
    let names = names.filter(|names| names.len() == classes);
    names.unwrap_or_default()
}

/// The names of the columns of a confusion table in CSV, all quoted, after the first column.
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
