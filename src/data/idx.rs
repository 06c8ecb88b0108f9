//! IDX files, plain or gzipped: the format of MNIST and of everything modelled on it.
//!
//! Format: two zero bytes, the type of the values (8 for bytes), the number of dimensions, each dimension as a big-endian
//! 32-bit number, then the values. Source: Y. LeCun, C. Cortes, "The MNIST database of handwritten digits".

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};

use super::dataset::{Dataset, Parts, Pixels, Source, Split, check_labels, hex};
use super::error::DataError;
use super::known::KnownSet;
use super::{Limits, class_names};
use crate::shape::Shape;

/// The four files of a data set, as `KnownSet::sha256` orders them.
pub const FILES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

/// A deflate stream cannot grow by more than this factor (RFC 1951: 258 bytes for two bits).
const MOST_INFLATION: u64 = 1032;

/// One of [`FILES`] in `folder` under any of the names in use: with or without `.gz`, and with a dot before `idx`.
pub(super) fn find(folder: &Path, file: &str) -> Option<PathBuf> {
    let dotted = file.replacen("-idx", ".idx", 1);
    [
        file.to_owned(),
        dotted.clone(),
        format!("{file}.gz"),
        format!("{dotted}.gz"),
    ]
    .into_iter()
    .map(|name| folder.join(name))
    .find(|path| path.is_file())
}

/// Whether `folder` holds at least one of the files of an IDX data set.
pub(super) fn is_here(folder: &Path) -> bool {
    FILES.iter().any(|file| find(folder, file).is_some())
}

/// The known set in `folder`, told by the content of its test labels, or else by the folder's name.
pub(super) fn identify(folder: &Path) -> Result<Option<&'static KnownSet>, DataError> {
    let file = open(&require(folder, 3)?)?;
    let mut hasher = Sha256::new();
    hash(file, &mut hasher)?;
    let by_name = || KnownSet::by_name(folder.file_name()?.to_str()?);
    Ok(KnownSet::by_test_labels(&hex(&hasher.finalize())).or_else(by_name))
}

/// The data set of the four IDX files in `folder`.
pub(super) fn load(folder: &Path, limits: &Limits) -> Result<Dataset, DataError> {
    let paths = [
        require(folder, 0)?,
        require(folder, 1)?,
        require(folder, 2)?,
        require(folder, 3)?,
    ];
    let known = identify(folder)?;
    let source = Source::Idx(folder.to_owned());
    let [train_images, train_labels, test_images, test_labels] = &paths;
    // The training images take nearly all of the time: one thread for them, one for the rest.
    let (train_images, rest) = std::thread::scope(|scope| {
        let train_images = scope.spawn(|| read_images(open(train_images)?, limits));
        let rest = (|| {
            Ok::<_, DataError>((
                read_labels(open(train_labels)?, limits)?,
                read_images(open(test_images)?, limits)?,
                read_labels(open(test_labels)?, limits)?,
            ))
        })();
        let train_images = train_images
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (train_images, rest)
    });
    let (train_images, (train_labels, test_images, test_labels)) = (train_images?, rest?);
    let place = |file: usize| paths[file].display().to_string();
    let named = class_names::read(folder)?;
    let names = match (named, known) {
        (Some(names), _) => names,
        (None, Some(known)) => known.class_names(),
        (None, None) => class_names::numbers(&[&train_labels, &test_labels]),
    };
    check_labels(|| place(1), &train_labels, names.len())?;
    check_labels(|| place(3), &test_labels, names.len())?;
    let name = match known {
        Some(known) => known.title.to_owned(),
        None => folder_name(folder),
    };
    Dataset::new(Parts {
        name,
        source,
        class_names: names,
        train: join(train_images, train_labels, || (place(0), place(1)))?,
        test: join(test_images, test_labels, || (place(2), place(3)))?,
    })
}

