//! Numbers in words, for the screen, the command line and messages.

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

/// `is` or `are`: `1 epoch is done`, `2 epochs are done`.
pub const fn are(number: usize) -> &'static str {
    if number == 1 { "is" } else { "are" }
}

/// A number with this many decimals; a value rounded to zero has no sign: `0.0000`, not `-0.0000`.
pub fn decimals(value: impl Into<f64>, places: usize) -> String {
    let text = format!("{:.places$}", value.into());
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|byte| matches!(byte, b'0' | b'.')) => rest.to_owned(),
        _ => text,
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
