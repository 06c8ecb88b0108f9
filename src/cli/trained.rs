//! A run's trained network, ready to be asked about images.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use color_eyre::eyre::eyre;
use rayon::ThreadPool;

use super::failure::Failure;
use super::output::note;
use crate::data::{self, Dataset};
use crate::network::{CheckedNetwork, Model};
use crate::ops::Objective;
use crate::runs::{RunFolder, RunRecord};
use crate::shape::Shape;
use crate::worker::thread_pool;

/// A network with the weights of its run's best epoch.
pub struct Trained {
    pub run: PathBuf,
    pub record: RunRecord,
    pub model: Model,
    /// What the run was last trained by; the loss is told as the training told it.
    pub objective: Objective,
    /// Finished epochs of the weights.
    pub epochs: usize,
    /// One name a class; numbers where the run tells of none.
    pub class_names: Vec<String>,
    pub pool: Arc<ThreadPool>,
}

impl Trained {
    /// The best weights of the run folder `run`.
    ///
    /// # Errors
    /// Where it is no run folder, or has no weights that fit its network: bad input.
    pub fn open(run: &Path) -> Result<Self, Failure> {
        Self::open_at(run, None)
    }

    /// The weights after an epoch, of those that the run keeps; `None` is the best one.
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
        let (weights, note) = match epoch {
            None => folder.best_weights().map_err(Failure::input)?,
            Some(epoch) if kept.contains(&epoch) => {
                folder.epoch_weights(epoch).map_err(Failure::input)?
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
        model.import(&weights).map_err(|reason| {
            Failure::Input(eyre!(
                "{}: the weights are not this network's: {reason}",
                run.display()
            ))
        })?;
        let recipe = record.latest_recipe();
        // Layers that are not trained have no penalty in the loss.
        let transfer = recipe.transfer.as_ref();
        model.freeze(transfer.map_or(0, |transfer| transfer.frozen_layers));
        let objective = recipe.objective();
        let class_names = fs::read_to_string(run.join("confusion.csv"))
            .ok()
            .map(|csv| header_names(&csv))
            .filter(|names| names.len() == classes)
            .unwrap_or_else(|| (0..classes).map(|class| class.to_string()).collect());
        Ok(Self {
            run: run.to_owned(),
            record,
            model,
            objective,
            epochs: note.epochs,
            class_names,
            pool: thread_pool(None).map_err(Failure::failed)?,
        })
    }

    /// What the network takes.
    pub fn input(&self) -> Shape {
        self.record.preset.input
    }

    /// Probabilities, one a class, of an image `[height, width, channels]` in [0, 1].
    pub fn probabilities(&mut self, image: &[f32]) -> Vec<f32> {
        let model = &mut self.model;
        self.pool.install(|| model.probabilities(image))
    }

    /// The set called `named`, or the one that the run was last trained on; a note says so where it is another one now.
    ///
    /// # Errors
    /// Where it cannot be loaded, or the network takes other images or tells other classes apart: bad input.
    pub fn dataset(&self, named: Option<&str>) -> Result<Dataset, Failure> {
        let choice = named.unwrap_or(self.record.latest_choice());
        let dataset = data::load(Some(choice)).map_err(Failure::input)?;
        let preset = &self.record.preset;
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
        let own = self.record.latest_data();
        if named.is_none() && dataset.identity() != own.sha256 {
            note(&format!(
                "{} is not the data that the run was trained on ({}, from {}); name it with --data",
                dataset.name, own.name, own.source
            ));
        }
        Ok(dataset)
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

/// Position of the largest value, the first of equals.
pub fn most_probable(probabilities: &[f32]) -> usize {
    let mut best = 0;
    for (class, probability) in probabilities.iter().enumerate() {
        if *probability > probabilities[best] {
            best = class;
        }
    }
    best
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
