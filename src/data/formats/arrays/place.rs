//! Where an array is: in an npz file, or in a file of its own.

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use npyz::npz::{array_name_from_file_name, file_name_from_array_name};
use zip::read::HasZipMetadata;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::super::signature::{binary, start_of};
use super::super::zip_archive::{self, unread_method, words};
use super::array::{Array, Reading, Whole};
use crate::data::error::{DataError, Problem, unreadable};
use crate::data::format::file_length;

/// Where an array is.
#[derive(Clone, Debug)]
pub(in crate::data::formats) struct ArrayAt {
    /// Its name, which tells what it is: that in an npz file, or that of the file.
    pub name: String,
    pub(super) file: PathBuf,
    /// Its name in the npz file `file`; without it the file is the array.
    entry: Option<String>,
    /// Its decompressed size with its header, as the file declares.
    pub(super) bytes: u64,
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
    pub(super) fn lengths(&self, reading: &Reading<'_>) -> Result<Vec<usize>, DataError> {
        self.open(reading, |array| Ok(array.header.lengths()))
    }

    /// Opens the array and passes it to `read`.
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
pub(in crate::data::formats) fn stem(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

fn open(path: &Path) -> Result<ZipArchive<BufReader<File>>, DataError> {
    zip_archive::open(path).map_err(|error| match error {
        ZipError::Io(source) if source.kind() != io::ErrorKind::UnexpectedEof => {
            unreadable(path)(source)
        }
        other => {
            let found = start_of(path).ok().and_then(|start| binary(&start));
            let found = found.map(|found| format!("this is {found}"));
            let reason = found.unwrap_or_else(|| words(&other));
            Problem::NotZip(reason).at(path.display())
        }
    })
}

/// Refuses a compression method that is not read.
fn check_packer(method: CompressionMethod) -> Result<(), Problem> {
    unread_method(method).map_or(Ok(()), |name| Err(Problem::Packed(name)))
}
