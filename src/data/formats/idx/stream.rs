//! Reading one IDX file: decompressed, its header's sizes checked against what the file can hold.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};

use super::super::signature::{START, told};
use super::super::source::{MOST_INFLATION, Promise, Source};
use crate::data::dataset::{CLASSES, check_shape};
use crate::data::error::{DataError, Problem, unreadable};
use crate::data::format::Limits;
use crate::shape::Shape;

/// The shape of one image, and the pixels of all images.
pub(super) type Images = (Shape, Vec<u8>);

/// The bytes of one file.
pub(super) struct Stream(Source<'static>);

pub(super) fn open(path: &Path) -> Result<Stream, DataError> {
    let file = File::open(path).map_err(unreadable(path))?;
    let length = file.metadata().map_err(unreadable(path))?.len();
    let file = BufReader::with_capacity(256 * 1024, file);
    let mut stream = Stream::new(path.display().to_string(), Box::new(file), Some(length))?;
    stream.0.path = Some(path.to_owned());
    Ok(stream)
}

impl Stream {
    /// Decompresses `bytes` if they start like gzip, whatever the file's name.
    pub(super) fn new(
        place: String,
        mut bytes: Box<dyn BufRead>,
        length: Option<u64>,
    ) -> Result<Self, DataError> {
        let start = bytes.fill_buf();
        let start = start.map_err(|source| Problem::Unreadable(source).at(&place))?;
        let is_packed = start.starts_with(&[0x1f, 0x8b]);
        let most = length.unwrap_or(u64::MAX / MOST_INFLATION);
        Ok(Self(Source {
            place,
            path: None,
            most: most.saturating_mul(if is_packed { MOST_INFLATION } else { 1 }),
            bytes: match is_packed {
                true => Box::new(MultiGzDecoder::new(bytes)),
                false => bytes,
            },
            taken: 0,
        }))
    }

    /// The images of this file, `[images, height, width, channels]`.
    pub(super) fn images(mut self, limits: &Limits) -> Result<Images, DataError> {
        let magic = self.number()?;
        if magic != 0x803 && magic != 0x804 {
            return Err(self.other_magic(magic, "images", "0x00000803 or 0x00000804"));
        }
        let (images, height, width) = (self.number()?, self.number()?, self.number()?);
        let channels = if magic == 0x804 { self.number()? } else { 1 };
        let shape = Shape::new(height as usize, width as usize, channels as usize);
        check_shape(shape).map_err(|problem| self.wrong(problem))?;
        if images == 0 {
            return Err(self.wrong(Problem::EmptySplit));
        }
        let promise = Promise {
            what: format!("{images} images of {shape}"),
            bytes: u64::from(images) * shape.len() as u64,
        };
        Ok((shape, self.body(&promise, limits)?))
    }

    /// The labels of this file: of rows of numbers, the first column.
    pub(super) fn labels(mut self, limits: &Limits) -> Result<Vec<u16>, DataError> {
        let magic = self.number()?;
        let (width, has_columns) = match magic {
            0x801 => (1, false),
            0xb01 => (2, false),
            0xc01 => (4, false),
            0xc02 => (4, true),
            other => {
                let expected = "0x00000801, 0x00000b01, 0x00000c01 or 0x00000c02";
                return Err(self.other_magic(other, "labels", expected));
            }
        };
        let labels = self.number()?;
        let columns = if has_columns { self.number()? } else { 1 };
        if labels == 0 || columns == 0 {
            return Err(self.wrong(Problem::EmptySplit));
        }
        let row = u64::from(columns) * width;
        let promise = Promise {
            what: match has_columns {
                false => format!("{labels} labels"),
                true => format!("{labels} labels of {columns} columns"),
            },
            bytes: u64::from(labels).saturating_mul(row),
        };
        let bytes = self.body(&promise, limits)?;
        let first = |row: &[u8]| match row {
            [byte, ..] if width == 1 => Ok((*byte).into()),
            [high, low, ..] if width == 2 => Ok(u16::from_be_bytes([*high, *low])),
            row => {
                let number = i32::from_be_bytes([row[0], row[1], row[2], row[3]]);
                let label = u16::try_from(number).ok();
                let label = label.filter(|&label| usize::from(label) < *CLASSES.end());
                label.ok_or(number)
            }
        };
        let labels = bytes.chunks_exact(row as usize).map(first).enumerate();
        let labels = labels.map(|(index, label)| {
            label.map_err(|number| {
                let found = number.into();
                self.wrong(Problem::LabelValue { index, found })
            })
        });
        labels.collect()
    }

    /// Hashes the rest of the file.
    pub(super) fn hash(mut self, hasher: &mut Sha256) -> Result<(), DataError> {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let filled = self.0.fill(&mut buffer)?;
            hasher.update(&buffer[..filled]);
            if filled < buffer.len() {
                return Ok(());
            }
        }
    }

    /// The next number of the header.
    fn number(&mut self) -> Result<u32, DataError> {
        let mut bytes = [0; 4];
        let before = self.0.taken;
        match self.0.fill(&mut bytes)? {
            4 => Ok(u32::from_be_bytes(bytes)),
            found => Err(self.wrong(Problem::TruncatedHeader {
                expected: before + 4,
                found: before + found as u64,
            })),
        }
    }

    /// The bytes after the header, after checking that nothing follows them.
    fn body(&mut self, promise: &Promise, limits: &Limits) -> Result<Vec<u8>, DataError> {
        self.0.check(promise, limits)?;
        let mut bytes = vec![0; promise.bytes as usize];
        self.0.fill_whole(&mut bytes, 0, promise)?;
        self.0.end(promise)?;
        Ok(bytes)
    }

    /// The error for a file that starts with `magic`, which no file of `what` does.
    fn other_magic(&mut self, magic: u32, what: &'static str, expected: &'static str) -> DataError {
        let mut start = magic.to_be_bytes().to_vec();
        start.resize(START, 0);
        // What cannot be read is not recognized.
        let more = self.0.fill(&mut start[4..]).unwrap_or(0);
        let found = magic;
        self.wrong(match told(&start[..4 + more]) {
            Some(found) => Problem::AnotherThing { found, what },
            None => Problem::WrongMagic {
                what,
                expected,
                found,
            },
        })
    }

    fn wrong(&self, problem: Problem) -> DataError {
        problem.at(&self.0.place)
    }
}
