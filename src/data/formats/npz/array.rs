//! Reading one array of an npz file: chunk by chunk, its header's sizes checked against what the file can hold; a long array without
//! compression is read by several threads, and its checksum combined from those of its parts.

use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use npyz::TypeChar;
use npyz::npz::{array_name_from_file_name, file_name_from_array_name};
use rayon::prelude::*;
use zip::read::HasZipMetadata;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::super::source::{MOST_INFLATION, Promise, Source, corrupt};
use super::header::{Header, promised};
use crate::data::error::{DataError, Problem, unreadable};
use crate::data::format::Limits;
use crate::data::progress::Progress;
use crate::wording::reason_of;

/// Bytes that are read and converted at a time: few enough to stay in the core's own cache.
const CHUNK: usize = 128 * 1024;

pub(super) type Archive = ZipArchive<BufReader<File>>;

pub(super) fn open(path: &Path) -> Result<Archive, DataError> {
    let file = File::open(path).map_err(unreadable(path))?;
    ZipArchive::new(BufReader::with_capacity(CHUNK, file)).map_err(|error| match error {
        ZipError::Io(source) if source.kind() != io::ErrorKind::UnexpectedEof => {
            unreadable(path)(source)
        }
        other => Problem::NotZip(words(&other)).at(path.display()),
    })
}

/// Why the archive, or an array in it, cannot be read.
fn words(error: &ZipError) -> String {
    let words = match error {
        ZipError::Io(error) => return reason_of(error),
        ZipError::InvalidArchive(_) => "it is not a complete zip archive",
        ZipError::FileNotFound => "it is missing",
        ZipError::UnsupportedArchive(_) | ZipError::InvalidPassword => {
            "it is encrypted, or of a kind of zip that is not supported"
        }
        ZipError::CompressionMethodNotSupported(_) => "its compression is not supported",
        _ => "it cannot be decompressed",
    };
    words.to_owned()
}

/// The names of the arrays in an npz file.
pub(super) fn names(archive: &Archive) -> Vec<String> {
    let names = archive.file_names().filter_map(Result::ok);
    let mut names: Vec<String> = names
        .filter_map(|name| array_name_from_file_name(&name).map(str::to_owned))
        .collect();
    names.sort();
    names
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

/// The options and the progress of reading an npz file, shared between threads.
pub(super) struct Reading<'a> {
    limits: &'a Limits,
    progress: &'a Progress<'a>,
    done: AtomicU64,
    /// Bytes of all arrays, from the archive's headers.
    all: u64,
}

impl<'a> Reading<'a> {
    pub(super) fn new(limits: &'a Limits, progress: &'a Progress<'a>, all: u64) -> Self {
        Self {
            limits,
            progress,
            done: AtomicU64::new(0),
            all,
        }
    }

    fn advance(&self, bytes: usize) -> Result<(), DataError> {
        let done = self.done.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64;
        self.progress.step(done.min(self.all), self.all)
    }
}

/// Decompressed size of everything in the file, as it declares.
pub(super) fn promised_bytes(archive: &mut Archive) -> u64 {
    (0..archive.len())
        .filter_map(|place| Some(archive.by_index_raw(place).ok()?.size()))
        .fold(0, u64::saturating_add)
}

