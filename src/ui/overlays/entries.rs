//! What each list offers.

use crate::state::facts::{DIGITS, SHIFTED, WARPED};
use crate::state::{DataMessage, Lab, Message, Picker, PickerKind};

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
