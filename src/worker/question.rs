//! A question: what a pane wants to know or have done, its answer, and where and how it is answered. Each question is one type, in a
//! file beside the pane that asks it; the worker does not know any of them by name.

use std::any::Any;
use std::fmt::{self, Debug};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::desk::Desk;
use super::events::Event;
use super::training_thread::NetworkDesk;
use super::{Sink, logged};

/// A question, and how it is answered.
pub trait Question: Clone + PartialEq + Debug + Send + 'static {
    type Answer: Debug + Send + 'static;
    type Lane: Lane;

    /// Its purpose in failure messages: continues "Could not …".
    const PURPOSE: &'static str;
    const OLDER: Older = Older::GivenUp;

    /// Answers the question, with as many answers as there is news.
    ///
    /// # Errors
    /// Why it could not be answered, as a sentence without its full stop.
    fn find_out(
        self,
        desk: &mut <Self::Lane as Lane>::Desk,
        tell: &Tell<Self>,
    ) -> Result<(), String>;
}

/// What happens to a question when a newer one replaces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Older {
    /// It is given up, and its answers are ignored.
    GivenUp,
    /// It is given up if it is still waiting; answers of a running one are accepted until the newer one has an answer.
    Heard,
    /// It is completed too, because it has an effect even if nobody waits for it. Only [`Asked::cancel`](super::Asked::cancel) stops it.
    Done,
}

/// Where questions are answered.
pub trait Lane: Sized + 'static {
    /// The resources for answering them.
    type Desk;

    const ASK: fn(Box<dyn FindOut<Self::Desk>>) -> Ask;
}

/// Immediately, one after the other: for questions that take milliseconds.
pub enum Quick {}

/// On a separate thread: for questions that take longer.
pub enum Beside {}

/// On the training thread between two batches, with the current network.
pub enum Network {}

impl Lane for Quick {
    type Desk = Desk;
    const ASK: fn(Box<dyn FindOut<Desk>>) -> Ask = Ask::Quick;
}

impl Lane for Beside {
    type Desk = Desk;
    const ASK: fn(Box<dyn FindOut<Desk>>) -> Ask = Ask::Beside;
}

impl Lane for Network {
    type Desk = NetworkDesk;
    const ASK: fn(Box<dyn FindOut<NetworkDesk>>) -> Ask = Ask::Network;
}

/// A question on its way to its lane.
#[derive(Debug)]
pub enum Ask {
    Quick(Box<dyn FindOut<Desk>>),
    Beside(Box<dyn FindOut<Desk>>),
    Network(Box<dyn FindOut<NetworkDesk>>),
}

impl Ask {
    /// The question with its answerer, if it is of this type.
    ///
    /// # Errors
    /// Returns a question of another type unchanged.
    pub fn downcast<Q: Question>(self) -> Result<Pending<Q>, Self> {
        if !self.any().is::<Pending<Q>>() {
            return Err(self);
        }
        let pending: Box<dyn Any> = match self {
            Self::Quick(pending) | Self::Beside(pending) => pending,
            Self::Network(pending) => pending,
        };
        Ok(*pending.downcast().expect("its type was compared"))
    }

    /// The question, if it is of this type.
    pub fn question<Q: Question>(&self) -> Option<&Q> {
        let pending: &Pending<Q> = self.any().downcast_ref()?;
        Some(&pending.question)
    }

    fn any(&self) -> &dyn Any {
        match self {
            Self::Quick(pending) | Self::Beside(pending) => &**pending,
            Self::Network(pending) => &**pending,
        }
    }

    /// Answers it on a separate thread, once the previous one for the same asker has ended.
    pub(super) fn find_out_beside(pending: Box<dyn FindOut<Desk>>, mut desk: Desk) {
        let events = desk.events.clone();
        let sink = events.clone();
        let line = pending.line();
        events.spawn(move || line.in_turn(|| pending.find_out(&mut desk, &sink)));
    }
}

impl Ask {
    /// What tells whether it is still on its way or being answered.
    pub fn course(&self) -> Course {
        let line = match self {
            Self::Quick(pending) | Self::Beside(pending) => pending.line(),
            Self::Network(pending) => pending.line(),
        };
        Course(Arc::downgrade(&line))
    }
}

/// Tells whether the questions of one asker are answered; its answers are sent before.
#[derive(Clone, Debug)]
pub struct Course(Weak<Line>);

