//! Tar archives, plain or gzipped: read once from beginning to end.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::Path;
use std::rc::Rc;

use flate2::read::MultiGzDecoder;
use tar::Entry;

use super::source::corrupt;
use crate::data::error::{DataError, Problem, unreadable};
use crate::data::format::file_length;
use crate::data::progress::Progress;

/// Bytes between the contents of two entries: headers, long names and what else describes an entry, which is held in memory.
const MOST_DESCRIPTION: u64 = 1 << 20;

/// The decompressed bytes of an archive.
pub(super) type Bytes = Bounded<Box<dyn Read>>;

/// Cancels the work, and reports how far it is.
pub(super) type Step<'a> = &'a dyn Fn() -> Result<(), DataError>;

/// Hands each entry of the archive at `path` to `visit`, which reads as much of it as it wants, in steps of the work on the whole file.
///
/// # Errors
/// Where the archive is damaged or ends early, where the work was cancelled, and those of `visit`.
pub(super) fn each_entry(
    path: &Path,
    progress: &Progress<'_>,
    mut visit: impl FnMut(&mut Entry<'_, Bytes>, Step<'_>) -> Result<(), DataError>,
) -> Result<(), DataError> {
    let taken = Cell::new(0);
    let damaged = |error: io::Error| damaged(taken.get(), error).at(path.display());
    let mut file = File::open(path).map_err(unreadable(path))?;
    let all = file_length(path);
    let mut start = [0; 2];
    let is_packed = file.read_exact(&mut start).is_ok() && start == [0x1f, 0x8b];
    let file = File::open(path).map_err(unreadable(path))?;
    let place = file.try_clone().map_err(unreadable(path))?;
    // How far the file is read is how far the work is.
    let step = || {
        let at = io::Seek::stream_position(&mut &place).unwrap_or(0);
        progress.step(at.min(all), all)
    };
    let file = BufReader::with_capacity(1 << 18, file);
    let left = Rc::new(Cell::new(MOST_DESCRIPTION));
    let bytes = Bounded {
        inner: match is_packed {
            true => Box::new(MultiGzDecoder::new(file)) as Box<dyn Read>,
            false => Box::new(file),
        },
        left: Rc::clone(&left),
    };
    let mut archive = tar::Archive::new(bytes);
    for entry in archive.entries().map_err(damaged)? {
        let mut entry = entry.map_err(damaged)?;
        step()?;
        left.set(u64::MAX);
        visit(&mut entry, &step)?;
        drain(&mut entry, &step)?.map_err(damaged)?;
        let read = u64::MAX - left.get();
        taken.set(taken.get() + read);
        // A sparse file is larger than what the archive has of it.
        if read < entry.size() && !entry.header().entry_type().is_gnu_sparse() {
            return Err(damaged(ErrorKind::UnexpectedEof.into()));
        }
        left.set(MOST_DESCRIPTION);
    }
    // What follows the last entry is padding, and the checksum of all.
    match io::copy(&mut archive.into_inner(), &mut io::sink()) {
        Err(error) if left.get() > 0 => Err(damaged(error)),
        _ => Ok(()),
    }
}

/// The problem of an archive that cannot be read on.
pub(super) fn damaged(after: u64, error: io::Error) -> Problem {
    match error.kind() {
        // The library's own words of a header.
        ErrorKind::Other if error.raw_os_error().is_none() => Problem::Corrupt {
            after,
            reason: "it has no header of a tar archive there".to_owned(),
        },
        _ => corrupt(after, &error),
    }
}

/// Reads an entry to its end, so that what follows it is the description of the next one.
fn drain(entry: &mut Entry<'_, Bytes>, step: Step<'_>) -> Result<io::Result<()>, DataError> {
    const PIECE: u64 = 1 << 22;
    loop {
        match io::copy(&mut entry.by_ref().take(PIECE), &mut io::sink()) {
            Ok(0) => return Ok(Ok(())),
            Ok(_) => step()?,
            Err(error) => return Ok(Err(error)),
        }
    }
}

/// Bytes of which only so many are read.
pub(super) struct Bounded<R> {
    inner: R,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.get();
        if left == 0 && !buffer.is_empty() {
            return Err(ErrorKind::InvalidData.into());
        }
        let most = usize::try_from(left).unwrap_or(usize::MAX);
        let most = buffer.len().min(most);
        let count = self.inner.read(&mut buffer[..most])?;
        self.left.set(left - count as u64);
        Ok(count)
    }
}
