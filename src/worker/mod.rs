//! The threads that do the work: [`Command`]s in, [`Event`]s out.
//!
//! One thread hands commands out and answers those that are quick (pictures), one trains, one measures, and each loading has its own. A failure, a
//! caught panic included, becomes an event. Nothing here prints.

mod beside;
mod corrections;
mod data_protocol;
mod drafts;
mod drawings;
mod inbox;
mod inside;
mod jobs;
mod library;
mod measuring;
mod pictures;
mod presets;
mod protocol;
mod purpose;
mod questions;
mod run_facts;
mod runs;
mod set_questions;
mod statistics;
mod subject;
mod training_thread;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Instant;

use tracing::debug;

use crate::data::{CorrectionsFolder, Drafts, Places, Recent};
use crate::log;
use crate::training::PresetFolder;
pub use corrections::{MarkRequest, MarkedImage, SetMarks};
pub use data_protocol::{DataCommand, DataEvent, JobEnd, JobId, Shelf};
use drafts::DraftKeeper;
pub use drafts::{Draft, DraftCommand, FoundDraft};
pub use drawings::{Drawing, DrawingsRequest, JudgedDrawings, KeepRequest};
use inbox::Inbox;
pub use inside::{
    EpochHealth, ExciteRequest, Excited, ExcitingImage, FeatureMapRequest, FoundOrigin,
    HealthRequest, OriginRequest, ShownMaps, Weights,
};
use jobs::Jobs;
use library::Library;
use measuring::Measuring;
pub use protocol::{
    Command, Event, ImagePage, ImageRequest, LabelledImage, MeasureRequest, Order, OwnPreset,
    RunId, SaveRequest, Steering, TrainRequest,
};
pub use purpose::Purpose;
pub use questions::{
    ExplainRequest, Explained, JudgedImage, JudgedPage, JudgedRequest, Neighbours, PredictRequest,
    Prediction,
};
pub use run_facts::{BatchProgress, InUse, OpenedRun, Outcome, RunFacts, SetNames};
pub use set_questions::{AugmentedImages, AugmentedRequest, Measured, PixelRequest, PixelValues};
use statistics::Statistics;
pub use subject::Subject;

/// A running worker, by its two ends. It ends on [`Command::Quit`] or when `commands` is dropped: it saves what the training
/// under way has learned, then closes `events`.
pub struct Worker {
    pub commands: Sender<Command>,
    pub events: Receiver<Event>,
}

impl Worker {
    /// Starts a worker that computes with so many threads, `None` for one a core, and keeps nothing across starts.
    ///
    /// # Errors
    /// Where the system gives no more threads.
    pub fn start(threads: Option<usize>) -> std::io::Result<Self> {
        Self::start_in(Surroundings {
            recent: Recent::default(),
            corrections: CorrectionsFolder::default(),
            drafts: Drafts::default(),
            ..Surroundings::of_user(threads)
        })
    }

    /// Starts a worker in these surroundings.
    ///
    /// # Errors
    /// Where the system gives no more threads.
    pub fn start_in(surroundings: Surroundings) -> std::io::Result<Self> {
        let (commands, inbox) = mpsc::channel();
        let (sender, events) = mpsc::channel();
        let sink = Sink(sender);
        thread::Builder::new()
            .name("worker".into())
            .spawn(move || serve(&inbox, &sink, surroundings))?;
        Ok(Self { commands, events })
    }
}

/// Where a worker works.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// To compute with; `None` is one a core.
    pub threads: Option<usize>,
    /// Where it looks for known sets, and puts fetched ones.
    pub places: Places,
    /// Where it keeps the paths that sets were opened from.
    pub recent: Recent,
    /// The person's own presets.
    pub presets: PresetFolder,
    /// The person's corrections of training labels.
    pub corrections: CorrectionsFolder,
    /// Where it keeps drafts of what is not saved.
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
}

