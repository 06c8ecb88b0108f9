//! A worker with the starter set, and its channels.
#![allow(dead_code, reason = "each test program needs a part of it")]

use std::path::PathBuf;
use std::time::Duration;

use convscope::data::tasks::{OPEN, TaskRequest};
use convscope::data::{CorrectionsFolder, Drafts, Recent};
use convscope::panes::{DoTask, Judge, JudgedPage, Judging};
use convscope::worker::{Asked, Command, Event, OpenedRun, Outbox, Question, Surroundings, Worker};

const CHOICE: &str = "fashion-mnist-starter";
/// What a set is called once it is loaded.
pub const SET: &str = "Fashion-MNIST starter";
/// Far longer than anything here takes: a hang fails instead of blocking.
const PATIENCE: Duration = Duration::from_secs(120);

/// A worker that keeps nothing across starts.
pub fn start() -> Worker {
    start_with(CorrectionsFolder::default())
}

/// A worker that keeps nothing across starts but corrections.
pub fn start_with(corrections: CorrectionsFolder) -> Worker {
    Worker::start_in(Surroundings {
        recent: Recent::default(),
        corrections,
        drafts: Drafts::default(),
        ..Surroundings::of_user(Some(2))
    })
    .unwrap()
}

pub fn worker() -> Worker {
    let worker = start();
    load(&worker);
    worker
}

/// Loads the starter set.
pub fn load(worker: &Worker) {
    open(worker, CHOICE);
    let Event::DataLoaded { summary, .. } = next(worker) else {
        panic!("the starter set is in the program");
    };
    assert_eq!(summary.name, SET);
    assert_eq!((summary.train_len(), summary.test_len()), (10_000, 2_000));
}

/// Opens a run; a set that is loaded for it is passed over.
pub fn opened(worker: &Worker, folder: PathBuf) -> Box<OpenedRun> {
    send(worker, Command::OpenRun { folder });
    loop {
        match next(worker) {
            Event::RunOpened(opened) => return opened,
            Event::DataLoaded { .. } => {}
            other => panic!("the run, got {other:?}"),
        }
    }
}

/// Opens a known set by its name, and does not wait.
pub fn open(worker: &Worker, choice: &str) {
    let request = TaskRequest::new(&OPEN, [choice.to_owned()]);
    ask(worker, &mut Asked::default(), DoTask(request));
}

/// Every image of a selection that the worker judges, as soon as it is done with all of them.
pub fn judged(worker: &Worker, question: Judge) -> JudgedPage {
    let mut asked = Asked::default();
    ask(worker, &mut asked, question);
    loop {
        if let Judging::Done(page) = next_answer(worker, &mut asked).unwrap() {
            return *page;
        }
    }
}

/// Ends the worker, and sees that it does end.
pub fn finish(worker: Worker) {
    send(&worker, Command::Quit);
    while worker.events.recv_timeout(PATIENCE).is_ok() {}
    assert_eq!(
        worker.events.try_recv(),
        Err(std::sync::mpsc::TryRecvError::Disconnected)
    );
}

pub fn send(worker: &Worker, command: Command) {
    worker.commands.send(command).unwrap();
}

pub fn event(worker: &Worker) -> Event {
    worker.events.recv_timeout(PATIENCE).expect("an event")
}

/// The next event that does not tell of answers.
pub fn next(worker: &Worker) -> Event {
    loop {
        match event(worker) {
            Event::Answered => {}
            event => return event,
        }
    }
}

/// The next event that is not a batch's.
pub fn next_but_batches(worker: &Worker) -> Event {
    loop {
        match next(worker) {
            Event::Batch(_) => {}
            event => return event,
        }
    }
}

/// What the worker tells of a question first, or why it does not.
pub fn answer<Q: Question>(worker: &Worker, question: Q) -> Result<Q::Answer, String> {
    let mut asked = Asked::default();
    ask(worker, &mut asked, question);
    next_answer(worker, &mut asked)
}

/// Asks, and does not wait.
pub fn ask<Q: Question>(worker: &Worker, asked: &mut Asked<Q>, question: Q) {
    let mut out = Outbox::default();
    asked.ask(question, &mut out);
    for command in out.commands {
        send(worker, command);
    }
}

/// What the worker tells next of what was asked.
pub fn next_answer<Q: Question>(
    worker: &Worker,
    asked: &mut Asked<Q>,
) -> Result<Q::Answer, String> {
    let mut out = Outbox::default();
    loop {
        match asked
            .next(&mut out)
            .map(|news| news.map(drop).map_err(str::to_owned))
        {
            Some(Ok(())) => return Ok(asked.take().expect("it was told")),
            Some(Err(_)) => return Err(out.failures.remove(0)),
            None => {}
        }
        match event(worker) {
            Event::Answered | Event::Batch(_) => {}
            other => panic!("an answer, got {other:?}"),
        }
    }
}
