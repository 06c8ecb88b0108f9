//! The actions of the browser, and what Enter does on the row under the cursor: open it, enter it, or refuse it.

use std::path::{Path, PathBuf};

use crossterm::event::KeyCode;

use super::{Browser, Row};
use crate::data::KnownSet;
use crate::data::browse::EntryKind;
use crate::data::formats;
use crate::lab::{Action, HasActions, Lab};
use crate::panes::data::{DataPane, task_form};
use crate::ui::Key;
use crate::ui::keys::{LIST_KEYS, PAGE};

impl HasActions for Browser {
    fn actions(&self, _lab: &Lab) -> Vec<Action<Self>> {
        let enter = match self.row() {
            Some(Row::Parent) => "go up",
            Some(Row::Known(known)) if known.must_be_fetched() => "fetch",
            Some(Row::Entry(entry) | Row::Recent(entry))
                if entry.is_folder && !entry.kind.is_data() =>
            {
                "go in"
            }
            _ => "open",
        };
        // Without a text there is nothing to delete or to go through.
        let is_empty = self.input.text().is_empty();
        let mut go_in = Action::of("browser.go_in", KeyCode::Tab, "go in")
            .help("enter the folder under the cursor, even if it can be opened")
            .does(Self::go_in);
        if is_empty {
            go_in = go_in.or(KeyCode::Right);
        }
        let mut actions = vec![
            Action::of("browser.open", KeyCode::Enter, enter)
                .help("open the set or enter the folder under the cursor")
                .does(|browser: &mut Self, lab| browser.take_row(false, lab)),
            Action::along(
                "browser.move",
                ("↑↓", LIST_KEYS),
                "choose",
                |browser: &mut Self, _, motion| {
                    browser.cursor = motion.along(browser.cursor, browser.rows().len(), PAGE);
                },
            )
            .help("move through the list"),
            go_in,
        ];
        if is_empty {
            let mut up = Action::of("browser.go_up", KeyCode::Backspace, "go up")
                .help("go to the parent folder")
                .does(|browser: &mut Self, _| browser.go_out())
                .or(KeyCode::Left)
                .or(Key::ctrl('h'));
            up.label.keys = "←".to_owned();
            actions.push(up);
        }
        actions.extend([
            Action::of("browser.options", Key::ctrl('o'), "options")
                .help("open with options: image size, share of test images, memory limit")
                .does(|browser: &mut Self, lab| browser.take_row(true, lab)),
            Action::of("browser.hidden", Key::ctrl('t'), "hidden")
                .help("show or hide hidden files; typing . also shows them")
                .does(|browser: &mut Self, _| {
                    browser.shows_hidden = !browser.shows_hidden;
                    browser.cursor = browser.first_row();
                }),
            Action::of("browser.close", KeyCode::Esc, "close")
                .help("close without opening a set")
                .does(|_, lab| lab.close()),
        ]);
        actions
    }
}

/// What a row asks for.
enum Wish {
    Open(String),
    /// With a form for the choices.
    Form(String),
    GoTo(PathBuf),
    /// The known set of this name.
    Fetch(String),
    Refuse(String),
}

impl Browser {
    /// Opens the row under the cursor, or enters it where there is nothing to open; `with_options` opens a form first.
    pub(super) fn take_row(&mut self, with_options: bool, lab: &mut Lab) {
        let choice = match self.wish() {
            Wish::Open(choice) if !with_options => {
                lab.close();
                let folder = self.listing().map(|listing| listing.folder.clone());
                return lab.then(move |pane: &mut DataPane, lab| {
                    pane.browse_from = folder;
                    pane.open(Some(choice), lab);
                });
            }
            Wish::Open(choice) | Wish::Form(choice) => choice,
            Wish::GoTo(folder) => return self.go_to(&folder),
            Wish::Fetch(name) => {
                lab.close();
                return task_form::fetch(KnownSet::by_name(&name), lab);
            }
            Wish::Refuse(reason) => return lab.refuse(reason),
        };
        lab.close();
        task_form::open_set(&choice, lab);
    }

    /// Enters the folder under the cursor, whatever is in it.
    pub(super) fn go_in(&mut self, lab: &mut Lab) {
        let folder = match self.row() {
            Some(Row::Entry(entry) | Row::Recent(entry)) if entry.is_folder => {
                Some(entry.path.clone())
            }
            Some(Row::Parent) => self.parent(),
            _ => None,
        };
        match folder {
            Some(folder) => self.go_to(&folder),
            None => lab.refuse("not a folder"),
        }
    }

    /// Goes to the parent folder.
    pub(super) fn go_out(&mut self) {
        if let Some(parent) = self.parent() {
            self.go_to(&parent);
        }
    }

    fn wish(&self) -> Wish {
        let nothing = || Wish::Refuse("nothing to open here".to_owned());
        match self.row() {
            Some(Row::Known(known)) if known.must_be_fetched() => Wish::Fetch(known.name.clone()),
            Some(Row::Known(known)) => Wish::Open(known.name.clone()),
            Some(Row::Recent(entry) | Row::Entry(entry)) => {
                let folder = self.listing().map(|listing| &listing.kind);
                wish_for(&entry.kind, &entry.path, &entry.name, folder)
            }
            Some(Row::Here(listing)) => {
                wish_for(&listing.kind, &listing.folder, &listing.title, None)
            }
            Some(Row::Parent) => self.parent().map_or_else(nothing, Wish::GoTo),
            None => self.typed_path().map_or_else(nothing, Wish::Open),
        }
    }
}

/// What Enter does on an entry; `folder` is the kind of the folder that it is in.
fn wish_for(kind: &EntryKind, path: &Path, name: &str, folder: Option<&EntryKind>) -> Wish {
    match kind {
        EntryKind::Data(format, _) => {
            let path = path.display().to_string();
            match format.asks {
                false => Wish::Open(path),
                true => Wish::Form(path),
            }
        }
        EntryKind::Folder | EntryKind::Sets(_) => Wish::GoTo(path.to_owned()),
        EntryKind::Closed => Wish::Refuse(format!(
            "{name}: cannot be read; check the permissions of the folder"
        )),
        EntryKind::Part(_, true) => Wish::Open(path.display().to_string()),
        EntryKind::Part(format, false) => {
            let instead = match folder {
                Some(EntryKind::Sets(_)) => "the training images of its set",
                _ => "its folder",
            };
            Wish::Refuse(format!(
                "{name} is a single {} of a data set; open {instead} instead",
                format.part
            ))
        }
        EntryKind::Unread(kind) => Wish::Refuse(format!(
            "{name} is {}, which is not read; {}",
            kind.one,
            kind.way(path)
        )),
        EntryKind::Instead(what) => Wish::Refuse(format!(
            "{name} is {what}, whatever its name says; get the file again from its source"
        )),
        EntryKind::File => Wish::Refuse(format!(
            "{name} is not a data set; {} can be opened",
            formats::all()
        )),
    }
}
