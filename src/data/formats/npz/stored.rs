//! An array that is not compressed, read by several threads, its checksum put together from those of its parts.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;

use rayon::prelude::*;

/// Threads for one array: memory is the limit, and more than two gain nothing.
const THREADS: usize = 2;
/// Bytes from which a second thread is worth its start.
const LEAST: u64 = 1 << 20;

/// Where in a file an array lies that is not compressed.
pub(super) struct Stored {
    pub path: PathBuf,
    /// Place of the array's own header in the file; its values follow.
    pub start: u64,
    pub header_bytes: u64,
    /// Bytes of all values.
    pub length: u64,
    /// CRC-32 of header and values, as the archive has it.
    pub checksum: u32,
}

/// Why an array could not be read.
pub(super) enum Problem<E> {
    /// Of the file, or of the checksum.
    Read(io::Error),
    /// From the one who took the values.
    Taken(E),
}

impl<E> From<io::Error> for Problem<E> {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

impl Stored {
    /// Whether it is long enough for more than one thread.
    pub fn is_worth_it(&self) -> bool {
        self.length >= LEAST
    }

    /// Reads chunks of at most `chunk` bytes, hands each to `take` with the place of its first value and the part of `values` that
    /// is its own, and returns what `take` gave, in order.
    pub fn read<T: Send, R: Send, E: Send>(
        &self,
        values: &mut [T],
        chunk: usize,
        take: impl Fn(usize, &[u8], &mut [T]) -> Result<R, E> + Sync,
    ) -> Result<Vec<R>, Problem<E>> {
        let mut checksum = crc32fast::Hasher::new();
        let mut header = Vec::new();
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(self.start))?;
        file.take(self.header_bytes).read_to_end(&mut header)?;
        checksum.update(&header);

        let part = values.len().div_ceil(THREADS).max(1);
        let bytes = self.length as usize / values.len().max(1);
        let read_part = |first: usize, values: &mut [T]| {
            let mut file = File::open(&self.path)?;
            let before = self.header_bytes + (first * bytes) as u64;
            file.seek(SeekFrom::Start(self.start + before))?;
            let (mut checksum, mut taken) = (crc32fast::Hasher::new(), Vec::new());
            let per_chunk = chunk / bytes.max(1);
            let mut buffer = vec![0; per_chunk * bytes];
            for (place, values) in values.chunks_mut(per_chunk.max(1)).enumerate() {
                let buffer = &mut buffer[..values.len() * bytes];
                file.read_exact(buffer)?;
                checksum.update(buffer);
                let chunk = take(first + place * per_chunk, buffer, values);
                taken.push(chunk.map_err(Problem::Taken)?);
            }
            Ok((checksum, taken))
        };
        let parts = values.par_chunks_mut(part).enumerate();
        let parts: Vec<Result<_, Problem<E>>> = parts
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
            false => Err(io::Error::other("its checksum is wrong").into()),
        }
    }
}
