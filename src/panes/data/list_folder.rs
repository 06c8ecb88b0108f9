//! What can be opened from a folder.

use std::path::PathBuf;

use crate::data::browse::{self, Entry, KnownPlace, Listing};
use crate::worker::{Beside, Desk, Question, Surroundings, Tell};

/// Which folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListFolder {
    /// Where it is seen from; `None` is where the program was started.
    pub base: Option<PathBuf>,
    /// As a person writes it; empty is `base` itself.
    pub text: String,
}

/// Everything that can be opened from a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// The folder, or why it cannot be read.
    pub listing: Result<Listing, String>,
    /// What was opened lately, the latest first.
    pub recent: Vec<Entry>,
    /// The sets that have names.
    pub known: Vec<KnownPlace>,
}

impl Question for ListFolder {
    type Answer = Shelf;
    type Lane = Beside;
    const PURPOSE: &'static str = "look into the folder";

    fn find_out(self, desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let Surroundings { places, recent, .. } = &desk.surroundings;
        let listing = browse::list(places, self.base.as_deref(), &self.text);
        let recent = recent.list().into_iter().map(|path| Entry {
            name: browse::title(places, &path),
            ..browse::look(&path)
        });
        tell.tell(Shelf {
            listing: listing.map_err(|error| error.to_string()),
            recent: recent.collect(),
            known: browse::known(places),
        });
        Ok(())
    }
}
