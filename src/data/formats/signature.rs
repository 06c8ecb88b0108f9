//! Files that are another thing than what their name says, by their first bytes.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::data::unread::Unread;

/// As many first bytes as are looked at.
pub(in crate::data) const START: usize = 512;

/// What starts with these bytes, if it is a text that a server sends instead of a file: `a web page`.
pub(in crate::data) fn answer(start: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(&start[..start.len().min(START)]).to_lowercase();
    let text =
        text.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
    let known = [
        ("<!doctype html", "a web page"),
        ("<html", "a web page"),
        ("<head", "a web page"),
        ("<?xml", "an XML document"),
        (
            "version https://git-lfs",
            "a pointer of Git LFS to the file",
        ),
    ];
    let known = known.into_iter().find(|(mark, _)| text.starts_with(mark));
    // A page may begin with comments or its XML declaration.
    let page = (text.starts_with('<') && text.contains("<html")).then_some("a web page");
    page.or(known.map(|(_, what)| what))
}

/// The beginning of a zip archive, and of one without entries.
const ZIP: &[u8] = b"PK\x03\x04";
const EMPTY_ZIP: &[u8] = b"PK\x05\x06";

const GZIP: &[u8] = b"\x1f\x8b";

/// Whether a zip archive begins like this.
pub(super) fn is_zip(start: &[u8]) -> bool {
    start.starts_with(ZIP) || start.starts_with(EMPTY_ZIP)
}

/// Whether what was compressed by gzip begins like this.
pub(super) fn is_gzip(start: &[u8]) -> bool {
    start.starts_with(GZIP)
}

/// The first bytes of the file at `path`, at most [`START`].
pub(in crate::data) fn start_of(path: &Path) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    let file = File::open(path)?;
    file.take(START as u64).read_to_end(&mut start)?;
    Ok(start)
}

/// What starts with these bytes where a file of binary data is expected, and which is surely none or another one.
pub(super) fn binary(start: &[u8]) -> Option<&'static str> {
    match start {
        [] => Some("an empty file"),
        _ => told(start).or_else(|| is_text(start).then_some("a text file")),
    }
}

/// Whether bytes begin like a text in UTF-8, of which only the last letter may be cut.
fn is_text(start: &[u8]) -> bool {
    let text = match std::str::from_utf8(start) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&start[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    let is_written = |letter: char| !letter.is_control() || "\t\n\r\x0c".contains(letter);
    !text.is_empty() && text.chars().all(is_written)
}

/// What starts with these bytes, where that is recognized: `a web page`, `a PNG image`.
pub(super) fn told(start: &[u8]) -> Option<&'static str> {
    let known: [(&[u8], _); 8] = [
        (ZIP, "a zip archive"),
        (EMPTY_ZIP, "a zip archive"),
        (GZIP, "compressed by gzip twice"),
        (b"\x93NUMPY", "a numpy array"),
        (b"\x89PNG", "a PNG image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"GIF8", "a GIF image"),
        (b"%PDF", "a PDF document"),
    ];
    let known = known.into_iter().find(|(mark, _)| start.starts_with(mark));
    let unread = || Unread::begins(start).map(|kind| kind.one);
    answer(start)
        .or(known.map(|(_, what)| what))
        .or_else(unread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_recognized_however_they_begin() {
        for page in [
            "<!DOCTYPE html><html>",
            "\u{feff}\r\n  <HTML lang=en>",
            "<!-- moved --><html>",
            "<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"\"><html>",
        ] {
            assert_eq!(answer(page.as_bytes()), Some("a web page"), "{page}");
        }
        let refusal = b"<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>";
        assert_eq!(answer(refusal), Some("an XML document"));
        assert_eq!(answer(b"\0\0\x08\x03<html"), None);
        assert_eq!(answer(b""), None);
    }

    #[test]
    fn other_files_are_named() {
        assert_eq!(told(b"\x89PNG\r\n\x1a\n"), Some("a PNG image"));
        assert_eq!(told(b"\0\0\x08\x03"), None);
        assert_eq!(binary(b"\0\0\x08\x03"), None);
        assert_eq!(binary(b"MZ\x90\0"), None);
        assert_eq!(binary(b""), Some("an empty file"));
        assert_eq!(binary(b"<html>"), Some("a web page"));
        for text in ["404: Not Found\n", "nicht gefunden \u{fc}"] {
            assert_eq!(binary(text.as_bytes()), Some("a text file"), "{text}");
        }
        let cut = "\u{fc}".repeat(300);
        assert_eq!(binary(&cut.as_bytes()[..START - 1]), Some("a text file"));
        assert_eq!(binary(b"\xfc\xe4 Latin-1"), None);
    }
}
