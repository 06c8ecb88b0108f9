//! How a session starts: from initial weights, from another run's weights, as pretraining, or as the run after pretraining.

use std::sync::Arc;
use std::time::Instant;

use rayon::ThreadPool;
use tracing::debug;

use super::checks::{
    check_images, check_memory, check_network, check_own_corrections, check_preset,
    corrections_note, validation_note,
};
use super::predecessor::carried;
use super::{Find, Keeper, Plan, Second, Session, SessionError, Testing, Unsaved};
use crate::data::{Dataset, SetNote, is_among, to_train_on};
use crate::network::Model;
use crate::runs::{DataIdentity, Following, Kept, RunFolder, RunLabel, RunRecord, Standing};
use crate::training::{
    ClassWeights, Origin, Preset, Pretrain, Recipe, Setup, Trainer, Validation, carry_over,
    check_data, name_with,
};
use crate::wording::counted;

/// The history of a model's weights.
#[derive(Default)]
pub(super) struct Past {
    /// Notes for the user, in sentences.
    pub notes: Vec<String>,
    /// The epochs that each layer's weights were trained for.
    pub trained_before: Vec<usize>,
    /// The set whose classes they know, if they were trained before.
    pub trained_on: Option<SetNote>,
    /// The layers that kept the weights of another run.
    pub kept: Option<Kept>,
}

impl Session {
    /// Starts from initial weights, from those of the predecessor's unchanged layers, or from those that the preset's `transfer:` names. If
    /// that asks for pretraining, the session is the pretraining, and [`follow_up`](Self::follow_up) returns the one after it. Everything
    /// that can be checked is checked before the run folder is created.
    ///
    /// # Errors
    /// If the preset cannot be trained, not on this data or not with the available memory, or if the run folder cannot be written; no
    /// folder is left then.
    pub fn start(plan: Plan) -> Result<Self, SessionError> {
        let (original, names) = (plan.preset.clone(), plan.dataset.names());
        let mut preset = plan.preset.titled(Some(&original));
        preset.expect = preset.published(Some(&original), |data| is_among(data, &names));
        let plan = Plan { preset, ..plan };
        let network = check_preset(&plan.preset)?;
        let mut model = Model::new(Arc::clone(&network), plan.preset.seed);
        check_data(&model, &plan.dataset)?;
        check_own_corrections(&plan.preset, &plan.dataset)?;
        check_memory(&network, &plan.preset)?;
        let transfer = plan.preset.training.transfer.clone().unwrap_or_default();
        let predecessor = plan.predecessor.as_ref();
        if let Some(past) = predecessor.and_then(|before| before.hand_over(&mut model)) {
            model.freeze(transfer.frozen_layers);
            return Self::begin(plan, model, past, None);
        }
        if let Some(pretrain) = &transfer.pretrain {
            return Self::start_pretraining(plan, pretrain);
        }
        let past = match &transfer.from {
            None => Past::none(&model),
            Some(path) => {
                let folder = RunFolder::open(path)?;
                let record = folder.record()?;
                let Standing {
                    weights,
                    note,
                    remark,
                } = folder.standing()?;
                let origin = Origin {
                    called: path.display().to_string(),
                    network: &*check_network(&record.preset)?,
                    weights: &weights,
                };
                let past = take_over(&mut model, &plan.preset, &origin, note.epochs)?;
                Past {
                    notes: past.notes.into_iter().chain(remark).collect(),
                    trained_on: Some(note.set(&record)),
                    ..past
                }
            }
        };
        Self::begin(plan, model, past, None)
    }

