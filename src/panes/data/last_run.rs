//! The last run of the folder, offered while no other run is on the screen.

use std::path::PathBuf;
use std::sync::Arc;

use super::DataPane;
use crate::lab::{Lab, Part};
use crate::runs::{RunFolder, RunSummary};
use crate::worker::{Beside, Command, Desk, Question, Tell};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastRun {
    /// Of all runs.
    pub folder: PathBuf,
}

impl DataPane {
    pub(super) fn ask_last_run(&mut self, lab: &mut Lab) {
        let folder = lab.runs_folder.clone();
        let question = folder.map(|folder| LastRun { folder });
        self.last_run.want(question, &mut lab.out);
    }

    /// The last run, while it is offered.
    pub(super) fn offered(&self, lab: &Lab) -> Option<&RunSummary> {
        let last = self.last_run.answer()?.as_deref();
        last.filter(|_| lab.run.is_none() && !lab.is_starting())
    }

    /// The offered run, where Enter has nothing else to do: the set under the cursor is chosen already.
    pub(super) fn run_to_enter(&self, lab: &Lab) -> Option<&RunSummary> {
        let is_idle = lab.has_focus(Part::Sets) && lab.chosen == Some(self.set);
        self.offered(lab).filter(|_| is_idle)
    }

    pub(super) fn open_last_run(&mut self, lab: &mut Lab) {
        let Some(run) = self.offered(lab) else { return };
        let folder = run.folder.clone();
        lab.inform(format!("Opening {} …", folder.display()));
        lab.tell(Command::OpenRun { folder });
    }
}

impl Question for LastRun {
    /// The newest one that can be read and has an epoch.
    type Answer = Option<Arc<RunSummary>>;
    type Lane = Beside;
    const PURPOSE: &'static str = "find the last run";

    fn find_out(self, _desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        // A run that cannot be read is not offered: the list of runs shows why.
        let folders = RunFolder::list(&self.folder).unwrap_or_default();
        let mut runs = folders.iter().rev().map(RunSummary::of);
        let last = runs.find(|run| run.problem.is_none() && !run.history.is_empty());
        tell.tell(last.map(Arc::new));
        Ok(())
    }
}
