//! Tables in text: a row for each image, with its label and its pixels, as Kaggle's digit-recognizer and fashion-mnist_train.
//!
//! Values are separated by commas, semicolons or tabs. The label is the column with such a heading, or else the first or the last one; the
//! others are the pixels, row by row, the channels of a pixel together. A file of test images is found beside one of training images.

mod columns;
mod names;
mod rows;
mod text;
mod write;

use std::path::Path;

use rayon::prelude::*;

pub use write::CSV_FORM;

use self::columns::Columns;
use self::names::files_of;
use self::rows::{Rows, is_blank, number, records};
use self::text::{Block, Text};
use super::arrays::Part;
use super::parts::{Described, LabelledImages, assembled, unused};
use super::pixel_range::Raw;
use crate::data::class_names;
use crate::data::dataset::{Dataset, Source, check_shape};
use crate::data::error::{DataError, Problem};
use crate::data::format::{Format, LoadOptions, file_length};
use crate::data::known::KnownSet;
use crate::data::progress::Progress;
use crate::data::split::Pixels;

/// One file, one with that of test images beside it, or the folder of both.
pub static CSV: Format = Format {
    name: "CSV",
    one: "a CSV file of labels and pixels (mnist_train.csv)",
    several: "CSV files",
    is_folder: false,
    asks: false,
    part: "",
    is_at: names::is_set,
    is_part: |_| false,
    instead: text::instead,
    several_at: names::several,
    describe: |path| {
        let files = files_of(path).map(|files| files.parts).unwrap_or_default();
        let bytes = files.iter().map(|(_, file)| file_length(file)).sum();
        let files = if files.len() == 1 { "CSV" } else { "CSV files" };
        (files.to_owned(), Some(bytes))
    },
    known_set: |path| Ok(KnownSet::by_name(&files_of(path)?.name)),
    load,
};

/// What comes first of comma, semicolon and tab in the first line; commas in numbers, as in `0,5;1,0`, delimit nothing.
pub(super) fn delimiter(start: &[u8]) -> u8 {
    let end = start.iter().position(|byte| *byte == b'\n');
    let first = &start[..end.unwrap_or(start.len())];
    let mut others = first.iter().copied().filter(|byte| b";\t".contains(byte));
    if let Some(other) = others.next() {
        let mut values = first.split(|byte| *byte == other);
        let is_one = |value: &[u8]| !value.contains(&b',') || number::<f64>(value).is_some();
        if values.all(is_one) {
            return other;
        }
    }
    let mut delimiters = first.iter().copied();
    let first = delimiters.find(|byte| b",;\t".contains(byte));
    first.unwrap_or(b',')
}

/// The data set at `path`.
fn load(path: &Path, options: &LoadOptions, progress: &Progress<'_>) -> Result<Dataset, DataError> {
    let files = files_of(path)?;
    let mut reading = Reading {
        progress,
        limit: options.limits.decompressed_bytes,
        before: 0,
        all: files.parts.iter().map(|(_, file)| file_length(file)).sum(),
    };
    let mut tables = Vec::new();
    let (mut understood, mut left) = (Vec::new(), Vec::new());
    for (part, file) in &files.parts {
        let table = Table::open(file)?;
        if table.columns.label.is_none() {
            if [Part::Whole, Part::Train].contains(part) {
                let problem = Problem::CsvWithoutLabels(table.columns.count);
                return Err(problem.at(file.display()));
            }
            left.push(format!(
                "{}, which has no labels",
                class_names::of_path(file)
            ));
            continue;
        }
        left.extend(table.columns.unused_names().map(str::to_owned));
        for note in &table.columns.notes {
            if !understood.contains(note) {
                understood.push(note.clone());
            }
        }
        let rows = reading.rows(table)?;
        tables.push((file, rows));
        reading.before += file_length(file);
    }
    // Floats of which some are whole are floats in all files.
    if tables.iter().any(|(_, (_, rows))| rows.is_float()) {
        tables
            .iter_mut()
            .for_each(|(_, (_, rows))| rows.make_floats());
    }
    let mut parts = Vec::new();
    for (file, (columns, rows)) in tables {
        let place = file.display().to_string();
        let shape = columns.shape;
        let (pixels, labels) = rows.into_parts().map_err(|problem| problem.at(&place))?;
        let extremes = extremes(&pixels);
        let column = columns
            .label
            .map_or_else(String::new, |at| columns.name(at));
        parts.push(LabelledImages {
            shape,
            labels,
            labels_place: format!("{place}, column {column}"),
            raw: Raw::new(place, pixels, shape.len(), extremes),
        });
    }
    left.dedup();
    let left: Vec<&str> = left.iter().map(String::as_str).collect();
    let set = Described {
        source: Source::at(&CSV, path),
        path,
        class_names: class_names::for_set(path)?,
        name: files.name,
        understood: (!understood.is_empty()).then(|| understood.join("; ")),
        unused: unused(&left),
    };
    assembled(set, parts, options)
}