    /// Starts the run that follows from this one's best weights, if this one is finished pretraining.
    ///
    /// # Errors
    /// If the weights do not fit, or the run folder cannot be written; the next call tries again.
    pub fn follow_up(&mut self) -> Result<Option<Self>, SessionError> {
        let Some(Second { preset, dataset }) = &self.following else {
            return Ok(None);
        };
        let mut model = Model::new(check_preset(preset)?, preset.seed);
        let best = self.best_weights.clone();
        let weights = best.map_or_else(
            || self.trainer.evaluated().export(),
            |best| best.weights.clone(),
        );
        let origin = Origin {
            called: self.called(),
            network: self.trainer.model().network(),
            weights: &weights,
        };
        let past = Past {
            trained_on: Some(self.trainer.trained_on().clone()),
            ..take_over(&mut model, preset, &origin, self.history.len())?
        };
        let plan = Plan {
            preset: preset.clone(),
            dataset: Arc::clone(dataset),
            runs_folder: self.runs_folder.clone(),
            pool: Arc::clone(self.trainer.pool()),
            find: Arc::clone(&self.find),
            predecessor: None,
            label: (self.keeper.as_ref())
                .map(|keeper| RunLabel {
                    name: keeper.record().name.clone(),
                    // What cannot be read is no reason to train no more.
                    notes: keeper.folder().notes().unwrap_or_default(),
                    trial: keeper.record().trial,
                })
                .unwrap_or_default(),
        };
        let second = Self::begin(plan, model, past, None)?;
        self.following = None;
        if let Some(keeper) = &mut self.keeper {
            let run = second.folder().map(|folder| folder.path().to_owned());
            keeper.change_record(|record| {
                if let Some(then) = &mut record.then {
                    then.run = run;
                }
            });
            // Without it nothing is lost, but reopening this run may start the following one again.
            let _ = keeper.write_now();
        }
        Ok(Some(second))
    }

    fn start_pretraining(mut plan: Plan, pretrain: &Pretrain) -> Result<Self, SessionError> {
        let dataset = (plan.find)(&pretrain.data).map_err(SessionError::Preset)?;
        let first = Preset {
            name: name_with(&plan.preset.name, "-pretrain"),
            classes: dataset.classes(),
            data: Some(pretrain.data.clone()),
            expect: None,
            training: first_recipe(&plan.preset.training, pretrain, &dataset),
            ..plan.preset.clone()
        };
        let network = check_preset(&first)?;
        check_memory(&network, &first)?;
        let model = Model::new(network, first.seed);
        check_data(&model, &dataset)?;
        // Checks now what the transfer would refuse later.
        let transfer = plan.preset.training.transfer.clone().unwrap_or_default();
        let mut second = Model::new(check_preset(&plan.preset)?, plan.preset.seed);
        let origin = Origin {
            called: first.name.clone(),
            network: model.network(),
            weights: &model.export(),
        };
        carry_over(&mut second, &origin, transfer.fresh_from).map_err(SessionError::Preset)?;
        planned_data(&plan.preset, &second, &plan.find)?;
        let following = Second {
            preset: std::mem::replace(&mut plan.preset, first),
            dataset: std::mem::replace(&mut plan.dataset, dataset),
        };
        let past = Past::none(&model);
        Self::begin(plan, model, past, Some(following))
    }

    fn begin(
        plan: Plan,
        model: Model,
        past: Past,
        following: Option<Second>,
    ) -> Result<Self, SessionError> {
        let Plan {
            preset,
            dataset,
            runs_folder,
            pool,
            find,
            label,
            ..
        } = plan;
        let Past {
            mut notes,
            trained_before,
            trained_on,
            kept,
        } = past;
        let dataset = match &trained_on {
            None => dataset,
            Some(trained_on) => {
                let fitting = to_train_on(trained_on, &dataset);
                if !Arc::ptr_eq(&fitting, &dataset) {
                    notes.push(format!(
                        "{} has the classes of the weights in another order; they are matched by name",
                        dataset.name
                    ));
                }
                fitting
            }
        };
        let augment = preset.training.augment;
        let warning = augment.and_then(|augment| augment.warning(dataset.class_names()));
        notes.extend(warning.map(str::to_owned));
        check_images(&preset, &dataset)?;
        notes.extend(corrections_note(&preset, &dataset));
        notes.extend(validation_note(&preset, &dataset));
        let planned_data = planned_data(&preset, &model, &find)?;
        let trainer = Trainer::new(Setup {
            model,
            dataset: Arc::clone(&dataset),
            recipe: preset.training.clone(),
            seed: preset.seed,
            pool: Arc::clone(&pool),
            planned_data,
        });
        let mut keeper = match &runs_folder {
            None => None,
            Some(runs_folder) => {
                let threads = pool.current_num_threads();
                let mut record = RunRecord::now(preset.clone(), &dataset, threads);
                record.name = label.name;
                record.trial = label.trial;
                record.training_images = part_in_use(&trainer);
                record.kept = kept;
                record.then = following.as_ref().map(|second| Box::new(second.record()));
                let writer = RunFolder::create(runs_folder, &record, &label.notes)?;
                Some(Keeper::of_new(writer, record))
            }
        };
        debug!(network = preset.name, data = dataset.name, folder = ?keeper.as_ref().map(Keeper::folder), "a run starts");
        if let Some(keeper) = &mut keeper {
            keeper.add(Unsaved {
                weights: vec![Arc::new(trainer.evaluated_checkpoint())],
                ..Unsaved::default()
            });
        }
        Ok(Self {
            asked: preset.training.clone(),
            preset,
            trainer,
            keeper,
            history: Vec::new(),
            trained_before,
            best_weights: None,
            testing: Testing::default(),
            following,
            notes,
            runs_folder,
            find,
            last_checkpoint: Instant::now(),
            // So that a run that is killed in its first epoch can be resumed too.
            checkpoint_due: true,
        })
    }
}

