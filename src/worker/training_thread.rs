//! The thread that trains, and shows what the network makes of an image between two batches.

mod looking;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

use rayon::ThreadPool;

use super::inbox::Inbox;
use super::library::Library;
use super::protocol::{
    BatchProgress, Command, Event, FeatureMapRequest, Outcome, RunFacts, RunId, TrainRequest,
};
use super::session::{EpochEnd, Plan, Session, SessionEvent, thread_pool};
use super::{Sink, caught};
use crate::analysis;
use crate::data::SplitName;
use crate::network::{CheckedNetwork, Model};
use crate::training::StepReport;

/// The screen draws no more often than this.
const BETWEEN_BATCH_EVENTS: Duration = Duration::from_millis(100);

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
        run: 0,
        last_batch_event: None,
        looking: looking::Looking::default(),
    };
    let mut inbox = Inbox::new(inbox);
    loop {
        let command = if desk.activity == Activity::Training {
            match inbox.try_recv() {
                Ok(command) => Some(command),
                Err(TryRecvError::Empty) => None,
                Err(TryRecvError::Disconnected) => Some(Command::Quit),
            }
        } else {
            Some(inbox.recv().unwrap_or(Command::Quit))
        };
        match command {
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
}

struct Desk {
    library: Library,
    events: Sink,
    pool: Arc<ThreadPool>,
    /// The training under way, or the last one.
    session: Option<Session>,
    activity: Activity,
    /// The latest run; the first is 1.
    run: RunId,
    last_batch_event: Option<Instant>,
    looking: looking::Looking,
}

impl Desk {
    fn obey(&mut self, command: Command) {
        let events = self.events.clone();
        match command {
            Command::Train(request) => events.guard("train", || self.start(request)),
            Command::FeatureMaps(request) => {
                events.guard("show activations", || self.feature_maps(&request));
            }
            Command::Predict(request) => events.guard("predict", || self.predict(&request)),
            Command::Explain(request) => events.guard("explain", || self.explain(&request)),
            Command::Judged(request) => {
                events.guard("judge the test images", || self.judge(&request))
            }
            Command::Pause => self.pause(),
            Command::Resume => self.resume(),
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
        if self.activity != Activity::Idle {
            return Err("a training is under way; stop it first".into());
        }
        let dataset = self.library.set(&request.dataset)?;
        let session = Session::start(Plan {
            preset: request.preset,
            dataset,
            runs_folder: request.runs_folder,
            pool: Arc::clone(&self.pool),
        })
        .map_err(|error| error.to_string())?;
        self.run += 1;
        self.activity = Activity::Training;
        let trainer = session.trainer();
        let dataset = trainer.dataset();
        self.events.send(Event::RunStarted(RunFacts {
            run: self.run,
            name: session.preset().name.clone(),
            dataset: dataset.name.clone(),
            class_names: dataset.class_names().to_vec(),
            folder: session.folder().map(|folder| folder.path().to_owned()),
            epochs: trainer.recipe().epochs,
            batches_per_epoch: trainer.batches_per_epoch(),
            train_images: dataset.train().len(),
            validation_images: dataset.test().len(),
            parameters: trainer.model().parameter_count(),
            threads: self.pool.current_num_threads(),
        }));
        self.session = Some(session);
        Ok(())
    }

    /// One batch of work.
    fn advance(&mut self) {
        let Some(session) = &mut self.session else {
            self.activity = Activity::Idle;
            return;
        };
        match caught(|| session.advance().map_err(|error| error.to_string())) {
            Ok(SessionEvent::Batch(report)) => self.tell_batch(report),
            Ok(SessionEvent::Validation) => {}
            Ok(SessionEvent::Epoch(end)) => self.end_epoch(*end),
            Err(message) => self.end(Outcome::Failed { message }),
        }
    }

    fn tell_batch(&mut self, report: StepReport) {
        let recent = self
            .last_batch_event
            .is_some_and(|last| last.elapsed() < BETWEEN_BATCH_EVENTS);
        if recent && report.batch < report.batches {
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
        if let Err(error) = end.saved {
            self.events.fail(
                "save the run",
                format!(
                    "{error}. The training is paused with its weights in memory; resume tries again"
                ),
            );
            self.pause();
        } else if self.session.as_ref().is_some_and(Session::is_finished) {
            self.end(Outcome::Completed);
        }
    }

    fn pause(&mut self) {
        if self.activity == Activity::Training {
            self.activity = Activity::Paused;
            self.events.send(Event::Paused { run: self.run });
        }
    }

    fn resume(&mut self) {
        if self.activity != Activity::Paused {
            return;
        }
        if !self.save() {
            return;
        }
        if self.session.as_ref().is_some_and(Session::is_finished) {
            self.end(Outcome::Completed);
        } else {
            self.activity = Activity::Training;
            self.events.send(Event::Resumed { run: self.run });
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

    /// Brings the run folder up to date; tells of it where that fails.
    fn save(&mut self) -> bool {
        let saved = self.session.as_mut().map_or(Ok(()), Session::save);
        if let Err(error) = &saved {
            self.events.fail("save the run", error.to_string());
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
