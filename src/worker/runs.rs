//! The runs of a folder, listed.

use std::path::PathBuf;
use std::thread;

use super::Sink;
use super::protocol::Event;
use super::purpose::Purpose;
use crate::runs::RunSummary;

/// Reads all runs on a thread of its own, so that nothing waits for it, and sends them.
pub fn list(folder: PathBuf, events: &Sink) {
    let events = events.clone();
    thread::spawn(move || {
        events.guard(Purpose::ListRuns, || {
            let runs = RunSummary::list(&folder).map_err(|error| error.to_string())?;
            events.send(Event::Runs(runs));
            Ok(())
        });
    });
}
