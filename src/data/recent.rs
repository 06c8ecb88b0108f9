//! The paths of recently opened sets, kept across starts.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::DataError;
use super::whole_file::WholeFile;
use crate::folders;

/// Maximum number of paths.
const MOST: usize = 20;

/// A file with one path per line, the latest first.
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

    /// The paths, the latest first; those that no longer exist are skipped.
    pub fn list(&self) -> Vec<PathBuf> {
        let mut paths = self.read();
        paths.retain(|path| path.exists());
        paths
    }

    /// Puts `path` first. A path that does not fit on a line, such as a name with a line break, is not kept.
    ///
    /// # Errors
    /// Where the file cannot be written; it is then unchanged.
    pub fn add(&self, path: &Path) -> Result<(), DataError> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        let line = |path: &Path| {
            let text = path.to_str()?;
            (!text.contains(['\n', '\r'])).then(|| text.to_owned())
        };
        let Some(first) = line(path) else {
            return Ok(());
        };
        let others = self.read().into_iter().filter(|other| other != path);
        let lines: Vec<String> = std::iter::once(first)
            .chain(others.filter_map(|path| line(&path)))
            .take(MOST)
            .collect();
        WholeFile::of(file, lines.join("\n") + "\n")?.finish()
    }

    fn read(&self) -> Vec<PathBuf> {
        let text = self
            .file
            .as_ref()
            .and_then(|file| fs::read_to_string(file).ok());
        let text = text.unwrap_or_default();
        text.lines()
            .filter(|line| !line.is_empty())
            .map(PathBuf::from)
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
        let path = |name: &str| folder.path().join(name);
        for name in ["one", "two words", "drei ä"] {
            fs::write(path(name), "").unwrap();
            recent.add(&path(name)).unwrap();
        }
        recent.add(&path("one")).unwrap();
        recent.add(&path("line\nend")).unwrap();
        // Another start of the program.
        let recent = Recent::at(&file);
        let expected = ["one", "drei ä", "two words"].map(path);
        assert_eq!(recent.list(), expected);
        fs::remove_file(path("drei ä")).unwrap();
        assert_eq!(recent.list().len(), 2);
    }

    #[test]
    fn no_more_than_twenty_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let recent = Recent::at(folder.path().join("recent"));
        for number in 0..30 {
            let path = folder.path().join(number.to_string());
            fs::write(&path, "").unwrap();
            recent.add(&path).unwrap();
        }
        let list = recent.list();
        assert_eq!(list.len(), MOST);
        assert!(list[0].ends_with("29"));
    }

    #[test]
    fn without_a_place_nothing_is_kept() {
        let recent = Recent::default();
        recent.add(Path::new("/")).unwrap();
        assert!(recent.list().is_empty());
    }
}
