//! Fetches a known set's files from its mirrors, or from a folder: resumed where it broke off, verified by content, completed
//! or not at all.

mod archive;
mod download;

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use self::download::{Download, Stop};
use super::error::{DataError, Problem, unwritable};
use super::formats::signature::{START, answer};
use super::idx;
use super::known::{KnownFile, KnownSet, Sum};
use super::progress::Progress;

/// Source and target of a fetch.
#[derive(Clone, Debug)]
pub struct FetchOptions {
    /// The folder for folders named like known sets; [`super::Places::user`] is searched by default.
    pub into: PathBuf,
    /// A URL or a folder with the set's files, or its archive, instead of the set's mirrors.
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

/// Fetches the files of `set` and returns their folder, immediately where they already exist. An archive of several sets brings them all,
/// each into a folder of its own.
///
/// Progress counts bytes. After a failure or cancellation, received data is kept beside the folder and not requested again.
pub fn fetch(
    set: &KnownSet,
    options: &FetchOptions,
    progress: &Progress<'_>,
) -> Result<PathBuf, DataError> {
    let target = options.into.join(set.name);
    if is_whole(&target, set.files) {
        return Ok(target);
    }
    let (name, wanted) = match set.archive {
        Some(archive) => (archive.name, std::slice::from_ref(&archive.file)),
        None => (set.name, set.files),
    };
    let staging = options.into.join(format!(".{name}.part"));
    fs::create_dir_all(&staging).map_err(unwritable(&staging))?;
    let mut done = 0;
    let all = set.bytes();
    let mut files = Vec::new();
    for file in wanted {
        progress.step(done, all)?;
        let work = Work {
            set,
            file,
            options,
            staging: &staging,
        };
        let got = work.get(&|bytes| progress.step((done + bytes).min(all), all));
        // Where nothing was received, nothing is left.
        files.push(got.inspect_err(|_| drop(fs::remove_dir(&staging)))?);
        done += file.bytes;
    }
    progress.step(all, all)?;
    sweep(&staging, &files)?;
    match set.archive {
        None => put_in_place(&staging, &files, &target)?,
        Some(archive) => {
            archive::unpack(archive, &files[0], &options.into, progress)?;
            // Nothing of value is left in it.
            let _ = fs::remove_dir_all(&staging);
        }
    }
    Ok(target)
}

/// Whether all of a set's files are in `folder`, and are what they should be.
fn is_whole(folder: &Path, files: &[KnownFile]) -> bool {
    files.iter().all(|file| {
        let path = find(folder, file);
        path.is_some_and(|path| check(&path, file).is_ok())
    })
}

/// The file in `folder` under its name, or any other that says the same of a file which is known by its content.
fn find(folder: &Path, file: &KnownFile) -> Option<PathBuf> {
    let named = Some(folder.join(file.name)).filter(|path| path.is_file());
    match file.sum {
        Some(Sum::Content(_)) => idx::like(folder, file.name),
        _ => named,
    }
}

/// Makes the folder `staging` of these files the folder `target`, in one step where there is none yet.
fn put_in_place(staging: &Path, files: &[PathBuf], target: &Path) -> Result<(), DataError> {
    if !target.exists() {
        return fs::rename(staging, target).map_err(unwritable(target));
    }
    for path in files {
        let name = path.file_name().unwrap_or_default();
        // Older files that would be read instead of the new ones.
        while let Some(old) = idx::like(target, &name.to_string_lossy()) {
            fs::remove_file(&old).map_err(unwritable(&old))?;
        }
        let place = target.join(name);
        fs::rename(path, &place).map_err(unwritable(&place))?;
    }
    // Nothing of value is left in it.
    let _ = fs::remove_dir_all(staging);
    Ok(())
}

/// Removes everything but `files`: data from servers that were given up, and what was being unpacked.
fn sweep(staging: &Path, files: &[PathBuf]) -> Result<(), DataError> {
    for entry in fs::read_dir(staging).map_err(unwritable(staging))? {
        let path = entry.map_err(unwritable(staging))?.path();
        if !files.contains(&path) {
            let removed = match path.is_dir() {
                true => fs::remove_dir_all(&path),
                false => fs::remove_file(&path),
            };
            removed.map_err(unwritable(&path))?;
        }
    }
    Ok(())
}

/// One file to fetch.
struct Work<'a> {
    set: &'a KnownSet,
    file: &'a KnownFile,
    options: &'a FetchOptions,
    /// Where files are kept until all are complete.
    staging: &'a Path,
}

impl Work<'_> {
    /// The complete, verified file in the staging folder.
    fn get(&self, received: &dyn Fn(u64) -> Result<(), DataError>) -> Result<PathBuf, DataError> {
        if let Some(path) = find(self.staging, self.file) {
            if check(&path, self.file).is_ok() {
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
        let Some(from) = find(folder, self.file) else {
            return Err(Problem::NotThere(self.file.name).at(folder.display()));
        };
        let title = self.set.title;
        check(&from, self.file)
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
        let name = self.file.name;
        let place = self.staging.join(name);
        let part = self.staging.join(format!("{name}.part"));
        let mut failures = Vec::new();
        for server in servers {
            let url = format!("{}/{name}", server.trim_end_matches('/'));
            let download = Download {
                url: &url,
                part: &part,
                bytes: self.file.bytes,
                patience: self.options.patience,
            };
            let mut result = download.run(received);
            for _ in 0..2 {
                if let Err(Stop::BrokeOff(_)) = result {
                    result = download.run(received);
                }
            }
            let reason = match result {
                Ok(()) => match check(&part, self.file) {
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
            file: name.to_owned(),
            failures: failures.join("; "),
        })
    }
}

/// Verifies a file by its checksum, if it has one; the error is a mismatch in words.
fn check(path: &Path, file: &KnownFile) -> Result<(), String> {
    let Some(sum) = &file.sum else { return Ok(()) };
    let reason = match sum.check(path) {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(reason)) => reason,
        Err(error) => error.to_string(),
    };
    let mut start = Vec::new();
    let opened = File::open(path);
    let read = opened.and_then(|file| file.take(START as u64).read_to_end(&mut start));
    Err(match (read, answer(&start)) {
        (Ok(_), Some(what)) => format!("it is {what}, not data"),
        _ => reason,
    })
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
