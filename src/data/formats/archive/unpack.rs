//! Unpacking the files of an untrusted archive: only into the folder given, and no more than there is room for.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use zip::ZipArchive;
use zip::result::ZipError;

use super::super::image_folder::APPLE;
use super::super::image_folder::note::named;
use super::super::source::corrupt;
use super::super::tar_archive::{Step, damaged, each_entry};
use super::super::zip_archive::{self, unread_method, words};
use super::ArchiveProblem;
use super::temporary::Temporary;
use crate::data::error::{DataError, Problem, unreadable};
use crate::data::format::file_length;
use crate::data::progress::Progress;

/// The most entries of a zip archive whose names are looked at before it is unpacked: several sets in one archive are few and large files.
const OUTLINED: usize = 2_000;

/// The longest name of an entry with its folders, and the longest of one of these.
const MOST_BYTES: usize = 1024;
const MOST_BYTES_OF_A_PART: usize = 255;

/// Unpacks the zip archive at `archive`. What was skipped is a note.
pub(super) fn zip(
    archive: &Path,
    into: &Temporary,
    progress: &Progress<'_>,
) -> Result<Option<String>, DataError> {
    let wrong = |problem: ArchiveProblem| Problem::from(problem).at(archive.display());
    let mut zip = zip_archive::open(archive).map_err(|error| match error {
        ZipError::Io(source) if source.kind() != ErrorKind::UnexpectedEof => {
            unreadable(archive)(source)
        }
        _ if is_split(archive) => wrong(ArchiveProblem::Split),
        other => wrong(ArchiveProblem::Broken(words(&other))),
    })?;
    // It may well hold less than it says; one that says more is refused before anything is written.
    let declared = zip.decompressed_size().unwrap_or(0);
    let declared = u64::try_from(declared).unwrap_or(u64::MAX);
    if declared > into.most() {
        return Err(into.too_large(archive, declared));
    }
    let mut unpacker = Unpacker::new(archive, into);
    let (mut done, all) = (0, file_length(archive));
    for number in 0..zip.len() {
        let size = zip_entry(&mut zip, number, &mut unpacker, &|| {
            progress.step(done.min(all), all)
        })?;
        done += size;
    }
    Ok(unpacker.note())
}

/// A name whose folders are separated by slashes; Windows's own programs have used backslashes.
fn separated(name: String) -> String {
    match name.contains('/') {
        true => name,
        false => name.replace('\\', "/"),
    }
}

/// The files of the zip archive at `archive` without their contents, in a folder of their own, where they are few.
pub(super) fn outline(archive: &Path, into: &Temporary) -> Option<TempDir> {
    let names = zip_archive::few_names(archive).filter(|names| names.len() <= OUTLINED)?;
    let outline = into.beside().ok()?;
    for name in names.into_iter().map(separated) {
        let Ok(Some(path)) = entry_path(name.as_bytes()) else {
            continue;
        };
        let path = outline.path().join(path);
        let is_folder = name.ends_with('/');
        let folder = if is_folder {
            Some(&*path)
        } else {
            path.parent()
        };
        fs::create_dir_all(folder?).ok()?;
        if !is_folder {
            File::create(&path).ok()?;
        }
    }
    Some(outline)
}

/// Unpacks one entry, and returns its size in the archive.
fn zip_entry(
    zip: &mut ZipArchive<impl Read + io::Seek>,
    number: usize,
    unpacker: &mut Unpacker<'_>,
    step: Step<'_>,
) -> Result<u64, DataError> {
    let in_archive = |name: &[u8], problem: Problem| {
        let name = String::from_utf8_lossy(name);
        problem.at(format_args!("{}, {name}", unpacker.archive.display()))
    };
    let broken = |error: &ZipError| Problem::from(ArchiveProblem::Broken(words(error)));
    let entry = zip.by_index_data(number);
    let entry = entry.map_err(|error| broken(&error).at(unpacker.archive.display()))?;
    let size = entry.compressed_size();
    // Archives often have names in UTF-8 without saying so.
    let name = match std::str::from_utf8(entry.name_raw()) {
        Ok(name) => name.to_owned(),
        Err(_) => match entry.name() {
            Ok(name) => name.into_owned(),
            Err(_) => String::from_utf8_lossy(entry.name_raw()).into_owned(),
        },
    };
    let name = separated(name);
    let name = name.as_bytes();
    if entry.is_symlink() {
        unpacker.skip(name, "a link");
        return Ok(size);
    }
    if name.ends_with(b"/") {
        unpacker.folder(name)?;
        return Ok(size);
    }
    if matches!(entry_path(name), Ok(None)) {
        return Ok(size);
    }
    if entry.encrypted() {
        return Err(in_archive(name, ArchiveProblem::Encrypted.into()));
    }
    if let Some(method) = unread_method(entry.compression()) {
        return Err(in_archive(name, ArchiveProblem::Packed(method).into()));
    }
    drop(entry);
    let mut entry = zip.by_index(number);
    let entry = entry
        .as_mut()
        .map_err(|error| in_archive(name, broken(error)))?;
    let failed = |after: u64, error: io::Error| in_archive(name, corrupt(after, &error));
    unpacker.file(name, entry, &failed, step)?;
    Ok(size)
}

