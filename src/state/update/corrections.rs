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
            return overlays::pick(lab, PickerKind::TrueClass, commands);
        }
        (CorrectionMessage::Becomes(class), _) => {
            lab.overlay = None;
            Some(Mark::Becomes(class as u16))
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
        let run = self.run.as_ref()?;
        Some((run.facts.dataset.clone(), image.judgement.index))
    }
}
