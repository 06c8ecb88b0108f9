//! The person's own presets: listed and saved.

use std::fs;

use super::Sink;
use super::protocol::{Event, OwnPreset, SaveRequest};
use crate::training::PresetFolder;

/// Sends the presets that can be read; the others are no presets to anyone.
pub fn send_list(presets: &PresetFolder, events: &Sink) {
    let found = presets.list().into_iter();
    let presets = found.filter_map(|(name, path)| {
        let text = fs::read_to_string(path).ok()?;
        Some(OwnPreset { name, text })
    });
    events.send(Event::Presets(presets.collect()));
}

/// # Errors
/// Why it was not saved.
pub fn save(request: &SaveRequest, presets: &PresetFolder, events: &Sink) -> Result<(), String> {
    let SaveRequest {
        name,
        text,
        replace,
    } = request;
    let path = presets
        .save(name, text, *replace)
        .map_err(|error| error.to_string())?;
    events.send(Event::PresetSaved {
        name: name.clone(),
        path,
    });
    send_list(presets, events);
    Ok(())
}