/// The data set of four gzipped IDX files in memory, ordered as [`FILES`].
pub(super) fn load_embedded(
    name: String,
    set: &'static KnownSet,
    files: [&'static [u8]; 4],
) -> Result<Dataset, DataError> {
    let source = Source::Starter(set);
    let limits = Limits::default();
    let place = |file: usize| format!("{source}: {}", FILES[file]);
    let stream = |file: usize| Stream::new(place(file), Box::new(files[file]), None);
    let train_images = read_images(stream(0)?, &limits)?;
    let train_labels = read_labels(stream(1)?, &limits)?;
    let test_images = read_images(stream(2)?, &limits)?;
    let test_labels = read_labels(stream(3)?, &limits)?;
    let train = join(train_images, train_labels, || (place(0), place(1)))?;
    let test = join(test_images, test_labels, || (place(2), place(3)))?;
    Dataset::new(Parts {
        name,
        source,
        class_names: set.class_names(),
        train,
        test,
    })
}

fn folder_name(folder: &Path) -> String {
    match folder.canonicalize() {
        Ok(whole) => whole.file_name().map_or_else(
            || whole.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        ),
        Err(_) => folder.display().to_string(),
    }
}

fn require(folder: &Path, file: usize) -> Result<PathBuf, DataError> {
    find(folder, FILES[file]).ok_or_else(|| DataError::MissingFile {
        folder: folder.to_owned(),
        expected: FILES[file].to_owned(),
    })
}

type Images = (Shape, Vec<u8>);

fn join(
    (shape, pixels): Images,
    labels: Vec<u16>,
    places: impl Fn() -> (String, String),
) -> Result<Split, DataError> {
    let images = pixels.len() / shape.len();
    if images != labels.len() {
        let (images_place, labels_place) = places();
        return Err(DataError::CountsDiffer {
            images_place,
            images,
            labels_place,
            labels: labels.len(),
        });
    }
    Ok(Split::new(shape, Pixels::U8(pixels), labels))
}

/// The unpacked bytes of one file, and what its errors say.
struct Stream {
    /// The file, as errors name it.
    place: String,
    bytes: Box<dyn Read>,
    /// No more than this many bytes can come out.
    most: u64,
    taken: u64,
    path: Option<PathBuf>,
}

fn open(path: &Path) -> Result<Stream, DataError> {
    let unreadable = |source| DataError::Unreadable {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(unreadable)?;
    let length = file.metadata().map_err(unreadable)?.len();
    let file = BufReader::with_capacity(256 * 1024, file);
    let mut stream = Stream::new(path.display().to_string(), Box::new(file), Some(length))?;
    stream.path = Some(path.to_owned());
    Ok(stream)
}

impl Stream {
    /// Unpacks `bytes` where they begin as gzip does, whatever the file's name.
    fn new(
        place: String,
        mut bytes: Box<dyn BufRead>,
        length: Option<u64>,
    ) -> Result<Self, DataError> {
        let packed = match bytes.fill_buf() {
            Ok(start) => start.starts_with(&[0x1f, 0x8b]),
            Err(source) => {
                return Err(DataError::Unreadable {
                    path: PathBuf::from(place),
                    source,
                });
            }
        };
        let most = length.unwrap_or(u64::MAX / MOST_INFLATION);
        Ok(if packed {
            Self {
                place,
                bytes: Box::new(MultiGzDecoder::new(bytes)),
                most: most.saturating_mul(MOST_INFLATION),
                taken: 0,
                path: None,
            }
        } else {
            Self {
                place,
                bytes,
                most,
                taken: 0,
                path: None,
            }
        })
    }

    /// Reads until `buffer` is full or the file ends; gives the number of bytes.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, DataError> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.bytes.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // A gzip stream that stops before its end: what is missing is told by what the header promised.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
                Err(error) => return Err(self.failure(filled as u64, error)),
            }
        }
        self.taken += filled as u64;
        Ok(filled)
    }

    fn failure(&self, further: u64, error: io::Error) -> DataError {
        let corrupt = matches!(
            error.kind(),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof
        );
        match &self.path {
            Some(path) if !corrupt => DataError::Unreadable {
                path: path.clone(),
                source: error,
            },
            _ => DataError::CorruptGzip {
                place: self.place.clone(),
                after: self.taken + further,
                reason: error.to_string(),
            },
        }
    }

    /// The dimensions that the header promises.
    fn header<const DIMENSIONS: usize>(
        &mut self,
        what: &'static str,
    ) -> Result<[usize; DIMENSIONS], DataError> {
        let mut magic = [0; 4];
        self.fill_header(&mut magic)?;
        if magic != [0, 0, 8, DIMENSIONS as u8] {
            return Err(DataError::WrongMagic {
                place: self.place.clone(),
                what,
                expected: if DIMENSIONS == 1 {
                    "0x00000801"
                } else {
                    "0x00000803"
                },
                found: format!("0x{:08x}", u32::from_be_bytes(magic)),
            });
        }
        let mut dimensions = [0; DIMENSIONS];
        for dimension in &mut dimensions {
            let mut bytes = [0; 4];
            self.fill_header(&mut bytes)?;
            *dimension = u32::from_be_bytes(bytes) as usize;
        }
        Ok(dimensions)
    }

    fn fill_header(&mut self, bytes: &mut [u8; 4]) -> Result<(), DataError> {
        let before = self.taken;
        let found = self.fill(bytes)?;
        if found == bytes.len() {
            return Ok(());
        }
        Err(DataError::TruncatedHeader {
            place: self.place.clone(),
            expected: before as usize + bytes.len(),
            found: before as usize + found,
        })
    }

    /// The `expected` bytes after the header, and the certainty that nothing follows them.
    fn body(
        &mut self,
        expected: u64,
        promised: String,
        limits: &Limits,
    ) -> Result<Vec<u8>, DataError> {
        if expected > self.most {
            return Err(self.truncated(promised, expected, self.most.saturating_sub(self.taken)));
        }
        if expected > limits.decompressed_bytes {
            return Err(DataError::TooLarge {
                place: self.place.clone(),
                expected,
                limit: limits.decompressed_bytes,
            });
        }
        let mut bytes = vec![0; expected as usize];
        let found = self.fill(&mut bytes)?;
        if found < bytes.len() {
            return Err(self.truncated(promised, expected, found as u64));
        }
        // Reading on also makes the decoder compare the checksum at the end of a gzip stream.
        let mut beyond = [0];
        match self.bytes.read(&mut beyond) {
            Ok(0) => Ok(bytes),
            Ok(_) => Err(DataError::TooLong {
                place: self.place.clone(),
                promised,
                expected,
            }),
            Err(error) => Err(self.failure(0, error)),
        }
    }

    fn truncated(&self, promised: String, expected: u64, found: u64) -> DataError {
        DataError::Truncated {
            place: self.place.clone(),
            promised,
            expected,
            found,
        }
    }
}

fn read_images(mut stream: Stream, limits: &Limits) -> Result<Images, DataError> {
    let [images, height, width] = stream.header("images")?;
    let shape = Shape::new(height, width, 1);
    super::dataset::check_shape(|| stream.place.clone(), shape)?;
    if images == 0 {
        return Err(DataError::EmptySplit {
            place: stream.place,
        });
    }
    let expected = images as u64 * shape.len() as u64;
    let promised = format!("{images} images of {height}×{width}");
    Ok((shape, stream.body(expected, promised, limits)?))
}

fn read_labels(mut stream: Stream, limits: &Limits) -> Result<Vec<u16>, DataError> {
    let [labels] = stream.header("labels")?;
    if labels == 0 {
        return Err(DataError::EmptySplit {
            place: stream.place,
        });
    }
    let bytes = stream.body(labels as u64, format!("{labels} labels"), limits)?;
    Ok(bytes.into_iter().map(u16::from).collect())
}

fn hash(mut stream: Stream, hasher: &mut Sha256) -> Result<(), DataError> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let filled = stream.fill(&mut buffer)?;
        hasher.update(&buffer[..filled]);
        if filled < buffer.len() {
            return Ok(());
        }
    }
}
