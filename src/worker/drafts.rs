//! Drafts of unsaved work: saved while the user works, and found at the next start.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::events::Event;
use super::image::Drawing;
use super::purpose::Purpose;
use super::{Sink, receive};
use crate::data::{DataError, Drafts, HeldDraft};

/// Time between writes; faster changes are merged.
const BETWEEN_WRITINGS: Duration = Duration::from_millis(500);

/// One of the user's own presets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPreset {
    pub name: String,
    pub text: String,
}

/// Unsaved work.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Networks as complete presets, the most recently edited last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub presets: Vec<OwnPreset>,
    /// A preset's text that was being edited; it need not be valid yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Drawings, the one on the pad last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drawings: Vec<Drawing>,
}

impl Draft {
    pub fn is_empty(&self) -> bool {
        self.presets.is_empty() && self.text.is_none() && self.drawings.is_empty()
    }
}

/// A draft left by an earlier session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundDraft {
    pub draft: Draft,
    /// The time of writing, in local time: `2026-11-23 13:00`.
    pub written: String,
}

/// A command about drafts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftCommand {
    /// The current unsaved work; an empty draft means that everything is saved.
    Keep(Draft),
    /// Delete the draft that was found, once the one to keep, if any, is on disk.
    ForgetFound,
}

/// The thread that keeps the draft.
pub(super) struct DraftKeeper {
    commands: Option<Sender<DraftCommand>>,
    thread: Option<JoinHandle<()>>,
}

impl DraftKeeper {
    /// Reports the latest draft of an earlier session, and keeps that of this session from now on.
    pub fn start(drafts: Drafts, events: Sink) -> Self {
        let found = find(&drafts);
        let found = found.map(|(held, found)| {
            events.send(Event::DraftFound(Box::new(found)));
            held
        });
        let (commands, inbox) = mpsc::channel();
        let thread = thread::spawn(move || {
            let desk = Desk {
                drafts,
                events: events.clone(),
                found,
                own: None,
                waiting: None,
                written: None,
                has_failed: false,
            };
            events.guard(Purpose::KeepDraft, || {
                desk.serve(&inbox);
                Ok(())
            });
        });
        Self {
            commands: Some(commands),
            thread: Some(thread),
        }
    }

    pub fn obey(&self, command: DraftCommand) {
        if let Some(commands) = &self.commands {
            // The thread is gone only after a failure that it has reported.
            let _ = commands.send(command);
        }
    }
}

impl Drop for DraftKeeper {
    /// Waits until the latest draft is on disk.
    fn drop(&mut self) {
        self.commands = None;
        if let Some(thread) = self.thread.take() {
            // Its panics were caught and reported.
            let _ = thread.join();
        }
    }
}

/// The latest readable draft.
fn find(drafts: &Drafts) -> Option<(HeldDraft, FoundDraft)> {
    drafts.left_behind().into_iter().find_map(|held| {
        let draft: Draft = serde_json::from_str(&held.read()?).ok()?;
        let written = Timestamp::try_from(held.written()?).ok()?;
        let written = written.to_zoned(TimeZone::system());
        let found = FoundDraft {
            draft,
            written: written.strftime("%Y-%m-%d %H:%M").to_string(),
        };
        (!found.draft.is_empty()).then_some((held, found))
    })
}

/// The state of the thread.
struct Desk {
    drafts: Drafts,
    events: Sink,
    /// The draft of an earlier session.
    found: Option<HeldDraft>,
    own: Option<HeldDraft>,
    /// To be written.
    waiting: Option<Draft>,
    /// When it was last written, or an attempt was made.
    written: Option<Instant>,
    /// Whether a failure was reported.
    has_failed: bool,
}

