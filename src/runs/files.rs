//! Append-only files of lines, each line written whole or not at all.

use std::fs::OpenOptions;
use std::io::{self, Read, Write};
use std::path::Path;

use tracing::debug;

/// Appends one line to `path`, which is created if missing, and syncs it. An incomplete last line, as a power cut may leave it, is
/// removed first, and so is the new line if it cannot be written whole.
pub(super) fn append_line(path: &Path, line: &str) -> io::Result<()> {
    debug!(?path, "added a line");
    let mut options = OpenOptions::new();
    let mut file = options.read(true).append(true).create(true).open(path)?;
    let mut content = Vec::new();
    file.read_to_end(&mut content)?;
    let length = whole_lines(&content).len() as u64;
    if length < content.len() as u64 {
        file.set_len(length)?;
    }
    let written = file
        .write_all(format!("{line}\n").as_bytes())
        .and_then(|()| file.sync_data());
    if written.is_err() {
        // Readers skip an incomplete line, so nothing is lost if this fails too.
        let _ = file.set_len(length);
    }
    written
}

/// The complete lines, with their line ends.
pub(super) fn whole_lines(content: &[u8]) -> &[u8] {
    let end = content.iter().rposition(|&byte| byte == b'\n');
    &content[..end.map_or(0, |end| end + 1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_appended() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines");
        append_line(&path, "one").unwrap();
        append_line(&path, "two").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one\ntwo\n");
    }

    #[test]
    fn a_torn_line_makes_way_for_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines");
        std::fs::write(&path, "one\ntw").unwrap();
        append_line(&path, "three").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one\nthree\n");
    }
}
