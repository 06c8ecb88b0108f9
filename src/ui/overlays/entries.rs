//! What each list offers.

use super::super::format::count;
use super::run_entries;
use crate::state::facts::Preset;
use crate::state::facts::{DIGITS, SHIFTED, WARPED};
use crate::state::{DataMessage, Lab, Message, Picker, PickerKind, TrainMessage};

/// An entry of a list.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The heading that it stands under.
    pub group: &'static str,
    /// How it is done without the list.
    pub keys: String,
    pub name: String,
    pub detail: String,
    /// What choosing it does, or why it can't be chosen.
    pub choice: Result<Message, String>,
}

/// The entries that match what was typed.
pub fn matching(picker: &Picker, lab: &Lab) -> Vec<Entry> {
    let typed = picker.filter.text().trim();
    let words: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
    let mut entries = all(picker.kind, lab);
    entries.retain(|entry| {
        let text = format!(
            "{} {} {} {}",
            entry.keys, entry.name, entry.detail, entry.group
        )
        .to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    });
    entries
}

fn all(kind: PickerKind, lab: &Lab) -> Vec<Entry> {
    match kind {
        PickerKind::Make => makings(lab),
        PickerKind::SwitchData => loaded_sets(lab),
        PickerKind::Runs(to) => run_entries::entries(lab, to),
        PickerKind::Preset => (0..)
            .map_while(|position| Some((position, lab.listed_preset(position)?)))
            .map(|(position, (name, text))| Entry {
                group: "",
                keys: String::new(),
                name: name.to_owned(),
                detail: Preset::parse(text, name)
                    .map(|preset| preset.description)
                    .unwrap_or_default(),
                choice: Ok(Message::ChoosePreset(position)),
            })
            .collect(),
    }
}

/// The sets that can be made.
fn makings(lab: &Lab) -> Vec<Entry> {
    let kinds = [&SHIFTED, &WARPED, &DIGITS].into_iter();
    kinds
        .map(|kind| Entry {
            group: "",
            keys: String::new(),
            name: kind.title.to_owned(),
            detail: kind.help.to_owned(),
            choice: match lab.chosen_set() {
                None if kind.changes_a_set => {
                    Err("no set is loaded whose images could be changed".to_owned())
                }
                _ => Ok(Message::Data(DataMessage::AskFor(kind))),
            },
        })
        .collect()
}

/// The sets that a training can change to: a misfit says why it can't.
fn loaded_sets(lab: &Lab) -> Vec<Entry> {
    let Some(run) = &lab.run else {
        return Vec::new();
    };
    let sets = lab.sets.iter().map(|set| {
        let (input, classes) = (run.facts.network.input, run.facts.network.classes);
        let choice = if set.shape != input {
            Err(format!(
                "its images are {}, and the network takes {input}",
                set.shape
            ))
        } else if set.class_names.len() != classes {
            Err(format!(
                "it has {} classes, and the network tells {classes} apart",
                set.class_names.len()
            ))
        } else if set.name == run.in_use.set.dataset {
            Err("the training is on this set".to_owned())
        } else {
            Ok(Message::Training(TrainMessage::SwitchData(
                set.name.clone(),
            )))
        };
        let detail = match &choice {
            Ok(_) => format!("{} training images", count(set.train_len())),
            Err(reason) => reason.clone(),
        };
        Entry {
            group: "",
            keys: String::new(),
            name: set.name.clone(),
            detail,
            choice,
        }
    });
    sets.collect()
}
