//! Files that are there whole or not at all: written beside the old one, synced, then renamed.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::error::DataError;

/// A file on its way to `path`; dropped before [`WholeFile::finish`], it leaves nothing behind.
pub(super) struct WholeFile {
    path: PathBuf,
    file: NamedTempFile,
}

impl WholeFile {
    /// Begins a file that will be at `path`, in a folder that is made where it is missing.
    pub(super) fn create(path: &Path) -> Result<Self, DataError> {
        let begin = || {
            let folder = folder(path);
            fs::create_dir_all(folder)?;
            let mut builder = Builder::new();
            builder.prefix(".convscope-").suffix(".part");
            #[cfg(unix)]
            {
                // As for any new file: what the user's mask leaves of it, not only the owner's rights.
                use std::os::unix::fs::PermissionsExt;
                builder.permissions(fs::Permissions::from_mode(0o666));
            }
            builder.tempfile_in(folder)
        };
        match begin() {
            Ok(file) => Ok(Self {
                path: path.to_owned(),
                file,
            }),
            Err(source) => Err(unwritable(path, source)),
        }
    }

    pub(super) fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// What the user is told when a write to this file fails.
    pub(super) fn failed(&self) -> impl Fn(io::Error) -> DataError + use<> {
        let path = self.path.clone();
        move |source| unwritable(&path, source)
    }

    /// Puts the file in its place, in one step.
    pub(super) fn finish(self) -> Result<(), DataError> {
        let Self { path, file } = self;
        let put = || {
            file.as_file().sync_all()?;
            file.persist(&path).map_err(|error| error.error)?;
            // A renaming lasts once the folder is on the disk; where folders can't be synced there is nothing to do.
            if let Ok(folder) = File::open(folder(&path)) {
                let _ = folder.sync_all();
            }
            Ok(())
        };
        put().map_err(|source| unwritable(&path, source))
    }
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

fn unwritable(path: &Path, source: io::Error) -> DataError {
    DataError::Unwritable {
        path: path.to_owned(),
        source,
    }
}
