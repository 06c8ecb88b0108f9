//! Forgetting a loaded set.

use super::DataPane;
use crate::lab::Lab;
use crate::worker::{Desk, Older, Question, Quick, Tell};

/// Forgets the loaded set of this name; its files stay. [`Event::Unloaded`](crate::worker::Event::Unloaded) tells everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnloadSet(pub String);

impl Question for UnloadSet {
    type Answer = ();
    type Lane = Quick;
    const PURPOSE: &'static str = "unload the set";
    const OLDER: Older = Older::Done;

    fn find_out(self, desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        desk.library.unload(&self.0);
        tell.tell(());
        Ok(())
    }
}

impl DataPane {
    /// Why the set under the cursor cannot be unloaded now.
    pub(super) fn unload_blocked(&self, lab: &Lab) -> Option<String> {
        let Some(set) = lab.sets.get(self.set) else {
            return Some("no set is loaded".to_owned());
        };
        let run = lab
            .active_run()
            .filter(|run| run.in_use.set.dataset == set.name)?;
        Some(format!(
            "{} is training on {}: stop it first with s on the Train pane",
            run.facts.name, set.name
        ))
    }

    /// Forgets the set under the cursor.
    pub(super) fn unload(&mut self, lab: &mut Lab) {
        if let Some(set) = lab.sets.get(self.set) {
            let question = UnloadSet(set.name.clone());
            self.unloading.ask(question, &mut lab.out);
        }
    }
}
