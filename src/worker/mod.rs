//! The threads that do the work: [`Command`]s in, [`Event`]s out.
//!
//! One thread dispatches commands and answers quick questions, one trains, and each longer question has a thread of its own. A failure,
//! including a caught panic, becomes an event. Nothing here prints.

mod asked;
mod commands;
mod corrections;
mod desk;
mod drafts;
mod events;
mod image;
mod library;
mod purpose;
mod question;
mod run_facts;
mod subject;
mod training_thread;

use std::any::Any;
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tracing::debug;

use crate::data::{CorrectionsFolder, Drafts, Places, Recent};
use crate::log;
use crate::training::PresetFolder;
pub use asked::{Asked, Outbox};
pub use commands::{Command, Steering, TrainRequest};
pub use corrections::{MarkedImage, SetMarks};
pub use desk::{Desk, Memory};
use drafts::DraftKeeper;
pub use drafts::{Draft, DraftCommand, FoundDraft, OwnPreset};
pub use events::{Event, Reading};
pub use image::{Drawing, LabelledImage};
use library::Library;
pub use purpose::Purpose;
pub use question::{Ask, Beside, Course, Network, Older, Pending, Question, Quick, Tell};
pub use run_facts::{
    BatchFigures, BatchProgress, InUse, OpenedRun, Outcome, RunFacts, RunId, SetNames,
};
pub use subject::{Seen, Subject};
pub use training_thread::{NetworkDesk, Weights};

/// The two ends of a running worker. It ends on [`Command::Quit`] or when `commands` is dropped: it saves the current run, then closes
/// `events`.
pub struct Worker {
    pub commands: Sender<Command>,
    pub events: Receiver<Event>,
}

impl Worker {
    /// Starts a worker in these surroundings.
    ///
    /// # Errors
    /// If the threads cannot be started.
    pub fn start_in(surroundings: Surroundings) -> std::io::Result<Self> {
        let (commands, inbox) = mpsc::channel();
        let (sender, events) = mpsc::channel();
        let sink = Sink::new(sender);
        thread::Builder::new()
            .name("worker".into())
            .spawn(move || serve(&inbox, &sink, surroundings))?;
        Ok(Self { commands, events })
    }
}

/// The environment of a worker.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// Threads to compute with; `None` uses one per core.
    pub threads: Option<usize>,
    /// Where known sets are searched and fetched ones stored.
    pub places: Places,
    /// The recently opened sets.
    pub recent: Recent,
    /// The user's own presets.
    pub presets: PresetFolder,
    /// The user's corrections.
    pub corrections: CorrectionsFolder,
    /// Where drafts of unsaved work are kept.
    pub drafts: Drafts,
}

impl Surroundings {
    /// This machine and this user.
    pub fn of_user(threads: Option<usize>) -> Self {
        Self {
            threads,
            places: Places::here(),
            recent: Recent::of_user(),
            presets: PresetFolder::of_user(),
            corrections: CorrectionsFolder::of_user(),
            drafts: Drafts::of_user(),
        }
    }

    /// The same for a session that only looks: it finds no draft, keeps none, and remembers no set.
    pub fn of_onlooker(threads: Option<usize>) -> Self {
        Self {
            recent: Recent::default(),
            drafts: Drafts::default(),
            ..Self::of_user(threads)
        }
    }
}

fn serve(inbox: &Receiver<Command>, events: &Sink, surroundings: Surroundings) {
    let library = Library::new(surroundings.corrections.clone(), events.clone());
    let threads = surroundings.threads;
    let (training, training_inbox) = mpsc::channel();
    let trainer = {
        let (library, events) = (library.clone(), events.clone());
        thread::spawn(move || {
            events.guard(Purpose::StartThread, || {
                training_thread::serve(&training_inbox, &library, &events, threads)
            });
        })
    };
    let drafts = DraftKeeper::start(surroundings.drafts.clone(), events.clone());
    let mut desk = Desk {
        library,
        surroundings,
        memory: Memory::default(),
        events: events.clone(),
    };
    while let Ok(command) = inbox.recv() {
        match command {
            Command::Ask(Ask::Quick(ask)) => ask.find_out(&mut desk, events),
            Command::Ask(Ask::Beside(ask)) => Ask::find_out_beside(ask, desk.clone()),
            Command::Draft(command) => drafts.obey(command),
            // The training thread reads, and hears nothing meanwhile.
            Command::StopReading => desk.library.stop_reading(),
            Command::Quit => break,
            // The training thread is gone only after a failure that it has reported.
            other => drop(training.send(other)),
        }
    }
    // Quick work first: an impatient user may kill the program before the run is saved.
    drop(drafts);
    events.close();
    let _ = training.send(Command::Quit);
    let _ = trainer.join();
    events.join();
}

