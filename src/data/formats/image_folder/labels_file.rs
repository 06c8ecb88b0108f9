//! `labels.csv` beside images without class folders: a line for each image, with its file and its class.

use std::collections::{BTreeMap, HashSet};
use std::path::{Component, Path, PathBuf};

use csv::{ReaderBuilder, StringRecord, Trim};

use super::super::csv::delimiter;
use super::files::Labelled;
use super::layout::{entries, in_order};
use super::note::named;
use crate::data::class_names::of_path;
use crate::data::dataset::CLASSES;
use crate::data::error::{DataError, Problem, unreadable};
use crate::data::image_file::{ENDINGS, is_image};
use crate::data::progress::Progress;
use crate::text_file;
use crate::wording::counted;

/// Lines for half a million images.
const MOST_BYTES: u64 = 16 << 20;

/// Headings of the column of files and of the column of classes.
const FILES: &[&str] = &[
    "file",
    "filename",
    "file_name",
    "path",
    "image",
    "image_name",
    "image_id",
    "id",
];
const LABELS: &[&str] = &[
    "class",
    "label",
    "class_name",
    "label_name",
    "category",
    "target",
];

pub(super) struct Listed {
    pub classes: Vec<String>,
    /// The images of each class, in the order of the file.
    pub images: Vec<Vec<Labelled>>,
    pub notes: Vec<String>,
}

/// The images in `folder` that the file `labels` lists.
pub(super) fn read(
    labels: &Path,
    folder: &Path,
    progress: &Progress<'_>,
) -> Result<Listed, DataError> {
    let wrong = |found: String| Problem::LabelsFile(found).at(labels.display());
    let unknown = || {
        wrong(format!(
            "no line that names an image in {}",
            folder.display()
        ))
    };
    let text = text_file::read_at_most(labels, MOST_BYTES).map_err(unreadable(labels))?;
    let mut lines = lines(labels, &text);
    let first: Vec<_> = lines.by_ref().take(2).collect::<Result<_, _>>()?;
    let (headings, [file, class]) = columns(&first, folder).ok_or_else(unknown)?;
    let mut by_class: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    let mut seen = HashSet::new();
    let (mut missing, mut repeated) = (Vec::new(), Vec::new());
    let lines = first.into_iter().map(Ok).chain(lines).enumerate();
    for (number, line) in lines.skip(headings) {
        progress.check()?;
        let line = line?;
        let class = line.get(class).filter(|class| !class.is_empty());
        let (Some(file), Some(class)) = (line.get(file), class) else {
            return Err(wrong(format!("line {} without a class", number + 1)));
        };
        match image(folder, file) {
            None => missing.push(file.to_owned()),
            Some(path) if !seen.insert(path.clone()) => repeated.push(file.to_owned()),
            Some(path) => by_class.entry(class.to_owned()).or_default().push(path),
        }
    }
    if by_class.is_empty() {
        return Err(unknown());
    }
    if !CLASSES.contains(&by_class.len()) {
        return Err(wrong(counted(by_class.len(), "class")));
    }
    let mut by_class: Vec<_> = by_class.into_iter().collect();
    in_order(&mut by_class, |(class, _)| class);
    let classes = by_class.iter().map(|(class, _)| class.clone()).collect();
    let numbered = (0..).zip(by_class).map(|(class, (_, images))| {
        let images = images.into_iter().map(|path| Labelled { path, class });
        images.collect()
    });
    let name = of_path(labels);
    let mut unlisted = Vec::new();
    for path in entries(folder).map_err(unreadable(folder))? {
        let path = path.map_err(unreadable(folder))?;
        if is_image(&path) && !seen.contains(&path) {
            unlisted.push(of_path(&path));
        }
    }
    unlisted.sort_unstable();
    let notes = [
        (&missing, "named there, but no images"),
        (
            &repeated,
            "named twice there, of which the first line counts",
        ),
        (&unlisted, "not named there, and skipped"),
    ];
    let notes = notes.into_iter().filter(|(files, _)| !files.is_empty());
    let notes = notes.map(|(files, what)| {
        format!(
            "{name}: {} {what}: {}",
            counted(files.len(), "file"),
            named(files)
        )
    });
    Ok(Listed {
        classes,
        images: numbered.collect(),
        notes: notes.collect(),
    })
}

fn lines<'a>(
    path: &'a Path,
    text: &'a str,
) -> impl Iterator<Item = Result<StringRecord, DataError>> + 'a {
    let lines = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text.as_bytes()))
        .trim(Trim::All)
        .from_reader(text.as_bytes())
        .into_records();
    lines.enumerate().map(move |(number, line)| {
        line.map_err(|_| {
            let found = format!("line {}, which is no line of values", number + 1);
            Problem::LabelsFile(found).at(path.display())
        })
    })
}

/// The number of lines of headings, and the columns of files and of classes.
fn columns(lines: &[StringRecord], folder: &Path) -> Option<(usize, [usize; 2])> {
    let place = |line: &StringRecord| line.iter().position(|value| image(folder, value).is_some());
    let other = |file: usize| usize::from(file == 0);
    let first = lines.first()?;
    if let Some(file) = place(first) {
        return Some((0, [file, other(file)]));
    }
    // Of several, the heading that comes first in the list.
    let headed = |names: &[&str]| {
        let mut places = names.iter().filter_map(|name| {
            let mut headings = first.iter();
            headings.position(|heading| heading.eq_ignore_ascii_case(name))
        });
        places.next()
    };
    let file = headed(FILES).or_else(|| place(lines.get(1)?))?;
    // An unknown heading is that of the classes, unless it is one of files or of their numbers.
    let is_file = |heading: &str| FILES.iter().any(|name| heading.eq_ignore_ascii_case(name));
    let unknown = || first.iter().position(|heading| !is_file(heading));
    let class = headed(LABELS).or_else(unknown).unwrap_or(other(file));
    Some((1, [file, class]))
}

/// The image that a line names, with or without its extension; only below `folder`.
fn image(folder: &Path, name: &str) -> Option<PathBuf> {
    let parts = || Path::new(name).components();
    let is_below = parts().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if name.is_empty() || !is_below {
        return None;
    }
    let path: PathBuf = folder.components().chain(parts()).collect();
    if is_image(&path) && path.is_file() {
        return Some(path);
    }
    let mut ended = ENDINGS
        .iter()
        .map(|ending| folder.join(format!("{name}.{ending}")));
    ended.find(|path| path.is_file())
}
