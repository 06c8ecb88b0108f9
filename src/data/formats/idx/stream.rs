//! Reading one IDX file: decompressed, its header's sizes checked against what the file can hold.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};

use super::super::source::{MOST_INFLATION, Promise, Source};
use crate::data::dataset::check_shape;
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
            return Err(self.wrong(Problem::WrongMagic {
                what: "images",
                expected: "0x00000803 or 0x00000804",
                found: magic,
            }));
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

    /// The labels of this file.
    pub(super) fn labels(mut self, limits: &Limits) -> Result<Vec<u16>, DataError> {
        let magic = self.number()?;
        if magic != 0x801 && magic != 0xb01 {
            return Err(self.wrong(Problem::WrongMagic {
                what: "labels",
                expected: "0x00000801 or 0x00000b01",
                found: magic,
            }));
        }
        let labels = self.number()?;
        if labels == 0 {
            return Err(self.wrong(Problem::EmptySplit));
        }
        let is_wide = magic == 0xb01;
        let promise = Promise {
            what: format!("{labels} labels"),
            bytes: u64::from(labels) * if is_wide { 2 } else { 1 },
        };
        let bytes = self.body(&promise, limits)?;
        Ok(match is_wide {
            false => bytes.into_iter().map(u16::from).collect(),
            true => {
                let (pairs, _) = bytes.as_chunks();
                pairs.iter().copied().map(u16::from_be_bytes).collect()
            }
        })
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

    fn wrong(&self, problem: Problem) -> DataError {
        problem.at(&self.0.place)
    }
}
