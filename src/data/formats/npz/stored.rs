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

impl Stored {
    /// Whether it is long enough for more than one thread.
    pub fn is_worth_it(&self) -> bool {
        self.length >= LEAST
    }

    /// Reads chunks of at most `chunk` bytes, hands each to `take` with the place of its first value and the part of `values` that
    /// is its own, and returns what `take` gave, in order. `failed` tells what it means that the file cannot be read or its checksum is
    /// wrong.
    pub fn read<T: Send, R: Send, E: Send>(
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

    /// The file, at so many bytes after the start of the array's header.
    fn open_at(&self, offset: u64) -> io::Result<File> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(self.start + offset))?;
        Ok(file)
    }
}
