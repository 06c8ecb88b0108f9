//! Resuming a run from its folder, exactly where it stopped.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use rayon::ThreadPool;

use super::begin::planned_data;
use super::checks::{check_images, check_memory, check_preset, corrections_note};
use super::{Find, Keeper, Second, Session, SessionError, Testing};
use crate::data::{Dataset, short_sha256, to_train_on};
use crate::network::{CheckedNetwork, Model};
use crate::runs::{DataIdentity, Following, RunFolder, RunRecord};
use crate::training::{
    Best, Checkpoint, EpochMetrics, Position, Preset, Setup, Trainer, check_data,
};
use crate::wording::{are, counted};

/// The inputs of [`Session::resume`].
pub struct Resumption {
    /// The run's folder.
    pub folder: PathBuf,
    /// The data that it was last trained on; another set is an error.
    pub dataset: Arc<Dataset>,
    /// The threads to train with; see [`thread_pool`](super::thread_pool).
    pub pool: Arc<ThreadPool>,
    /// Finds the sets that the run's preset names.
    pub find: Find,
}

impl Session {
    /// Resumes a run exactly where it stopped: the results are bit-identical to those without the interruption.
    ///
    /// # Errors
    /// As for [`open`](Self::open), and if another process is training the run.
    pub fn resume(resumption: Resumption) -> Result<Self, SessionError> {
        let writer = RunFolder::open(&resumption.folder)?.claim()?;
        let mut session = Self::open(resumption)?;
        if let Some(keeper) = &mut session.keeper {
            keeper.write_with(writer)?;
        }
        Ok(session)
    }

    /// Opens a run in its current state, even if another process is training it: nothing is written before [`claim`](Self::claim).
    ///
    /// # Errors
    /// If the folder is not a run or cannot be read, the data are not the run's own, or memory is insufficient; the folder is then
    /// unchanged.
    pub fn open(resumption: Resumption) -> Result<Self, SessionError> {
        let Resumption {
            folder: path,
            dataset,
            pool,
            find,
        } = resumption;
        let folder = RunFolder::open(&path)?;
        let latest = folder.trained_last_by();
        let mut record = folder.record()?;
        let preset = Preset {
            training: record.latest_recipe().clone(),
            ..record.preset.clone()
        };
        let network = check_preset(&preset)?;
        let mut model = Model::new(Arc::clone(&network), preset.seed);
        check_data(&model, &dataset)?;
        check_memory(&network, &preset)?;
        let checkpoint = folder.checkpoint()?;
        let position = &checkpoint.position;
        let planned_data = planned_data(&preset, &model, &find)?;
        let dataset = the_same(dataset, &planned_data, &record, position)?;
        let dataset = match &position.trained_on {
            Some(trained_on) => to_train_on(trained_on, &dataset),
            None => dataset,
        };
        let next_dataset = next(position, &planned_data, &find)?;
        check_images(&preset, &dataset)?;
        let following = match &record.then {
            Some(following) if following.run.is_none() => Some(second(following, &find)?),
            _ => None,
        };

        let transfer = preset.training.transfer.clone().unwrap_or_default();
        model.freeze(transfer.frozen_layers);
        let mut trainer = Trainer::new(Setup {
            model,
            dataset,
            recipe: preset.training.clone(),
            seed: preset.seed,
            pool,
            planned_data,
        });
        trainer
            .restore(&checkpoint)
            .map_err(|reason| SessionError::Resume(format!("{}: {reason}", path.display())))?;
        if let Some(next) = next_dataset {
            trainer.take_next(next);
        }
        let history = whole_history(&folder, trainer.epochs_done())?;
        let best_weights = if Best::of(&history).is_none() {
            None
        } else {
            let (weights, note) = folder.best_weights()?;
            Some(Arc::new(Checkpoint {
                weights,
                position: Position {
                    epochs: note.epochs,
                    steps: note.steps,
                    trained_on: note.data,
                    ..Position::default()
                },
                ..Checkpoint::default()
            }))
        };
        let notes = corrections_note(&preset, trainer.dataset());
        let notes = notes.into_iter().collect();
        let testing = Testing::after(folder.test()?, &record.tests, trainer.is_finished());
        let trained_before = trained_before(&record, &network);
        take_back(&mut record, &trainer);
        let keeper = Keeper::new(folder, record, history.clone(), best_weights.clone());
        let keeper = keeper.read_after(latest);
        Ok(Self {
            asked: preset.training.clone(),
            preset,
            trainer,
            keeper: Some(keeper),
            history,
            trained_before,
            best_weights,
            testing,
            following,
            notes,
            runs_folder: path.parent().map(PathBuf::from),
            find,
            last_checkpoint: Instant::now(),
            checkpoint_due: false,
        })
    }
}

