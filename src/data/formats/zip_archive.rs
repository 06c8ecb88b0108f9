//! Zip archives: how they are opened, which of them are read, and why another one is not.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use crate::wording::reason_of;

/// Most entries of an archive that is only looked at.
const FEW: u16 = 20_000;

/// The archive in the file at `path`.
pub(super) fn open(path: &Path) -> Result<ZipArchive<BufReader<File>>, ZipError> {
    // Each entry begins with another read of as much as the buffer holds; contents are read past it.
    ZipArchive::new(BufReader::new(File::open(path)?))
}

/// The names in the archive at `path`, if it says at its very end that they are few.
pub(super) fn few_names(path: &Path) -> Option<Vec<String>> {
    /// The record of the end, without a comment; 0xffff entries are more than it can say.
    const END: usize = 22;
    let mut end = [0; END];
    let mut file = File::open(path).ok()?;
    file.seek(SeekFrom::End(-(END as i64))).ok()?;
    file.read_exact(&mut end).ok()?;
    let entries = u16::from_le_bytes([end[10], end[11]]);
    if !end.starts_with(b"PK\x05\x06") || entries > FEW {
        return None;
    }
    let archive = open(path).ok()?;
    Some(archive.file_names().flatten().map(Into::into).collect())
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

/// The name of a compression method that is not read.
pub(super) fn unread_method(method: CompressionMethod) -> Option<&'static str> {
    if [CompressionMethod::Stored, CompressionMethod::Deflated].contains(&method) {
        return None;
    }
    let known = PACKERS.iter().find(|(other, _)| *other == method);
    Some(known.map_or("a method that is rarely used", |(_, name)| name))
}

/// Why the archive, or an entry of it, cannot be read.
pub(super) fn words(error: &ZipError) -> String {
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