/// The progress of reading files, and the limit on what they hold.
struct Reading<'a> {
    progress: &'a Progress<'a>,
    limit: u64,
    /// Bytes of the files that are read.
    before: u64,
    /// Bytes of all files.
    all: u64,
}

/// A file whose first lines are read.
struct Table<'a> {
    file: &'a Path,
    text: Text,
    first: Block,
    delimiter: u8,
    columns: Columns,
}

/// Rows that are looked at to tell what the columns are.
const LOOKED_AT: usize = 200;

impl<'a> Table<'a> {
    fn open(file: &'a Path) -> Result<Self, DataError> {
        let wrong = |problem: Problem| problem.at(file.display());
        let mut text = Text::open(file)?;
        let first = text.next()?.ok_or_else(|| wrong(Problem::EmptySplit))?;
        let delimiter = delimiter(&first.bytes);
        let rows = records(&first.bytes, delimiter).into_byte_records();
        let rows = rows.filter_map(Result::ok).filter(|row| !is_blank(row));
        let rows: Vec<_> = rows.take(LOOKED_AT).collect();
        let columns = Columns::of(&rows).map_err(wrong)?;
        check_shape(columns.shape).map_err(wrong)?;
        Ok(Self {
            file,
            text,
            first,
            delimiter,
            columns,
        })
    }
}

impl Reading<'_> {
    /// All rows of a table: some blocks are parsed side by side while the next ones are read.
    fn rows(&self, table: Table<'_>) -> Result<(Columns, Rows), DataError> {
        let Table {
            file,
            mut text,
            first,
            delimiter,
            columns,
        } = table;
        let wrong = |problem: Problem| problem.at(file.display());
        let mut rows = Rows::none();
        let mut headings = columns.heading_lines();
        let mut blocks = vec![first];
        while !blocks.is_empty() {
            let done = self.before + text.taken();
            self.progress.step(done.min(self.all), self.all)?;
            let parse = |(at, block): (usize, &Block)| {
                let headings = if at == 0 { headings } else { 0 };
                Rows::of(block, &columns, delimiter, headings)
            };
            let (parsed, next) = rayon::join(
                || blocks.par_iter().enumerate().map(parse).collect::<Vec<_>>(),
                || {
                    let blocks = (0..rayon::current_num_threads()).map(|_| text.next());
                    let blocks: Result<Vec<_>, _> = blocks.filter_map(Result::transpose).collect();
                    blocks
                },
            );
            for parsed in parsed {
                rows.append(parsed.map_err(wrong)?).map_err(wrong)?;
                let (expected, limit) = (rows.pixels.memory_bytes() as u64, self.limit);
                if expected > limit {
                    return Err(wrong(Problem::TooLarge { expected, limit }));
                }
            }
            headings = 0;
            blocks = next?;
        }
        match rows.len() {
            0 => Err(wrong(Problem::EmptySplit)),
            _ => Ok((columns, rows)),
        }
    }
}

/// The smallest and the largest value, no more and no less than 0.
fn extremes(pixels: &Pixels) -> (f32, f32) {
    match pixels {
        Pixels::U8(values) => (0.0, values.iter().copied().max().unwrap_or(0).into()),
        Pixels::F32(values) => values.iter().fold((0.0, 0.0), |(least, most), &value| {
            (value.min(least), value.max(most))
        }),
    }
}
