//! Renaming and unloading a loaded set.

use super::DataPane;
use crate::lab::{Lab, LineInput};
use crate::overlays::NameForm;
use crate::worker::{Desk, Older, Question, Quick, Tell};

/// Renames a loaded set, reported by [`Event::Renamed`](crate::worker::Event::Renamed).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameSet {
    pub from: String,
    pub to: String,
}

impl Question for RenameSet {
    type Answer = ();
    type Lane = Quick;
    const PURPOSE: &'static str = "rename the set";
    const OLDER: Older = Older::Done;

    fn find_out(self, desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        desk.library.rename(&self.from, &self.to)?;
        tell.tell(());
        Ok(())
    }
}

impl DataPane {
    /// Asks for the name of the set under the cursor.
    pub(super) fn ask_name(&mut self, lab: &mut Lab) {
        let Some(set) = lab.sets.get(self.set) else {
            return;
        };
        let from = set.name.clone();
        lab.open(NameForm {
            hint: "name",
            title: format!("Rename {from}"),
            about: "The name in the lists on the screen; the files are unchanged.",
            input: LineInput::proposed(from.clone()),
            problem: None,
            enter: ("rename", "rename the set"),
            cancel: "keep the old name",
            accept: Box::new(move |typed, lab| rename(&from, typed.trim(), lab)),
        });
    }
}

fn rename(from: &str, to: &str, lab: &mut Lab) -> Result<(), String> {
    if to.is_empty() {
        return Err("expected a name, got nothing".to_owned());
    }
    if to == from {
        return Ok(());
    }
    if lab.set(to).is_some() {
        return Err(format!(
            "a set named {to} already exists; choose another name"
        ));
    }
    let (from, to) = (from.to_owned(), to.to_owned());
    lab.then(move |pane: &mut DataPane, lab| {
        pane.renaming.ask(RenameSet { from, to }, &mut lab.out);
    });
    Ok(())
}

/// Unloads the set of this name; its files are kept. Reported by [`Event::Unloaded`](crate::worker::Event::Unloaded).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnloadSet(pub String);

impl Question for UnloadSet {
    type Answer = ();
    type Lane = Quick;
    const PURPOSE: &'static str = "unload the set";
    const OLDER: Older = Older::Done;

    fn find_out(self, desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        desk.library.unload(&self.0);
        tell.tell(());
        Ok(())
    }
}

impl DataPane {
    /// Why the set under the cursor cannot be unloaded now.
    pub(super) fn unload_blocked(&self, lab: &Lab) -> Option<String> {
        let Some(set) = lab.sets.get(self.set) else {
            return Some("no set is loaded".to_owned());
        };
        let run = lab
            .active_run()
            .filter(|run| run.in_use.set.dataset == set.name)?;
        Some(format!(
            "{} is training on {}; stop it first with s on the Train pane",
            run.facts.name, set.name
        ))
    }

    pub(super) fn unload(&mut self, lab: &mut Lab) {
        if let Some(set) = lab.sets.get(self.set) {
            let question = UnloadSet(set.name.clone());
            self.unloading.ask(question, &mut lab.out);
        }
    }
}
