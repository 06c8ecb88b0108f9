//! The user's own presets: files `NAME.yaml` in one folder, in addition to the built-in ones.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use super::preset::{BUILT_IN, Preset, PresetError};
use crate::folders;
use crate::network::NetworkSpec;
use crate::wording::reason_of;

/// The longest name of a preset, in bytes.
const LONGEST_NAME: usize = 64;

/// A folder of presets; it need not exist.
#[derive(Clone, Debug)]
pub struct PresetFolder {
    /// `None` if the user has no home folder.
    path: Option<PathBuf>,
}

/// Why a preset was not saved; nothing was changed then.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "each message describes its variant")]
pub enum SaveProblem {
    #[error(
        "`{0}` is not a valid preset name: expected 1 to {LONGEST_NAME} letters, digits, `-`, `_` and `.`, not starting with `.`"
    )]
    Name(String),
    #[error("`{0}` is a built-in preset; choose another name")]
    BuiltIn(String),
    #[error("your preset `{0}` already exists; replace it, or choose another name")]
    Exists(String),
    #[error(transparent)]
    Preset(#[from] PresetError),
    #[error("{}: cannot be written: {}; check the folder, its permissions and the free space", .path.display(), reason_of(.cause))]
    Write { path: PathBuf, cause: io::Error },
    #[error(
        "no folder for your presets: home folder not found; set HOME, or save the text as a file yourself"
    )]
    NoFolder,
}

impl PresetFolder {
    /// The user's preset folder, on Linux `~/.config/convscope/presets`.
    pub fn of_user() -> Self {
        let user = folders::of_user();
        Self {
            path: user.map(|user| user.config_dir().join("presets")),
        }
    }

    /// The preset folder at `path`.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self {
            path: Some(path.into()),
        }
    }

    /// Names and files of its presets, sorted by name. Files with other endings, and those hidden by a built-in preset's name, are
    /// skipped.
    pub fn list(&self) -> Vec<(String, PathBuf)> {
        let Some(entries) = self.path.as_ref().and_then(|path| fs::read_dir(path).ok()) else {
            return Vec::new();
        };
        let files = entries.filter_map(Result::ok).map(|entry| entry.path());
        let mut found: Vec<_> = files
            .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
            .filter_map(|path| Some((path.file_stem()?.to_str()?.to_owned(), path)))
            .filter(|(name, _)| check_name(name).is_ok())
            .collect();
        found.sort();
        found
    }

    /// Saves a preset's or a network's text under `name`, which becomes the `name:` in it; comments stay.
    ///
    /// The file is written beside the old one and then renamed. Returns its path.
    ///
    /// # Errors
    /// If the name is invalid or taken (by the user's own preset only if `replace` is false), the text is not a preset, or the file
    /// cannot be written.
    pub fn save(&self, name: &str, text: &str, replace: bool) -> Result<PathBuf, SaveProblem> {
        check_name(name)?;
        let folder = self.path.as_ref().ok_or(SaveProblem::NoFolder)?;
        let path = folder.join(format!("{name}.yaml"));
        let preset = Preset::parse(text, name)?;
        let named = NetworkSpec {
            name: name.to_owned(),
            ..preset.network()
        };
        let text = named.write_into(text);
        let write = || {
            fs::create_dir_all(folder)?;
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            if replace {
                file.persist(&path)
            } else {
                file.persist_noclobber(&path)
            }
            .map_err(|error| error.error)
        };
        match write() {
            Ok(_) => Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(SaveProblem::Exists(name.to_owned()))
            }
            Err(cause) => Err(SaveProblem::Write { path, cause }),
        }
    }
}

fn check_name(name: &str) -> Result<(), SaveProblem> {
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let whole = (1..=LONGEST_NAME).contains(&name.len()) && name.chars().all(legal);
    if !whole || name.starts_with('.') {
        return Err(SaveProblem::Name(name.to_owned()));
    }
    if BUILT_IN.iter().any(|(known, _)| *known == name) {
        return Err(SaveProblem::BuiltIn(name.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "name: a # the name\ninput: [28, 28, 1]\nclasses: 10\nlayers: # all\n  - flatten\n  - classify # last\nseed: 5 # five\n";

    #[test]
    fn what_is_saved_is_listed_and_keeps_its_comments() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = PresetFolder::at(temporary.path().join("presets"));
        assert!(folder.list().is_empty(), "no folder yet");
        let path = folder.save("mine-2", TEXT, false).unwrap();
        folder.save("mine-1", TEXT, false).unwrap();
        fs::write(temporary.path().join("presets/notes.txt"), "no preset").unwrap();
        let names: Vec<_> = folder.list().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["mine-1", "mine-2"]);
        let saved = fs::read_to_string(&path).unwrap();
        let expected = TEXT.replace("name: a # the name", "name: mine-2");
        assert_eq!(saved, expected);
        let preset = Preset::open(&path.to_string_lossy()).unwrap();
        assert_eq!((preset.name.as_str(), preset.seed), ("mine-2", 5));
    }

    #[test]
    fn names_that_are_taken_or_no_names_are_refused() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = PresetFolder::at(temporary.path());
        let path = folder.save("mine", TEXT, false).unwrap();
        let other = TEXT.replace("seed: 5", "seed: 6");
        let taken = folder.save("mine", &other, false).unwrap_err().to_string();
        assert!(taken.starts_with("your preset `mine`"), "{taken}");
        assert!(fs::read_to_string(&path).unwrap().contains("seed: 5"));
        folder.save("mine", &other, true).unwrap();
        assert!(fs::read_to_string(&path).unwrap().contains("seed: 6"));
        for name in [
            "",
            "../up",
            "a b",
            ".hidden",
            "fashion-bn4",
            &"x".repeat(65),
        ] {
            let refused = folder.save(name, TEXT, true);
            assert!(refused.is_err(), "{name}");
        }
        assert!(folder.save("broken", "layers: 3", true).is_err());
        assert_eq!(folder.list().len(), 1);
    }
}
