//! Which of the known sets are complete on this machine, for advice about a starter set and for lists of sets.

use super::DataPane;
use crate::data::browse::{self, KnownPlace};
use crate::lab::Lab;
use crate::worker::{Beside, Desk, Question, Tell};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindKnownSets {
    /// The lab's count of chosen sets: each one opened or fetched may add to the answer.
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
    const PURPOSE: &'static str = "find known sets";

    fn find_out(self, desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        tell.tell(browse::known(&desk.surroundings.places));
        Ok(())
    }
}
