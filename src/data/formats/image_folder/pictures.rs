//! The pictures of a folder's files, decoded on all threads in one size.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::files::{Files, Labelled, relative};
use super::note;
use crate::data::dataset::SIDES;
use crate::data::error::{DataError, Problem};
use crate::data::image_file::ImageFile;
use crate::data::progress::Progress;
use crate::data::split::{Pixels, Split};
use crate::data::test_share::TestShare;
use crate::shape::Shape;

/// Progress through files that are looked at once or twice.
pub(super) struct Steps<'a> {
    progress: &'a Progress<'a>,
    done: AtomicU64,
    all: u64,
}

impl<'a> Steps<'a> {
    pub fn new(progress: &'a Progress<'a>, all: u64) -> Self {
        Self {
            progress,
            done: AtomicU64::new(0),
            all,
        }
    }

    /// Reports one more; an error when the work was cancelled.
    fn next(&self) -> Result<(), DataError> {
        let done = self.done.fetch_add(1, Ordering::Relaxed);
        self.progress.step(done, self.all)
    }

    /// Reports all.
    pub fn finish(&self) -> Result<(), DataError> {
        self.progress.step(self.all, self.all)
    }
}

/// The height and width that all pictures have, by their headers alone.
///
/// # Errors
/// Where they differ, or are larger than images of a set.
pub(super) fn common_size(
    folder: &Path,
    files: &Files,
    steps: &Steps<'_>,
) -> Result<(usize, usize), DataError> {
    let text = |(height, width): (usize, usize)| format!("{height}×{width}");
    let mut unread = Vec::new();
    let mut first = None;
    for file in files.all() {
        steps.progress.check()?;
        match ImageFile::size_of(&file.path) {
            Ok(size) => {
                first = Some((file, size));
                break;
            }
            Err(reason) => unread.push(skipped(folder, file, &reason)),
        }
    }
    let Some((first, size)) = first else {
        let problem = match note::skipped(&unread) {
            Some(skipped) => Problem::NothingReadable(skipped),
            None => Problem::EmptySplit,
        };
        return Err(problem.at(folder.display()));
    };
    if !SIDES.contains(&size.0) || !SIDES.contains(&size.1) {
        return Err(Problem::Oversized(text(size)).at(first.path.display()));
    }
    let all: Vec<&Labelled> = files.all().collect();
    let other = all.into_par_iter().find_map_first(|file| {
        if let Err(stopped) = steps.next() {
            return Some(stopped);
        }
        let other = ImageFile::size_of(&file.path).ok()?;
        (other != size).then(|| DataError::SizesDiffer {
            first: first.path.clone(),
            first_size: text(size),
            other: file.path.clone(),
            other_size: text(other),
        })
    });
    other.map_or(Ok(size), Err)
}

/// Decodes pictures, and remembers what it found. As many are in memory in their own size as there are threads.
pub(super) struct Pictures<'a> {
    folder: &'a Path,
    size: (usize, usize),
    steps: &'a Steps<'a>,
    has_color: bool,
    has_color_channels: bool,
    /// What was passed over, with the reason.
    pub skipped: Vec<String>,
}

/// Pictures of one size, with their classes.
pub(super) struct Decoded(Vec<(u16, ImageFile)>);

impl<'a> Pictures<'a> {
    pub fn new(
        folder: &'a Path,
        size: (usize, usize),
        files: &Files,
        steps: &'a Steps<'a>,
    ) -> Self {
        Self {
            folder,
            size,
            steps,
            has_color: false,
            has_color_channels: false,
            skipped: files.skipped.clone(),
        }
    }

    /// The pictures in these files, without those that cannot be decoded; `title` follows the folder in errors.
    ///
    /// # Errors
    /// Where none is left.
    pub fn decoded(&mut self, files: &[Labelled], title: &str) -> Result<Decoded, DataError> {
        let decoded: Vec<_> = files
            .par_iter()
            .map(|file| {
                self.steps.next()?;
                let picture = ImageFile::open(&file.path).map(|picture| {
                    let picture = picture.resized(self.size);
                    let has_color = picture.has_color();
                    (picture, has_color)
                });
                Ok(picture)
            })
            .collect::<Result<_, DataError>>()?;
        let mut images = Vec::new();
        let before = self.skipped.len();
        for (file, picture) in files.iter().zip(decoded) {
            match picture {
                Ok((picture, has_color)) => {
                    self.has_color |= has_color;
                    self.has_color_channels |= picture.has_color_channels();
                    images.push((file.class, picture));
                }
                Err(reason) => self.skipped.push(skipped(self.folder, file, &reason)),
            }
        }
        self.skipped[before..].sort_unstable();
        if images.is_empty() {
            let place = format!("{}{title}", self.folder.display());
            let problem = match note::skipped(&self.skipped[before..]) {
                Some(skipped) => Problem::NothingReadable(skipped),
                None => Problem::EmptySplit,
            };
            return Err(problem.at(place));
        }
        Ok(Decoded(images))
    }

    /// One channel where no pixel has colour, else three.
    pub fn channels(&self) -> usize {
        if self.has_color { 3 } else { 1 }
    }

    /// Whether pictures have channels of colour, and no pixel uses them.
    pub fn is_grey_saved_in_color(&self) -> bool {
        self.has_color_channels && !self.has_color
    }
}

impl Decoded {
    /// Those for training and those for testing.
    pub fn divided(self, classes: usize, share: &mut TestShare) -> (Self, Self) {
        let mut of_classes: Vec<Vec<(u16, ImageFile)>> = Vec::new();
        of_classes.resize_with(classes, Vec::new);
        for (class, picture) in self.0 {
            of_classes[usize::from(class)].push((class, picture));
        }
        let (mut train, mut test) = (Vec::new(), Vec::new());
        for pictures in of_classes {
            let (of_train, of_test) = share.divide(pictures);
            train.extend(of_train);
            test.extend(of_test);
        }
        (Self(train), Self(test))
    }

    pub fn split(self, shape: Shape) -> Split {
        let mut pixels = Vec::with_capacity(self.0.len() * shape.len());
        let mut labels = Vec::with_capacity(self.0.len());
        for (class, picture) in self.0 {
            labels.push(class);
            let picture = picture.into_pixels(shape.channels);
            pixels.extend(picture.expect("folders give one channel or three"));
        }
        Split::new(shape, Pixels::U8(pixels), labels)
    }
}

fn skipped(folder: &Path, file: &Labelled, reason: &str) -> String {
    format!("{} ({reason})", relative(folder, &file.path))
}
