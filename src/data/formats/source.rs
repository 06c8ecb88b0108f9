//! The decompressed bytes of an untrusted file: a header's sizes are checked against what the file can hold.

use std::io::{self, ErrorKind, Read};
use std::path::PathBuf;

use crate::data::error::{DataError, Problem};
use crate::data::format::Limits;
use crate::wording::reason_of;

/// A deflate stream cannot grow by more than this factor (RFC 1951: 258 bytes for two bits).
pub(super) const MOST_INFLATION: u64 = 1032;

/// A file being read, with the context of its errors.
pub(super) struct Source<'a> {
    /// The file, and the array in it, as named in errors.
    pub place: String,
    /// The path for errors of the system, as opposed to errors in the compressed data.
    pub path: Option<PathBuf>,
    pub bytes: Box<dyn Read + 'a>,
    /// The most bytes that can come out.
    pub most: u64,
    pub taken: u64,
}

/// The data that a header declares.
#[derive(Clone)]
pub(super) struct Promise {
    /// `60000 labels`.
    pub what: String,
    pub bytes: u64,
}

impl Source<'_> {
    /// Reads until `buffer` is full or the data ends; returns the number of bytes.
    pub fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, DataError> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.bytes.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // A compressed stream that stops before its end: the header's declaration shows what is missing.
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => break,
                Err(error) => return Err(self.failure(filled as u64, error)),
            }
        }
        self.taken += filled as u64;
        Ok(filled)
    }

    /// As [`fill`](Self::fill), where fewer bytes are an error: `before` of the declared bytes were read already.
    pub fn fill_whole(
        &mut self,
        buffer: &mut [u8],
        before: u64,
        promise: &Promise,
    ) -> Result<(), DataError> {
        let found = self.fill(buffer)?;
        match found < buffer.len() {
            true => Err(self.truncated(promise, before + found as u64)),
            false => Ok(()),
        }
    }

    /// Checks that nothing follows the declared data, and that a checksum at the end is right: reading on compares it.
    pub fn end(&mut self, promise: &Promise) -> Result<(), DataError> {
        match io::copy(&mut self.bytes.by_ref().take(1), &mut io::sink()) {
            Ok(0) => Ok(()),
            Ok(_) => Err(Problem::TooLong {
                promised: promise.what.clone(),
                expected: promise.bytes,
            }
            .at(&self.place)),
            Err(error) => Err(self.failure(0, error)),
        }
    }

    /// Refuses a declared size that the file cannot hold, or that is above the limits.
    pub fn check(&self, promise: &Promise, limits: &Limits) -> Result<(), DataError> {
        let (expected, limit) = (promise.bytes, limits.decompressed_bytes);
        match expected > self.most {
            true => Err(self.truncated(promise, self.most.saturating_sub(self.taken))),
            false if expected > limit => Err(Problem::TooLarge { expected, limit }.at(&self.place)),
            false => Ok(()),
        }
    }

    fn truncated(&self, promise: &Promise, found: u64) -> DataError {
        Problem::Truncated {
            promised: promise.what.clone(),
            expected: promise.bytes,
            found,
        }
        .at(&self.place)
    }

    /// The error of a read that failed `further` bytes after those already returned.
    fn failure(&self, further: u64, error: io::Error) -> DataError {
        let is_corrupt = matches!(
            error.kind(),
            ErrorKind::InvalidInput | ErrorKind::InvalidData | ErrorKind::UnexpectedEof
        );
        match &self.path {
            Some(path) if !is_corrupt => Problem::Unreadable(error).at(path.display()),
            _ => corrupt(self.taken + further, &error).at(&self.place),
        }
    }
}

/// The problem of compressed data that cannot be read on.
pub(super) fn corrupt(after: u64, error: &io::Error) -> Problem {
    let reason = match error.kind() {
        // The decoder tells more than a person can use.
        ErrorKind::InvalidInput | ErrorKind::InvalidData => "it cannot be decompressed".to_owned(),
        _ => reason_of(error),
    };
    Problem::Corrupt { after, reason }
}
