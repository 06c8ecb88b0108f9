//! The text of a file in blocks of whole lines, so that it is never in memory as a whole and blocks can be parsed side by side.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

use super::super::signature::{is_gzip, told};
use super::super::source::corrupt;
use crate::data::error::{DataError, Problem, unreadable};

/// Bytes of a block, as long as its lines are shorter.
const BLOCK: usize = 1 << 19;
/// The longest line that is read: 512×512 pixels in colour, each with all its decimals.
const LONGEST: usize = 32 << 20;

/// Whole lines.
pub(super) struct Block {
    pub bytes: Vec<u8>,
    /// The number of the first line, from 1.
    pub line: usize,
}

/// A file being read.
pub(super) struct Text {
    path: PathBuf,
    bytes: Box<dyn Read + Send>,
    /// Bytes that were read from the file, compressed or not.
    taken: Arc<AtomicU64>,
    is_packed: bool,
    /// The beginning of the next block.
    rest: Vec<u8>,
    /// The number of its first line.
    line: usize,
    /// Bytes before it.
    before: u64,
}

impl Text {
    /// Opens a file; what begins like gzip is decompressed, whatever its name.
    pub fn open(path: &Path) -> Result<Self, DataError> {
        let taken = Arc::new(AtomicU64::new(0));
        let file = File::open(path).map_err(unreadable(path))?;
        let file = Counted {
            file,
            taken: Arc::clone(&taken),
        };
        let mut file = BufReader::with_capacity(1 << 18, file);
        let start = file.fill_buf().map_err(unreadable(path))?;
        let is_packed = is_gzip(start);
        let bytes: Box<dyn Read + Send> = match is_packed {
            true => Box::new(MultiGzDecoder::new(file)),
            false => Box::new(file),
        };
        let mut text = Self {
            path: path.to_owned(),
            bytes,
            taken,
            is_packed,
            rest: Vec::new(),
            line: 1,
            before: 0,
        };
        text.fill()?;
        text.begin()?;
        Ok(text)
    }

    /// Bytes of the file that were read so far.
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// Skips the mark of UTF-8, and refuses what is no text.
    fn begin(&mut self) -> Result<(), DataError> {
        if let Some(found) = no_table(&self.rest) {
            return Err(Problem::NotCsv(found).at(self.path.display()));
        }
        if self.rest.starts_with(b"\xef\xbb\xbf") {
            self.rest.drain(..3);
        }
        Ok(())
    }

    /// The next lines; `None` at the end of the file.
    pub fn next(&mut self) -> Result<Option<Block>, DataError> {
        loop {
            let is_whole = !self.fill()?;
            let end = match is_whole {
                true => Some(self.rest.len()),
                false => end_of_lines(&self.rest),
            };
            if let Some(end) = end {
                let rest = self.rest.split_off(end);
                let bytes = std::mem::replace(&mut self.rest, rest);
                let line = self.line;
                self.line += bytes.iter().filter(|byte| **byte == b'\n').count();
                self.before += bytes.len() as u64;
                return Ok((!bytes.is_empty()).then_some(Block { bytes, line }));
            }
            if self.rest.len() > LONGEST {
                let (line, limit) = (self.line, LONGEST);
                return Err(Problem::CsvLine { line, limit }.at(self.path.display()));
            }
        }
    }

    /// Reads on, by one block or as much again as there is; `false` at the end of the file.
    fn fill(&mut self) -> Result<bool, DataError> {
        let wanted = BLOCK.max(self.rest.len()) as u64;
        let read = self.bytes.by_ref().take(wanted).read_to_end(&mut self.rest);
        match read {
            Ok(count) => Ok(count as u64 == wanted),
            Err(error) => Err(self.failure(error)),
        }
    }

    fn failure(&self, error: io::Error) -> DataError {
        let is_damaged = matches!(
            error.kind(),
            ErrorKind::InvalidInput | ErrorKind::InvalidData | ErrorKind::UnexpectedEof
        );
        match self.is_packed && is_damaged {
            true => corrupt(self.before + self.rest.len() as u64, &error).at(self.path.display()),
            false => unreadable(&self.path)(error),
        }
    }
}

/// What a file is that begins like this and is no table.
pub(super) fn instead(start: &[u8]) -> Option<&'static str> {
    match is_gzip(start) {
        true => None,
        false => no_table(start),
    }
}

/// As [`instead`], of decompressed bytes.
fn no_table(start: &[u8]) -> Option<&'static str> {
    match start {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("text in UTF-16"),
        start if start[..start.len().min(1 << 10)].contains(&0) => {
            Some(told(start).unwrap_or("a file of binary data"))
        }
        start => told(start),
    }
}

/// Where the last whole line ends: at a line break outside quotation marks.
fn end_of_lines(bytes: &[u8]) -> Option<usize> {
    if !bytes.contains(&b'"') {
        let last = bytes.iter().rposition(|byte| *byte == b'\n');
        return last.map(|last| last + 1);
    }
    let (mut is_quoted, mut end) = (false, None);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' if !is_quoted => end = Some(at + 1),
            _ => {}
        }
    }
    end
}

/// A file that counts what is read of it.
struct Counted {
    file: File,
    taken: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.taken.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_outside_quotation_marks() {
        assert_eq!(end_of_lines(b"1,2\n3"), Some(4));
        assert_eq!(end_of_lines(b"1,2"), None);
        assert_eq!(end_of_lines(b"a\n\"b\nc\""), Some(2));
        assert_eq!(end_of_lines(b"\"b\nc\",1\n2"), Some(8));
        assert_eq!(end_of_lines(b"\"say \"\"no\"\"\"\n"), Some(13));
    }
}