/// Whether there are other parts of an archive that was split: `photos.z01` beside `photos.zip`.
fn is_split(archive: &Path) -> bool {
    archive.with_extension("z01").is_file()
}

/// Unpacks the tar archive at `archive`. What was skipped is a note.
pub(super) fn tar(
    archive: &Path,
    into: &Temporary,
    progress: &Progress<'_>,
) -> Result<Option<String>, DataError> {
    let mut unpacker = Unpacker::new(archive, into);
    each_entry(archive, progress, |entry, step| {
        let kind = entry.header().entry_type();
        let name = entry.path_bytes().into_owned();
        if kind.is_pax_global_extensions() {
            return Ok(());
        }
        if kind.is_dir() {
            return unpacker.folder(&name);
        }
        if kind.is_symlink() || kind.is_hard_link() {
            unpacker.skip(&name, "a link");
            return Ok(());
        }
        if !(kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse()) {
            unpacker.skip(&name, "no file");
            return Ok(());
        }
        let failed = |after: u64, error: io::Error| {
            let name = String::from_utf8_lossy(&name);
            damaged(after, error).at(format_args!("{}, {name}", archive.display()))
        };
        unpacker.file(&name, entry, &failed, step)
    })?;
    Ok(unpacker.note())
}

/// Writes what an archive holds.
struct Unpacker<'a> {
    archive: &'a Path,
    into: &'a Temporary,
    entries: usize,
    bytes: u64,
    buffer: Vec<u8>,
    /// The first entries that were not unpacked, with the reason.
    skipped: Vec<String>,
}

impl<'a> Unpacker<'a> {
    fn new(archive: &'a Path, into: &'a Temporary) -> Self {
        Self {
            archive,
            into,
            entries: 0,
            bytes: 0,
            buffer: vec![0; 1 << 18],
            skipped: Vec::new(),
        }
    }

    /// Makes the folder of this name.
    fn folder(&mut self, name: &[u8]) -> Result<(), DataError> {
        if let Some(path) = self.place(name)? {
            self.made(name, fs::create_dir_all(&path))?;
        }
        Ok(())
    }

    /// Writes a file of this name; `failed` is the error of bytes that cannot be read.
    fn file(
        &mut self,
        name: &[u8],
        from: &mut dyn Read,
        failed: &dyn Fn(u64, io::Error) -> DataError,
        step: Step<'_>,
    ) -> Result<(), DataError> {
        step()?;
        let Some(path) = self.place(name)? else {
            return Ok(());
        };
        let folder = path.parent().unwrap_or(self.into.root());
        if !folder.is_dir() && self.made(name, fs::create_dir_all(folder))?.is_none() {
            return Ok(());
        }
        let Some(mut file) = self.made(name, File::create(&path))? else {
            return Ok(());
        };
        let mut taken = 0;
        loop {
            let count = match from.read(&mut self.buffer) {
                Ok(0) => return Ok(()),
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(failed(taken, error)),
            };
            step()?;
            taken += count as u64;
            self.bytes += count as u64;
            if self.bytes > self.into.most() {
                return Err(self.into.too_large(self.archive, self.bytes));
            }
            let written = file.write_all(&self.buffer[..count]);
            written.map_err(|error| self.into.unwritable(&error))?;
        }
    }

