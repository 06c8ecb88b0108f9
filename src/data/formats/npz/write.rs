//! Writing npz files, one array at a time and each in pieces, so that a set need never be in memory as a whole.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use npyz::npz::file_name_from_array_name;
use npyz::{DType, WriteOptions, WriterBuilder};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::super::pixel_range::check_levels;
use super::{KERAS, SEED};
use crate::data::class_names;
use crate::data::dataset::{Dataset, refuse_validation};
use crate::data::error::DataError;
use crate::data::progress::Progress;
use crate::data::split::{Pixels, Split};
use crate::data::whole_file::WholeFile;
use crate::data::written_form::WrittenForm;

/// The names and contents of the arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `arr_0` to `arr_3`: float32 pixels from 0 to 1, one-hot labels.
    Seed,
    /// `x_train`, `y_train`, `x_test`, `y_test`: pixels in their type in memory, whole-number labels.
    Keras,
}

/// The form of the seed's program.
pub const SEED_FORM: WrittenForm = WrittenForm {
    name: "npz",
    help: "an npz file with arr_0 to arr_3 as float32 images and one-hot labels",
    extension: Some("npz"),
    value_bytes: [4, 4],
    arrays: Some(Form::Seed),
    save: |dataset, path, packed, progress| {
        let form = Form::Seed;
        save(dataset, path, SaveOptions { form, packed }, progress)
    },
};

/// Keras's form.
pub const KERAS_FORM: WrittenForm = WrittenForm {
    name: "keras",
    help: "an npz file with x_train to y_test, and x_val and y_val if the set has validation images, as bytes if the set has bytes",
    extension: Some("npz"),
    value_bytes: [1, 4],
    arrays: Some(Form::Keras),
    save: |dataset, path, packed, progress| {
        let form = Form::Keras;
        save(dataset, path, SaveOptions { form, packed }, progress)
    },
};

/// Options for writing an npz file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SaveOptions {
    /// Its arrays.
    pub form: Form,
    /// Compressed instead of stored: a fraction of the size, many times slower to write and to read.
    pub packed: bool,
}

/// Writes `dataset` to the npz file `path`, completely or not at all, and its class names to a file beside it: `clothes.classes.txt` to
/// `clothes.npz`.
///
/// # Errors
/// Where it cannot be written, or has validation images and the form no arrays for them.
pub fn save(
    dataset: &Dataset,
    path: &Path,
    options: SaveOptions,
    progress: &Progress<'_>,
) -> Result<(), DataError> {
    match options.form {
        Form::Seed => refuse_validation(dataset, path)?,
        Form::Keras => check_levels(dataset)?,
    }
    let mut writer = Writer::create(path, options)?;
    let all = dataset.splits().map(|(_, split)| split.len() as u64).sum();
    let mut done = 0;
    for (part, (_, split)) in dataset.splits().enumerate() {
        writer.split(part, split, dataset.classes(), &mut |images| {
            progress.step(done + images, all)
        })?;
        done += split.len() as u64;
    }
    progress.step(done, all)?;
    writer.finish(dataset)
}

/// An npz file being written; dropped before [`Writer::finish`], it leaves nothing behind.
pub(in crate::data) struct Writer {
    form: Form,
    options: SimpleFileOptions,
    zip: ZipWriter<BufWriter<std::fs::File>>,
    whole: WholeFile,
    /// The file of the class names.
    names: PathBuf,
    /// Whether the images that are being written are bytes.
    is_bytes: bool,
    bytes: Vec<u8>,
}

impl Writer {
    pub(in crate::data) fn create(path: &Path, options: SaveOptions) -> Result<Self, DataError> {
        let mut whole = WholeFile::create(path)?;
        let failed = whole.failed();
        let file = whole.file().try_clone().map_err(failed)?;
        let method = match options.packed {
            true => CompressionMethod::Deflated,
            false => CompressionMethod::Stored,
        };
        Ok(Self {
            form: options.form,
            options: SimpleFileOptions::default()
                .compression_method(method)
                .large_file(true),
            zip: ZipWriter::new(BufWriter::with_capacity(1 << 20, file)),
            whole,
            names: class_names::beside(path),
            is_bytes: false,
            bytes: Vec::new(),
        })
    }