impl Past {
    /// That of initial weights.
    fn none(model: &Model) -> Self {
        Self {
            trained_before: vec![0; model.network().layers().len()],
            ..Self::default()
        }
    }
}

/// Copies the origin's weights, trained for `epochs` epochs, to a new model, as set by the preset's `transfer:`.
fn take_over(
    model: &mut Model,
    preset: &Preset,
    origin: &Origin,
    epochs: usize,
) -> Result<Past, SessionError> {
    let transfer = preset.training.transfer.clone().unwrap_or_default();
    let fresh = model.clone();
    let notes = carry_over(model, origin, transfer.fresh_from).map_err(SessionError::Preset)?;
    model.freeze(transfer.frozen_layers);
    Ok(Past {
        notes,
        trained_before: carried(model, &fresh, epochs),
        ..Past::default()
    })
}

/// The recipe of the pretraining on `dataset` before the run of recipe `second`.
pub(super) fn first_recipe(second: &Recipe, pretrain: &Pretrain, dataset: &Dataset) -> Recipe {
    let balanced = second.class_weights.clone();
    let balanced = balanced.filter(|weights| *weights == ClassWeights::Balanced);
    Recipe {
        epochs: pretrain.epochs,
        batch_size: pretrain.batch_size.unwrap_or(second.batch_size),
        augment: pretrain.augment,
        transfer: None,
        // These are for the set of the following run, and so is validation on images that this set does not bring.
        corrections: None,
        plan: Vec::new(),
        train_images: None,
        class_weights: balanced,
        validation: match second.validation {
            Validation::Data if dataset.validation().is_none() => Validation::default(),
            other => other,
        },
        ..second.clone()
    }
}

impl Second {
    pub(super) fn record(&self) -> Following {
        Following {
            preset: self.preset.clone(),
            data: DataIdentity::of(&self.dataset),
            run: None,
        }
    }
}

/// How many training images are trained on, if the recipe asks for a part of them.
pub(super) fn part_in_use(trainer: &Trainer) -> Option<usize> {
    let part = trainer.recipe().train_images;
    part.map(|_| trainer.training_images())
}

/// The sets that the preset's plan names, by epoch.
pub(super) fn planned_data(
    preset: &Preset,
    model: &Model,
    find: &Find,
) -> Result<Vec<(usize, Arc<Dataset>)>, SessionError> {
    let mut planned = Vec::new();
    for change in &preset.training.plan {
        if let Some(name) = &change.data {
            let dataset = find(name).map_err(SessionError::Preset)?;
            check_data(model, &dataset)?;
            check_images(preset, &dataset)?;
            planned.push((change.epoch, dataset));
        }
    }
    Ok(planned)
}

/// A pool of so many threads; `None` uses one per available processor.
///
/// # Errors
/// If the threads cannot be started.
pub fn thread_pool(threads: Option<usize>) -> Result<Arc<ThreadPool>, SessionError> {
    let threads = threads
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get));
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|index| format!("kernel-{index}"))
        .build()
        .map(Arc::new)
        .map_err(|_| {
            SessionError::Threads(format!(
                "{}: cannot be started; use fewer",
                counted(threads, "thread")
            ))
        })
}
