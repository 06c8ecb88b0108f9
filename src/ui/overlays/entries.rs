//! What each list offers.

use crate::state::facts::{DIGITS, SHIFTED, WARPED};
use crate::state::{CorrectionMessage, DataMessage, Lab, Message, PadMessage, Picker, PickerKind};

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
        PickerKind::DrawingClass => drawing_classes(lab),
        PickerKind::TrueClass => true_classes(lab),
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

/// The classes that a drawing can be kept with.
fn drawing_classes(lab: &Lab) -> Vec<Entry> {
    let shown = lab.pad.shown.as_ref();
    (0..)
        .zip(lab.network_class_names())
        .map(|(class, name)| {
            let probability = shown.and_then(|shown| shown.probabilities.get(class));
            Entry {
                group: "",
                keys: String::new(),
                // A name that is the number again says nothing.
                name: match name == class.to_string() {
                    true => name,
                    false => format!("{class}  {name}"),
                },
                detail: probability.map_or(String::new(), |probability| {
                    format!("the network says {:.1} %", 100.0 * probability)
                }),
                choice: Ok(Message::Perform {
                    pane: None,
                    message: Box::new(Message::Pad(PadMessage::Keep(class))),
                }),
            }
        })
        .collect()
}

/// The classes that a training image can have in truth.
fn true_classes(lab: &Lab) -> Vec<Entry> {
    let Some(image) = lab.gallery.current() else {
        return Vec::new();
    };
    let judgement = &image.judgement;
    let page = lab.gallery.page.iter();
    let names = page.flat_map(|page| &page.set.class_names);
    (0..)
        .zip(names)
        .map(|(class, name)| Entry {
            group: "",
            keys: String::new(),
            name: format!("{class}  {name}"),
            detail: match judgement.probabilities.get(class) {
                Some(probability) => format!("the network says {:.1} %", 100.0 * probability),
                None => String::new(),
            },
            choice: match usize::from(judgement.label) == class {
                true => Err("it is the label that the image has".to_owned()),
                false => Ok(Message::Correct(CorrectionMessage::Becomes(class))),
            },
        })
        .collect()
}
