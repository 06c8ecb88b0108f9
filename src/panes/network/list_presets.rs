//! The person's own presets.

use std::fs;

use crate::worker::{Desk, OwnPreset, Question, Quick, Tell};

/// All of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPresets;

impl Question for ListPresets {
    /// Those that can be read; the others are no presets to anyone.
    type Answer = Vec<OwnPreset>;
    type Lane = Quick;
    const PURPOSE: &'static str = "list your presets";

    fn find_out(self, desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let found = desk.surroundings.presets.list().into_iter();
        let presets = found.filter_map(|(name, path)| {
            let text = fs::read_to_string(path).ok()?;
            Some(OwnPreset { name, text })
        });
        tell.tell(presets.collect());
        Ok(())
    }
}
