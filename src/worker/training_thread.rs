//! The thread that trains, and shows what the network makes of an image between two batches.

mod looking;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use rayon::ThreadPool;

use super::inbox::Inbox;
use super::library::Library;
use super::protocol::{
    BatchProgress, Command, Event, FeatureMapRequest, InUse, Outcome, RunFacts, RunId, Steering,
    TrainRequest,
};
use super::purpose::Purpose;
use super::session::{EpochEnd, Find, Plan, Resumption, Session, SessionEvent, thread_pool};
use super::{Sink, caught};
use crate::analysis;
use crate::data::{self, SplitName};
use crate::network::{CheckedNetwork, Model};
use crate::training::{Recipe, StepReport};

/// The screen draws no more often than this.
const BETWEEN_BATCH_EVENTS: Duration = Duration::from_millis(100);

/// While a run waits for its folder, writing is tried again so often.
const BETWEEN_ATTEMPTS: Duration = Duration::from_secs(2);

/// Serves commands until [`Command::Quit`], and trains in between.
///
/// # Errors
/// Where the system does not give the threads to compute with.
pub fn serve(
    inbox: &Receiver<Command>,
    library: &Library,
    events: &Sink,
    threads: Option<usize>,
) -> Result<(), String> {
    let mut desk = Desk {
        library: library.clone(),
        events: events.clone(),
        pool: thread_pool(threads).map_err(|error| error.to_string())?,
        session: None,
        activity: Activity::Idle,
        stop_after_epoch: false,
        run: 0,
        last_batch_event: None,
        looking: looking::Looking::default(),
    };
    let mut inbox = Inbox::new(inbox);
    loop {
        match desk.next_command(&mut inbox) {
            Some(Command::Quit) => {
                desk.stop();
                return Ok(());
            }
            Some(command) => desk.obey(command),
            None => desk.advance(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Activity {
    /// Nothing to train, though a session that ended may still be looked into.
    Idle,
    Training,
    Paused,
    /// Paused until the run folder can be written again.
    Waiting,
}

struct Desk {
    library: Library,
    events: Sink,
    pool: Arc<ThreadPool>,
    /// The training under way, or the last one.
    session: Option<Session>,
    activity: Activity,
    stop_after_epoch: bool,
    /// The latest run; the first is 1.
    run: RunId,
    last_batch_event: Option<Instant>,
    looking: looking::Looking,
}

impl Desk {
    /// The next command; `None` where it is time to work on.
    fn next_command(&self, inbox: &mut Inbox) -> Option<Command> {
        let gone = Some(Command::Quit);
        match self.activity {
            Activity::Training => match inbox.try_recv() {
                Ok(command) => Some(command),
                Err(TryRecvError::Empty) => None,
                Err(TryRecvError::Disconnected) => gone,
            },
            Activity::Waiting => match inbox.recv_timeout(BETWEEN_ATTEMPTS) {
                Ok(command) => Some(command),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => gone,
            },
            Activity::Idle | Activity::Paused => inbox.recv().ok().or(gone),
        }
    }

    fn obey(&mut self, command: Command) {
        let events = self.events.clone();
        match command {
<<<<<<< HEAD
            Command::Train(request) => events.guard(Purpose::Train, || self.start(request)),
            Command::Continue { epochs, dataset } => {
                events.guard(Purpose::TrainOn, || self.go_on(epochs, dataset.as_deref()));
=======
            Command::Train(request) => events.guard("train", || self.start(request)),
            Command::Continue { recipe, dataset } => {
                events.guard("train on", || self.go_on(&recipe, dataset.as_deref()));
>>>>>>> 207d41a (A training goes on by another recipe; runs tell their network, recipe and what is in use)
            }
            Command::ResumeRun { folder, dataset } => {
                events.guard(Purpose::TrainOn, || self.resume_run(folder, &dataset));
            }
            Command::Steer(steering) => events.guard(Purpose::Change, || self.steer(steering)),
            Command::RestoreBest => events.guard(Purpose::RestoreBest, || self.restore_best()),
            Command::FeatureMaps(request) => {
                events.guard(Purpose::ShowActivations, || self.feature_maps(&request));
            }
            Command::Predict(request) => events.guard(Purpose::Predict, || self.predict(&request)),
            Command::Explain(request) => events.guard(Purpose::Explain, || self.explain(&request)),
            Command::Judged(request) => events.guard(Purpose::Judge, || self.judge(&request)),
            Command::Pause => self.pause(),
            Command::Resume => self.resume(),
            Command::StepOnce => self.step_once(),
            Command::Stop => self.stop(),
            Command::ResetWeights => {
                if self.activity == Activity::Idle {
                    self.session = None;
                }
            }
            Command::OpenData { .. }
            | Command::Images(_)
            | Command::ListPresets
            | Command::SavePreset { .. }
            | Command::Quit => {
                unreachable!("answered before they come to this thread")
            }
        }
    }

    fn start(&mut self, request: TrainRequest) -> Result<(), String> {
        self.check_idle()?;
        let session = Session::start(Plan {
            preset: request.preset,
            dataset: self.library.set(&request.dataset)?,
            runs_folder: request.runs_folder,
            pool: Arc::clone(&self.pool),
            find: self.find(),
        })
        .map_err(|error| error.to_string())?;
        self.begin(session);
        Ok(())
    }

    fn go_on(&mut self, recipe: &Recipe, dataset: Option<&str>) -> Result<(), String> {
        self.check_idle()?;
        let dataset = dataset.map(|name| self.library.set(name)).transpose()?;
        let session = self.session.as_mut();
        let session = session.ok_or("nothing has been trained yet; start a training first")?;
        session
            .go_on(recipe, dataset)
            .map_err(|error| error.to_string())?;
        if let Some(session) = self.session.take() {
            self.begin(session);
        }
        Ok(())
    }

    fn resume_run(&mut self, folder: PathBuf, dataset: &str) -> Result<(), String> {
        self.check_idle()?;
        let session = Session::resume(Resumption {
            folder,
            dataset: self.library.set(dataset)?,
            pool: Arc::clone(&self.pool),
            find: self.find(),
        })
        .map_err(|error| error.to_string())?;
        if session.is_finished() {
            // It can be looked into, and continued for more epochs.
            self.session = Some(session);
            return Err("all its planned epochs are done; continue it for more".into());
        }
        self.begin(session);
        Ok(())
    }

    fn check_idle(&self) -> Result<(), String> {
        if self.activity == Activity::Idle {
            Ok(())
        } else {
            Err("a training is under way; stop it first".into())
        }
    }

    /// Loaded sets by their names, others from where they lie.
    fn find(&self) -> Find {
        let library = self.library.clone();
        Arc::new(move |name| {
            library.set(name).or_else(|_| {
                data::load(Some(name))
                    .map(Arc::new)
                    .map_err(|error| error.to_string())
            })
        })
    }

    fn begin(&mut self, session: Session) {
        self.run += 1;
        self.activity = Activity::Training;
        self.stop_after_epoch = false;
        let trainer = session.trainer();
        let dataset = trainer.dataset();
        self.events.send(Event::RunStarted(RunFacts {
            run: self.run,
            name: session.preset().name.clone(),
            network: session.preset().network(),
            recipe: session.asked().clone(),
            in_use: in_use(&session, false),
            dataset: dataset.name.clone(),
            class_names: dataset.class_names().to_vec(),
            folder: session.folder().map(|folder| folder.path().to_owned()),
            epochs: trainer.planned_epochs(),
            batches_per_epoch: trainer.batches_per_epoch(),
            train_images: trainer.training_images(),
            validation_images: trainer.validation_images(),
            parameters: trainer.model().parameter_count(),
            threads: self.pool.current_num_threads(),
            history: session.history().to_vec(),
            notes: session.notes().to_vec(),
        }));
        self.session = Some(session);
    }

    /// One batch of work, or one attempt to write.
    fn advance(&mut self) {
        if self.activity == Activity::Waiting {
            self.try_again();
            return;
        }
        let Some(session) = &mut self.session else {
            self.activity = Activity::Idle;
            return;
        };
        if session.is_finished() {
            self.complete();
            return;
        }
        match caught(|| session.advance().map_err(|error| error.to_string())) {
            Ok(SessionEvent::Batch(report)) => self.tell_batch(report),
            Ok(SessionEvent::Measured) => {}
            Ok(SessionEvent::Epoch(end)) => self.end_epoch(*end),
            Ok(SessionEvent::Tested(test)) => self.events.send(Event::Tested {
                run: self.run,
                test,
            }),
            Ok(SessionEvent::NotSaved(error)) => self.wait_for_folder(&error.to_string()),
            Err(message) => {
                self.save();
                self.end(Outcome::Failed { message });
            }
        }
    }

    fn tell_batch(&mut self, report: StepReport) {
        let recent = self
            .last_batch_event
            .is_some_and(|last| last.elapsed() < BETWEEN_BATCH_EVENTS);
        if recent && report.batch < report.batches && self.activity == Activity::Training {
            return;
        }
        self.last_batch_event = Some(Instant::now());
        self.events.send(Event::Batch(BatchProgress {
            run: self.run,
            epoch: report.epoch,
            batch: report.batch,
            batches: report.batches,
            loss: report.loss,
            mean_loss: report.mean_loss,
            mean_accuracy: report.mean_accuracy,
            images_per_second: report.images_per_second,
            learning_rate: report.learning_rate,
        }));
    }

    fn end_epoch(&mut self, end: EpochEnd) {
        let run = self.run;
        let epoch = end.metrics.epoch;
        self.events.send(Event::Epoch {
            run,
            metrics: end.metrics,
        });
        self.events.send(Event::Confusion {
            run,
            epoch,
            table: end.table,
        });
        if self.stop_after_epoch {
            return self.stop();
        }
        // What the plan has changed for the epoch that begins.
        let session = self.session.as_ref();
        let changes = session.map_or_else(Vec::new, |session| session.trainer().changes().to_vec());
        for change in changes {
            self.tell_change(epoch + 1, Some(change));
        }
    }

    /// Ends the run that is finished, and begins the one that follows it.
    fn complete(&mut self) {
        let Some(session) = &mut self.session else {
            return;
        };
        if let Err(error) = session.save() {
            self.wait_for_folder(&error.to_string());
            return;
        }
        let outcome = if session.trainer().stopped_early() {
            Outcome::StoppedEarly {
                epochs: session.history().len(),
            }
        } else {
            Outcome::Completed
        };
        let second = session.follow_up();
        self.end(outcome);
        match second {
            Ok(None) => {}
            Ok(Some(second)) => self.begin(second),
            Err(error) => self.events.fail(Purpose::Train, error.to_string()),
        }
    }

    fn pause(&mut self) {
        if self.activity == Activity::Training {
            self.activity = Activity::Paused;
            self.events.send(Event::Paused { run: self.run });
        }
    }

    fn resume(&mut self) {
        match self.activity {
            Activity::Paused => {
                self.activity = Activity::Training;
                self.events.send(Event::Resumed { run: self.run });
            }
            Activity::Waiting => {
                if self.save() {
                    self.go_on_after_waiting();
                }
            }
            Activity::Idle | Activity::Training => {}
        }
    }

    /// Works until a batch is trained or an epoch ends, and stays paused.
    fn step_once(&mut self) {
        self.pause();
        while self.activity == Activity::Paused {
            let Some(session) = &self.session else { return };
            let (steps, epochs) = (session.trainer().steps(), session.history().len());
            self.advance();
            let Some(session) = &self.session else { return };
            if session.trainer().steps() != steps || session.history().len() != epochs {
                return;
            }
        }
    }

    fn steer(&mut self, steering: Steering) -> Result<(), String> {
        if self.activity == Activity::Idle {
            return Err("no training is under way; start one first".into());
        }
        let dataset = match &steering {
            Steering::Dataset(name) => Some(self.library.set(name)?),
            _ => None,
        };
        let Some(session) = &mut self.session else {
            return Ok(());
        };
        let epoch = session.history().len() + 1;
        let change = match (steering, dataset) {
            (Steering::LearningRate(rate), _) if !(0.0..1e6).contains(&rate) => {
                return Err(format!(
                    "learning_rate: expected a number of at least 0 and below 1000000, got {rate}"
                ));
            }
            (Steering::LearningRate(rate), _) => session.set_learning_rate(rate),
            (Steering::Augment(augment), _) => session
                .set_augment(augment)
                .map_err(|error| error.to_string())?,
            (Steering::Dataset(_), Some(dataset)) => session
                .set_dataset(dataset)
                .map_err(|error| error.to_string())?,
            (Steering::Dataset(_), None) => None,
            (Steering::StopAfterEpoch(stop), _) => {
                let before = std::mem::replace(&mut self.stop_after_epoch, stop);
                (before != stop).then(|| match stop {
                    true => "stop after this epoch".to_owned(),
                    false => "no stop after this epoch".to_owned(),
                })
            }
        };
        self.tell_change(epoch, change);
        Ok(())
    }

    fn restore_best(&mut self) -> Result<(), String> {
        let session = self
            .session
            .as_mut()
            .ok_or("nothing has been trained yet; start a training first")?;
        let epoch = session.history().len() + 1;
        let change = session.restore_best().map_err(|error| error.to_string())?;
        // Whatever was found out of the latest weights is out of date.
        self.looking = looking::Looking::default();
        self.tell_change(epoch, Some(change));
        if self.activity == Activity::Idle {
            self.save();
        }
        Ok(())
    }

    fn tell_change(&self, epoch: usize, change: Option<String>) {
        if let (Some(change), Some(session)) = (change, &self.session) {
            self.events.send(Event::Changed {
                run: self.run,
                epoch,
                change,
                in_use: in_use(session, self.stop_after_epoch),
            });
        }
    }

    fn stop(&mut self) {
        if self.activity != Activity::Idle {
            self.save();
            let epochs = self
                .session
                .as_ref()
                .map_or(0, |session| session.history().len());
            self.end(Outcome::Stopped { epochs });
        }
    }

    /// Pauses until the run folder can be written again.
    fn wait_for_folder(&mut self, error: &str) {
        self.events.fail(
            Purpose::SaveRun,
            format!(
                "{error}. The training is paused with its weights in memory, and goes on by itself once the folder can be written"
            ),
        );
        self.activity = Activity::Waiting;
        self.events.send(Event::Paused { run: self.run });
    }

    fn try_again(&mut self) {
        let saved = self.session.as_mut().map_or(Ok(()), Session::save);
        if saved.is_ok() {
            self.go_on_after_waiting();
        }
    }

    fn go_on_after_waiting(&mut self) {
        self.activity = Activity::Training;
        self.events.send(Event::Resumed { run: self.run });
    }

    /// Brings the run folder up to date; tells of it where that fails.
    fn save(&mut self) -> bool {
        let saved = self.session.as_mut().map_or(Ok(()), Session::save);
        if let Err(error) = &saved {
            self.events.fail(Purpose::SaveRun, error.to_string());
        }
        saved.is_ok()
    }

    fn end(&mut self, outcome: Outcome) {
        self.activity = Activity::Idle;
        self.events.send(Event::RunEnded {
            run: self.run,
            outcome,
            best: self.session.as_ref().and_then(Session::best),
        });
    }

    fn feature_maps(&mut self, request: &FeatureMapRequest) -> Result<(), String> {
        let dataset = self.library.set(&request.dataset)?;
        let split = match request.split {
            SplitName::Train => dataset.train(),
            SplitName::Test => dataset.test(),
        };
        if request.image >= split.len() {
            return Err(format!(
                "image {}: the split has {} images",
                request.image,
                split.len()
            ));
        }
        if split.shape() != request.network.input {
            return Err(format!(
                "{} takes images of {}, and those of {} are {}",
                request.network.name,
                request.network.input,
                dataset.name,
                split.shape()
            ));
        }
        let mut image = vec![0.0; split.shape().len()];
        split.image(request.image, &mut image);
        let trained = self
            .session
            .as_mut()
            .filter(|session| session.preset().network().layers == request.network.layers);
        let (maps, trained_epochs) = match trained {
            Some(session) => {
                let epochs = session.history().len();
                let model = session.model_mut();
                (
                    self.pool
                        .install(|| analysis::feature_maps(model, &image, request.layer)),
                    epochs,
                )
            }
            None => {
                let network =
                    CheckedNetwork::new(&request.network).map_err(|problem| problem.to_string())?;
                let mut model = Model::new(Arc::new(network), request.seed);
                let maps = self
                    .pool
                    .install(|| analysis::feature_maps(&mut model, &image, request.layer));
                (maps, 0)
            }
        };
        self.events.send(Event::FeatureMaps {
            request: request.request,
            trained_epochs,
            label: split.labels()[request.image],
            pixels: split.image_u8(request.image),
            input: split.shape(),
            maps,
        });
        Ok(())
    }
}

fn in_use(session: &Session, stops_after_epoch: bool) -> InUse {
    let trainer = session.trainer();
    InUse {
        learning_rate: trainer.learning_rate(),
        augment: trainer.augment().copied(),
        dataset: trainer.dataset().name.clone(),
        stops_after_epoch,
    }
}
