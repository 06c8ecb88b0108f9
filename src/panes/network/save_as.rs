//! The name to save a preset under.

use std::cell::RefCell;

use super::NetworkPane;
use crate::lab::{Lab, LineInput};
use crate::overlays::NameForm;
use crate::training::BUILT_IN;

/// Asks for it. One of the person's own presets is replaced only when Enter comes twice.
pub(super) fn form(lab: &Lab) -> NameForm {
    let replaces = RefCell::new(None);
    NameForm {
        title: "Save the preset as".to_owned(),
        about: "The network with its training, among your own presets. Letters, digits, - _ and . make a name.",
        input: LineInput::new(lab.preset.name.clone()),
        problem: None,
        enter: ("save", "save the preset under this name"),
        cancel: "save nothing",
        accept: Box::new(move |typed, lab| {
            let name = typed.trim().to_owned();
            if BUILT_IN.iter().any(|(known, _)| *known == name) {
                return Err(format!(
                    "{name} is one of the program's presets: choose another name."
                ));
            }
            let exists = lab.own_presets.iter().any(|preset| preset.name == name);
            if exists && replaces.borrow().as_ref() != Some(&name) {
                replaces.replace(Some(name.clone()));
                return Err(format!(
                    "There is a preset {name} of yours already: Enter again replaces it."
                ));
            }
            lab.then(move |pane: &mut NetworkPane, lab| pane.save(name, exists, lab));
            Ok(())
        }),
    }
}
