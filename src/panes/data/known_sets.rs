//! Which of the sets that have names are whole on this machine: advice about a starter set, and lists of sets, look at that first.

use super::DataPane;
use crate::data::browse::{self, KnownPlace};
use crate::lab::Lab;
use crate::worker::{Beside, Desk, Question, Tell};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindKnownSets {
    /// How often a set had been chosen: with each that is opened or fetched there may be more.
    pub choosings: u64,
}

impl DataPane {
    pub(super) fn ask_known_sets(&mut self, lab: &mut Lab) {
        let choosings = lab.choosings;
        let question = FindKnownSets { choosings };
        self.known.want(Some(question), &mut lab.out);
        if let Some(known) = self.known.take() {
            lab.known_sets = known;
        }
    }
}

impl Question for FindKnownSets {
    type Answer = Vec<KnownPlace>;
    type Lane = Beside;
    const PURPOSE: &'static str = "look for known sets";

    fn find_out(self, desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        tell.tell(browse::known(&desk.surroundings.places));
        Ok(())
    }
}
