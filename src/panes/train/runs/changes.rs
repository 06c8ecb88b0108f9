//! Changes of runs: tags, notes, names, archive and bin.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::{Change, ChangeRuns, Changed, RunTable};
use crate::lab::{Lab, LineInput};
use crate::overlays::NameForm;
use crate::runs::{RunDigest, tag};
use crate::ui::format::{file_name, listed};
use crate::wording::counted;

/// A form for one text of some runs.
struct Text {
    title: String,
    about: &'static str,
    hint: &'static str,
    text: String,
    enter: (&'static str, &'static str),
    change: fn(&str) -> Result<Change, String>,
}

impl RunTable {
    /// Opens a form for the tags of the marked runs, or of the one under the cursor.
    pub(super) fn edit_tags(&mut self, lab: &mut Lab) {
        let runs = self.targets();
        let present: BTreeSet<&str> = runs
            .iter()
            .flat_map(|run| run.notes.tags.iter().map(String::as_str))
            .collect();
        let text = Text {
            title: format!("Tags of {}", name_of(&runs)),
            about: "Words separated by spaces, to find the runs by: tag:final. An empty line removes all.",
            hint: "final baseline",
            text: present.into_iter().collect::<Vec<_>>().join(" "),
            enter: ("save", "save the tags"),
            change: |text| {
                let tags = text.split_whitespace().map(tag);
                Ok(Change::Tags(tags.collect::<Result<_, _>>()?))
            },
        };
        self.ask_text(folders(&runs), text, lab);
    }

    /// Opens a form for the note of the run under the cursor.
    pub(super) fn edit_note(&mut self, lab: &mut Lab) {
        let Some(run) = self.run() else { return };
        let text = Text {
            title: format!("Note on {}", run.title()),
            about: "Free text. An empty line removes the note.",
            hint: "what was tried",
            text: run.notes.note.clone(),
            enter: ("save", "save the note"),
            change: |text| Ok(Change::Note(text.trim().to_owned())),
        };
        self.ask_text(vec![run.folder.clone()], text, lab);
    }

    /// Opens a form for the name of the run under the cursor.
    pub(super) fn rename(&mut self, lab: &mut Lab) {
        let Some(run) = self.run() else { return };
        let title = run.title();
        // Date and time stay.
        let name = title.splitn(3, '-').last().unwrap_or(&title).to_owned();
        let text = Text {
            title: format!("Rename {title}"),
            about: "The new name of the run's folder; its date and time stay.",
            hint: "name",
            text: name,
            enter: ("rename", "rename the run's folder"),
            change: |text| match text.trim() {
                "" => Err("Expected a name, got nothing.".to_owned()),
                name => Ok(Change::Rename(name.to_owned())),
            },
        };
        self.ask_text(vec![run.folder.clone()], text, lab);
    }

    fn ask_text(&self, folders: Vec<PathBuf>, text: Text, lab: &mut Lab) {
        let wishes = Rc::clone(&self.wishes);
        let change = text.change;
        lab.open_over(NameForm {
            title: text.title,
            about: text.about,
            hint: text.hint,
            input: LineInput::new(text.text),
            problem: None,
            enter: text.enter,
            cancel: "change nothing",
            accept: Box::new(move |text, _| {
                let change = change(text)?;
                let folders = folders.clone();
                wishes.borrow_mut().push(ChangeRuns { folders, change });
                Ok(())
            }),
        });
    }

    /// Archives the marked runs or the one under the cursor; if all of them are archived, the reverse.
    pub(super) fn archive(&mut self) {
        let runs = self.targets();
        let is_archived = runs.iter().all(|run| run.notes.archived);
        self.wish(folders(&runs), Change::Archive(!is_archived));
    }

    /// Moves the marked runs or the one under the cursor to the bin, or out of it.
    pub(super) fn delete_or_restore(&mut self) {
        let change = match self.shows_deleted {
            true => Change::Restore,
            false => Change::Delete,
        };
        self.wish(folders(&self.targets()), change);
    }

    fn wish(&self, folders: Vec<PathBuf>, change: Change) {
        let mut wishes = self.wishes.borrow_mut();
        wishes.push(ChangeRuns { folders, change });
    }

    /// Why the run's folder must stay where it is.
    pub(super) fn is_in_use(&self, runs: &[&RunDigest], lab: &Lab) -> Option<String> {
        let shown = lab.run.as_ref()?.facts.folder.as_deref()?;
        let is_shown = runs.iter().any(|run| run.folder == shown);
        is_shown.then(|| "this run is open; open another one first".to_owned())
    }

    /// Receives what was changed, and asks for the changes that are wanted.
    pub(super) fn ask_changes(&mut self, lab: &mut Lab) {
        let mut news = Vec::new();
        while let Some(answer) = self.change.next(&mut lab.out) {
            let changed = answer.cloned().ok();
            let question = self.change.answered().map(|(question, _)| question.clone());
            news.extend(question.zip(changed));
        }
        for (question, changed) in news {
            self.hear(&question.change, &changed, lab);
        }
        for wish in self.wishes.take() {
            self.change.ask(wish, &mut lab.out);
        }
    }

    fn hear(&mut self, change: &Change, changed: &Changed, lab: &mut Lab) {
        for (from, to) in &changed.done {
            if matches!(change, Change::Rename(_)) {
                self.marks.follow(from, to);
            }
        }
        let runs: Vec<String> = changed.done.iter().map(|(_, to)| title(to)).collect();
        let done = match &runs[..] {
            [] => String::new(),
            [one] => told(change, one),
            several => told(change, &counted(several.len(), "run")),
        };
        match changed.refused.is_empty() {
            true => lab.inform(done),
            false => {
                let mut said = vec![done];
                said.extend(
                    changed
                        .refused
                        .iter()
                        .map(|why| format!("Unchanged: {why}.")),
                );
                said.retain(|text| !text.is_empty());
                lab.refuse(said.join(" "));
            }
        }
        // A renamed run is found again below the cursor.
        if let ([(_, to)], Change::Rename(_)) = (&changed.done[..], change) {
            self.goes_to = Some(to.clone());
        }
        self.list_again();
    }
}

/// What was changed, in a sentence.
fn told(change: &Change, what: &str) -> String {
    match change {
        Change::Tags(tags) if tags.is_empty() => format!("{what}: no tags."),
        Change::Tags(tags) => {
            let tags: Vec<&String> = tags.iter().collect();
            format!("{what}: tagged {}.", listed(&tags))
        }
        Change::Note(note) if note.is_empty() => format!("{what}: no note."),
        Change::Note(_) => format!("{what}: note saved."),
        Change::Archive(true) => format!("{what}: archived; A shows archived runs, a undoes it."),
        Change::Archive(false) => format!("{what}: no longer archived."),
        Change::Rename(_) => format!("Renamed to {what}."),
        Change::Delete => {
            format!("{what}: moved to the bin; D shows deleted runs, d restores one.")
        }
        Change::Restore => format!("{what}: restored."),
    }
}

fn folders(runs: &[&RunDigest]) -> Vec<PathBuf> {
    runs.iter().map(|run| run.folder.clone()).collect()
}

fn name_of(runs: &[&RunDigest]) -> String {
    match runs {
        [one] => one.title(),
        several => counted(several.len(), "run"),
    }
}

fn title(folder: &Path) -> String {
    file_name(folder)
}
