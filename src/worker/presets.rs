//! The person's own presets: listed and saved.

use std::fs;

use super::Sink;
use super::protocol::{Event, OwnPreset};
use crate::training::PresetFolder;

/// Sends the presets that can be read; the others are no presets to anyone.
pub fn send_list(events: &Sink) {
    let found = PresetFolder::of_user().list().into_iter();
    let presets = found.filter_map(|(name, path)| {
        let text = fs::read_to_string(path).ok()?;
        Some(OwnPreset { name, text })
    });
    events.send(Event::Presets(presets.collect()));
}

/// # Errors
/// Why it was not saved.
pub fn save(name: &str, text: &str, replace: bool, events: &Sink) -> Result<(), String> {
    let path = PresetFolder::of_user()
        .save(name, text, replace)
        .map_err(|error| error.to_string())?;
    events.send(Event::PresetSaved {
        name: name.to_owned(),
        path,
    });
    send_list(events);
    Ok(())
}
