//! The browser: folders by keyboard alone, with what was opened lately and what has a name at its top.

mod actions;
mod draw;

use std::path::{Path, PathBuf};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{ListFolder, Shelf};
use crate::data::browse::{Entry, KnownPlace, Listing};
use crate::lab::{Edit, Lab, LineInput, Overlay};
use crate::ui::theme::Theme;
use crate::worker::Asked;

/// A folder to choose from. What is typed narrows it; what is typed with a `/` goes to another folder.
#[derive(Debug, Default)]
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
    asked: Asked<ListFolder>,
}

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
    pub(super) fn new(base: Option<PathBuf>, text: String) -> Self {
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

    /// Whether the answer for what is typed is still to come.
    pub fn is_waiting(&self) -> bool {
        self.asked.is_waiting()
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

    fn toggle_hidden(&mut self) {
        self.shows_hidden = !self.shows_hidden;
        self.cursor = self.first_row();
    }

    fn go_to(&mut self, folder: &Path) {
        self.base = Some(folder.to_owned());
        self.has_left = true;
        self.input = LineInput::default();
        self.cursor = 0;
    }

    /// The folder that holds the one shown.
    fn parent(&self) -> Option<PathBuf> {
        Some(self.listing()?.folder.parent()?.to_owned())
    }

    /// What is typed as a path of its own, seen from the folder that typing starts from.
    fn typed_path(&self) -> Option<String> {
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

impl Overlay for Browser {
    fn edit(&mut self, edit: &Edit, _lab: &mut Lab) -> bool {
        self.input.apply(edit);
        self.cursor = self.first_row();
        true
    }

    fn ask(&mut self, lab: &mut Lab) {
        let folder = ListFolder {
            base: self.base.clone(),
            text: self.halves().0.to_owned(),
        };
        if self.asked.wanted() != Some(&folder) {
            // One that lies far away does not hold the next one up.
            self.asked.forget();
        }
        self.asked.want(Some(folder), &mut lab.out);
        if let Some(shelf) = self.asked.take() {
            self.shelf = Some(shelf);
            self.cursor = self.first_row();
        }
    }

    fn draw(&self, _lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        draw::draw(self, area, buffer, theme);
    }
}

/// Recent paths that are offered.
const MOST_RECENT: usize = 5;
