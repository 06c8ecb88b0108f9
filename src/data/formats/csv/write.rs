//! Writing a data set as CSV files, `train.csv` and so on.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::super::pixel_range::check_levels;
use super::columns::heading;
use crate::data::class_names;
use crate::data::dataset::Dataset;
use crate::data::error::DataError;
use crate::data::names::has_ending;
use crate::data::progress::Progress;
use crate::data::split::{Pixels, Split};
use crate::data::whole_file::WholeFolder;
use crate::data::written_form::WrittenForm;

/// A table for each split, with its labels as numbers, which `classes.txt` names.
pub const CSV_FORM: WrittenForm = WrittenForm {
    name: "csv",
    help: "a folder with train.csv, test.csv and classes.txt, and val.csv if the set has validation images; each row is a label and its pixels, 0 to 255, or 0 to 1 if the set has floats",
    extension: None,
    // Three digits and a comma; a zero, its point, nine decimals and a comma.
    value_bytes: [4, 12],
    arrays: None,
    save,
};

/// Images that are written between two reports of progress.
const BATCH: usize = 256;

/// Writes `dataset` into the new or empty `folder`, completely or not at all.
fn save(
    dataset: &Dataset,
    folder: &Path,
    packed: bool,
    progress: &Progress<'_>,
) -> Result<(), DataError> {
    if has_ending(folder, &["csv", "tsv", "gz"]) {
        return Err(DataError::Setting {
            name: "target",
            expected: "a folder, for train.csv, test.csv and classes.txt".to_owned(),
            found: folder.display().to_string(),
        });
    }
    check_levels(dataset)?;
    let is_bytes = dataset
        .splits()
        .all(|(_, split)| matches!(split.pixels(), Pixels::U8(_)));
    let whole = WholeFolder::create(folder)?;
    let failed = whole.failed();
    let all = dataset.splits().map(|(_, split)| split.len() as u64).sum();
    let mut done = 0;
    for (name, split) in dataset.splits() {
        let ending = if packed { "csv.gz" } else { "csv" };
        let file = whole.inside().join(format!("{}.{ending}", name.stem()));
        let file = File::create(file).map_err(&failed)?;
        let mut table: Box<dyn Finish> = match packed {
            true => Box::new(GzEncoder::new(BufWriter::new(file), Compression::default())),
            false => Box::new(BufWriter::with_capacity(1 << 20, file)),
        };
        table.write_all(&headings(split)).map_err(&failed)?;
        for first in (0..split.len()).step_by(BATCH) {
            progress.step(done + first as u64, all)?;
            let images = first..split.len().min(first + BATCH);
            let rows = match split.pixels() {
                Pixels::U8(values) if is_bytes => rows_of_bytes(values, split, images),
                _ => rows_of_floats(split, images),
            };
            table.write_all(&rows).map_err(&failed)?;
        }
        table.finish_all().map_err(&failed)?;
        done += split.len() as u64;
    }
    progress.step(done, all)?;
    let names = whole.inside().join(class_names::FILE);
    class_names::write(&names, dataset.class_names())?.finish()?;
    whole.finish()
}

/// What is written to and then has an end.
trait Finish: Write {
    fn finish_all(&mut self) -> io::Result<()>;
}

impl Finish for BufWriter<File> {
    fn finish_all(&mut self) -> io::Result<()> {
        self.flush()
    }
}

impl Finish for GzEncoder<BufWriter<File>> {
    fn finish_all(&mut self) -> io::Result<()> {
        self.try_finish()?;
        self.get_mut().flush()
    }
}

/// `label,1x1,1x2,…`, whose last one tells the shape.
fn headings(split: &Split) -> Vec<u8> {
    let pixels = (0..split.shape().len()).map(|pixel| heading(split.shape(), pixel));
    let headings: Vec<String> = ["label".to_owned()].into_iter().chain(pixels).collect();
    (headings.join(",") + "\n").into_bytes()
}

fn rows_of_bytes(values: &[u8], split: &Split, images: std::ops::Range<usize>) -> Vec<u8> {
    let written: Vec<String> = (0..=255).map(|level| format!(",{level}")).collect();
    let length = split.shape().len();
    let mut rows = Vec::with_capacity(images.len() * length * 4);
    for image in images {
        rows.extend(split.labels()[image].to_string().bytes());
        for &value in &values[image * length..(image + 1) * length] {
            rows.extend_from_slice(written[usize::from(value)].as_bytes());
        }
        rows.push(b'\n');
    }
    rows
}

/// The shortest decimals that give the same floats, each with a point, which says that they are no bytes.
fn rows_of_floats(split: &Split, images: std::ops::Range<usize>) -> Vec<u8> {
    let mut rows = Vec::new();
    let mut pixels = vec![0.0; split.shape().len()];
    for image in images {
        split.image(image, &mut pixels);
        let values = pixels.iter().map(|value| format!(",{value:?}"));
        rows.extend(split.labels()[image].to_string().bytes());
        rows.extend(values.flat_map(String::into_bytes));
        rows.push(b'\n');
    }
    rows
}
