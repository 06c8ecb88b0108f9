//! Atomically written files and folders: written beside the old one, synced, then renamed.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, TempDir};

use super::error::{DataError, Problem, unwritable};

/// The suffix of unfinished files; readers ignore them.
const UNFINISHED: &str = ".part";

/// A file being written to `path`; dropped before [`WholeFile::finish`], it leaves nothing behind.
pub(super) struct WholeFile {
    path: PathBuf,
    file: NamedTempFile,
}

impl WholeFile {
    /// Starts a file for `path`, creating its folder if missing.
    pub fn create(path: &Path) -> Result<Self, DataError> {
        let begin = || {
            fs::create_dir_all(folder(path))?;
            beside(path)
        };
        Ok(Self {
            path: path.to_owned(),
            file: begin().map_err(unwritable(path))?,
        })
    }

    /// A file of these bytes, not yet in its place.
    pub fn of(path: &Path, bytes: impl AsRef<[u8]>) -> Result<Self, DataError> {
        let mut whole = Self::create(path)?;
        let written = whole.file().write_all(bytes.as_ref());
        written.map_err(unwritable(path))?;
        Ok(whole)
    }

    pub fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// The error of a failed write to this file.
    pub fn failed(&self) -> impl Fn(io::Error) -> DataError + use<> {
        let path = self.path.clone();
        move |source| unwritable(&path)(source)
    }

    /// Puts the file in its place, in one step.
    pub fn finish(self) -> Result<(), DataError> {
        let failed = self.failed();
        let folder = folder(&self.path);
        put(self.file, &self.path).map_err(failed)?;
        // A rename is durable once the folder is synced; where folders can't be synced there is nothing to do.
        let _ = sync_folder(folder);
        Ok(())
    }
}

/// A folder being written to `path`; dropped before [`WholeFolder::finish`], it leaves nothing behind.
pub(super) struct WholeFolder {
    path: PathBuf,
    unfinished: TempDir,
}

impl WholeFolder {
    /// Starts a folder for `path`, creating the one that it is in if missing.
    ///
    /// # Errors
    /// Where `path` exists and is no empty folder, since nothing that is there would be left.
    pub fn create(path: &Path) -> Result<Self, DataError> {
        if let Ok(mut entries) = fs::read_dir(path) {
            if let Some(Ok(entry)) = entries.next() {
                let found = entry.file_name().to_string_lossy().into_owned();
                return Err(Problem::NotEmpty(found).at(path.display()));
            }
        } else if path.exists() {
            return Err(Problem::NoFolder.at(path.display()));
        }
        let begin = || {
            fs::create_dir_all(folder(path))?;
            let prefix = prefix(path);
            let mut builder = Builder::new();
            builder.prefix(&prefix).suffix(UNFINISHED);
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                builder.permissions(fs::Permissions::from_mode(0o777));
            }
            builder.tempdir_in(folder(path)).map_err(plain)
        };
        Ok(Self {
            path: path.to_owned(),
            unfinished: begin().map_err(unwritable(path))?,
        })
    }

    /// The unfinished folder.
    pub fn inside(&self) -> &Path {
        self.unfinished.path()
    }

    /// The error of a failed write into this folder.
    pub fn failed(&self) -> impl Fn(io::Error) -> DataError + use<> {
        let path = self.path.clone();
        move |source| unwritable(&path)(plain(source))
    }

    /// Puts the folder in its place, in one step.
    pub fn finish(self) -> Result<(), DataError> {
        let failed = self.failed();
        sync_all(self.inside()).map_err(&failed)?;
        let written = self.unfinished.keep();
        // An empty folder is replaced.
        let put = fs::rename(&written, &self.path);
        if put.is_err() {
            // The first error is the one to tell.
            let _ = fs::remove_dir_all(&written);
        }
        put.map_err(failed)?;
        let _ = sync_folder(folder(&self.path));
        Ok(())
    }
}

