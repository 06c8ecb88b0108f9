//! Where a list has its entries from: what the lab knows, or what the worker finds out.

use super::Entry;
use crate::lab::Lab;
use crate::worker::{Asked, Question};

pub(super) trait Source {
    fn entries(&self, lab: &Lab) -> Vec<Entry>;

    /// Asks for what is not asked yet, and takes in what came.
    fn ask(&mut self, _lab: &mut Lab) {}

    /// Why there may be no entry, as a headline and a sentence.
    fn missing(&self) -> Option<(&'static str, String)> {
        None
    }
}

impl<F: Fn(&Lab) -> Vec<Entry>> Source for F {
    fn entries(&self, lab: &Lab) -> Vec<Entry> {
        self(lab)
    }
}

/// What `entries` makes of the answer to a question.
pub(super) struct Found<Q: Question, F> {
    reading: &'static str,
    question: Option<Q>,
    asked: Asked<Q>,
    entries: F,
}

impl<Q: Question, F: Fn(&Lab, Option<&Q::Answer>) -> Vec<Entry>> Found<Q, F> {
    pub fn new(reading: &'static str, question: Option<Q>, entries: F) -> Self {
        Self {
            reading,
            question,
            asked: Asked::default(),
            entries,
        }
    }
}

impl<Q: Question, F: Fn(&Lab, Option<&Q::Answer>) -> Vec<Entry>> Source for Found<Q, F> {
    fn entries(&self, lab: &Lab) -> Vec<Entry> {
        (self.entries)(lab, self.asked.answer())
    }

    fn ask(&mut self, lab: &mut Lab) {
        self.asked.want(self.question.clone(), &mut lab.out);
    }

    fn missing(&self) -> Option<(&'static str, String)> {
        if self.asked.is_waiting() {
            return Some((self.reading, String::new()));
        }
        let why = self.asked.failure()?;
        Some(("Nothing could be read", why.to_owned()))
    }
}
