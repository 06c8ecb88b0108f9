//! Which label of an IDX file is which class, and what the classes are called.

use std::fs;
use std::path::{Path, PathBuf};

use super::names::Files;
use crate::data::class_names;
use crate::data::dataset::CLASSES;
use crate::data::error::{DataError, Problem, unreadable};
use crate::data::known::KnownSet;
use crate::text_file;
use crate::wording::counted;

/// The classes of a set.
pub(super) struct Classes {
    /// The label of the first class.
    pub first: u16,
    pub names: Vec<String>,
}

/// EMNIST's own file of class names for this set: `emnist-letters-mapping.txt`.
pub(super) fn mapping_of(files: &Files) -> Option<PathBuf> {
    let own = files.folder.join(format!("{}-mapping.txt", files.set));
    if !files.set.is_empty() {
        return own.is_file().then_some(own);
    }
    // The set's files were renamed, the mapping was not.
    let entries = fs::read_dir(&files.folder).ok()?.flatten();
    let mut mappings = entries.map(|entry| entry.path()).filter(|path| {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.starts_with("emnist-") && name.ends_with("-mapping.txt"))
    });
    let only = mappings.next()?;
    mappings.next().is_none().then_some(only)
}

/// The classes that a folder names in `classes.txt`, its mapping names, or the set is known to have; or else the numbers from the smallest to
/// the largest label.
pub(super) fn classes(
    files: &Files,
    mapping: Option<&Path>,
    known: Option<&KnownSet>,
    labels: [&[u16]; 2],
) -> Result<Classes, DataError> {
    let all = || labels.into_iter().flatten().copied();
    let (least, most) = (all().min().unwrap_or(0), all().max().unwrap_or(0));
    if let Some(names) = class_names::read(&files.folder)? {
        // Names for fewer classes than there are labels from 0 leave out the labels that have no images.
        let first = if usize::from(most) < names.len() {
            0
        } else {
            least
        };
        return Ok(Classes { first, names });
    }
    if let Some(path) = mapping {
        return read(path);
    }
    Ok(match known {
        Some(known) => Classes {
            first: known.first_label,
            names: known.class_names(),
        },
        None => Classes {
            first: least,
            names: (least..=most).map(|label| label.to_string()).collect(),
        },
    })
}

/// Replaces labels by classes.
pub(super) fn from_labels(labels: &mut [u16], classes: &Classes) -> Result<(), Problem> {
    let count = classes.names.len();
    if !CLASSES.contains(&count) {
        return Err(Problem::ClassCount(count));
    }
    for (index, label) in labels.iter_mut().enumerate() {
        let class = label.checked_sub(classes.first);
        match class.filter(|&class| usize::from(class) < count) {
            Some(class) => *label = class,
            None => {
                return Err(Problem::LabelOutOfRange {
                    index,
                    label: (*label).into(),
                    first: classes.first,
                    classes: count,
                });
            }
        }
    }
    Ok(())
}

/// The longest mapping that is read; EMNIST's own have less than 1 kB.
const MOST_BYTES: u64 = 64 << 10;

/// The classes of a mapping: lines of a label and the code points of its characters, several where forms of a letter share a class.
fn read(path: &Path) -> Result<Classes, DataError> {
    let wrong = |found: String| Problem::Mapping(found).at(path.display());
    let text = text_file::read_at_most(path, MOST_BYTES).map_err(unreadable(path))?;
    let (mut first, mut names) = (0, Vec::new());
    for (number, line) in text.trim_end().lines().enumerate() {
        let (label, name) = parse(line).ok_or_else(|| wrong(format!("line {}", number + 1)))?;
        if names.is_empty() {
            first = label;
        }
        if usize::from(label) != usize::from(first) + names.len() {
            return Err(wrong(format!("label {label} in line {}", number + 1)));
        }
        names.push(name);
    }
    match CLASSES.contains(&names.len()) {
        true => Ok(Classes { first, names }),
        false => Err(wrong(counted(names.len(), "line"))),
    }
}

fn parse(line: &str) -> Option<(u16, String)> {
    let mut numbers = line.split_whitespace();
    let label = numbers.next()?.parse().ok()?;
    let letter = |code: &str| {
        let letter = char::from_u32(code.parse().ok()?)?;
        (!letter.is_control() && !letter.is_whitespace()).then_some(letter)
    };
    let name: String = numbers.map(letter).collect::<Option<_>>()?;
    (!name.is_empty()).then_some((label, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_mapping_name_classes() {
        assert_eq!(parse("0 48"), Some((0, "0".to_owned())));
        assert_eq!(parse("26 90 122\r"), Some((26, "Zz".to_owned())));
        for line in ["", "1", "1 x", "-1 65", "1 10", "1 55296", "70000 65"] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