/// Where events go, and the threads that send them.
#[derive(Clone)]
pub struct Sink {
    events: Sender<Event>,
    /// Whether the worker is ending, so that nothing is waited for.
    is_closing: Arc<AtomicBool>,
    threads: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Sink {
    fn new(events: Sender<Event>) -> Self {
        Self {
            events,
            is_closing: Arc::default(),
            threads: Arc::default(),
        }
    }

    fn close(&self) {
        self.is_closing.store(true, Ordering::Relaxed);
    }

    fn is_closing(&self) -> bool {
        self.is_closing.load(Ordering::Relaxed)
    }

    /// Works on a thread of its own.
    fn spawn(&self, work: impl FnOnce() + Send + 'static) {
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        threads.retain(|thread| !thread.is_finished());
        threads.push(thread::spawn(work));
    }

    /// Waits for all of them.
    fn join(&self) {
        loop {
            let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(thread) = threads.pop() else { return };
            drop(threads);
            // Its panics were caught and reported.
            let _ = thread.join();
        }
    }

    /// Sends an event; if the screen is gone, it is dropped.
    fn send(&self, event: Event) {
        let _ = self.events.send(event);
    }

    fn fail(&self, what: Purpose, message: String) {
        self.send(Event::Failed { what, message });
    }

    /// Runs `work`; a failure or panic becomes an event.
    fn guard(&self, what: Purpose, work: impl FnOnce() -> Result<(), String>) {
        if let Err(message) = logged(&what, work) {
            self.fail(what, message);
        }
    }
}

/// Runs `work` as [`caught`] does, and logs how long it took.
fn logged<T>(what: &dyn Display, work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    let started = Instant::now();
    let done = caught(work);
    let seconds = started.elapsed().as_secs_f64();
    debug!(%what, seconds, failure = done.as_ref().err());
    done
}

/// Runs `work`; a panic becomes an error message.
fn caught<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let with = log::file_of_panic().map(|file| format!(" and attach {}", file.display()));
        Err(format!(
            "a bug in convscope: {}; please report it{}; nothing else is affected",
            panic_text(&*panic),
            with.unwrap_or_default()
        ))
    })
}

/// Receives the next message, within `patience` if it is given.
fn receive<T>(inbox: &Receiver<T>, patience: Option<Duration>) -> Result<T, RecvTimeoutError> {
    match patience {
        None => inbox.recv().map_err(RecvTimeoutError::from),
        Some(patience) => inbox.recv_timeout(patience),
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("unknown")
}

#[cfg(test)]
mod tests {
    use std::panic;

    use super::*;
    use crate::log::testing::alone;

    #[test]
    fn the_sentence_of_a_panic_names_the_file_that_keeps_it() {
        let Some(left) =
            alone("worker::tests::the_sentence_of_a_panic_names_the_file_that_keeps_it")
        else {
            let panicking = || -> Result<(), String> { panic!("the sum is odd") };
            println!("{}", caught(panicking).unwrap_err());
            panic::set_hook(Box::new(log::keep_panic));
            println!("{}", caught(panicking).unwrap_err());
            return;
        };
        let without =
            "a bug in convscope: the sum is odd; please report it; nothing else is affected";
        let with = format!(
            "please report it and attach {}; nothing",
            left.file.display()
        );
        assert!(left.stdout.contains(without), "{}", left.stdout);
        assert!(left.stdout.contains(&with), "{}", left.stdout);
        for part in [
            "the sum is odd",
            "src/worker/mod.rs:",
            "the_sentence_of_a_panic",
        ] {
            assert!(left.log.contains(part), "no {part} in {}", left.log);
        }
    }
}
