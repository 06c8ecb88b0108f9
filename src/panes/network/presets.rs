//! Presets as files: the list of built-in presets and the user's own, and the name to save one under.

use std::borrow::Cow;
use std::cell::RefCell;
use std::path::PathBuf;

use super::NetworkPane;
use super::draw::draw_summary;
use crate::lab::{Lab, LineInput};
use crate::network::NetworkSummary;
use crate::overlays::{Arrangement, Entry, List, NameForm};
use crate::text_file;
use crate::training::{BUILT_IN, Preset};
use crate::worker::{Desk, Older, OwnPreset, Question, Quick, Tell};

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
    let built_in = BUILT_IN.iter().map(|(name, text)| {
        let preset = Preset::built_in(name).map(Cow::Borrowed);
        entry(name, text, preset)
    });
    let own = own.into_iter().flatten().map(|OwnPreset { name, text }| {
        let preset = Preset::parse(text, name).ok().map(Cow::Owned);
        entry(name, text, preset)
    });
    built_in.chain(own).collect()
}

fn entry(name: &str, text: &str, preset: Option<Cow<'static, Preset>>) -> Entry {
    let about = preset.as_ref().map(|preset| preset.description.clone());
    let chosen = (name.to_owned(), text.to_owned());
    let entry = Entry::new(name, about.unwrap_or_default(), move |lab| {
        lab.load_preset(&chosen.0, &chosen.1);
    });
    let Some(preset) = preset else {
        return entry;
    };
    entry.picture(move |_, area, buffer, theme| {
        let summary = NetworkSummary::new(&preset.network());
        draw_summary(&preset, &summary, area, buffer, theme);
    })
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPresets;

impl Question for ListPresets {
    /// The presets that can be read; invalid files are left out.
    type Answer = Vec<OwnPreset>;
    type Lane = Quick;
    const PURPOSE: &'static str = "list your presets";

    fn find_out(self, desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let found = desk.surroundings.presets.list().into_iter();
        let presets = found.filter_map(|(name, path)| {
            let text = text_file::read(&path).ok()?;
            Some(OwnPreset { name, text })
        });
        tell.tell(presets.collect());
        Ok(())
    }
}

/// Asks for the name. An existing preset is replaced only after a second Enter.
pub(super) fn save_as(lab: &Lab) -> NameForm {
    let replaces = RefCell::new(None);
    NameForm {
        hint: "name",
        title: "Save the preset as".to_owned(),
        about: "Saves the network and its training settings as your own preset. A name has letters, digits, - _ and .",
        input: LineInput::proposed(lab.preset.name.clone()),
        problem: None,
        enter: ("save", "save the preset under this name"),
        cancel: "close without saving",
        accept: Box::new(move |typed, lab| {
            let name = typed.trim().to_owned();
            if BUILT_IN.iter().any(|(known, _)| *known == name) {
                return Err(format!("{name} is a built-in preset: choose another name."));
            }
            let exists = lab.own_presets.iter().any(|preset| preset.name == name);
            if exists && replaces.borrow().as_ref() != Some(&name) {
                replaces.replace(Some(name.clone()));
                return Err(format!(
                    "Preset {name} already exists: press Enter again to replace it."
                ));
            }
            lab.then(move |pane: &mut NetworkPane, lab| pane.save(name, exists, lab));
            Ok(())
        }),
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavePreset {
    pub name: String,
    pub text: String,
    /// Whether one of this name may be replaced.
    pub replace: bool,
}

/// The name and the file that it was saved under.
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
        let presets = &desk.surroundings.presets;
        let path = presets.save(&self.name, &self.text, self.replace);
        let path = path.map_err(|error| error.to_string())?;
        let name = self.name;
        tell.tell(SavedPreset { name, path });
        Ok(())
    }
}
