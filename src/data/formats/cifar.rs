//! CIFAR-10 and CIFAR-100 in their binary version: a folder of its files, or the archive with them as it is downloaded.
//!
//! Format: records of one label (CIFAR-10) or a coarse and a fine label (CIFAR-100), a byte each, and an image of 32×32 pixels, its red, green
//! and blue planes one after the other. Source: <https://www.cs.toronto.edu/~kriz/cifar.html>.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::archive;
use super::source::corrupt;
use super::tar_archive::{Step, each_entry};
use crate::data::dataset::{Dataset, Parts, Source};
use crate::data::error::{DataError, Problem, unreadable};
use crate::data::format::{Format, LoadOptions, file_length};
use crate::data::known::KnownSet;
use crate::data::progress::Progress;
use crate::data::split::{Pixels, Split};
use crate::shape::Shape;

/// A folder of binary files, or their archive.
pub static CIFAR: Format = Format {
    name: "CIFAR",
    one: "CIFAR's binary version (data_batch_1.bin and so on, or cifar-10-binary.tar.gz)",
    several: "CIFAR's binary versions",
    is_folder: false,
    asks: false,
    part: "",
    is_at: |path| Place::of(path).is_some(),
    is_part: |_| false,
    instead: archive::instead,
    several_at: |_| Vec::new(),
    describe: |path| {
        let bytes = path.is_file().then(|| file_length(path));
        (
            Kind::of(path).map_or("CIFAR", |kind| kind.title).to_owned(),
            bytes,
        )
    },
    known_set: |path| Ok(Kind::of(path).and_then(Kind::known)),
    load,
};

/// One of the two sets, by the names of its files.
struct Kind {
    title: &'static str,
    known: &'static str,
    /// The beginnings of archives' names: the binary version's, and the pickled one's.
    archives: [&'static str; 2],
    train: &'static [&'static str],
    test: &'static str,
    class_names: &'static str,
    /// A file of the version for Python.
    pickled: &'static str,
    /// Bytes of labels before an image; the last one is the class.
    labels: usize,
}

static KINDS: [Kind; 2] = [
    Kind {
        title: "CIFAR-10",
        known: "cifar10",
        archives: ["cifar-10-binary", "cifar-10-python"],
        train: &[
            "data_batch_1.bin",
            "data_batch_2.bin",
            "data_batch_3.bin",
            "data_batch_4.bin",
            "data_batch_5.bin",
        ],
        test: "test_batch.bin",
        class_names: "batches.meta.txt",
        pickled: "batches.meta",
        labels: 1,
    },
    Kind {
        title: "CIFAR-100",
        known: "cifar100",
        archives: ["cifar-100-binary", "cifar-100-python"],
        train: &["train.bin"],
        test: "test.bin",
        class_names: "fine_label_names.txt",
        pickled: "meta",
        labels: 2,
    },
];

const SHAPE: Shape = Shape {
    height: 32,
    width: 32,
    channels: 3,
};

/// Where the files are.
enum Place {
    Folder(PathBuf),
    Archive,
    /// The version for Python, which is not read.
    Pickled,
}

impl Kind {
    fn of(path: &Path) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.place(path).is_some())
    }

    fn known(&self) -> Option<&'static KnownSet> {
        KnownSet::by_name(self.known)
    }

    fn place(&self, path: &Path) -> Option<Place> {
        if path.is_file() {
            let name = path.file_name()?.to_str()?.to_lowercase();
            let packed = archive::is_tar(path);
            let [binary, pickled] = self.archives.map(|start| packed && name.starts_with(start));
            return match (binary, pickled) {
                (true, _) => Some(Place::Archive),
                (_, true) => Some(Place::Pickled),
                _ => None,
            };
        }
        // As the archives have them, in a folder of their own, where it is the only one.
        let inner = ["cifar-10-batches-bin", "cifar-100-binary"].map(|name| path.join(name));
        let inner = inner.into_iter().filter(|folder| is_only(folder));
        let mut folders = [path.to_owned()].into_iter().chain(inner);
        let is_here = |folder: &PathBuf| {
            let files = [self.train[0], self.test].map(|name| folder.join(name));
            files.iter().all(|file| file.is_file())
        };
        let here = folders.find(is_here).map(Place::Folder);
        let pickled = || {
            let files = [self.pickled, self.test.trim_end_matches(".bin")];
            let is_here = files.iter().all(|name| path.join(name).is_file());
            is_here.then_some(Place::Pickled)
        };
        here.or_else(pickled)
    }

    /// Whether it reads a file of this name.
    fn reads(&self, name: &str) -> bool {
        self.train.contains(&name) || name == self.test || name == self.class_names
    }

    /// The images and labels in the records of these files.
    fn split(&self, files: &[(String, Vec<u8>)]) -> Result<Split, DataError> {
        let length = self.labels + SHAPE.len();
        let mut labels = Vec::new();
        let mut pixels = Vec::new();
        for (place, bytes) in files {
            let (records, rest) = (bytes.chunks_exact(length), bytes.len() % length);
            if rest != 0 || bytes.is_empty() {
                let problem = Problem::CifarRecords {
                    record: length,
                    bytes: bytes.len(),
                };
                return Err(problem.at(place));
            }
            labels.extend(records.map(|record| u16::from(record[self.labels - 1])));
            let first = pixels.len();
            pixels.resize(first + bytes.len() / length * SHAPE.len(), 0);
            let out = pixels[first..].par_chunks_exact_mut(SHAPE.len());
            out.zip(bytes.par_chunks_exact(length))
                .for_each(|(out, record)| {
                    let (red, rest) = record[self.labels..].split_at(SHAPE.height * SHAPE.width);
                    let (green, blue) = rest.split_at(SHAPE.height * SHAPE.width);
                    let planes = red.iter().zip(green).zip(blue);
                    for (out, ((red, green), blue)) in out.chunks_exact_mut(3).zip(planes) {
                        out.copy_from_slice(&[*red, *green, *blue]);
                    }
                });
        }
        Ok(Split::new(SHAPE, Pixels::U8(pixels), labels))
    }
}

