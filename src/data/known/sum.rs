//! Checksums of files, as those who made a set publish them.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use md5::Md5;
use sha2::{Digest, Sha256};

use crate::data::error::{DataError, unreadable};
use crate::data::hex::hex;
use crate::data::idx;

/// A checksum in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sum {
    /// SHA-256 of an IDX file's decompressed content, whatever compressed it.
    Content(&'static str),
    /// SHA-256 of the file as it is.
    Sha256(&'static str),
    /// MD5 of the file as it is: it finds damage, but not malice.
    Md5(&'static str),
}

impl Sum {
    /// Compares it with the file at `path`; `Ok(Err(…))` is a mismatch in words.
    pub fn check(&self, path: &Path) -> Result<Result<(), String>, DataError> {
        let (what, found, expected) = match self {
            Self::Content(expected) => {
                let mut hasher = Sha256::new();
                idx::hash(path, &mut hasher)?;
                ("its content has SHA-256", hex(&hasher.finalize()), expected)
            }
            Self::Sha256(expected) => ("its SHA-256 is", hashed::<Sha256>(path)?, expected),
            Self::Md5(expected) => ("its MD5 is", hashed::<Md5>(path)?, expected),
        };
        Ok(match found == *expected {
            true => Ok(()),
            false => Err(format!("{what} {found}, expected {expected}")),
        })
    }
}

fn hashed<D: Digest>(path: &Path) -> Result<String, DataError> {
    let mut file = File::open(path).map_err(unreadable(path))?;
    let (mut hasher, mut buffer) = (D::new(), vec![0; 256 * 1024]);
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hex(&hasher.finalize())),
            Ok(count) => hasher.update(&buffer[..count]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(path)(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the empty file and of `abc`, from RFC 1321 and FIPS 180-2.
    #[test]
    fn sums_are_those_of_their_standards() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let is = |sum: Sum| sum.check(&path).unwrap().is_ok();
        std::fs::write(&path, "").unwrap();
        assert!(is(Sum::Md5("d41d8cd98f00b204e9800998ecf8427e")));
        assert!(!is(Sum::Md5("900150983cd24fb0d6963f7d28e17f72")));
        std::fs::write(&path, "abc").unwrap();
        assert!(is(Sum::Md5("900150983cd24fb0d6963f7d28e17f72")));
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert!(is(Sum::Sha256(sha256)) && is(Sum::Content(sha256)));
        let wrong = Sum::Md5("d41d8cd98f00b204e9800998ecf8427e").check(&path);
        assert_eq!(
            wrong.unwrap().unwrap_err(),
            "its MD5 is 900150983cd24fb0d6963f7d28e17f72, expected d41d8cd98f00b204e9800998ecf8427e"
        );
    }
}
