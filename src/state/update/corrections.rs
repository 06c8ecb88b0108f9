//! Marking training images as wrong.

use super::super::corrections::CorrectionMessage;
use super::super::lab::{Lab, Notice};
use super::super::overlay::PickerKind;
use super::overlays;
use crate::data::{Mark, SplitName};
use crate::worker::{Command, MarkRequest};

pub(super) fn apply(lab: &mut Lab, message: CorrectionMessage, commands: &mut Vec<Command>) {
    let Some((dataset, image)) = lab.suspect() else {
        let text = "There is no training image under the cursor.";
        return lab.say(Notice::Refusal, text);
    };
    let before = lab.corrections.mark(&dataset, image);
    let mark = match (message, before) {
        (CorrectionMessage::LeaveOut, Some(Mark::LeftOut)) => None,
        (CorrectionMessage::LeaveOut, _) => Some(Mark::LeftOut),
        (CorrectionMessage::AskClass, Some(Mark::Becomes(_))) => None,
        (CorrectionMessage::AskClass, _) => {
            return overlays::pick(lab, PickerKind::TrueClass);
        }
        (CorrectionMessage::Becomes(class), _) => {
            lab.old_overlay = None;
            Some(Mark::Becomes(lab.class_in_set(&dataset, class) as u16))
        }
    };
    commands.push(Command::Mark(MarkRequest {
        dataset,
        image,
        mark,
    }));
}

impl Lab {
    /// The training image under the cursor of the gallery of suspects: the name of its set, and its position.
    pub fn suspect(&self) -> Option<(String, usize)> {
        let gallery = self.gallery.open.filter(|_| self.is_in_gallery())?;
        let is_training = gallery.split() == SplitName::Train;
        let image = self.gallery.current().filter(|_| is_training)?;
        let page = self.gallery.page.as_ref()?;
        Some((page.set.dataset.clone(), image.judgement.index))
    }

    /// Where a class of the gallery's network stands in the loaded set, whose classes may have another order.
    fn class_in_set(&self, dataset: &str, class: usize) -> usize {
        let page = self.gallery.page.as_ref();
        let name = page.and_then(|page| page.set.class_names.get(class));
        let set = self.sets.iter().find(|set| set.name == dataset);
        let place = name.zip(set).and_then(|(name, set)| {
            let is_there = set.class_names.get(class) == Some(name);
            let mut names = set.class_names.iter();
            match is_there {
                true => Some(class),
                false => names.position(|other| other == name),
            }
        });
        place.unwrap_or(class)
    }

    /// The name of a class as the loaded set has it.
    pub fn class_name_in(&self, dataset: &str, class: usize) -> String {
        let set = self.sets.iter().find(|set| set.name == dataset);
        let name = set.and_then(|set| set.class_names.get(class));
        name.cloned().unwrap_or_else(|| class.to_string())
    }
}
