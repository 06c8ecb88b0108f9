//! The asker's side of a question: the question, the latest answer, which question it answers, and why one failed.

use std::fmt::{self, Debug};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, Sender};

use super::commands::Command;
use super::question::{Lane, Line, News, Older, Pending, Question};

/// Commands from the screen to the worker, and failures reported back.
#[derive(Debug, Default)]
pub struct Outbox {
    pub commands: Vec<Command>,
    /// Failure messages for the user.
    pub failures: Vec<String>,
}

/// Asks questions of one kind and keeps the answer.
pub struct Asked<Q: Question> {
    wanted: Option<Q>,
    answer: Option<(Q, Q::Answer)>,
    failure: Option<String>,
    /// The number of questions asked.
    number: u64,
    /// The number of the question that the answer or the failure belongs to.
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
    /// Receives answers, and asks the question if it is new; the previous question is given up.
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

    /// Asks a question, even if it was asked before.
    pub fn ask(&mut self, question: Q, out: &mut Outbox) {
        self.wanted = Some(question.clone());
        if Q::OLDER != Older::Done {
            self.give_up();
        }
        self.number += 1;
        let pending = Pending {
            question,
            number: self.number,
            line: Arc::clone(&self.line),
            news: self.news.0.clone(),
        };
        out.commands
            .push(Command::Ask(Q::Lane::ASK(Box::new(pending))));
    }

    /// Receives all answers and keeps only the latest. Returns whether there was one.
    pub fn receive(&mut self, out: &mut Outbox) -> bool {
        let mut is_new = false;
        while self.next(out).is_some() {
            is_new = true;
        }
        is_new
    }

    /// Receives the next answer, or failure, which is reported to the user.
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
            self.answered = self.answered.max(news.number);
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

    /// The latest answer, to whatever question.
    pub fn answer(&self) -> Option<&Q::Answer> {
        self.answer.as_ref().map(|(_, answer)| answer)
    }

    /// The latest answer, with its question.
    pub fn answered(&self) -> Option<(&Q, &Q::Answer)> {
        self.answer
            .as_ref()
            .map(|(question, answer)| (question, answer))
    }

    /// The answer to the current question.
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

    /// Whether the current question is still unanswered and has not failed.
    pub fn is_waiting(&self) -> bool {
        self.wanted.is_some() && self.answered < self.number
    }

    /// Why the current question has failed.
    pub fn failure(&self) -> Option<&str> {
        let failure = self.failure.as_deref();
        failure.filter(|_| self.answered == self.number)
    }

    /// Gives up the question and keeps the latest answer.
    pub fn cancel(&mut self) {
        self.wanted = None;
        self.give_up();
    }

    /// Gives up the question and forgets the latest answer.
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

#[cfg(test)]
mod tests {
    use super::super::question::Quick;
    use super::super::{Desk, Tell};
    use super::*;

    const GIVEN_UP: u8 = 0;
    const HEARD: u8 = 1;
    const DONE: u8 = 2;

    #[derive(Clone, Debug, PartialEq)]
    struct Count<const OLDER: u8>(u32);

    impl<const OLDER: u8> Question for Count<OLDER> {
        type Answer = u32;
        type Lane = Quick;
        const PURPOSE: &'static str = "count";
        const OLDER: Older = match OLDER {
            GIVEN_UP => Older::GivenUp,
            HEARD => Older::Heard,
            _ => Older::Done,
        };

        fn find_out(self, _: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
            tell.tell(self.0);
            Ok(())
        }
    }

    /// Asks this, and gives what the worker would get.
    fn want<const OLDER: u8>(
        asked: &mut Asked<Count<OLDER>>,
        number: u32,
    ) -> Pending<Count<OLDER>> {
        let mut out = Outbox::default();
        asked.want(Some(Count(number)), &mut out);
        match out.commands.pop() {
            Some(Command::Ask(ask)) => ask.downcast().unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn only_the_latest_counts_and_what_came_before_it_stays_until_then() {
        let mut out = Outbox::default();
        let mut asked = Asked::<Count<GIVEN_UP>>::default();
        want(&mut asked, 1).answer(1);
        assert!(asked.is_waiting());
        assert!(asked.receive(&mut out));
        assert_eq!((asked.current(), asked.is_waiting()), (Some(&1), false));

        let second = want(&mut asked, 2);
        let third = want(&mut asked, 3);
        assert!(second.is_given_up() && !third.is_given_up());
        second.answer(2);
        assert!(!asked.receive(&mut out));
        assert_eq!((asked.current(), asked.answer()), (None, Some(&1)));
        third.answer(3);
        assert!(asked.receive(&mut out));
        assert_eq!(asked.answered(), Some((&Count(3), &3)));

        // What is wanted already is not asked again.
        asked.want(Some(Count(3)), &mut out);
        assert_eq!(out.commands, []);
        let last = want(&mut asked, 4);
        asked.cancel();
        last.answer(4);
        assert!(!asked.receive(&mut out) && !asked.is_waiting());
        assert_eq!(asked.answer(), Some(&3));
        let gone = want(&mut asked, 5);
        drop(asked);
        assert!(gone.is_given_up());
    }

    #[test]
    fn one_under_way_is_heard_until_a_newer_one_has_its_answer() {
        let mut out = Outbox::default();
        let mut asked = Asked::<Count<HEARD>>::default();
        let first = want(&mut asked, 1);
        let second = want(&mut asked, 2);
        assert!(first.is_given_up());
        first.answer(1);
        assert!(asked.receive(&mut out));
        assert_eq!((asked.answer(), asked.current()), (Some(&1), None));
        assert!(asked.is_waiting());
        second.answer(2);
        first.answer(1);
        asked.receive(&mut out);
        assert_eq!(asked.current(), Some(&2));
    }

    #[test]
    fn what_does_something_is_heard_of_always_and_stopped_only_when_told_to() {
        let mut out = Outbox::default();
        let mut asked = Asked::<Count<DONE>>::default();
        let first = want(&mut asked, 1);
        let second = want(&mut asked, 2);
        assert!(!first.is_given_up());
        second.answer(2);
        first.answer(1);
        assert_eq!(asked.next(&mut out), Some(Ok(&2)));
        assert_eq!(asked.next(&mut out), Some(Ok(&1)));
        assert_eq!(asked.next(&mut out), None);
        assert!(!asked.is_waiting(), "the newer one was answered before");
        asked.cancel();
        assert!(first.is_given_up() && second.is_given_up());
        let kept = want(&mut asked, 3);
        drop(asked);
        assert!(!kept.is_given_up());
    }

    #[test]
    fn a_failure_is_a_sentence_and_belongs_to_its_question() {
        let mut out = Outbox::default();
        let mut asked = Asked::<Count<GIVEN_UP>>::default();
        want(&mut asked, 1).answer(1);
        asked.receive(&mut out);
        want(&mut asked, 2).fail("no fingers");
        assert!(asked.receive(&mut out));
        assert_eq!(out.failures, ["Could not count: no fingers"]);
        assert_eq!(asked.failure(), Some("no fingers"));
        assert_eq!((asked.answer(), asked.is_waiting()), (Some(&1), false));
        let third = want(&mut asked, 3);
        assert_eq!(asked.failure(), None);
        third.answer(3);
        asked.receive(&mut out);
        assert_eq!((asked.failure(), asked.current()), (None, Some(&3)));
    }
}