impl Desk {
    fn serve(mut self, inbox: &Receiver<DraftCommand>) {
        loop {
            match receive(inbox, self.patience()) {
                Ok(DraftCommand::Keep(draft)) => self.waiting = Some(draft),
                Ok(DraftCommand::ForgetFound) => {
                    if self.write()
                        && let Some(found) = self.found.take()
                    {
                        self.told(found.remove());
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    self.write();
                }
                Err(RecvTimeoutError::Disconnected) => {
                    self.write();
                    return;
                }
            }
        }
    }

    /// How long to wait for a newer draft before the waiting one is written.
    fn patience(&self) -> Option<Duration> {
        self.waiting.as_ref()?;
        let since = self.written.map(|written| written.elapsed());
        Some(since.map_or(Duration::ZERO, |since| {
            BETWEEN_WRITINGS.saturating_sub(since)
        }))
    }

    /// Writes the waiting draft and returns whether it is on disk. If it cannot be written, it keeps waiting.
    fn write(&mut self) -> bool {
        let Some(draft) = self.waiting.take() else {
            return true;
        };
        self.written = Some(Instant::now());
        let kept = self.keep(&draft);
        let is_kept = self.told(kept);
        self.waiting = (!is_kept).then_some(draft);
        is_kept
    }

    fn keep(&mut self, draft: &Draft) -> Result<(), DataError> {
        if draft.is_empty() {
            return self.own.take().map_or(Ok(()), HeldDraft::remove);
        }
        if self.own.is_none() {
            self.own = self.drafts.begin()?;
        }
        let Some(own) = &self.own else {
            return Ok(());
        };
        let text = serde_json::to_string(draft);
        own.write(&text.expect("a draft has only string keys"))
    }

    /// Returns whether it was done. Only the first failure is reported: the next key would cause the next.
    fn told(&mut self, done: Result<(), DataError>) -> bool {
        let is_done = done.is_ok();
        if let Err(error) = done
            && !std::mem::replace(&mut self.has_failed, true)
        {
            self.events.fail(Purpose::KeepDraft, error.to_string());
        }
        is_done
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    fn draft(text: &str) -> Draft {
        Draft {
            text: Some(text.to_owned()),
            ..Draft::default()
        }
    }

    fn start(folder: &Path) -> (DraftKeeper, Receiver<Event>) {
        let (sender, events) = mpsc::channel();
        let drafts = Drafts::at(folder, Path::new("/here"));
        (DraftKeeper::start(drafts, Sink::new(sender)), events)
    }

    fn found(events: &Receiver<Event>) -> Option<Draft> {
        match events.try_recv() {
            Ok(Event::DraftFound(found)) => Some(found.draft),
            Ok(event) => panic!("{event:?}"),
            Err(_) => None,
        }
    }

    #[test]
    fn the_latest_draft_is_found_by_the_next_start_until_it_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let (keeper, events) = start(folder.path());
        assert_eq!(found(&events), None);
        // Faster than they are written.
        for number in 0..100 {
            keeper.obey(DraftCommand::Keep(draft(&number.to_string())));
        }
        drop(keeper);
        let (keeper, events) = start(folder.path());
        assert_eq!(found(&events), Some(draft("99")));
        drop(keeper);
        let (keeper, events) = start(folder.path());
        assert_eq!(found(&events), Some(draft("99")), "it was left for later");
        keeper.obey(DraftCommand::Keep(draft("new")));
        keeper.obey(DraftCommand::ForgetFound);
        drop(keeper);
        let (keeper, events) = start(folder.path());
        assert_eq!(found(&events), Some(draft("new")));
        keeper.obey(DraftCommand::ForgetFound);
        keeper.obey(DraftCommand::Keep(draft("saved since")));
        keeper.obey(DraftCommand::Keep(Draft::default()));
        drop(keeper);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_damaged_draft_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let drafts = Drafts::at(folder.path(), Path::new("/here"));
        let held = drafts.begin().unwrap().unwrap();
        held.write("{\"text\": ").unwrap();
        drop(held);
        let (_keeper, events) = start(folder.path());
        assert_eq!(found(&events), None);
    }

    /// The draft that was found stays as long as what was made of it is not on the disk, and the trouble is told once.
    #[cfg(unix)]
    #[test]
    fn a_draft_that_cannot_be_written_costs_no_other() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("drafts");
        let (keeper, _events) = start(&folder);
        keeper.obey(DraftCommand::Keep(draft("old")));
        drop(keeper);
        let (keeper, events) = start(&folder);
        assert_eq!(found(&events), Some(draft("old")));
        // A file in the folder's place, where nobody can write, root neither.
        let aside = home.path().join("aside");
        fs::rename(&folder, &aside).unwrap();
        fs::write(&folder, "").unwrap();
        for _ in 0..2 {
            keeper.obey(DraftCommand::Keep(draft("new")));
            keeper.obey(DraftCommand::ForgetFound);
        }
        drop(keeper);
        let told: Vec<Event> = events.iter().collect();
        assert!(
            matches!(
                told[..],
                [Event::Failed {
                    what: Purpose::KeepDraft,
                    ..
                }]
            ),
            "{told:?}"
        );
        fs::remove_file(&folder).unwrap();
        fs::rename(&aside, &folder).unwrap();
        let (_keeper, events) = start(&folder);
        assert_eq!(found(&events), Some(draft("old")));
    }
}
