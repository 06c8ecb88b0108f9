//! Watching the open run while nothing is trained: another process may train it, and then it is read again as it grows.

use std::time::{Duration, Instant, SystemTime};

use super::NetworkDesk;
use crate::runs::{RunFolder, TrainedBy};
use crate::session::Session;
use crate::worker::events::Event;

/// Time between checks of the folder.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// The last reported state of the run's folder, and when it is checked next.
#[derive(Default)]
pub(super) struct Watch {
    told: Seen,
    due: Option<Instant>,
}

/// The state of a run's folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// The other process that is training it.
    pub by: Option<TrainedBy>,
    /// The last process that wrote in it, even if only a test result.
    last: Option<TrainedBy>,
    /// When its state was written.
    state: Option<SystemTime>,
}

impl Seen {
    /// To be called before the folder is read, so that later changes are seen the next time.
    pub fn of(folder: &RunFolder) -> Self {
        Self {
            by: folder.trained_by(),
            last: folder.trained_last_by(),
            state: folder.state_time(),
        }
    }
}

impl Watch {
    /// Watches the folder in this known state.
    pub fn start(&mut self, told: Seen) {
        self.told = told;
        self.put_off();
    }

    /// The time until the next check.
    pub fn wait(&self) -> Duration {
        let due = self.due.unwrap_or_else(Instant::now);
        due.saturating_duration_since(Instant::now())
    }

    fn put_off(&mut self) {
        self.due = Some(Instant::now() + BETWEEN_LOOKS);
    }
}

impl NetworkDesk {
    /// Whether there is a folder in which another process may write.
    pub(super) fn is_watching(&self) -> bool {
        self.session.as_ref().and_then(Session::folder).is_some()
    }

    /// Releases the run, which this thread no longer trains, so that others can train it, and watches it.
    pub(super) fn let_go(&mut self) {
        let Some(session) = &mut self.session else {
            return;
        };
        session.release();
        let told = session.folder().map(Seen::of);
        self.watch.start(Seen {
            by: None,
            ..told.unwrap_or_default()
        });
    }

    /// Reports what is new in the run's folder, if anything.
    pub(super) fn look_at_run(&mut self) -> Result<(), String> {
        self.watch.put_off();
        let session = self.session.as_ref();
        let Some(folder) = session.and_then(Session::folder).cloned() else {
            return Ok(());
        };
        let seen = Seen::of(&folder);
        // A removed folder has no state, and its contents are still in memory.
        if seen == self.watch.told || seen.state.is_none() {
            return Ok(());
        }
        let read = self.read_run(&folder);
        if read.is_err() && seen.by.is_some() {
            // Its files may be from two epochs now, and from one at the next check.
            return Ok(());
        }
        self.watch.told = seen;
        let session = read?;
        let followed = self.opened(&session, self.watch.told.by.clone());
        self.session = Some(session);
        self.memory.forget();
        self.events.send(Event::RunFollowed(Box::new(followed)));
        Ok(())
    }
}
