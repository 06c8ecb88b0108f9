//! Numbers, and the system's reasons, in words: for the screen, the command line and messages.

use std::error::Error;
use std::io::{self, ErrorKind};

/// `1213450` → `1,213,450`
pub fn thousands(number: impl TryInto<u64>) -> String {
    match number.try_into().unwrap_or(u64::MAX) {
        number @ 0..1000 => number.to_string(),
        number => format!("{},{:03}", thousands(number / 1000), number % 1000),
    }
}

/// A count with its noun: `1 epoch`, `20 epochs`, `1,875 batches`.
pub fn counted(number: impl TryInto<u64>, one: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    let (stem, ending) = match number {
        1 => (one, ""),
        _ if one.ends_with("tch") || one.ends_with('s') => (one, "es"),
        _ => (one, "s"),
    };
    format!("{} {stem}{ending}", thousands(number))
}

/// A number of things, and of how many if they are not all: `500 of 54,000`, `54,000`.
pub fn part_of(part: usize, whole: usize) -> String {
    match part == whole {
        true => thousands(whole),
        false => format!("{} of {}", thousands(part), thousands(whole)),
    }
}

/// `is` or `are`: `1 epoch is done`, `2 epochs are done`.
pub const fn are(number: usize) -> &'static str {
    if number == 1 { "is" } else { "are" }
}

/// Bytes in powers of 1000.
pub fn bytes(number: u64) -> String {
    match number {
        0..1_000 => format!("{number} B"),
        1_000..1_000_000 => format!("{:.1} kB", number as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", number as f64 / 1e6),
        _ => format!("{:.2} GB", number as f64 / 1e9),
    }
}

/// A number with this many decimals; a value rounded to zero has no sign: `0.0000`, not `-0.0000`.
pub fn decimals(value: impl Into<f64>, places: usize) -> String {
    let text = format!("{:.places$}", value.into());
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|byte| matches!(byte, b'0' | b'.')) => rest.to_owned(),
        _ => text,
    }
}

/// A difference: with + or a minus sign, unless it is zero to these decimals.
pub fn signed(value: f64, places: usize) -> String {
    let text = decimals(value, places);
    match text.strip_prefix('-') {
        Some(magnitude) => format!("−{magnitude}"),
        None if text.bytes().all(|byte| matches!(byte, b'0' | b'.')) => text,
        None => format!("+{text}"),
    }
}

/// `200.4` as `3 min 20 s`.
pub fn seconds(seconds: f64) -> String {
    let whole = seconds.round().max(0.0) as u64;
    match whole {
        0..60 if seconds < 10.0 => format!("{} s", decimals(seconds, 1)),
        0..60 => format!("{whole} s"),
        60..3600 => format!("{} min {:02} s", whole / 60, whole % 60),
        _ => format!("{} h {:02} min", whole / 3600, whole / 60 % 60),
    }
}

/// Why a file or a connection failed, after a colon: `permission denied`. No other code words an [`io::Error`] for a person.
pub fn reason_of(error: &io::Error) -> String {
    let words = match error.kind() {
        ErrorKind::NotFound => "no such file or folder",
        ErrorKind::PermissionDenied => "permission denied",
        ErrorKind::AlreadyExists => "it already exists",
        ErrorKind::IsADirectory => "it is a folder",
        ErrorKind::NotADirectory => "part of the path is not a folder",
        ErrorKind::DirectoryNotEmpty => "the folder is not empty",
        ErrorKind::InvalidFilename => "the name is too long, or not allowed",
        ErrorKind::StorageFull => "no space left",
        ErrorKind::QuotaExceeded => "the disk quota is used up",
        ErrorKind::FileTooLarge => "the file is too large",
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only",
        ErrorKind::ResourceBusy => "it is in use",
        ErrorKind::OutOfMemory => "not enough memory",
        ErrorKind::UnexpectedEof => "it ends too early",
        // A text that is read whole; other data has its own error inside.
        ErrorKind::InvalidData if error.get_ref().is_none() => "it is not text in UTF-8",
        ErrorKind::TimedOut => "no answer in time",
        ErrorKind::ConnectionRefused => "the connection was refused",
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            "the connection was lost"
        }
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
            "the network cannot be reached"
        }
        _ => return plain(&error.to_string()),
    };
    words.to_owned()
}

