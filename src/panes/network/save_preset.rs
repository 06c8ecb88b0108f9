//! A preset saved among the person's own.

use std::path::PathBuf;

use crate::worker::{Desk, Older, Question, Quick, Tell};

/// A preset to save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavePreset {
    pub name: String,
    pub text: String,
    /// Whether one of this name may be replaced.
    pub replace: bool,
}

/// Under which name it was saved, in which file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedPreset {
    pub name: String,
    pub path: PathBuf,
}

impl Question for SavePreset {
    type Answer = SavedPreset;
    type Lane = Quick;
    const PURPOSE: &'static str = "save the preset";
    const OLDER: Older = Older::Done;

    fn find_out(self, desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let Self {
            name,
            text,
            replace,
        } = self;
        let presets = &desk.surroundings.presets;
        let path = presets
            .save(&name, &text, replace)
            .map_err(|error| error.to_string())?;
        tell.tell(SavedPreset { name, path });
        Ok(())
    }
}
