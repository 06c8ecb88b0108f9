//! The runs of a folder.

use std::path::PathBuf;
use std::sync::Arc;

use crate::runs::RunSummary;
use crate::worker::{Beside, Desk, Question, Tell};

/// Which folder's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runs {
    pub folder: PathBuf,
}

impl Question for Runs {
    /// The newest first.
    type Answer = Vec<Arc<RunSummary>>;
    type Lane = Beside;
    const PURPOSE: &'static str = "list the runs";

    fn find_out(self, _desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let runs = RunSummary::list(&self.folder).map_err(|error| error.to_string())?;
        tell.tell(runs.into_iter().map(Arc::new).collect());
        Ok(())
    }
}