/// The words of an error and of its causes, joined with `: `.
pub fn with_causes(error: &(dyn Error + 'static)) -> String {
    let words = match error.downcast_ref() {
        Some(error) => reason_of(error),
        None => error.to_string(),
    };
    match error.source() {
        Some(cause) => format!("{words}: {}", with_causes(cause)),
        None => words,
    }
}

/// A system's sentence as part of another: `Input/output error (os error 5)` → `input/output error`.
fn plain(text: &str) -> String {
    let text = text.split(" (os error ").next().unwrap_or(text);
    let text = text.trim_end_matches('.');
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    #[test]
    fn numbers_read_well() {
        let texts = [0, 999, 1000, 578_970, 8_305_674].map(thousands);
        assert_eq!(texts, ["0", "999", "1,000", "578,970", "8,305,674"]);
        for (number, one, text) in [
            (0, "epoch", "0 epochs"),
            (1, "epoch", "1 epoch"),
            (2, "epoch", "2 epochs"),
            (1, "batch", "1 batch"),
            (1875, "batch", "1,875 batches"),
            (10, "class", "10 classes"),
            (1, "test image", "1 test image"),
        ] {
            assert_eq!(counted(number, one), text);
        }
        for (value, places, text) in [
            (-0.0, 4, "0.0000"),
            (-0.000_04, 4, "0.0000"),
            (-0.000_06, 4, "-0.0001"),
            (-0.4, 0, "0"),
            (-1.5, 1, "-1.5"),
            (0.125, 2, "0.12"),
            (f64::NEG_INFINITY, 2, "-inf"),
        ] {
            assert_eq!(decimals(value, places), text);
        }
        assert_eq!(seconds(3.21), "3.2 s");
        assert_eq!(seconds(-0.0), "0.0 s");
        assert_eq!(seconds(200.4), "3 min 20 s");
        assert_eq!(seconds(7384.0), "2 h 03 min");
    }

    #[test]
    fn a_reason_has_no_word_of_a_library() {
        let folder = tempfile::tempdir().unwrap();
        let (gone, file) = (folder.path().join("gone"), folder.path().join("file"));
        fs::write(&file, b"caf\xe9").unwrap();
        let read = |path: &Path| reason_of(&fs::read_to_string(path).unwrap_err());
        assert_eq!(read(&gone), "no such file or folder");
        assert_eq!(read(folder.path()), "it is a folder");
        assert_eq!(read(&file.join("in")), "part of the path is not a folder");
        assert_eq!(read(&file), "it is not text in UTF-8");
        // One that has no kind: its text, without its number.
        let failed = reason_of(&io::Error::from_raw_os_error(5));
        assert!(!failed.contains("os error"), "{failed}");
        assert!(failed.starts_with(char::is_lowercase), "{failed}");
        let own = io::Error::other("its checksum is wrong");
        assert_eq!(reason_of(&own), "its checksum is wrong");
    }

    /// What is often one of its kind.
    const COUNTED: &str = "epochs batches steps threads layers maps drawings files lines sets";

    /// Nothing but [`counted`] makes a plural of these from a number.
    #[test]
    fn every_plural_goes_by_its_number() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut complaints = Vec::new();
        complain(&source, &mut complaints);
        assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
    }

    fn complain(folder: &Path, complaints: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            // Tests say numbers as they come.
            if path
                .file_name()
                .is_some_and(|name| name == "tests.rs" || name == "tests")
            {
                continue;
            }
            if path.is_dir() {
                complain(&path, complaints);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]").next().unwrap_or_default();
                let is_wrong = |line: &&str| {
                    let ends = line.split(['}']).skip(1);
                    let mut words = ends.map(|rest| rest.trim_start_matches(" whole"));
                    words.any(|rest| {
                        let word = rest.strip_prefix(' ').unwrap_or_default();
                        let end = word.find(|c: char| !c.is_ascii_lowercase());
                        let word = &word[..end.unwrap_or(word.len())];
                        COUNTED.split(' ').any(|plural| plural == word)
                    })
                };
                let code = text
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("//"));
                let wrong = code.filter(is_wrong);
                complaints.extend(wrong.map(|line| format!("{}: {}", path.display(), line.trim())));
            }
        }
    }
}