/// The epochs that each layer's weights had been trained for when the run started, as far as recorded.
fn trained_before(record: &RunRecord, network: &CheckedNetwork) -> Vec<usize> {
    let kept = record.kept.as_ref().map_or(&[][..], |kept| &kept.layers);
    let layers = network.layers().iter();
    layers
        .map(|layer| {
            let kept = kept.iter().find(|kept| kept.layer == layer.name);
            kept.map_or(0, |kept| kept.epochs)
        })
        .collect()
}

fn second(following: &Following, find: &Find) -> Result<Second, SessionError> {
    let Following { preset, data, .. } = following;
    let names = [
        Some(data.choice.as_str()),
        preset.data.as_deref(),
        Some(&data.name),
    ];
    let mut found = Err(format!(
        "{}: the name of its data set is missing",
        preset.name
    ));
    for name in names.into_iter().flatten().filter(|name| !name.is_empty()) {
        found = find(name);
        if let Ok(dataset) = &found
            && dataset.identity() == data.sha256
        {
            return Ok(Second {
                preset: preset.clone(),
                dataset: Arc::clone(dataset),
            });
        }
    }
    let dataset = found.map_err(SessionError::Resume)?;
    Err(other_data(&preset.name, data, &dataset))
}

/// The set for the next epoch, if it was chosen during an epoch's validation.
fn next(
    position: &Position,
    planned: &[(usize, Arc<Dataset>)],
    find: &Find,
) -> Result<Option<Arc<Dataset>>, SessionError> {
    let Some(pending) = &position.next_data else {
        return Ok(None);
    };
    let planned = planned.iter().map(|(_, dataset)| Arc::clone(dataset));
    let names = [&pending.name, &pending.choice].into_iter();
    let mut sets = planned.chain(names.filter_map(|name| find(name).ok()));
    match sets.find(|dataset| dataset.identity() == pending.sha256) {
        Some(dataset) => Ok(Some(dataset)),
        None => Err(SessionError::Resume(format!(
            "its next data set, {} from {}, is missing or has changed; restore it",
            pending.name, pending.choice
        ))),
    }
}

/// Removes what the record says about a time after the run's state: it was written just before the program was killed, and will be
/// recorded again.
fn take_back(record: &mut RunRecord, trainer: &Trainer) {
    let identity = trainer.dataset().identity();
    while let Some(latest) = record.continued.last()
        && latest.recipe.is_none()
        && latest.data.sha256 != identity
    {
        record.continued.pop();
    }
    let done = trainer.epochs_done();
    record
        .stretches
        .retain(|stretch| stretch.from_epoch <= done);
}

/// The set in use by the run: the given one, or one that its plan had changed to.
fn the_same(
    given: Arc<Dataset>,
    planned: &[(usize, Arc<Dataset>)],
    record: &RunRecord,
    position: &Position,
) -> Result<Arc<Dataset>, SessionError> {
    let planned = planned.iter().map(|(_, dataset)| dataset);
    let mut sets = std::iter::once(&given).chain(planned);
    match sets.find(|dataset| dataset.identity() == position.data) {
        Some(dataset) => Ok(Arc::clone(dataset)),
        None => Err(other_data(
            &record.preset.name,
            record.latest_data(),
            &given,
        )),
    }
}

fn other_data(name: &str, expected: &DataIdentity, dataset: &Dataset) -> SessionError {
    SessionError::Resume(format!(
        "{name} was trained on {} from {} (SHA-256 {}…), but {} from {} has other images or labels (SHA-256 {}…); choose the data \
         that it was trained on with --data",
        expected.name,
        expected.source,
        short_sha256(&expected.sha256),
        dataset.name,
        dataset.source(),
        short_sha256(dataset.identity()),
    ))
}

/// The epochs that are done, without later lines of an epoch whose checkpoint was not written.
fn whole_history(folder: &RunFolder, epochs: usize) -> Result<Vec<EpochMetrics>, SessionError> {
    let mut history = folder.metrics()?;
    if history.len() < epochs {
        return Err(SessionError::Resume(format!(
            "{}: {} {} done, but metrics.jsonl has {}; the file was changed or damaged after it was written",
            folder.path().display(),
            counted(epochs, "epoch"),
            are(epochs),
            counted(history.len(), "line")
        )));
    }
    history.truncate(epochs);
    Ok(history)
}