/// Writes all files in `folder` to disk, together: one by one would take minutes where they are many.
#[cfg(target_os = "linux")]
fn sync_all(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

#[cfg(not(target_os = "linux"))]
fn sync_all(folder: &Path) -> io::Result<()> {
    sync_folder(folder)
}

/// Replaces the file at `path`, or creates it in an existing folder: a reader finds its old or its new content, never a part of
/// it.
///
/// # Errors
/// Where it cannot be written; the old content is kept.
pub fn replace_file(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = beside(path)?;
    file.write_all(content)?;
    put(file, path)?;
    sync_folder(folder(path))
}

/// An unfinished file beside `path`.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let prefix = prefix(path);
    let mut builder = Builder::new();
    builder.prefix(&prefix).suffix(UNFINISHED);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As for any file that a program creates, less the user's umask; a temporary file's own default is 0600.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder(path)).map_err(plain)
}

/// How the name of what becomes `path` begins while it is unfinished.
fn prefix(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // A long name would be too long with the additions around it.
    let name: String = name.chars().take(40).collect();
    format!(".{name}.")
}

/// The error without the name of the unfinished file, which would only confuse.
fn plain(error: io::Error) -> io::Error {
    let text = error.to_string();
    match text.split_once(" at path ") {
        Some((reason, _)) => io::Error::new(error.kind(), reason.to_owned()),
        None => error,
    }
}

fn put(file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.as_file().sync_all()?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// Makes a rename in `folder` survive a power cut; only Unix can, and only Unix needs it.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn replacing_leaves_the_new_content_and_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        replace_file(&path, b"old, and longer").unwrap();
        replace_file(&path, b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["a.txt"]);
    }

    #[test]
    fn a_replacement_that_fails_keeps_the_old_content() {
        let folder = tempfile::tempdir().unwrap();
        // A folder cannot be replaced by a file, so the rename fails after everything was written.
        let path = folder.path().join("a");
        std::fs::create_dir(&path).unwrap();
        std::fs::write(path.join("inside"), b"kept").unwrap();
        assert!(replace_file(&path, b"new").is_err());
        assert_eq!(std::fs::read(path.join("inside")).unwrap(), b"kept");
        assert_eq!(names(folder.path()), ["a"]);
    }

    #[test]
    fn a_folder_that_is_gone_is_told_without_the_unfinished_files_name() {
        let folder = tempfile::tempdir().unwrap();
        let error = replace_file(&folder.path().join("gone/a"), b"new").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert!(!error.to_string().contains(UNFINISHED), "{error}");
    }

    #[test]
    fn a_folder_is_there_once_it_is_whole_and_replaces_nothing() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("sets/it");
        let begun = WholeFolder::create(&path).unwrap();
        fs::write(begun.inside().join("a"), b"1").unwrap();
        drop(begun);
        assert_eq!(names(&place.path().join("sets")), [""; 0]);
        fs::create_dir(&path).unwrap();
        let whole = WholeFolder::create(&path).unwrap();
        fs::write(whole.inside().join("a"), b"2").unwrap();
        whole.finish().unwrap();
        assert_eq!(names(&place.path().join("sets")), ["it"]);
        assert_eq!(fs::read(path.join("a")).unwrap(), b"2");
        for (taken, expected) in [
            (path.clone(), "a is already there"),
            (path.join("a"), "a file"),
        ] {
            let error = WholeFolder::create(&taken).map(|_| ()).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        }
        // Filled by another program in the meantime.
        let other = place.path().join("other");
        let whole = WholeFolder::create(&other).unwrap();
        fs::create_dir(&other).unwrap();
        fs::write(other.join("mine"), b"").unwrap();
        assert!(whole.finish().is_err());
        assert_eq!(names(place.path()), ["other", "sets"]);
    }

    #[cfg(unix)]
    #[test]
    fn files_are_as_readable_as_any_other() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (ours, plain) = (folder.path().join("ours"), folder.path().join("plain"));
        replace_file(&ours, b"").unwrap();
        std::fs::write(&plain, b"").unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&plain));
    }
}
