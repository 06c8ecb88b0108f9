//! `notes.yaml`: the user's notes on a run. They can be changed while the run is being trained: training never writes them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::error::RunError;
use super::folder::RunFolder;
use super::record::RunRecord;
use crate::data::replace_file;
use crate::text_file::without_mark;

pub(super) const NOTES: &str = "notes.yaml";

/// The longest tag, in letters.
const LONGEST_TAG: usize = 40;

/// The user's notes on a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunNotes {
    /// Free text; may be empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Words to find the run by.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub tags: BTreeSet<String>,
    /// Whether lists hide it by default.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
}

impl RunNotes {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Checks a tag: letters, digits, `-`, `_` and `.`.
///
/// # Errors
/// A sentence if it is empty, too long or has other characters.
pub fn tag(text: &str) -> Result<String, String> {
    let is_good = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    let letters = text.chars().count();
    match (1..=LONGEST_TAG).contains(&letters) && text.chars().all(is_good) {
        true => Ok(text.to_owned()),
        false => Err(format!(
            "`{text}` is not a valid tag: expected 1 to {LONGEST_TAG} letters, digits, `-`, `_` and `.`"
        )),
    }
}

impl RunFolder {
    /// The user's notes; empty if there is no such file.
    ///
    /// # Errors
    /// If the file cannot be read or parsed.
    pub fn notes(&self) -> Result<RunNotes, RunError> {
        self.notes_after(self.record().ok().as_ref())
    }

    /// The same, with the record already read.
    pub(super) fn notes_after(&self, record: Option<&RunRecord>) -> Result<RunNotes, RunError> {
        let Some(text) = self.read_if_there(NOTES)? else {
            return Ok(RunNotes {
                note: record.map_or_else(String::new, |record| record.note.clone()),
                ..RunNotes::default()
            });
        };
        serde_yaml::from_slice(without_mark(&text))
            .map_err(|error| self.damaged(NOTES, error.to_string()))
    }

    /// Replaces `notes.yaml`.
    ///
    /// # Errors
    /// If it cannot be written; it is then unchanged.
    pub fn save_notes(&self, notes: &RunNotes) -> Result<(), RunError> {
        let text = serde_yaml::to_string(notes).expect("notes have only string keys");
        replace_file(&self.file(NOTES), text.as_bytes()).map_err(|cause| RunError::NotWritten {
            path: self.file(NOTES),
            cause,
        })
    }
}
