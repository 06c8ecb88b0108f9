//! Reading one array, from an npz file or a file of its own: chunk by chunk, its header's sizes checked against what the file can hold; a long
//! array without compression is read by several threads, and its checksum combined from those of its parts.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;
use zip::CompressionMethod;

use super::super::source::{MOST_INFLATION, Promise, Source, corrupt};
use super::header::{Header, promised};
use super::place::ArrayAt;
use crate::data::error::DataError;
use crate::data::format::Limits;
use crate::data::progress::Progress;

/// Bytes that are read and converted at a time: few enough to stay in the core's own cache.
const CHUNK: usize = 128 * 1024;

/// What holds an array: a part of a zip archive, or a file.
pub(super) struct Whole {
    /// Bytes in the file.
    pub length: u64,
    pub compression: CompressionMethod,
    /// Bytes of header and values, as declared.
    pub bytes: u64,
    /// Position of the array's own header in the file.
    pub start: Option<u64>,
    pub checksum: Option<u32>,
}

/// An array after reading its header, before its values.
pub(super) struct Array<'a> {
    pub header: Header,
    source: Source<'a>,
    /// All values.
    promise: Promise,
    /// Its position in the file, if it is not compressed and holds nothing but its values.
    stored: Option<Stored>,
    reading: &'a Reading<'a>,
}

/// The options and the progress of reading arrays, shared between threads.
pub(super) struct Reading<'a> {
    limits: &'a Limits,
    progress: &'a Progress<'a>,
    done: AtomicU64,
    /// Bytes of all arrays, as declared.
    all: u64,
}

impl<'a> Reading<'a> {
    pub fn new<'b>(
        limits: &'a Limits,
        progress: &'a Progress<'a>,
        arrays: impl Iterator<Item = &'b ArrayAt>,
    ) -> Self {
        Self {
            limits,
            progress,
            done: AtomicU64::new(0),
            all: arrays.fold(0, |all, array| all.saturating_add(array.bytes)),
        }
    }

    fn advance(&self, bytes: usize) -> Result<(), DataError> {
        let done = self.done.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64;
        self.progress.step(done.min(self.all), self.all)
    }
}

impl<'a> Array<'a> {
    /// The array that begins with `bytes`, after checking that its header declares no more than the file can hold and the limits allow.
    pub(super) fn new(
        at: &ArrayAt,
        whole: Whole,
        mut bytes: impl Read + 'a,
        reading: &'a Reading<'a>,
    ) -> Result<Self, DataError> {
        let place = at.place();
        let most = match whole.compression {
            CompressionMethod::Stored => whole.length,
            _ => whole.length.saturating_mul(MOST_INFLATION),
        };
        let most = most.min(whole.bytes);
        let mut counted = bytes.by_ref().take(u64::MAX);
        let header = Header::read(&mut counted, most).map_err(|problem| problem.at(&place))?;
        let header_bytes = u64::MAX - counted.limit();
        let value_bytes = header.element.bytes as u64;
        let promise = Promise {
            what: promised(&header.shape),
            bytes: header.values().saturating_mul(value_bytes),
        };
        let is_stored = whole.compression == CompressionMethod::Stored
            && whole.bytes.checked_sub(header_bytes) == Some(promise.bytes);
        let stored = whole.start.filter(|_| is_stored).map(|start| Stored {
            path: at.file.clone(),
            start,
            header_bytes,
            length: promise.bytes,
            checksum: whole.checksum,
        });
        let source = Source {
            place,
            path: None,
            bytes: Box::new(bytes),
            most,
            taken: 0,
        };
        source.check(&promise, reading.limits)?;
        Ok(Self {
            header,
            source,
            promise,
            stored,
            reading,
        })
    }

    /// File and array, as named in errors.
    pub(super) fn place(&self) -> &str {
        &self.source.place
    }

    /// Number of values.
    pub(super) fn len(&self) -> usize {
        self.promise.bytes as usize / self.header.element.bytes.max(1)
    }

    /// Reads all values, passes each chunk of them as bytes to `take` with the index of its first value, and checks that nothing
    /// follows and that the checksum is right.
    pub(super) fn read(
        &mut self,
        mut take: impl FnMut(usize, &[u8]) -> Result<(), DataError>,
    ) -> Result<(), DataError> {
        let bytes = self.header.element.bytes.max(1);
        let mut chunk = vec![0; CHUNK / bytes * bytes];
        let mut done = 0;
        while done < self.promise.bytes {
            let wanted = chunk.len().min((self.promise.bytes - done) as usize);
            let chunk = &mut chunk[..wanted];
            self.source.fill_whole(chunk, done, &self.promise)?;
            take(done as usize / bytes, chunk)?;
            self.reading.advance(wanted)?;
            done += wanted as u64;
        }
        self.source.end(&self.promise)
    }

