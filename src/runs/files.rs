//! Writing so that a reader finds a file's old content or its new content, never half of it.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use tracing::debug;

/// Ends the name of a file that is not finished; no reader looks at those.
const UNFINISHED: &str = ".unfinished";

/// Replaces `path`, or makes it: the new content is written whole beside it, synced, and renamed over it.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    debug!(?path, bytes = content.len(), "replaced");
    let folder = path.parent().unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let prefix = format!(".{name}.");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(UNFINISHED);
    #[cfg(unix)]
    let builder = {
        use std::os::unix::fs::PermissionsExt;
        // As of any file that a program makes, less the user's umask; a temporary file's own default is 0600.
        builder.permissions(std::fs::Permissions::from_mode(0o666))
    };
    let mut file = builder.tempfile_in(folder).map_err(plain)?;
    file.as_file_mut().write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sync_folder(folder)
}

/// The error without the name of the unfinished file, which nobody looks for.
fn plain(error: io::Error) -> io::Error {
    let text = error.to_string();
    match text.split_once(" at path ") {
        Some((reason, _)) => io::Error::new(error.kind(), reason.to_owned()),
        None => error,
    }
}

/// Adds one line to the end of `path`, which is made if it is not there, and syncs it. A last line without an end, as a
/// power cut may leave it, is taken away first, and so is the new line if it cannot be written whole.
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
        // Readers pass over a line without an end, so that nothing is lost if this fails too.
        let _ = file.set_len(length);
    }
    written
}

/// The lines that have an end, ends included.
pub(super) fn whole_lines(content: &[u8]) -> &[u8] {
    let end = content.iter().rposition(|&byte| byte == b'\n');
    &content[..end.map_or(0, |end| end + 1)]
}

/// Makes a rename in `folder` last through a power cut; only Unix can, and only Unix needs it.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn replacing_leaves_the_new_content_and_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        replace(&path, b"old, and longer").unwrap();
        replace(&path, b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["a.txt"]);
    }

    #[test]
    fn a_replacement_that_fails_keeps_the_old_content() {
        let folder = tempfile::tempdir().unwrap();
        // A folder cannot be replaced by a file, so the rename fails after everything was written.
        let path = folder.path().join("a");
        std::fs::create_dir(&path).unwrap();
        std::fs::write(path.join("inside"), b"kept").unwrap();
        assert!(replace(&path, b"new").is_err());
        assert_eq!(std::fs::read(path.join("inside")).unwrap(), b"kept");
        assert_eq!(names(folder.path()), ["a"]);
    }

    #[test]
    fn a_folder_that_is_gone_is_told_without_the_unfinished_files_name() {
        let folder = tempfile::tempdir().unwrap();
        let error = replace(&folder.path().join("gone/a"), b"new").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert!(!error.to_string().contains(UNFINISHED), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn files_are_as_readable_as_any_other() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (ours, plain) = (folder.path().join("ours"), folder.path().join("plain"));
        replace(&ours, b"").unwrap();
        std::fs::write(&plain, b"").unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&plain));
    }

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