fn serve(inbox: &Receiver<Command>, events: &Sink, surroundings: Surroundings) {
    let library = Library::new(surroundings.corrections.clone(), events.clone());
    let (threads, presets) = (surroundings.threads, &surroundings.presets);
    let mut jobs = Jobs::new(library.clone(), surroundings.clone(), events.clone());
    let (training, training_inbox) = mpsc::channel();
    let trainer = {
        let (library, events) = (library.clone(), events.clone());
        thread::spawn(move || {
            events.guard(Purpose::StartThread, || {
                training_thread::serve(&training_inbox, &library, &events, threads)
            });
        })
    };
    let drafts = DraftKeeper::start(surroundings.drafts, events.clone());
    let mut statistics = Statistics::default();
    let mut inbox = Inbox::new(inbox);
    let measuring = Measuring::start(library.clone(), events.clone(), threads);
    while let Ok(command) = inbox.recv() {
        if command.begins_training() {
            // The two would slow each other down, and the figures be wrong.
            measuring.cancel();
        }
        match command {
            Command::Measure(request) => measuring.measure(request),
            Command::Data(command) => obey_data(command, &mut jobs, &library, events),
            Command::Images(request) => {
                events.guard(Purpose::ShowImages, || {
                    pictures::send_page(&request, &library, events)
                });
            }
            Command::Pixels(request) => {
                events.guard(Purpose::ShowImages, || {
                    pictures::send_pixels(&request, &library, events)
                });
            }
            Command::Augmented(request) => {
                events.guard(Purpose::Augment, || {
                    pictures::send_augmented(&request, &library, events)
                });
            }
            Command::Statistics { request, dataset } => {
                events.guard(Purpose::Measure, || {
                    statistics.send(request, &dataset, &library, events)
                });
            }
            Command::SaveDrawing(drawing) => {
                events.guard(Purpose::SaveDrawing, || drawings::save(&drawing, events));
            }
            Command::KeepDrawing(request) => {
                events.guard(Purpose::KeepDrawing, || drawings::keep(&request, events));
            }
            Command::Mark(request) => {
                events.guard(Purpose::Mark, || {
                    corrections::mark(&request, &library, events)
                });
            }
            Command::Draft(command) => drafts.obey(command),
            Command::ListRuns { folder } => runs::list(folder, events),
            Command::ListPresets => presets::send_list(presets, events),
            Command::SavePreset(save) => events.guard(Purpose::SavePreset, || {
                presets::save(&save, presets, events)
            }),
            Command::Quit => break,
            // The training thread is gone only after a failure that it has told of.
            other => drop(training.send(other)),
        }
    }
    // First what is quick: who is in a hurry ends the program before a training is saved.
    drop(drafts);
    measuring.cancel();
    let _ = training.send(Command::Quit);
    jobs.stop();
    let _ = trainer.join();
}

fn obey_data(command: DataCommand, jobs: &mut Jobs, library: &Library, events: &Sink) {
    match command {
        DataCommand::Start { job, request } => jobs.start(job, request),
        DataCommand::Cancel { job } => jobs.cancel(job),
        DataCommand::List {
            request,
            base,
            text,
        } => jobs.list(request, base, text),
        DataCommand::Rename { from, to } => {
            events.guard(Purpose::RenameData, || library.rename(&from, &to));
        }
        DataCommand::Unload { name } => library.unload(&name),
    }
}

/// Where events go.
#[derive(Clone)]
struct Sink(Sender<Event>);

impl Sink {
    /// Sends an event; a screen that is gone misses nothing.
    fn send(&self, event: Event) {
        let _ = self.0.send(event);
    }

    fn fail(&self, what: Purpose, message: String) {
        self.send(Event::Failed { what, message });
    }

    /// Does something; its failure or panic becomes an event.
    fn guard(&self, what: Purpose, work: impl FnOnce() -> Result<(), String>) {
        let started = Instant::now();
        let done = caught(work);
        let seconds = started.elapsed().as_secs_f64();
        debug!(%what, seconds, failure = done.as_ref().err());
        if let Err(message) = done {
            self.fail(what, message);
        }
    }
}

/// Does something; a panic becomes an error that says so.
fn caught<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let with = log::file_of_panic().map(|file| format!(" with {}", file.display()));
        Err(format!(
            "a mistake in the program: {}; please report it{}, nothing else is affected",
            panic_text(&*panic),
            with.unwrap_or_default()
        ))
    })
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
            panic::set_hook(Box::new(|information| log::keep_panic(information)));
            println!("{}", caught(panicking).unwrap_err());
            return;
        };
        let without =
            "a mistake in the program: the sum is odd; please report it, nothing else is affected";
        let with = format!("please report it with {}, nothing", left.file.display());
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
