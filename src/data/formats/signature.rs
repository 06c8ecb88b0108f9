//! Files that are another thing than what their name says, by their first bytes.

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

/// What starts with these bytes, where that is recognized: `a web page`, `a PNG image`.
pub(super) fn told(start: &[u8]) -> Option<&'static str> {
    let known: [(&[u8], _); 12] = [
        (b"PK\x03\x04", "a zip archive"),
        (b"\x1f\x8b", "compressed by gzip twice"),
        (b"BZh", "compressed by bzip2"),
        (b"\xfd7zXZ", "compressed by xz"),
        (b"\x28\xb5\x2f\xfd", "compressed by zstd"),
        (b"7z\xbc\xaf", "a 7z archive"),
        (b"\x93NUMPY", "a numpy array"),
        (b"\x89HDF", "an HDF5 file"),
        (b"\x89PNG", "a PNG image"),
        (b"\xff\xd8\xff", "a JPEG image"),
        (b"GIF8", "a GIF image"),
        (b"%PDF", "a PDF document"),
    ];
    let known = known.into_iter().find(|(mark, _)| start.starts_with(mark));
    answer(start).or(known.map(|(_, what)| what))
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
    }
}
