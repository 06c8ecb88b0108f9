//! The browser: folders by keyboard alone, with what was opened lately and what has a name at its top.

use std::path::{Path, PathBuf};

use crate::data::browse::{Entry, KnownPlace, Listing};
use crate::state::{Edit, LineInput};
use crate::worker::Shelf;

/// A folder to choose from. What is typed narrows it; what is typed with a `/` goes to another folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Browser {
    pub input: LineInput,
    pub shows_hidden: bool,
    /// Among [`Browser::rows`].
    pub cursor: usize,
    /// The latest answer.
    pub shelf: Option<Shelf>,
    /// The folder that typed paths start from; `None` is where the program was started.
    base: Option<PathBuf>,
    /// Whether a folder was gone into, so that recent paths and names are of no interest any more.
    has_left: bool,
    /// The latest request and what it was for.
    asked: Option<(u64, Place)>,
}

/// A folder as it is asked for.
type Place = (Option<PathBuf>, String);

/// A row of the browser.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Row<'a> {
    Recent(&'a Entry),
    Known(&'a KnownPlace),
    /// The folder itself, which can be opened.
    Here(&'a Listing),
    /// The folder that holds this one.
    Parent,
    Entry(&'a Entry),
}

impl Browser {
    pub(in crate::state) fn new(base: Option<PathBuf>, text: String) -> Self {
        Self {
            input: LineInput::new(text),
            base,
            ..Self::default()
        }
    }

    /// What is typed, up to its last `/` and after it.
    pub fn halves(&self) -> (&str, &str) {
        let text = self.input.text().trim_start();
        match text.rfind('/') {
            _ if text == "~" => ("~", ""),
            Some(slash) => text.split_at(slash + 1),
            None => ("", text),
        }
    }

    /// What narrows the folder.
    pub fn filter(&self) -> &str {
        self.halves().1
    }

    /// Whether a path is being typed.
    pub fn has_path(&self) -> bool {
        !self.halves().0.is_empty()
    }

    fn place(&self) -> Place {
        (self.base.clone(), self.halves().0.to_owned())
    }

    /// The folder to ask for, if it was not asked for yet.
    pub(in crate::state) fn wanted(&self) -> Option<(Option<PathBuf>, String)> {
        let place = self.place();
        let is_asked = self
            .asked
            .as_ref()
            .is_some_and(|(_, asked)| *asked == place);
        (!is_asked).then_some(place)
    }

    pub(in crate::state) fn ask(&mut self, request: u64) {
        self.asked = Some((request, self.place()));
    }

    pub(in crate::state) fn answer(&mut self, shelf: Shelf) {
        if self
            .asked
            .as_ref()
            .is_some_and(|(asked, _)| *asked == shelf.request)
        {
            self.shelf = Some(shelf);
            self.cursor = self.first_row();
        }
    }

    /// Whether the answer for what is typed is still to come.
    pub fn is_waiting(&self) -> bool {
        let asked = self.asked.as_ref().map(|(request, _)| *request);
        asked != self.shelf.as_ref().map(|shelf| shelf.request)
    }

    /// The folder that is shown.
    pub fn listing(&self) -> Option<&Listing> {
        self.shelf.as_ref()?.listing.as_ref().ok()
    }

    /// What can be chosen now, in its order.
    pub fn rows(&self) -> Vec<Row<'_>> {
        let Some(shelf) = &self.shelf else {
            return Vec::new();
        };
        let filter = self.filter().to_lowercase();
        let fits = |name: &str| filter.is_empty() || name.to_lowercase().contains(&filter);
        let mut rows = Vec::new();
        if !self.has_path() && !self.has_left {
            let recent = shelf.recent.iter().filter(|entry| fits(&entry.name));
            rows.extend(recent.take(MOST_RECENT).map(Row::Recent));
            let known = shelf.known.iter().filter(|known| fits(&known.name));
            rows.extend(known.map(Row::Known));
        }
        let Ok(listing) = &shelf.listing else {
            return rows;
        };
        if self.is_waiting() {
            return rows;
        }
        if filter.is_empty() {
            if listing.kind.is_data() {
                rows.push(Row::Here(listing));
            }
            if listing.folder.parent().is_some() {
                rows.push(Row::Parent);
            }
        }
        let hidden = self.shows_hidden || filter.starts_with('.');
        let mut entries: Vec<&Entry> = listing
            .entries
            .iter()
            .filter(|entry| fits(&entry.name) && (hidden || !entry.name.starts_with('.')))
            .collect();
        // Whoever types or pastes a whole name means this one.
        entries.sort_by_key(|entry| entry.name.to_lowercase() != filter);
        rows.extend(entries.into_iter().map(Row::Entry));
        rows
    }

    /// The row under the cursor.
    pub fn row(&self) -> Option<Row<'_>> {
        self.rows().get(self.cursor).copied()
    }

    /// Where the cursor starts: on what can be opened, not on the way out.
    fn first_row(&self) -> usize {
        let rows = self.rows();
        let is_parent = rows.first() == Some(&Row::Parent);
        usize::from(is_parent && rows.len() > 1)
    }

    pub(in crate::state) fn edit(&mut self, edit: &Edit) {
        self.input.apply(edit);
        self.cursor = self.first_row();
    }

    pub(in crate::state) fn toggle_hidden(&mut self) {
        self.shows_hidden = !self.shows_hidden;
        self.cursor = self.first_row();
    }

    pub(in crate::state) fn go_to(&mut self, folder: &Path) {
        self.base = Some(folder.to_owned());
        self.has_left = true;
        self.input = LineInput::default();
        self.cursor = 0;
    }

    /// The folder that holds the one shown.
    pub fn parent(&self) -> Option<PathBuf> {
        Some(self.listing()?.folder.parent()?.to_owned())
    }

    /// The folder that opening starts from the next time.
    pub(in crate::state) fn folder(&self) -> Option<PathBuf> {
        Some(self.listing()?.folder.clone())
    }

    /// What is typed as a path of its own, seen from the folder that typing starts from.
    pub fn typed_path(&self) -> Option<String> {
        let text = self.input.text().trim();
        if text.is_empty() {
            return None;
        }
        let is_whole = text.starts_with(['/', '~', '\'', '"']) || text.contains("://");
        match &self.base {
            Some(base) if !is_whole => Some(base.join(text).display().to_string()),
            _ => Some(text.to_owned()),
        }
    }
}

/// Recent paths that are offered.
const MOST_RECENT: usize = 5;
