//! Fetches a known set's files from its mirrors, or from a folder: resumed where it broke off, verified by content, completed
//! or not at all.

mod download;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sha2::{Digest, Sha256};

use self::download::{Download, Stop};
use super::error::{DataError, Problem, unwritable};
use super::hex::hex;
use super::idx;
use super::known::KnownSet;
use super::progress::Progress;

/// Source and target of a fetch.
#[derive(Clone, Debug)]
pub struct FetchOptions {
    /// The folder for folders named like known sets; [`super::Places::user`] is searched by default.
    pub into: PathBuf,
    /// A URL or a folder with the four files, instead of the set's mirrors.
    pub from: Option<String>,
    /// How long a server may send nothing before the next one is tried.
    pub patience: Duration,
}

impl FetchOptions {
    /// A fetch from the official mirrors into this folder.
    pub fn new(into: PathBuf) -> Self {
        Self {
            into,
            from: None,
            patience: Duration::from_secs(20),
        }
    }
}

/// Fetches the four files of `set` and returns their folder, immediately where they already exist.
///
/// Progress counts bytes. After a failure or cancellation, received data is kept beside the folder and not requested again.
pub fn fetch(
    set: &KnownSet,
    options: &FetchOptions,
    progress: &Progress<'_>,
) -> Result<PathBuf, DataError> {
    let target = options.into.join(set.name);
    if (0..4).all(|file| {
        idx::find(&target, idx::FILES[file])
            .is_some_and(|path| check(&path, set.sha256[file]).is_ok())
    }) {
        return Ok(target);
    }
    let staging = options.into.join(format!(".{}.part", set.name));
    fs::create_dir_all(&staging).map_err(unwritable(&staging))?;
    let mut done = 0;
    let all = set.packed_bytes.iter().sum();
    let mut files = Vec::new();
    for file in 0..4 {
        progress.step(done, all)?;
        let work = Work {
            set,
            name: idx::FILES[file],
            sha256: set.sha256[file],
            options,
            staging: &staging,
        };
        files.push(work.get(&|bytes| progress.step((done + bytes).min(all), all))?);
        done += set.packed_bytes[file];
    }
    progress.step(all, all)?;
    sweep(&staging, &files)?;
    if target.exists() {
        for (file, path) in files.iter().enumerate() {
            // Older files that would be read instead of the new ones.
            while let Some(old) = idx::find(&target, idx::FILES[file]) {
                fs::remove_file(&old).map_err(unwritable(&old))?;
            }
            let place = target.join(path.file_name().unwrap_or_default());
            fs::rename(path, &place).map_err(unwritable(&place))?;
        }
        // Nothing of value is left in it.
        let _ = fs::remove_dir_all(&staging);
    } else {
        fs::rename(&staging, &target).map_err(unwritable(&target))?;
    }
    Ok(target)
}

/// Removes everything but `files`: data from servers that were given up.
fn sweep(staging: &Path, files: &[PathBuf]) -> Result<(), DataError> {
    for entry in fs::read_dir(staging).map_err(unwritable(staging))? {
        let path = entry.map_err(unwritable(staging))?.path();
        if !files.contains(&path) {
            fs::remove_file(&path).map_err(unwritable(&path))?;
        }
    }
    Ok(())
}

/// One of the four files.
struct Work<'a> {
    set: &'a KnownSet,
    name: &'static str,
    sha256: &'static str,
    options: &'a FetchOptions,
    /// Where files are kept until all four are complete.
    staging: &'a Path,
}

impl Work<'_> {
    /// The complete, verified file in the staging folder.
    fn get(&self, received: &dyn Fn(u64) -> Result<(), DataError>) -> Result<PathBuf, DataError> {
        if let Some(path) = idx::find(self.staging, self.name) {
            if check(&path, self.sha256).is_ok() {
                return Ok(path);
            }
            fs::remove_file(&path).map_err(unwritable(&path))?;
        }
        match &self.options.from {
            Some(folder) if !folder.contains("://") => self.copy(Path::new(folder)),
            Some(url) => self.download(&[url.as_str()], received),
            None => self.download(self.set.mirrors, received),
        }
    }

    fn copy(&self, folder: &Path) -> Result<PathBuf, DataError> {
        let Some(from) = idx::find(folder, self.name) else {
            return Err(Problem::MissingFile(self.name).at(folder.display()));
        };
        let title = self.set.title;
        check(&from, self.sha256)
            .map_err(|reason| Problem::WrongContent { title, reason }.at(from.display()))?;
        let place = self.staging.join(from.file_name().unwrap_or_default());
        let part = self.staging.join("copy.part");
        fs::copy(&from, &part).map_err(unwritable(&place))?;
        put(&part, place)
    }

    /// Tries the servers in turn, each once more where it broke off, until one has sent the right content.
    fn download(
        &self,
        servers: &[&str],
        received: &dyn Fn(u64) -> Result<(), DataError>,
    ) -> Result<PathBuf, DataError> {
        let name = format!("{}.gz", self.name);
        let place = self.staging.join(&name);
        let part = self.staging.join(format!("{name}.part"));
        let mut failures = Vec::new();
        for server in servers {
            let url = format!("{}/{name}", server.trim_end_matches('/'));
            let download = Download {
                url: &url,
                part: &part,
                patience: self.options.patience,
            };
            let mut result = download.run(received);
            for _ in 0..2 {
                if let Err(Stop::BrokeOff(_)) = result {
                    result = download.run(received);
                }
            }
            let reason = match result {
                Ok(()) => match check(&part, self.sha256) {
                    Ok(()) => {
                        let place = put(&part, place)?;
                        download.forget();
                        return Ok(place);
                    }
                    Err(reason) => {
                        // The next server has to start over.
                        fs::remove_file(&part).map_err(unwritable(&part))?;
                        reason
                    }
                },
                Err(Stop::BrokeOff(reason) | Stop::Refused(reason)) => reason,
                Err(Stop::Failed(error)) => return Err(error),
            };
            failures.push(format!("{url}: {reason}"));
        }
        Err(DataError::Fetch {
            file: name,
            failures: failures.join("; "),
        })
    }
}

/// Verifies the decompressed content of a file; the error is a mismatch in words.
fn check(path: &Path, sha256: &str) -> Result<(), String> {
    let mut hasher = Sha256::new();
    idx::hash(path, &mut hasher).map_err(|error| error.to_string())?;
    let found = hex(&hasher.finalize());
    if found == sha256 {
        Ok(())
    } else {
        Err(format!(
            "its content has SHA-256 {found}, expected {sha256}"
        ))
    }
}

/// Renames a complete file to its final name.
fn put(part: &Path, place: PathBuf) -> Result<PathBuf, DataError> {
    let put = || {
        File::open(part)?.sync_all()?;
        fs::rename(part, &place)
    };
    put().map_err(unwritable(&place))?;
    Ok(place)
}
