//! The asker's side of a question: what is wanted, what came, of which question that is, and why it failed.

use std::fmt::{self, Debug};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, Sender};

use super::protocol::Command;
use super::question::{Lane, Line, News, Older, Pending, Question};

/// What the screen has to say to the worker, and what it heard of failures.
#[derive(Debug, Default)]
pub struct Outbox {
    pub commands: Vec<Command>,
    /// Sentences for the person.
    pub failures: Vec<String>,
}

/// The place where a kind of question is asked and its answers are kept.
pub struct Asked<Q: Question> {
    wanted: Option<Q>,
    answer: Option<(Q, Q::Answer)>,
    failure: Option<String>,
    /// How many were asked.
    number: u64,
    /// The number that the answer or the failure belongs to.
    answered: u64,
    line: Arc<Line>,
    news: (Sender<News<Q>>, Receiver<News<Q>>),
}

impl<Q: Question> Default for Asked<Q> {
    fn default() -> Self {
        Self {
            wanted: None,
            answer: None,
            failure: None,
            number: 0,
            answered: 0,
            line: Arc::default(),
            news: mpsc::channel(),
        }
    }
}

impl<Q: Question> Asked<Q> {
    /// Takes in what came, and asks what is not asked yet; what was asked before is given up.
    pub fn want(&mut self, question: Option<Q>, out: &mut Outbox) {
        self.receive(out);
        if question == self.wanted {
            return;
        }
        match question {
            Some(question) => self.ask(question, out),
            None => self.cancel(),
        }
    }

    /// Asks, also what was asked before.
    pub fn ask(&mut self, question: Q, out: &mut Outbox) {
        self.wanted = Some(question.clone());
        if Q::OLDER != Older::Done {
            self.give_up();
        }
        self.number += 1;
        out.commands
            .push(Command::Ask(Q::Lane::ask(Box::new(Pending {
                question,
                number: self.number,
                line: Arc::clone(&self.line),
                news: self.news.0.clone(),
            }))));
    }

    /// Takes in all that came; only the latest is kept. Says whether there is anything new.
    pub fn receive(&mut self, out: &mut Outbox) -> bool {
        let mut is_new = false;
        while self.next(out).is_some() {
            is_new = true;
        }
        is_new
    }

    /// Takes in the next thing that came: the answer, or a failure, of which the person is told.
    pub fn next(&mut self, out: &mut Outbox) -> Option<Result<&Q::Answer, &str>> {
        loop {
            let news = self.news.1.try_recv().ok()?;
            let is_heard = match Q::OLDER {
                Older::GivenUp => news.number == self.number && self.wanted.is_some(),
                Older::Heard => news.number >= self.answered && self.wanted.is_some(),
                Older::Done => true,
            };
            if !is_heard {
                continue;
            }
            self.answered = news.number;
            return Some(match news.answer {
                Ok(answer) => {
                    self.failure = None;
                    Ok(&self.answer.insert((news.question, answer)).1)
                }
                Err(why) => {
                    out.failures
                        .push(format!("Could not {}: {why}", Q::PURPOSE));
                    Err(self.failure.insert(why))
                }
            });
        }
    }

    /// What came last, of whatever question.
    pub fn answer(&self) -> Option<&Q::Answer> {
        self.answer.as_ref().map(|(_, answer)| answer)
    }

    /// What came last, with its question.
    pub fn answered(&self) -> Option<(&Q, &Q::Answer)> {
        self.answer
            .as_ref()
            .map(|(question, answer)| (question, answer))
    }

    /// The answer to what is wanted.
    pub fn current(&self) -> Option<&Q::Answer> {
        let (question, answer) = self.answer.as_ref()?;
        (Some(question) == self.wanted.as_ref()).then_some(answer)
    }

    /// Takes the latest answer out.
    pub fn take(&mut self) -> Option<Q::Answer> {
        self.answer.take().map(|(_, answer)| answer)
    }

    pub fn wanted(&self) -> Option<&Q> {
        self.wanted.as_ref()
    }

    /// Whether what is wanted has neither come nor failed.
    pub fn is_waiting(&self) -> bool {
        self.wanted.is_some() && self.answered < self.number
    }

    /// Why there is no answer to what is wanted.
    pub fn failure(&self) -> Option<&str> {
        let failure = self.failure.as_deref();
        failure.filter(|_| self.answered == self.number)
    }

    /// Wants nothing any more; what came stays.
    pub fn cancel(&mut self) {
        self.wanted = None;
        self.give_up();
    }

    /// Wants nothing any more, and forgets what came.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    fn give_up(&self) {
        self.line.given_up.store(self.number, Ordering::Relaxed);
    }
}

impl<Q: Question> Drop for Asked<Q> {
    fn drop(&mut self) {
        if Q::OLDER != Older::Done {
            self.give_up();
        }
    }
}

impl<Q: Question> Debug for Asked<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asked")
            .field("wanted", &self.wanted)
            .field("answer", &self.answer)
            .field("failure", &self.failure)
            .finish_non_exhaustive()
    }
}