impl Course {
    /// Whether nobody is to answer any of them still.
    pub fn is_over(&self) -> bool {
        // The asker has one, and so has each question until it is answered.
        self.0.strong_count() <= 1
    }
}

impl PartialEq for Ask {
    fn eq(&self, other: &Self) -> bool {
        match self {
            Self::Quick(pending) | Self::Beside(pending) => pending.is_same(other.any()),
            Self::Network(pending) => pending.is_same(other.any()),
        }
    }
}

/// A pending question without its type; `D` is the resources for answering it.
pub trait FindOut<D>: Any + Debug + Send {
    fn find_out(self: Box<Self>, desk: &mut D, events: &Sink);
    fn line(&self) -> Arc<Line>;
    fn is_same(&self, other: &dyn Any) -> bool;
}

/// The connection between one [`Asked`](super::Asked) and its questions.
#[derive(Debug, Default)]
pub struct Line {
    /// The latest number that was given up.
    pub(super) given_up: AtomicU64,
    /// Held while a separate thread works: only one at a time does.
    turn: Mutex<()>,
}

impl Line {
    fn in_turn(&self, work: impl FnOnce()) {
        // A panic while holding it was caught.
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        work();
    }
}

/// A message to the asker.
#[derive(Debug)]
pub(super) struct News<Q: Question> {
    pub number: u64,
    pub question: Q,
    pub answer: Result<Q::Answer, String>,
}

/// A pending question.
#[derive(Clone)]
pub struct Pending<Q: Question> {
    pub question: Q,
    pub(super) number: u64,
    pub(super) line: Arc<Line>,
    pub(super) news: Sender<News<Q>>,
}

impl<Q: Question> Pending<Q> {
    /// Answers it from outside its lane, as tests do.
    pub fn answer(&self, answer: Q::Answer) {
        self.send(Ok(answer));
    }

    /// Reports why there is no answer.
    pub fn fail(&self, why: &str) {
        self.send(Err(why.to_owned()));
    }

    /// Whether it was given up.
    pub fn is_given_up(&self) -> bool {
        self.line.given_up.load(Ordering::Relaxed) >= self.number
    }

    fn send(&self, answer: Result<Q::Answer, String>) {
        // The asker may be gone.
        let _ = self.news.send(News {
            number: self.number,
            question: self.question.clone(),
            answer,
        });
    }
}

impl<Q: Question> Debug for Pending<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.question.fmt(f)
    }
}

impl<Q: Question> FindOut<<Q::Lane as Lane>::Desk> for Pending<Q> {
    fn find_out(self: Box<Self>, desk: &mut <Q::Lane as Lane>::Desk, events: &Sink) {
        let tell = Tell {
            pending: *self,
            events: events.clone(),
        };
        if Q::OLDER == Older::Done || tell.is_wanted() {
            tell.guard(|| tell.pending.question.clone().find_out(desk, &tell));
        }
    }

    fn line(&self) -> Arc<Line> {
        Arc::clone(&self.line)
    }

    fn is_same(&self, other: &dyn Any) -> bool {
        let other = other.downcast_ref::<Self>();
        other.is_some_and(|other| other.question == self.question)
    }
}

/// Sends answers to the asker.
#[derive(Clone)]
pub struct Tell<Q: Question> {
    pending: Pending<Q>,
    events: Sink,
}

impl<Q: Question> Tell<Q> {
    /// Whether the asker still waits for it.
    pub fn is_wanted(&self) -> bool {
        !self.pending.is_given_up() && !self.events.is_closing()
    }

    pub fn tell(&self, answer: Q::Answer) {
        if Q::OLDER != Older::GivenUp || self.is_wanted() {
            self.pending.answer(answer);
            self.events.send(Event::Answered);
        }
    }

    /// Continues answering on a separate thread. Of those waiting for the same asker only the latest runs, once the previous one has
    /// ended.
    pub fn beside(&self, work: impl FnOnce(&Self) -> Result<(), String> + Send + 'static) {
        let tell = self.clone();
        self.events.spawn(move || {
            tell.pending.line.in_turn(|| {
                if tell.is_wanted() {
                    tell.guard(|| work(&tell));
                }
            });
        });
    }

    /// Runs a part of it; a failure or panic becomes a message.
    pub fn guard(&self, work: impl FnOnce() -> Result<(), String>) {
        if let Err(why) = logged(&Q::PURPOSE, work) {
            self.pending.fail(&why);
            self.events.send(Event::Answered);
        }
    }
}
