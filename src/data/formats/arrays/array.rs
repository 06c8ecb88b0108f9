//! Reading one array, from an npz file or a file of its own: chunk by chunk, its header's sizes checked against what the file can hold; a long
//! array without compression is read by several threads, and its checksum combined from those of its parts.

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
use crate::data::format::{Limits, file_length};
use crate::data::progress::Progress;
use crate::wording::reason_of;

/// Bytes that are read and converted at a time: few enough to stay in the core's own cache.
const CHUNK: usize = 128 * 1024;

type Archive = ZipArchive<BufReader<File>>;

/// Where an array is.
#[derive(Clone, Debug)]
pub(in crate::data::formats) struct ArrayAt {
    /// Its name, which tells what it is: that in an npz file, or that of the file.
    pub name: String,
    file: PathBuf,
    /// Its name in the npz file `file`; without it the file is the array.
    entry: Option<String>,
    /// Its decompressed size with its header, as the file declares.
    bytes: u64,
}

impl ArrayAt {
    /// The arrays of the npz file at `path`, by name.
    pub fn in_npz(path: &Path) -> Result<Vec<Self>, DataError> {
        let mut archive = open(path)?;
        let mut arrays: Vec<Self> = (0..archive.len())
            .filter_map(|place| {
                let entry = archive.by_index_raw(place).ok()?;
                let name = array_name_from_file_name(&entry.name().ok()?)?.to_owned();
                Some(Self {
                    name: name.clone(),
                    file: path.to_owned(),
                    entry: Some(name),
                    bytes: entry.size(),
                })
            })
            .collect();
        arrays.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(arrays)
    }

    /// The array that is the npy file at `path`.
    pub fn in_npy(path: &Path) -> Self {
        Self {
            name: stem(path),
            file: path.to_owned(),
            entry: None,
            bytes: file_length(path),
        }
    }

    /// The same array under the name of its file.
    pub fn named_by_file(self) -> Self {
        Self {
            name: stem(&self.file),
            ..self
        }
    }

    /// File and array, as named in errors.
    pub fn place(&self) -> String {
        match &self.entry {
            Some(entry) => format!("{}, array {entry}", self.file.display()),
            None => self.file.display().to_string(),
        }
    }

    /// The lengths that the array's header declares.
    pub fn lengths(&self, reading: &Reading<'_>) -> Result<Vec<usize>, DataError> {
        self.open(reading, |array| Ok(array.header.lengths()))
    }

    /// Opens the array, checks that its header declares no more than the file can hold and the limits allow, and passes it to `read`.
    pub(super) fn open<R>(
        &self,
        reading: &Reading<'_>,
        read: impl FnOnce(Array<'_>) -> Result<R, DataError>,
    ) -> Result<R, DataError> {
        let length = fs::metadata(&self.file)
            .map_err(unreadable(&self.file))?
            .len();
        let Some(name) = &self.entry else {
            let file = File::open(&self.file).map_err(unreadable(&self.file))?;
            let whole = Whole {
                length,
                compression: CompressionMethod::Stored,
                bytes: length,
                start: Some(0),
                checksum: None,
            };
            return read(Array::new(self, whole, BufReader::new(file), reading)?);
        };
        let mut archive = open(&self.file)?;
        let entry = archive.by_name(&file_name_from_array_name(name));
        let entry = entry.map_err(|error| {
            Problem::NotZip(format!("array {name} cannot be read: {}", words(&error)))
                .at(self.file.display())
        })?;
        check_packer(entry.compression()).map_err(|problem| problem.at(self.place()))?;
        let whole = Whole {
            length: entry.compressed_size().min(length),
            compression: entry.compression(),
            bytes: entry.get_metadata().uncompressed_size,
            start: entry.data_start().filter(|_| !entry.encrypted()),
            checksum: Some(entry.crc32()),
        };
        read(Array::new(self, whole, entry, reading)?)
    }
}

/// Name of the file at `path` without its ending.
fn stem(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

fn open(path: &Path) -> Result<Archive, DataError> {
    let file = File::open(path).map_err(unreadable(path))?;
    ZipArchive::new(BufReader::with_capacity(CHUNK, file)).map_err(|error| match error {
        ZipError::Io(source) if source.kind() != io::ErrorKind::UnexpectedEof => {
            unreadable(path)(source)
        }
        other => Problem::NotZip(words(&other)).at(path.display()),
    })
}

/// The names of other compression methods than those that are read.
const PACKERS: [(CompressionMethod, &str); 6] = [
    (CompressionMethod::DEFLATE64, "Deflate64"),
    (CompressionMethod::BZIP2, "bzip2"),
    (CompressionMethod::LZMA, "LZMA"),
    (CompressionMethod::ZSTD, "Zstandard"),
    (CompressionMethod::XZ, "XZ"),
    (CompressionMethod::PPMD, "PPMd"),
];

/// Refuses a compression method that is not read.
fn check_packer(method: CompressionMethod) -> Result<(), Problem> {
    if [CompressionMethod::Stored, CompressionMethod::Deflated].contains(&method) {
        return Ok(());
    }
    let known = PACKERS.iter().find(|(other, _)| *other == method);
    Err(Problem::Packed(
        known.map_or("a method that is rarely used", |(_, name)| name),
    ))
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

/// What holds an array: a part of a zip archive, or a file.
struct Whole {
    /// Bytes in the file.
    length: u64,
    compression: CompressionMethod,
    /// Bytes of header and values, as declared.
    bytes: u64,
    /// Position of the array's own header in the file.
    start: Option<u64>,
    checksum: Option<u32>,
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
pub(in crate::data::formats) struct Reading<'a> {
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
    fn new(
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