impl<'a> Array<'a> {
    /// The array `name`, after checking that its header declares no more than the file can hold and the limits allow.
    pub(super) fn open(
        archive: &'a mut Archive,
        path: &Path,
        name: &str,
        reading: &'a Reading<'a>,
    ) -> Result<Self, DataError> {
        let file = fs::metadata(path).map_err(unreadable(path))?.len();
        let entry = archive.by_name(&file_name_from_array_name(name));
        let mut entry = entry.map_err(|error| {
            Problem::NotZip(format!("array {name} cannot be read: {}", words(&error)))
                .at(path.display())
        })?;
        let packed = entry.compressed_size().min(file);
        let most = match entry.compression() {
            CompressionMethod::Stored => packed,
            _ => packed.saturating_mul(MOST_INFLATION),
        };
        let most = most.min(entry.get_metadata().uncompressed_size);
        let place = format!("{}, array {name}", path.display());
        let mut counted = entry.by_ref().take(u64::MAX);
        let header = Header::read(&mut counted, most).map_err(|problem| problem.at(&place))?;
        let header_bytes = u64::MAX - counted.limit();
        let value_bytes = header.element.bytes as u64;
        let promise = Promise {
            what: promised(&header.shape),
            bytes: header.values().saturating_mul(value_bytes),
        };
        let is_stored = entry.compression() == CompressionMethod::Stored
            && !entry.encrypted()
            && entry.size().checked_sub(header_bytes) == Some(promise.bytes);
        let stored = entry.data_start().filter(|_| is_stored);
        let stored = stored.map(|start| Stored {
            path: path.to_owned(),
            start,
            header_bytes,
            length: promise.bytes,
            checksum: entry.crc32(),
        });
        let source = Source {
            place,
            path: None,
            bytes: Box::new(entry),
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
    checksum: u32,
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
        match checksum.finalize() == self.checksum {
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

macro_rules! convert {
    ($from:ty, $header:expr, $bytes:expr, $out:expr) => {{
        let values = $bytes.chunks_exact(size_of::<$from>());
        for (value, out) in values.zip($out.iter_mut()) {
            let value = value
                .try_into()
                .expect("a chunk has the bytes of one value");
            *out = if $header.big_endian {
                <$from>::from_be_bytes(value) as _
            } else {
                <$from>::from_le_bytes(value) as _
            };
        }
    }};
}

macro_rules! convert_any {
    ($header:expr, $bytes:expr, $out:expr) => {
        match ($header.element.kind, $header.element.bytes) {
            (TypeChar::Float, 4) => convert!(f32, $header, $bytes, $out),
            (TypeChar::Float, _) => convert!(f64, $header, $bytes, $out),
            (TypeChar::Int, 1) => convert!(i8, $header, $bytes, $out),
            (TypeChar::Int, 2) => convert!(i16, $header, $bytes, $out),
            (TypeChar::Int, 4) => convert!(i32, $header, $bytes, $out),
            (TypeChar::Int, _) => convert!(i64, $header, $bytes, $out),
            (TypeChar::UnicodeStr, _) | (_, 4) => convert!(u32, $header, $bytes, $out),
            (_, 1) => convert!(u8, $header, $bytes, $out),
            (_, 2) => convert!(u16, $header, $bytes, $out),
            _ => convert!(u64, $header, $bytes, $out),
        }
    };
}

/// The values in `bytes` → `out`; a text's letters are its values.
pub(super) fn to_f32(header: &Header, bytes: &[u8], out: &mut [f32]) {
    convert_any!(header, bytes, out);
}

/// As [`to_f32`], exact for every whole number up to 2⁵³.
pub(super) fn to_f64(header: &Header, bytes: &[u8], out: &mut [f64]) {
    convert_any!(header, bytes, out);
}

/// Values of an array of `shape` in Fortran's order → in C's order, `[shape[0], rest]`.
pub(super) fn from_fortran<T: Copy + Default>(shape: &[usize], values: &[T]) -> Vec<T> {
    let (images, rest) = match shape {
        [images, rest @ ..] => (*images, rest),
        [] => return values.to_vec(),
    };
    let length: usize = rest.iter().product();
    // Where in Fortran's order the values of image 0 are, in C's order of their indices.
    let places: Vec<usize> = (0..length)
        .map(|place| {
            let (mut place, mut lengths) = (place, length);
            let (mut offset, mut stride) = (0, images);
            for &axis in rest {
                lengths /= axis;
                offset += place / lengths * stride;
                place %= lengths;
                stride *= axis;
            }
            offset
        })
        .collect();
    let mut out = vec![T::default(); values.len()];
    // A few images at a time, so that what is read together is used together.
    for first in (0..images).step_by(16) {
        let last = (first + 16).min(images);
        for (place, &offset) in places.iter().enumerate() {
            for image in first..last {
                out[image * length + place] = values[offset + image];
            }
        }
    }
    out
}
