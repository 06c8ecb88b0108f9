//! The thread that trains, and answers questions about the network between two batches.

mod spare_time;
mod starting;
mod steering;
mod watching;
mod weights;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use rayon::ThreadPool;

use super::commands::Command;
use super::desk::Memory;
use super::events::Event;
use super::library::Library;
use super::purpose::Purpose;
use super::question::Ask;
use super::run_facts::{BatchFigures, BatchProgress, Outcome, RunId};
use super::{Sink, caught, receive};
use crate::session::{EpochEnd, Session, SessionEvent, thread_pool};
use crate::training::StepReport;
pub use weights::Weights;

/// The shortest time between batch events.
const BETWEEN_BATCH_EVENTS: Duration = Duration::from_millis(200);

/// How long batches run before commands are checked.
const MOMENT: Duration = Duration::from_millis(5);

/// Time between write attempts while a run waits for its folder.
const BETWEEN_ATTEMPTS: Duration = Duration::from_secs(2);

/// Serves commands until [`Command::Quit`], and trains in between.
///
/// # Errors
/// If the compute threads cannot be started.
pub fn serve(
    inbox: &Receiver<Command>,
    library: &Library,
    events: &Sink,
    threads: Option<usize>,
) -> Result<(), String> {
    let mut desk = NetworkDesk {
        library: library.clone(),
        events: events.clone(),
        pool: thread_pool(threads).map_err(|error| error.to_string())?,
        memory: Memory::default(),
        session: None,
        activity: Activity::Idle,
        stop_after_epoch: false,
        run: 0,
        last_batch_event: None,
        untold: Vec::new(),
        spare_time: spare_time::SpareTime::default(),
        watch: watching::Watch::default(),
    };
    loop {
        match desk.next_command(inbox) {
            Some(Command::Quit) => {
                desk.stop();
                return Ok(());
            }
            Some(command) => desk.obey(command),
            None => desk.advance(),
        }
        desk.look_in_spare_time();
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Activity {
    /// Nothing to train; the session of an ended run can still be inspected.
    Idle,
    Training,
    Paused,
    /// Paused until the run folder can be written again.
    Waiting,
}

/// The current run and its resources.
pub struct NetworkDesk {
    /// The loaded sets.
    pub library: Library,
    /// The threads to compute with.
    pub pool: Arc<ThreadPool>,
    /// Cached results of earlier questions about the current weights.
    pub memory: Memory,
    events: Sink,
    /// The current or last run.
    session: Option<Session>,
    activity: Activity,
    stop_after_epoch: bool,
    /// The latest run; the first is 1.
    run: RunId,
    last_batch_event: Option<Instant>,
    /// The batches since the last batch event.
    untold: Vec<BatchFigures>,
    spare_time: spare_time::SpareTime,
    watch: watching::Watch,
}

impl NetworkDesk {
    /// The session of a run.
    ///
    /// # Errors
    /// If another run has started since.
    pub fn session_of(&mut self, run: RunId) -> Result<&mut Session, String> {
        let session = self.session.as_mut().filter(|_| self.run == run);
        session.ok_or_else(|| {
            format!("run {run} is not the latest one; its weights are no longer in memory")
        })
    }

    /// Writes changes of an ended run to its folder, then releases it so that others can train the run.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn save_ended(&mut self) -> Result<(), String> {
        if self.activity != Activity::Idle {
            return Ok(());
        }
        let saved = self.write();
        self.let_go();
        saved
    }

    /// The next command; `None` if it is time to continue working.
    fn next_command(&self, inbox: &Receiver<Command>) -> Option<Command> {
        let patience = match self.activity {
            Activity::Training => Some(Duration::ZERO),
            Activity::Waiting => Some(BETWEEN_ATTEMPTS),
            Activity::Idle if self.is_watching() => match self.watch.wait() {
                // Even while commands arrive continuously.
                Duration::ZERO => return None,
                wait => Some(wait),
            },
            Activity::Idle | Activity::Paused => None,
        };
        match receive(inbox, patience) {
            Ok(command) => Some(command),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Command::Quit),
        }
    }

    fn obey(&mut self, command: Command) {
        let events = self.events.clone();
        match command {
            Command::Train(request) => events.guard(Purpose::Train, || self.start(request)),
            Command::Continue { recipe, dataset } => {
                events.guard(Purpose::TrainOn, || self.go_on(&recipe, dataset.as_deref()));
            }
            Command::OpenRun { folder } => {
                events.guard(Purpose::OpenRun, || self.open_run(folder));
            }
            Command::CopyRun { folder } => {
                events.guard(Purpose::CopyRun, || self.copy_run(folder));
            }
            Command::Steer(steering) => events.guard(Purpose::Change, || self.steer(steering)),
            Command::RestoreBest => events.guard(Purpose::RestoreBest, || self.restore_best()),
            Command::Pause => self.pause(),
            Command::Resume => self.resume(),
            Command::StepOnce => self.step_once(),
            Command::StartAndStep(start) => {
                self.obey(*start);
                self.step_once();
            }
            Command::Stop => self.stop(),
            Command::ResetWeights => events.guard(Purpose::ResetWeights, || {
                self.check_idle()?;
                self.session = None;
                Ok(())
            }),
            Command::Ask(Ask::Network(ask)) => ask.find_out(self, &events),
            Command::Ask(_) | Command::Draft(_) | Command::StopReading | Command::Quit => {
                unreachable!("handled before they reach this thread")
            }
        }
    }

    /// A moment of training, at least one batch, or one attempt to write, or a check of a run that others may train.
    fn advance(&mut self) {
        if self.activity == Activity::Idle {
            let events = self.events.clone();
            events.guard(Purpose::OpenRun, || self.look_at_run());
            return;
        }
        // On one of the pool's threads, so that not every batch waits for one to wake up. Limited in time, because others use the pool
        // too, and commands arrive.
        let pool = Arc::clone(&self.pool);
        pool.install(|| {
            let begin = Instant::now();
            self.advance_once();
            while self.activity == Activity::Training && begin.elapsed() < MOMENT {
                self.advance_once();
            }
        });
    }

    fn advance_once(&mut self) {
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
        self.untold.push(BatchFigures {
            loss: report.loss,
            accuracy: report.accuracy,
        });
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
            latest: std::mem::take(&mut self.untold),
            mean_loss: report.mean_loss,
            mean_accuracy: report.mean_accuracy,
            images_per_second: report.images_per_second,
            learning_rate: report.learning_rate,
            start_share: report.start_share,
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
            measured_on: self.library.names_of(&end.dataset),
            portion: end.portion,
        });
        if self.stop_after_epoch {
            return self.stop();
        }
        // Planned changes for the epoch that begins.
        let session = self.session.as_ref();
        let changes = session.map_or_else(Vec::new, |session| session.trainer().changes().to_vec());
        for change in changes {
            self.tell_change(epoch + 1, Some(change));
        }
    }

    /// Ends the finished run, and starts the one that follows it.
    fn complete(&mut self) {
        if let Err(error) = self.write() {
            return self.wait_for_folder(&error);
        }
        let Some(session) = &mut self.session else {
            return;
        };
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

    /// Pauses until the run folder can be written again.
    fn wait_for_folder(&mut self, error: &str) {
        self.events.fail(
            Purpose::SaveRun,
            format!(
                "{error}. Training is paused with its weights in memory, and continues once the folder can be written"
            ),
        );
        self.activity = Activity::Waiting;
        self.events.send(Event::Paused { run: self.run });
    }

    fn try_again(&mut self) {
        if self.write().is_ok() {
            self.go_on_after_waiting();
        }
    }

    fn go_on_after_waiting(&mut self) {
        self.activity = Activity::Training;
        self.events.send(Event::Resumed { run: self.run });
    }

    /// Brings the run folder up to date.
    fn write(&mut self) -> Result<(), String> {
        let saved = self.session.as_mut().map_or(Ok(()), Session::save);
        saved.map_err(|error| error.to_string())
    }

    /// The same; reports a failure.
    fn save(&mut self) -> bool {
        let saved = self.write();
        saved
            .map_err(|error| self.events.fail(Purpose::SaveRun, error))
            .is_ok()
    }

    fn end(&mut self, outcome: Outcome) {
        self.activity = Activity::Idle;
        self.let_go();
        self.events.send(Event::RunEnded {
            run: self.run,
            outcome,
            best: self.session.as_ref().and_then(Session::best),
        });
    }
}