/// Whether nothing but archives is beside a folder.
fn is_only(folder: &Path) -> bool {
    let beside = folder.parent().map(fs::read_dir);
    let mut beside = beside.into_iter().flatten().flatten().flatten();
    folder.is_dir() && beside.all(|entry| entry.path() == folder || !entry.path().is_dir())
}

impl Place {
    fn of(path: &Path) -> Option<Self> {
        KINDS.iter().find_map(|kind| kind.place(path))
    }
}

/// The data set at `path`.
fn load(path: &Path, options: &LoadOptions, progress: &Progress<'_>) -> Result<Dataset, DataError> {
    let kind =
        Kind::of(path).ok_or_else(|| Problem::CifarFile(KINDS[0].test).at(path.display()))?;
    options.images.refuse_pixels(path.display())?;
    let limit = options.limits.decompressed_bytes;
    let mut files = match kind.place(path) {
        Some(Place::Archive) => unpacked(kind, path, limit, progress)?,
        Some(Place::Folder(folder)) => in_folder(kind, &folder, limit, progress)?,
        Some(Place::Pickled) | None => {
            return Err(Problem::PickledCifar(kind.known).at(path.display()));
        }
    };
    let mut take = |name: &'static str| {
        let bytes = files.remove(name);
        let bytes = bytes.ok_or_else(|| Problem::CifarFile(name).at(path.display()))?;
        Ok::<_, DataError>((format!("{}, {name}", path.display()), bytes))
    };
    let test = kind.split(&[take(kind.test)?])?;
    let train: Result<Vec<_>, DataError> = kind.train.iter().map(|name| take(name)).collect();
    let train = kind.split(&train?)?;
    let named = files.get(kind.class_names).map(|text| {
        let text = String::from_utf8_lossy(text);
        let names = text.lines().map(str::trim).filter(|name| !name.is_empty());
        names.map(str::to_owned).collect::<Vec<_>>()
    });
    let known = kind.known();
    let class_names = named.or_else(|| known.map(KnownSet::class_names));
    Dataset::new(Parts {
        name: kind.title.to_owned(),
        source: Source::at(&CIFAR, path),
        class_names: class_names.unwrap_or_default(),
        train,
        test,
        validation: None,
    })
}

/// The contents of files, by their names.
type Contents = BTreeMap<String, Vec<u8>>;

fn in_folder(
    kind: &Kind,
    folder: &Path,
    limit: u64,
    progress: &Progress<'_>,
) -> Result<Contents, DataError> {
    let mut files = Contents::new();
    let entries = fs::read_dir(folder).map_err(unreadable(folder))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    for name in names.filter(|name| kind.reads(name)) {
        let path = folder.join(&name);
        let file = File::open(&path).map_err(unreadable(&path))?;
        let bytes = whole(file, limit, &|| progress.check())?;
        files.insert(name, bytes.map_err(|problem| problem.at(path.display()))?);
    }
    Ok(files)
}

/// The files in an archive.
fn unpacked(
    kind: &Kind,
    path: &Path,
    limit: u64,
    progress: &Progress<'_>,
) -> Result<Contents, DataError> {
    let mut files = Contents::new();
    each_entry(path, progress, |entry, step| {
        let name = entry.path().ok().and_then(|path| {
            let name = path.file_name()?.to_str()?;
            kind.reads(name).then(|| name.to_owned())
        });
        if let Some(name) = name {
            let bytes = whole(entry, limit, step)?;
            files.insert(name, bytes.map_err(|problem| problem.at(path.display()))?);
        }
        Ok(())
    })?;
    Ok(files)
}

/// All bytes of a file of at most `limit`; the outer error is that of `step`.
fn whole(
    mut from: impl Read,
    limit: u64,
    step: Step<'_>,
) -> Result<Result<Vec<u8>, Problem>, DataError> {
    const PIECE: u64 = 1 << 22;
    let mut bytes = Vec::new();
    loop {
        step()?;
        let before = bytes.len();
        if let Err(error) = from.by_ref().take(PIECE).read_to_end(&mut bytes) {
            return Ok(Err(corrupt(bytes.len() as u64, &error)));
        }
        let expected = bytes.len() as u64;
        if expected > limit {
            return Ok(Err(Problem::TooLarge { expected, limit }));
        }
        if bytes.len() == before {
            return Ok(Ok(bytes));
        }
    }
}