    /// As [`read`](Self::read), into `values`, of which `take` gets those of its chunk, and with two threads where the array is long
    /// and not compressed. Returns the results of `take`, in order.
    pub(super) fn read_into<T: Send, R: Send>(
        &mut self,
        values: &mut [T],
        take: impl Fn(usize, &[u8], &mut [T]) -> Result<R, DataError> + Sync,
    ) -> Result<Vec<R>, DataError> {
        let bytes = self.header.element.bytes.max(1);
        let Some(stored) = self.stored.as_ref().filter(|stored| stored.is_worth_it()) else {
            let mut taken = Vec::new();
            self.read(|at, chunk| {
                taken.push(take(at, chunk, &mut values[at..at + chunk.len() / bytes])?);
                Ok(())
            })?;
            return Ok(taken);
        };
        let (reading, place) = (self.reading, &self.source.place);
        let failed = |error: io::Error| corrupt(self.promise.bytes, &error).at(place);
        stored.read(values, CHUNK, &failed, |at, chunk, values| {
            let taken = take(at, chunk, values)?;
            reading.advance(chunk.len())?;
            Ok(taken)
        })
    }
}

/// Threads per array: memory is the limit, and more than two are not faster.
const THREADS: usize = 2;
/// Bytes from which a second thread is worth its start.
const LEAST: u64 = 1 << 20;

/// The position in a file of an array that is not compressed.
struct Stored {
    path: PathBuf,
    /// Position of the array's own header in the file; its values follow.
    start: u64,
    header_bytes: u64,
    /// Bytes of all values.
    length: u64,
    /// CRC-32 of header and values, from the archive.
    checksum: Option<u32>,
}

impl Stored {
    /// Whether it is long enough for more than one thread.
    fn is_worth_it(&self) -> bool {
        self.length >= LEAST
    }

    /// Reads chunks of at most `chunk` bytes, passes each to `take` with the index of its first value and its part of `values`, and
    /// returns the results of `take`, in order. `failed` makes the error where the file cannot be read or its checksum is
    /// wrong.
    fn read<T: Send, R: Send, E: Send>(
        &self,
        values: &mut [T],
        chunk: usize,
        failed: &(impl Fn(io::Error) -> E + Sync),
        take: impl Fn(usize, &[u8], &mut [T]) -> Result<R, E> + Sync,
    ) -> Result<Vec<R>, E> {
        let mut checksum = crc32fast::Hasher::new();
        let mut header = vec![0; self.header_bytes as usize];
        let file = self.open_at(0);
        file.and_then(|mut file| file.read_exact(&mut header))
            .map_err(failed)?;
        checksum.update(&header);

        let part = values.len().div_ceil(THREADS).max(1);
        let bytes = self.length as usize / values.len().max(1);
        let read_part = |first: usize, values: &mut [T]| {
            let before = self.header_bytes + (first * bytes) as u64;
            let mut file = self.open_at(before).map_err(failed)?;
            let (mut checksum, mut taken) = (crc32fast::Hasher::new(), Vec::new());
            let per_chunk = chunk / bytes.max(1);
            let mut buffer = vec![0; per_chunk * bytes];
            for (place, values) in values.chunks_mut(per_chunk.max(1)).enumerate() {
                let buffer = &mut buffer[..values.len() * bytes];
                file.read_exact(buffer).map_err(failed)?;
                checksum.update(buffer);
                taken.push(take(first + place * per_chunk, buffer, values)?);
            }
            Ok((checksum, taken))
        };
        let parts = values.par_chunks_mut(part).enumerate();
        let parts: Vec<Result<_, E>> = parts
            .map(|(at, values)| read_part(at * part, values))
            .collect();
        let mut all = Vec::new();
        for part in parts {
            let (of_part, taken) = part?;
            checksum.combine(&of_part);
            all.extend(taken);
        }
        let found = checksum.finalize();
        match self.checksum.is_none_or(|expected| found == expected) {
            true => Ok(all),
            false => Err(failed(io::Error::other("its checksum is wrong"))),
        }
    }

    /// The file, positioned at `offset` bytes after the start of the array's header.
    fn open_at(&self, offset: u64) -> io::Result<File> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(self.start + offset))?;
        Ok(file)
    }
}
