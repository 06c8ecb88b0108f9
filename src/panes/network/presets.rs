//! The list of networks to choose from: the program's, then the person's own.

use super::ListPresets;
use super::draw::draw_summary;
use crate::lab::Lab;
use crate::network::NetworkSummary;
use crate::overlays::{Arrangement, Entry, List};
use crate::training::{BUILT_IN, Preset};
use crate::worker::OwnPreset;

pub(super) fn list(lab: &Lab) -> List {
    let mut names = BUILT_IN.iter().map(|(name, _)| *name);
    let at = names.position(|name| name == lab.preset.name);
    List::found("Choose a network", "", Some(ListPresets), |_, own| {
        entries(own)
    })
    .size(130, Some(u16::MAX))
    .arranged(Arrangement::Beside)
    .at(at.unwrap_or(0))
}

fn entries(own: Option<&Vec<OwnPreset>>) -> Vec<Entry> {
    let own = own.into_iter().flatten();
    let own = own.map(|preset| (preset.name.as_str(), preset.text.as_str()));
    BUILT_IN.iter().copied().chain(own).map(entry).collect()
}

fn entry((name, text): (&str, &str)) -> Entry {
    let read = Preset::parse(text, name).ok();
    let about = read.as_ref().map(|preset| preset.description.clone());
    let chosen = (name.to_owned(), text.to_owned());
    let entry = Entry::new(name, about.unwrap_or_default(), move |lab| {
        lab.load_preset(&chosen.0, &chosen.1);
    });
    let Some(preset) = read else {
        return entry;
    };
    entry.picture(move |_, area, buffer, theme| {
        let summary = NetworkSummary::new(&preset.network());
        draw_summary(&preset, &summary, area, buffer, theme);
    })
}
