//! The browser: folders by keyboard alone, with recent and known sets at its top.

mod actions;
mod draw;

use std::path::{Path, PathBuf};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::data::browse::{self, Entry, KnownPlace, Listing};
use crate::data::{is_known_name, pasted_path};
use crate::lab::{Edit, Lab, LineInput, Overlay};
use crate::ui::search::best_match;
use crate::ui::theme::Theme;
use crate::wording::reason_of;
use crate::worker::{Asked, Beside, Desk, Question, Surroundings, Tell};

/// A folder to choose from. Typed text filters it; typed text with a `/` goes to another folder.
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
    /// Whether a folder was entered, so that recent paths and known names are no longer listed.
    has_left: bool,
    asked: Asked<ListFolder>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Row<'a> {
    Recent(&'a Entry),
    Known(&'a KnownPlace),
    /// The folder itself, which can be opened.
    Here(&'a Listing),
    /// The parent folder.
    Parent,
    Entry(&'a Entry),
}

impl Row<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Recent(entry) | Self::Entry(entry) => &entry.name,
            Self::Known(known) => &known.name,
            Self::Here(listing) => &listing.title,
            Self::Parent => "..",
        }
    }
}

impl Browser {
    pub(super) fn new(base: Option<PathBuf>, text: String) -> Self {
        Self {
            input: LineInput::new(text),
            base,
            ..Self::default()
        }
    }

    /// The typed text, up to its last `/` and after it.
    pub fn halves(&self) -> (&str, &str) {
        let text = self.input.text().trim_start();
        match text.rfind('/') {
            _ if text == "~" => ("~", ""),
            Some(slash) => text.split_at(slash + 1),
            None => ("", text),
        }
    }

    pub fn is_waiting(&self) -> bool {
        self.asked.is_waiting()
    }

    pub fn listing(&self) -> Option<&Listing> {
        self.shelf.as_ref()?.listing.as_ref().ok()
    }

    /// The rows to choose from, in order.
    pub fn rows(&self) -> Vec<Row<'_>> {
        let Some(shelf) = &self.shelf else {
            return Vec::new();
        };
        let (path, filter) = self.halves();
        let filter = filter.to_lowercase();
        let fits = |name: &str| filter.is_empty() || name.to_lowercase().contains(&filter);
        let (mut rows, mut elsewhere) = (Vec::new(), Vec::new());
        if path.is_empty() {
            if !self.has_left {
                let recent = shelf.recent.iter().filter(|entry| fits(&entry.name));
                rows.extend(recent.take(MOST_RECENT).map(Row::Recent));
            }
            // A whole name counts in any folder.
            let known = shelf.known.iter().filter(|known| match self.has_left {
                true => known.name == filter,
                false => fits(&known.name),
            });
            let mut known: Vec<&KnownPlace> = known.collect();
            // `mnist` is a part of other names as well.
            known.sort_by_key(|known| known.name != filter);
            let (to_fetch, others): (Vec<_>, Vec<_>) =
                known.into_iter().partition(|known| known.must_be_fetched());
            rows.extend(others.into_iter().map(Row::Known));
            elsewhere = to_fetch;
        }
        let elsewhere = elsewhere.into_iter().map(Row::Known);
        let Ok(listing) = &shelf.listing else {
            rows.extend(elsewhere);
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
        // A whole name, typed or pasted, is this one.
        entries.sort_by_key(|entry| entry.name.to_lowercase() != filter);
        rows.extend(entries.into_iter().map(Row::Entry));
        rows.extend(elsewhere);
        rows
    }

    pub fn row(&self) -> Option<Row<'_>> {
        self.rows().get(self.cursor).copied()
    }

    /// Where the cursor starts: on the most likely row, one that can be opened rather than the parent.
    fn first_row(&self) -> usize {
        let rows = self.rows();
        match self.halves().1 {
            "" => usize::from(rows.first() == Some(&Row::Parent) && rows.len() > 1),
            typed => best_match(rows.iter().map(Row::name), typed),
        }
    }

    fn go_to(&mut self, folder: &Path) {
        self.base = Some(folder.to_owned());
        self.has_left = true;
        self.input = LineInput::default();
        self.cursor = 0;
    }

    fn parent(&self) -> Option<PathBuf> {
        Some(self.listing()?.folder.parent()?.to_owned())
    }

    /// The typed text as a path, relative to the folder where typing started.
    fn typed_path(&self) -> Option<String> {
        let text = self.input.text().trim();
        if text.is_empty() {
            return None;
        }
        let is_whole =
            text.starts_with(['/', '~', '\'', '"']) || text.contains("://") || is_known_name(text);
        match &self.base {
            Some(base) if !is_whole => Some(base.join(text).display().to_string()),
            _ => Some(text.to_owned()),
        }
    }
}

impl Overlay for Browser {
    fn edit(&mut self, edit: &Edit, _lab: &mut Lab) -> bool {
        // The list follows what is typed, so a pasted path must be plain at once.
        match edit {
            Edit::Paste(text) => self.input.apply(&Edit::Paste(pasted_path(text))),
            edit => self.input.apply(edit),
        }
        self.cursor = self.first_row();
        true
    }

    fn is_typing(&self) -> bool {
        !self.input.text().is_empty()
    }

    fn ask(&mut self, lab: &mut Lab) {
        let folder = ListFolder {
            base: self.base.clone(),
            text: self.halves().0.to_owned(),
        };
        if self.asked.wanted() != Some(&folder) {
            // A slow folder does not delay the next one.
            self.asked.forget();
        }
        self.asked.want(Some(folder), &mut lab.out);
        if let Some(shelf) = self.asked.take() {
            self.shelf = Some(shelf);
            self.cursor = self.first_row();
        }
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        draw::draw(self, lab, area, buffer, theme);
    }
}

/// Maximum number of recent paths.
const MOST_RECENT: usize = 5;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListFolder {
    /// The folder that `text` is relative to; `None` is where the program was started.
    pub base: Option<PathBuf>,
    /// As a person writes it; empty is `base` itself.
    pub text: String,
}

/// Everything that can be opened from a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// The folder, or why it cannot be read.
    pub listing: Result<Listing, String>,
    /// Recent sets, the latest first.
    pub recent: Vec<Entry>,
    /// The known sets.
    pub known: Vec<KnownPlace>,
}

impl Question for ListFolder {
    type Answer = Shelf;
    type Lane = Beside;
    const PURPOSE: &'static str = "read the folder";

    fn find_out(self, desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let Surroundings { places, recent, .. } = &desk.surroundings;
        let listing = browse::list(places, self.base.as_deref(), &self.text);
        let recent = recent.list().into_iter().map(|set| {
            let path = Path::new(&set.data);
            let title = browse::title(places, path);
            Entry {
                name: set.with_data(title).to_string(),
                path: set.to_string().into(),
                ..browse::look(path)
            }
        });
        tell.tell(Shelf {
            listing: listing.map_err(|error| reason_of(&error)),
            recent: recent.collect(),
            known: browse::known(places),
        });
        Ok(())
    }
}