    /// Where an entry is unpacked to, unless it is skipped.
    fn place(&mut self, name: &[u8]) -> Result<Option<PathBuf>, DataError> {
        self.entries += 1;
        let most = self.into.most_entries();
        if self.entries > most {
            let problem = Problem::from(ArchiveProblem::TooManyEntries(most));
            return Err(problem.at(self.archive.display()));
        }
        Ok(match entry_path(name) {
            Ok(path) => path.map(|path| self.into.root().join(path)),
            Err(reason) => {
                self.skip(name, reason);
                None
            }
        })
    }

    /// What was made on the disk; nothing where another entry has the same name, a file one and a folder the other.
    fn made<T>(&mut self, name: &[u8], made: io::Result<T>) -> Result<Option<T>, DataError> {
        use ErrorKind::{AlreadyExists, IsADirectory, NotADirectory};
        match made {
            Ok(made) => Ok(Some(made)),
            Err(error) if [AlreadyExists, IsADirectory, NotADirectory].contains(&error.kind()) => {
                self.skip(name, "both a file and a folder");
                Ok(None)
            }
            Err(error) => Err(self.into.unwritable(&error)),
        }
    }

    fn skip(&mut self, name: &[u8], reason: &str) {
        // More of them are not named.
        if self.skipped.len() < 4 && !matches!(entry_path(name), Ok(None)) {
            let name = String::from_utf8_lossy(name);
            self.skipped.push(format!("{name} ({reason})"));
        }
    }

    fn note(&self) -> Option<String> {
        let is_whole = self.skipped.is_empty();
        (!is_whole).then(|| format!("not unpacked: {}", named(&self.skipped)))
    }
}

/// The path below the archive's folder that an entry's name means, none for what is hidden or was added by macOS.
///
/// # Errors
/// The reason why the name is not used.
pub(super) fn entry_path(name: &[u8]) -> Result<Option<PathBuf>, &'static str> {
    if name.len() > MOST_BYTES {
        return Err("its name is too long");
    }
    if name.contains(&0) {
        return Err("its name has a zero byte");
    }
    let mut path = PathBuf::new();
    // A path from the root is one from the archive's folder, as for `tar`.
    for part in name.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => return Err("its name leads out of the archive"),
            _ if part.starts_with(b".") || part == APPLE.as_bytes() => return Ok(None),
            _ if part.len() > MOST_BYTES_OF_A_PART => return Err("its name is too long"),
            _ => path.push(os_str(part)),
        }
    }
    Ok(Some(path).filter(|path| !path.as_os_str().is_empty()))
}

/// A name that need not be text.
#[cfg(unix)]
fn os_str(bytes: &[u8]) -> &OsStr {
    std::os::unix::ffi::OsStrExt::from_bytes(bytes)
}

#[cfg(not(unix))]
fn os_str(bytes: &[u8]) -> std::ffi::OsString {
    String::from_utf8_lossy(bytes).into_owned().into()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    #[test]
    fn an_archive_has_no_more_entries_than_the_limit() {
        let folder = TempDir::new().unwrap();
        let (mut packed, mut tarred) = (
            ZipWriter::new(Cursor::new(Vec::new())),
            ::tar::Builder::new(Vec::new()),
        );
        for number in 0..4 {
            // Empty files take places too.
            let name = format!("{number}.png");
            let options = SimpleFileOptions::default();
            packed.start_file(&name, options).unwrap();
            let mut header = ::tar::Header::new_gnu();
            header.set_size(0);
            tarred.append_data(&mut header, name, io::empty()).unwrap();
        }
        for (name, bytes) in [
            ("a.zip", packed.finish().unwrap().into_inner()),
            ("a.tar", tarred.into_inner().unwrap()),
        ] {
            let archive = folder.path().join(name);
            fs::write(&archive, bytes).unwrap();
            let unpacked = |most: usize| {
                let into = Temporary::new("a", 1 << 20)
                    .unwrap()
                    .with_most_entries(most);
                match name {
                    "a.zip" => zip(&archive, &into, &Progress::silent()),
                    _ => tar(&archive, &into, &Progress::silent()),
                }
            };
            assert!(unpacked(4).is_ok(), "{name}");
            let error = unpacked(3).unwrap_err().to_string();
            let expected = format!(
                "{}: more than 3 entries; unpack the archive, and open a folder in it",
                archive.display()
            );
            assert_eq!(error, expected);
        }
    }
}
