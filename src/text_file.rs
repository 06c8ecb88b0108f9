//! Texts that people write in an editor of their choice: UTF-8, with or without the byte-order mark that some editors put before it.
//!
//! No other code reads such a file.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use crate::wording::reason_of;

const MARK: &[u8] = b"\xef\xbb\xbf";

/// A text in another encoding, in words: `is not UTF-8 (Latin-1?): save it as UTF-8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not UTF-8 ({0}?): save it as UTF-8")]
pub struct NotUtf8(&'static str);

/// The text of the file at `path`.
///
/// # Errors
/// Where the file cannot be read; where its text is not UTF-8, [`NotUtf8`] in an error of invalid data.
pub fn read(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.read_to_end(&mut bytes)?;
    decoded(bytes)
}

/// The text of at most so many bytes of the file at `path`.
///
/// # Errors
/// As for [`read`]; of the kind [`ErrorKind::FileTooLarge`] where it is longer.
pub fn read_at_most(path: &Path, most: u64) -> io::Result<String> {
    let mut bytes = Vec::new();
    // One more byte shows that it is too long.
    let mut file = File::open(path)?.take(most.saturating_add(1));
    file.read_to_end(&mut bytes)?;
    match bytes.len() as u64 > most {
        true => Err(ErrorKind::FileTooLarge.into()),
        false => decoded(bytes),
    }
}

/// The text that these bytes are.
///
/// # Errors
/// As for [`read`].
pub fn decoded(bytes: Vec<u8>) -> io::Result<String> {
    let wrong = |guess| io::Error::new(ErrorKind::InvalidData, NotUtf8(guess));
    // Plain letters in UTF-16 are UTF-8 with zeros between them.
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || bytes.contains(&0) {
        return Err(wrong("UTF-16"));
    }
    let mut text = String::from_utf8(bytes).map_err(|_| wrong("Latin-1"))?;
    if text.as_bytes().starts_with(MARK) {
        text.drain(..MARK.len());
    }
    Ok(text)
}

/// Whether a text could not be read since it is in another encoding.
pub fn not_utf8(error: &io::Error) -> Option<NotUtf8> {
    error.get_ref()?.downcast_ref().copied()
}

/// Why a text could not be read, after its name: `is not UTF-8 (Latin-1?): save it as UTF-8`, `cannot be read: permission denied`.
pub fn why_not_read(error: &io::Error) -> String {
    match not_utf8(error) {
        Some(other) => other.to_string(),
        None => format!("cannot be read: {}", reason_of(error)),
    }
}

/// These bytes without a byte-order mark.
pub fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(MARK).unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_skipped_and_other_encodings_are_named() {
        let text = |bytes: &[u8]| decoded(bytes.to_vec()).map_err(|error| why_not_read(&error));
        assert_eq!(text(b"\xef\xbb\xbfcat\r\n").as_deref(), Ok("cat\r\n"));
        assert_eq!(text("Bär".as_bytes()).as_deref(), Ok("Bär"));
        assert_eq!(text(b"").as_deref(), Ok(""));
        let latin = "is not UTF-8 (Latin-1?): save it as UTF-8";
        assert_eq!(text(b"B\xe4r"), Err(latin.to_owned()));
        let utf16 = Err("is not UTF-8 (UTF-16?): save it as UTF-8".to_owned());
        for bytes in [&b"\xff\xfec\0a\0t\0"[..], b"c\0a\0t\0", b"\xfe\xff\0c"] {
            assert_eq!(text(bytes), utf16);
        }
    }

    #[test]
    fn only_so_much_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("names.txt");
        std::fs::write(&path, "four").unwrap();
        assert_eq!(read_at_most(&path, 4).unwrap(), "four");
        let error = read_at_most(&path, 3).unwrap_err();
        assert_eq!(
            why_not_read(&error),
            "cannot be read: the file is too large"
        );
        let missing = read(&folder.path().join("none")).unwrap_err();
        assert_eq!(missing.kind(), ErrorKind::NotFound);
    }
}
