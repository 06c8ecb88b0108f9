//! How a run starts: from initial weights, from those of the last run, or from a run folder.

use std::path::PathBuf;
use std::sync::Arc;

use super::watching::Seen;
use super::{Activity, NetworkDesk};
use crate::analysis::ConfusionTable;
use crate::runs::{RunFolder, RunLabel, TrainedBy};
use crate::session::{Find, Plan, Resumption, Session};
use crate::training::Recipe;
use crate::worker::commands::TrainRequest;
use crate::worker::events::Event;
use crate::worker::run_facts::{OpenedRun, Outcome, RunFacts, SetNames};

impl NetworkDesk {
    pub(super) fn start(&mut self, request: TrainRequest) -> Result<(), String> {
        self.check_idle()?;
        let last = self.session.as_ref().filter(|last| {
            // Pretrained weights are requested instead of those of the last run.
            request.keep_weights
                && last.preset().training.transfer == request.preset.training.transfer
        });
        let mut preset = request.preset;
        let dataset = self.library.set(&request.dataset)?;
        self.library.correct(&mut preset.training, &dataset)?;
        let session = Session::start(Plan {
            predecessor: last.map(Session::predecessor),
            preset,
            dataset,
            runs_folder: request.runs_folder,
            pool: Arc::clone(&self.pool),
            find: self.find(),
            label: RunLabel::default(),
        })
        .map_err(|error| error.to_string())?;
        self.begin(session);
        Ok(())
    }

    pub(super) fn go_on(&mut self, recipe: &Recipe, dataset: Option<&str>) -> Result<(), String> {
        self.check_idle()?;
        let dataset = dataset.map(|name| self.library.set(name)).transpose()?;
        let session = self.session.as_mut();
        let session = session.ok_or("nothing has been trained yet; start a run first")?;
        let mut recipe = recipe.clone();
        let set = dataset.as_ref().unwrap_or(session.trainer().dataset());
        self.library.correct(&mut recipe, set)?;
        session.claim().map_err(|error| error.to_string())?;
        let gone_on = session.go_on(&recipe, dataset);
        if let Err(error) = gone_on {
            self.let_go();
            return Err(error.to_string());
        }
        if let Some(session) = self.session.take() {
            self.begin(session);
        }
        Ok(())
    }

    pub(super) fn check_idle(&self) -> Result<(), String> {
        if self.activity == Activity::Idle {
            Ok(())
        } else {
            Err("a run is in progress; stop it first".into())
        }
    }

    /// Finds loaded sets by name, and others on this machine.
    pub(super) fn find(&self) -> Find {
        let library = self.library.clone();
        Arc::new(move |name| library.set_or_read(name))
    }

    /// Opens a run without training.
    pub(super) fn open_run(&mut self, folder: PathBuf) -> Result<(), String> {
        self.check_idle()?;
        let run_folder = RunFolder::open(&folder).map_err(|error| error.to_string())?;
        let seen = Seen::of(&run_folder);
        let session = self.read_run(&run_folder)?;
        self.run += 1;
        self.stop_after_epoch = false;
        let opened = self.opened(&session, seen.by.clone());
        self.events.send(Event::RunOpened(Box::new(opened)));
        self.session = Some(session);
        self.watch.start(seen);
        Ok(())
    }

    /// Opens a copy of a run.
    pub(super) fn copy_run(&mut self, folder: PathBuf) -> Result<(), String> {
        self.check_idle()?;
        let run_folder = RunFolder::open(&folder).map_err(|error| error.to_string())?;
        let beside = folder.parent().unwrap_or(&folder);
        let copy = run_folder.copy(beside).map_err(|error| error.to_string())?;
        self.open_run(copy.path().to_owned())
    }

    /// The run in a folder, in its current state and on its own data, even if another process is training it.
    pub(super) fn read_run(&self, folder: &RunFolder) -> Result<Session, String> {
        let record = folder.record().map_err(|error| error.to_string())?;
        let data = folder
            .data_in_use(&record)
            .map_err(|error| error.to_string())?;
        let dataset = self.library.set_of(&data, &record.preset)?;
        if let Some(then) = record.then.filter(|then| then.run.is_none()) {
            // Loads it, so that it is found.
            self.library.set_of(&then.data, &then.preset)?;
        }
        Session::open(Resumption {
            folder: folder.path().to_owned(),
            dataset,
            pool: Arc::clone(&self.pool),
            find: self.find(),
        })
        .map_err(|error| error.to_string())
    }

    /// The facts about the session of an opened run as run number `self.run`.
    pub(super) fn opened(&self, session: &Session, trained_by: Option<TrainedBy>) -> OpenedRun {
        let epochs = session.history().len();
        let in_use = session.trainer().dataset();
        let record = session.record();
        let measured_on = record.map(|record| record.data_of_epoch(epochs.max(1)));
        let earlier = measured_on.filter(|data| data.sha256 != in_use.identity());
        let measured_on = match earlier {
            None => self.library.names_of(in_use),
            Some(data) => SetNames {
                dataset: data.name.clone(),
                class_names: data.class_names.clone(),
            },
        };
        let portion = record.map_or_else(
            || session.validates_on(),
            |record| record.validation_of_epoch(epochs.max(1)).portion(),
        );
        let (preset, _, dataset) = session.aim();
        // The matrix is optional.
        let table = session
            .folder()
            .and_then(|folder| folder.confusion().ok().flatten());
        OpenedRun {
            facts: self.facts(session),
            preset: preset.clone(),
            chosen: self.library.name_of(dataset),
            outcome: if session.is_finished() {
                Outcome::Completed
            } else {
                Outcome::Stopped { epochs }
            },
            measured_on,
            portion,
            trained_by,
            table: table.and_then(|csv| ConfusionTable::from_csv(&csv)),
            test: session.test(),
        }
    }

    pub(super) fn begin(&mut self, session: Session) {
        self.run += 1;
        self.activity = Activity::Training;
        self.stop_after_epoch = false;
        self.untold.clear();
        let facts = self.facts(&session);
        self.events.send(Event::RunStarted(Box::new(facts)));
        self.session = Some(session);
    }

    /// The facts about the session as run number `self.run`.
    fn facts(&self, session: &Session) -> RunFacts {
        let trainer = session.trainer();
        RunFacts {
            run: self.run,
            name: session.preset().name.clone(),
            network: session.preset().network(),
            recipe: session.aim().1.clone(),
            then: session.following().map(|(second, _)| second.name.clone()),
            in_use: self.in_use(session),
            folder: session.folder().map(|folder| folder.path().to_owned()),
            epochs: trainer.planned_epochs(),
            batches_per_epoch: trainer.batches_per_epoch(),
            train_images: trainer.training_images(),
            validation_images: trainer.validation_images(),
            parameters: trainer.model().parameter_count(),
            trained_before: session.trained_before().to_vec(),
            frozen_layers: trainer.model().frozen(),
            threads: self.pool.current_num_threads(),
            history: session.history().to_vec(),
            notes: session.notes().to_vec(),
        }
    }
}
