//! One IDX file as it is read: unpacked, its header believed only as far as the file can keep what it promises.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};

use crate::data::dataset::check_shape;
use crate::data::error::DataError;
use crate::data::format::{Limits, MOST_INFLATION};
use crate::shape::Shape;

/// The shape of one image, and the pixels of all.
pub(super) type Images = (Shape, Vec<u8>);

/// The unpacked bytes of one file, and what its errors say.
pub(super) struct Stream {
    /// The file, as errors name it.
    place: String,
    bytes: Box<dyn Read>,
    /// No more than this many bytes can come out.
    most: u64,
    taken: u64,
    path: Option<PathBuf>,
}

pub(super) fn open(path: &Path) -> Result<Stream, DataError> {
    let unreadable = |source| DataError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(unreadable)?;
    let length = file.metadata().map_err(unreadable)?.len();
    let file = BufReader::with_capacity(256 * 1024, file);
    let mut stream = Stream::new(path.display().to_string(), Box::new(file), Some(length))?;
    stream.path = Some(path.to_owned());
    Ok(stream)
}

impl Stream {
    /// Unpacks `bytes` where they begin as gzip does, whatever the file's name.
    pub(super) fn new(
        place: String,
        mut bytes: Box<dyn BufRead>,
        length: Option<u64>,
    ) -> Result<Self, DataError> {
        let packed = match bytes.fill_buf() {
            Ok(start) => start.starts_with(&[0x1f, 0x8b]),
            Err(source) => {
                return Err(DataError::Unreadable {
                    path: PathBuf::from(place),
                    source,
                });
            }
        };
        let most = length.unwrap_or(u64::MAX / MOST_INFLATION);
        Ok(if packed {
            Self {
                place,
                bytes: Box::new(MultiGzDecoder::new(bytes)),
                most: most.saturating_mul(MOST_INFLATION),
                taken: 0,
                path: None,
            }
        } else {
            Self {
                place,
                bytes,
                most,
                taken: 0,
                path: None,
            }
        })
    }

    /// Reads until `buffer` is full or the file ends; gives the number of bytes.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, DataError> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.bytes.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // A gzip stream that stops before its end: what is missing is told by what the header promised.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
                Err(error) => return Err(self.failure(filled as u64, error)),
            }
        }
        self.taken += filled as u64;
        Ok(filled)
    }

    fn failure(&self, further: u64, error: io::Error) -> DataError {
        let corrupt = matches!(
            error.kind(),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
        );
        match &self.path {
            Some(path) if !corrupt => DataError::Unreadable {
                path: path.clone(),
                source: error,
            },
            _ => DataError::Corrupt {
                place: self.place.clone(),
                after: self.taken + further,
                reason: error.to_string(),
            },
        }
    }

    /// The images of this file, `[images, height, width, channels]`.
    pub(super) fn images(mut self, limits: &Limits) -> Result<Images, DataError> {
        let magic = self.number()?;
        if magic != 0x803 && magic != 0x804 {
            return Err(self.wrong_magic("images", "0x00000803 or 0x00000804", magic));
        }
        let (images, height, width) = (self.number()?, self.number()?, self.number()?);
        let channels = if magic == 0x804 { self.number()? } else { 1 };
        let shape = Shape::new(height as usize, width as usize, channels as usize);
        check_shape(|| self.place.clone(), shape)?;
        if images == 0 {
            return Err(DataError::EmptySplit { place: self.place });
        }
        let expected = u64::from(images) * shape.len() as u64;
        Ok((
            shape,
            self.body(expected, format!("{images} images of {shape}"), limits)?,
        ))
    }

    /// The labels of this file.
    pub(super) fn labels(mut self, limits: &Limits) -> Result<Vec<u16>, DataError> {
        let magic = self.number()?;
        if magic != 0x801 && magic != 0xb01 {
            return Err(self.wrong_magic("labels", "0x00000801 or 0x00000b01", magic));
        }
        let labels = u64::from(self.number()?);
        if labels == 0 {
            return Err(DataError::EmptySplit { place: self.place });
        }
        let promised = format!("{labels} labels");
        Ok(if magic == 0x801 {
            let bytes = self.body(labels, promised, limits)?;
            bytes.into_iter().map(u16::from).collect()
        } else {
            let bytes = self.body(2 * labels, promised, limits)?;
            bytes
                .chunks_exact(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
                .collect()
        })
    }

    /// Hashes all that is left in the file.
    pub(super) fn hash(mut self, hasher: &mut Sha256) -> Result<(), DataError> {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let filled = self.fill(&mut buffer)?;
            hasher.update(&buffer[..filled]);
            if filled < buffer.len() {
                return Ok(());
            }
        }
    }

    /// The next number of the header.
    fn number(&mut self) -> Result<u32, DataError> {
        let mut bytes = [0; 4];
        let before = self.taken as usize;
        let found = self.fill(&mut bytes)?;
        if found == bytes.len() {
            return Ok(u32::from_be_bytes(bytes));
        }
        Err(DataError::TruncatedHeader {
            place: self.place.clone(),
            expected: before + bytes.len(),
            found: before + found,
        })
    }

    fn wrong_magic(&self, what: &'static str, expected: &'static str, found: u32) -> DataError {
        DataError::WrongMagic {
            place: self.place.clone(),
            what,
            expected,
            found: format!("0x{found:08x}"),
        }
    }

    /// The `expected` bytes after the header, and the certainty that nothing follows them.
    fn body(
        &mut self,
        expected: u64,
        promised: String,
        limits: &Limits,
    ) -> Result<Vec<u8>, DataError> {
        if expected > self.most {
            return Err(self.truncated(promised, expected, self.most.saturating_sub(self.taken)));
        }
        if expected > limits.decompressed_bytes {
            return Err(DataError::TooLarge {
                place: self.place.clone(),
                expected,
                limit: limits.decompressed_bytes,
            });
        }
        let mut bytes = vec![0; expected as usize];
        let found = self.fill(&mut bytes)?;
        if found < bytes.len() {
            return Err(self.truncated(promised, expected, found as u64));
        }
        // Reading on also makes the decoder compare the checksum at the end of a gzip stream.
        let mut beyond = [0];
        match self.bytes.read(&mut beyond) {
            Ok(0) => Ok(bytes),
            Ok(_) => Err(DataError::TooLong {
                place: self.place.clone(),
                promised,
                expected,
            }),
            Err(error) => Err(self.failure(0, error)),
        }
    }

    fn truncated(&self, promised: String, expected: u64, found: u64) -> DataError {
        DataError::Truncated {
            place: self.place.clone(),
            promised,
            expected,
            found,
        }
    }
}
