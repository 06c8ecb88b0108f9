//! Recently opened sets, kept across starts.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::DataError;
use super::opening::Opening;
use super::whole_file::WholeFile;
use crate::folders;

/// Maximum number of sets.
const MOST: usize = 20;

/// A file with one set per line, a path with the choices that it was opened with, the latest first.
#[derive(Clone, Debug, Default)]
pub struct Recent {
    /// `None` keeps nothing.
    file: Option<PathBuf>,
}

impl Recent {
    /// The user's own, on Linux `~/.local/state/convscope/recent`.
    pub fn of_user() -> Self {
        Self {
            file: folders::state_of_user().map(|folder| folder.join("recent")),
        }
    }

    /// Keeps them in `file`.
    pub fn at(file: impl Into<PathBuf>) -> Self {
        Self {
            file: Some(file.into()),
        }
    }

    /// What opens them, the latest first; those that no longer exist are skipped.
    pub fn list(&self) -> Vec<Opening> {
        let known = self.read();
        let known = known.iter().filter_map(|line| Opening::parse(line).ok());
        known.filter(|set| Path::new(&set.data).exists()).collect()
    }

    /// Puts a set first. One that does not fit on a line, such as a name with a line break, is not kept.
    ///
    /// # Errors
    /// Where the file cannot be written; it is then unchanged.
    pub fn add(&self, choice: &str) -> Result<(), DataError> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        if choice.contains(['\n', '\r']) {
            return Ok(());
        }
        let others = self.read().into_iter().filter(|other| other != choice);
        let lines: Vec<String> = std::iter::once(choice.to_owned())
            .chain(others)
            .take(MOST)
            .collect();
        WholeFile::of(file, lines.join("\n") + "\n")?.finish()
    }

    fn read(&self) -> Vec<String> {
        let text = self
            .file
            .as_ref()
            .and_then(|file| fs::read_to_string(file).ok());
        let text = text.unwrap_or_default();
        text.lines()
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_comes_first_and_what_is_gone_is_not_listed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("state/recent");
        let recent = Recent::at(&file);
        assert!(recent.list().is_empty());
        let path = |name: &str| folder.path().join(name).display().to_string();
        for name in ["one", "two words", "drei ä"] {
            fs::write(path(name), "").unwrap();
            recent.add(&path(name)).unwrap();
        }
        recent.add(&path("one?height=28&width=20")).unwrap();
        recent.add(&path("line\nend")).unwrap();
        // Another start of the program.
        let recent = Recent::at(&file);
        let expected = ["one?height=28&width=20", "drei ä", "two words", "one"].map(path);
        let listed: Vec<String> = recent.list().iter().map(Opening::to_string).collect();
        assert_eq!(listed, expected);
        fs::remove_file(path("drei ä")).unwrap();
        fs::remove_file(path("one")).unwrap();
        assert_eq!(recent.list().len(), 1);
    }

    #[test]
    fn no_more_than_twenty_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let recent = Recent::at(folder.path().join("recent"));
        for number in 0..30 {
            let path = folder.path().join(number.to_string());
            fs::write(&path, "").unwrap();
            recent.add(&path.display().to_string()).unwrap();
        }
        let list = recent.list();
        assert_eq!(list.len(), MOST);
        assert!(list[0].data.ends_with("29"));
    }

    #[test]
    fn without_a_place_nothing_is_kept() {
        let recent = Recent::default();
        recent.add("/").unwrap();
        assert!(recent.list().is_empty());
    }
}
