//! What becomes of the row under the cursor: opened, gone into, or refused.

use std::path::{Path, PathBuf};

use super::{Browser, Row};
use crate::data::browse::EntryKind;
use crate::data::formats;
use crate::data::tasks::{OPEN, TaskKind, opening};
use crate::lab::Lab;
use crate::panes::data::{DataPane, making};

/// What a row asks for.
enum Wish {
    Open(String),
    /// With a form of its own: there is more to say of it than its place.
    Form(&'static TaskKind, String),
    GoTo(PathBuf),
    Refuse(String),
}

impl Browser {
    /// Opens the row under the cursor, or goes in where there is nothing to open; `with_options` asks in a form what can be said of the
    /// opening.
    pub(super) fn take_row(&mut self, with_options: bool, lab: &mut Lab) {
        let (task, path) = match self.wish() {
            Wish::Open(choice) if !with_options => {
                lab.close();
                let folder = self.listing().map(|listing| listing.folder.clone());
                return lab.then(move |pane: &mut DataPane, lab| {
                    pane.browse_from = folder;
                    pane.open(Some(choice), lab);
                });
            }
            Wish::Open(choice) => (&OPEN, choice),
            Wish::Form(task, path) => (task, path),
            Wish::GoTo(folder) => return self.go_to(&folder),
            Wish::Refuse(reason) => return lab.refuse(reason),
        };
        lab.close();
        making::form(task, [path], lab);
    }

    /// Goes into the folder under the cursor, whatever is in it.
    pub(super) fn go_in(&mut self, lab: &mut Lab) {
        let folder = match self.row() {
            Some(Row::Entry(entry) | Row::Recent(entry)) if entry.kind.is_folder() => {
                Some(entry.path.clone())
            }
            Some(Row::Parent) => self.parent(),
            _ => None,
        };
        match folder {
            Some(folder) => self.go_to(&folder),
            None => lab.refuse("this is no folder to go into"),
        }
    }

    /// Goes to the folder that holds this one.
    pub(super) fn go_out(&mut self) {
        if let Some(parent) = self.parent() {
            self.go_to(&parent);
        }
    }

    fn wish(&self) -> Wish {
        let nothing = || Wish::Refuse("there is nothing to open here".to_owned());
        match self.row() {
            Some(Row::Known(known)) => Wish::Open(known.name.clone()),
            Some(Row::Recent(entry) | Row::Entry(entry)) => {
                wish_for(&entry.kind, &entry.path, &entry.name)
            }
            Some(Row::Here(listing)) => wish_for(&listing.kind, &listing.folder, &listing.title),
            Some(Row::Parent) => self.parent().map_or_else(nothing, Wish::GoTo),
            None => self.typed_path().map_or_else(nothing, Wish::Open),
        }
    }
}

fn wish_for(kind: &EntryKind, path: &Path, name: &str) -> Wish {
    match kind {
        EntryKind::Data(format, _) => {
            let path = path.display().to_string();
            match opening(format) {
                task if *task == OPEN => Wish::Open(path),
                task => Wish::Form(task, path),
            }
        }
        EntryKind::Folder => Wish::GoTo(path.to_owned()),
        EntryKind::Closed => Wish::Refuse(format!(
            "{name}: this folder may not be read; ask its owner for the permission"
        )),
        EntryKind::Part(format) => Wish::Refuse(format!(
            "{name} is one of a set's {}s: open the folder that holds them",
            format.part
        )),
        EntryKind::File => Wish::Refuse(format!("{name} is no data set: {} are", formats::all())),
    }
}