    /// Writes a split as it is; `step` hears how many of its images are written.
    pub(in crate::data) fn split(
        &mut self,
        part: usize,
        split: &Split,
        classes: usize,
        step: &mut dyn FnMut(u64) -> Result<(), DataError>,
    ) -> Result<(), DataError> {
        let length = split.shape().len();
        self.begin_images(part, split.len(), split)?;
        let mut batch = vec![0.0; 256 * length];
        for first in (0..split.len()).step_by(256) {
            step(first as u64)?;
            let images = first..split.len().min(first + 256);
            match split.pixels() {
                Pixels::U8(values) if self.is_bytes => {
                    self.put(&values[images.start * length..images.end * length])?;
                }
                _ => {
                    let batch = &mut batch[..images.len() * length];
                    for (image, out) in images.zip(batch.chunks_exact_mut(length)) {
                        split.image(image, out);
                    }
                    self.images(batch)?;
                }
            }
        }
        self.labels(part, split.labels(), classes)
    }

    /// Starts the images of the training (0), test (1) or validation split (2): `count` like those of `split`, as bytes where they are bytes and the form
    /// allows it, else as float32.
    pub(in crate::data) fn begin_images(
        &mut self,
        part: usize,
        count: usize,
        split: &Split,
    ) -> Result<(), DataError> {
        self.is_bytes = self.form == Form::Keras && matches!(split.pixels(), Pixels::U8(_));
        let element = if self.is_bytes { "|u1" } else { "<f4" };
        let [height, width, channels] = split.shape().into();
        let name = self.name(2 * part);
        self.begin(name, element, &[count, height, width, channels])
    }

    /// Writes the next pixels, in [0, 1].
    pub(in crate::data) fn images(&mut self, values: &[f32]) -> Result<(), DataError> {
        if !self.is_bytes {
            return self.floats(values);
        }
        let levels = values.iter().map(|value| (value * 255.0).round() as u8);
        self.bytes.clear();
        self.bytes.extend(levels);
        self.put_bytes()
    }

    fn floats(&mut self, values: &[f32]) -> Result<(), DataError> {
        self.bytes.resize(4 * values.len(), 0);
        for (bytes, value) in self.bytes.chunks_exact_mut(4).zip(values) {
            bytes.copy_from_slice(&value.to_le_bytes());
        }
        self.put_bytes()
    }

    fn put_bytes(&mut self) -> Result<(), DataError> {
        self.zip.write_all(&self.bytes).map_err(self.whole.failed())
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), DataError> {
        self.zip.write_all(bytes).map_err(self.whole.failed())
    }

    /// Writes the labels of the training (0), test (1) or validation split (2), after its images.
    pub(in crate::data) fn labels(
        &mut self,
        part: usize,
        labels: &[u16],
        classes: usize,
    ) -> Result<(), DataError> {
        let name = self.name(2 * part + 1);
        match self.form {
            Form::Keras => {
                self.begin(name, "<i8", &[labels.len()])?;
                self.bytes.clear();
                let labels = labels.iter().map(|&label| i64::from(label));
                self.bytes.extend(labels.flat_map(i64::to_le_bytes));
                self.put_bytes()
            }
            Form::Seed => {
                self.begin(name, "<f4", &[labels.len(), classes])?;
                let mut rows = Vec::new();
                for labels in labels.chunks(1024) {
                    rows.clear();
                    rows.resize(labels.len() * classes, 0.0);
                    for (row, &label) in rows.chunks_exact_mut(classes).zip(labels) {
                        row[usize::from(label)] = 1.0;
                    }
                    self.floats(&rows)?;
                }
                Ok(())
            }
        }
    }

    /// Finishes the file and puts it in its place, with the class names beside it.
    pub(in crate::data) fn finish(self, dataset: &Dataset) -> Result<(), DataError> {
        let names = class_names::write(&self.names, dataset.class_names())?;
        let failed = self.whole.failed();
        let end = || self.zip.finish().map_err(io::Error::from)?.flush();
        end().map_err(failed)?;
        // First, so that an existing set always has its names.
        names.finish()?;
        self.whole.finish()
    }

    fn name(&self, array: usize) -> &'static str {
        match self.form {
            Form::Seed => SEED[array],
            Form::Keras => KERAS[array],
        }
    }

    /// Starts an array of elements of this type, written as in numpy: `<f4`.
    fn begin(&mut self, name: &str, element: &str, lengths: &[usize]) -> Result<(), DataError> {
        let element = element.parse().expect("the types written here are numpy's");
        let lengths: Vec<u64> = lengths.iter().map(|&length| length as u64).collect();
        let put = || {
            self.zip
                .start_file(file_name_from_array_name(name), self.options)?;
            WriteOptions::new_header_only()
                .dtype(DType::new_scalar(element))
                .shape(&lengths)
                .writer(&mut self.zip)
                .write_header_only()
                .map(drop)
        };
        put().map_err(self.whole.failed())
    }
}
