//! Finding a data set: by name or path, or in the default places.

use std::path::{Path, PathBuf};

use super::contents::{self, Contents};
use super::dataset::Dataset;
use super::digits::{self, DigitSettings};
use super::error::{DataError, Problem};
use super::format::{Format, Limits, LoadOptions};
use super::formats::{self, idx::IDX};
use super::image_file::is_image;
use super::known::{KNOWN_SETS, KnownSet, STARTER_SUFFIX, SYNTHETIC_DIGITS, check_usable, names};
use super::names::has_ending;
use super::places::Places;
use super::progress::Progress;
use super::starter;
use super::unread::Unread;

/// A data set that was found, but not yet read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Located {
    /// A starter set in the program, and the place of the full set on this machine, if any.
    Starter(&'static KnownSet, Option<PathBuf>),
    /// A file or folder of this format.
    At(&'static Format, PathBuf),
    /// Synthetic training digits, tested on MNIST.
    SyntheticDigits {
        /// The place of the test images.
        mnist: Box<Located>,
    },
}

impl Located {
    /// The data set at `path` itself, recognized by names alone.
    ///
    /// # Errors
    /// Where there is no data set.
    pub fn at(path: &Path) -> Result<Self, DataError> {
        match formats::at(path) {
            Some(format) => Ok(Self::At(format, path.to_owned())),
            None => Err(no_data(path)),
        }
    }

    /// Its path, unless it is built in or made by the program.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::At(_, path) => Some(path),
            Self::Starter(..) | Self::SyntheticDigits { .. } => None,
        }
    }

    /// Reads the set, completely or not at all.
    pub fn load(&self, limits: &Limits) -> Result<Dataset, DataError> {
        let options = LoadOptions {
            limits: *limits,
            ..LoadOptions::default()
        };
        self.load_with(&options, &Progress::silent())
    }

    /// As [`Located::load`], reporting progress.
    pub fn load_with(
        &self,
        options: &LoadOptions,
        progress: &Progress<'_>,
    ) -> Result<Dataset, DataError> {
        match self {
            Self::Starter(set, whole) => {
                options.images.refuse_pixels(set.starter_name())?;
                starter::load(set, whole.as_deref())
            }
            Self::At(format, path) => (format.load)(path, options, progress),
            Self::SyntheticDigits { mnist } => {
                let mnist = mnist.load_with(options, progress)?;
                digits::make_for(mnist, &DigitSettings::default(), progress)
            }
        }
    }
}

/// Finds the data set `choice` on this machine; see [`locate_in`].
pub fn locate(choice: Option<&str>) -> Result<Located, DataError> {
    locate_in(&Places::here(), choice)
}

/// Finds the data set `choice`: the name of a known set (`fashion-mnist`, `mnist`), searched in `places` and then in the program; with
/// `-starter`, the part in the program; `synthetic-digits`, newly drawn and tested on MNIST; or a path. Without a choice it is the set
/// of `$CONVSCOPE_DATA`, or else Fashion-MNIST. A place that exists but does not hold the expected set is an error, never skipped.
pub fn locate_in(places: &Places, choice: Option<&str>) -> Result<Located, DataError> {
    let Some(choice) = choice else {
        return match in_variable(places, None)? {
            Some(located) => Ok(located),
            None => locate_known(places, &KNOWN_SETS[0]),
        };
    };
    if let Some(set) = KnownSet::by_name(choice) {
        return locate_known(places, set);
    }
    if let Some(set) = choice
        .strip_suffix(STARTER_SUFFIX)
        .and_then(KnownSet::by_name)
        .filter(|set| set.has_starter)
    {
        // The part in the program is available whatever is wrong with the full set.
        let whole = locate_known(places, set).ok();
        let whole = whole.and_then(|whole| whole.path().map(Path::to_owned));
        return Ok(Located::Starter(set, whole));
    }
    if choice == SYNTHETIC_DIGITS {
        let mnist = locate_known(places, &KNOWN_SETS[1])?;
        return Ok(Located::SyntheticDigits {
            mnist: Box::new(mnist),
        });
    }
    let path = places.expand(choice);
    if path.exists() {
        return Located::at(&path);
    }
    check_usable(choice)?;
    Err(unknown(choice))
}

fn locate_known(places: &Places, set: &'static KnownSet) -> Result<Located, DataError> {
    if let Some(located) = in_variable(places, Some(set))? {
        return Ok(located);
    }
    let user = places.user.iter().map(|folder| folder.join(set.name));
    let system = places
        .system
        .iter()
        .filter(|folder| folder.file_name().is_some_and(|name| name == set.name))
        .cloned();
    match user.chain(system).find(|folder| folder.exists()) {
        Some(folder) => inside(&folder, set),
        None if set.has_starter => Ok(Located::Starter(set, None)),
        None => Err(DataError::NotHere(set)),
    }
}

/// The known set in its folder: its only file, or the folder of its files, whatever format that has.
fn inside(folder: &Path, set: &KnownSet) -> Result<Located, DataError> {
    let path = set.place(folder);
    match path == folder {
        // Missing files are told when it is opened.
        true => Ok(Located::At(&IDX, path)),
        false => Located::at(if path.exists() { &path } else { folder }),
    }
}

/// The set at `$CONVSCOPE_DATA` for `set`, or without a choice.
fn in_variable(
    places: &Places,
    set: Option<&'static KnownSet>,
) -> Result<Option<Located>, DataError> {
    let Some(path) = &places.variable else {
        return Ok(None);
    };
    if !path.exists() {
        return Err(DataError::VariableNamesNothing {
            path: path.clone(),
            openable: formats::any(),
        });
    }
    if let Some(format) = formats::at(path) {
        let fits = match set {
            None => true,
            Some(set) => (format.known_set)(path)? == Some(set),
        };
        return Ok(fits.then(|| Located::At(format, path.clone())));
    }
    let held = held(path);
    match set {
        _ if held.is_empty() => Err(no_data(path)),
        Some(set) => held
            .contains(&set)
            .then(|| inside(&path.join(set.name), set))
            .transpose(),
        None => inside(&path.join(held[0].name), held[0]).map(Some),
    }
}

/// The known sets with a folder in `path`.
fn held(path: &Path) -> Vec<&'static KnownSet> {
    let sets = KNOWN_SETS.iter();
    sets.filter(|set| path.join(set.name).exists()).collect()
}

fn no_data(path: &Path) -> DataError {
    if path.is_file()
        && let Some(kind) = Unread::of(path)
    {
        let (what, way) = (kind.one, kind.way(path));
        return Problem::NotRead { what, way }.at(path.display());
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let other = || {
        "choose another path, or a known set by its name, as `convscope data list` shows them"
            .to_owned()
    };
    let (found, advice) = match (path.is_file(), held(path).first()) {
        (true, _) if formats::at(folder).is_some() => (
            "a single file".to_owned(),
            format!("choose its folder {} instead", folder.display()),
        ),
        (true, _) if is_image(path) => (
            "a single image".to_owned(),
            "put images into one folder per class, and choose the folder that holds those"
                .to_owned(),
        ),
        (true, _) if has_ending(path, &["npy"]) => {
            ("a numpy array alone".to_owned(), contents::alone(path))
        }
        (true, _) => ("a file of another kind".to_owned(), other()),
        (false, Some(set)) => (
            "a folder of data sets".to_owned(),
            format!("choose {} instead", path.join(set.name).display()),
        ),
        (false, None) => {
            let inner = Contents::of(path);
            let is_above = !inner.has_files();
            let contents = if is_above {
                Contents::below(path)
            } else {
                inner
            };
            let archive = || {
                let archive = contents.archive()?;
                Some(format!("choose {} instead", archive.display()))
            };
            let inside = || {
                Some(format!(
                    "choose {} instead",
                    formats::set_in(path)?.display()
                ))
            };
            let advice = inside().or_else(|| formats::why_not(path));
            let advice = advice.or_else(|| contents.advice(Path::new("")));
            let found = match (contents.has_files(), is_above) {
                (true, false) => format!("a folder with {contents}"),
                (true, true) => format!("a folder with {contents} in its folders"),
                (false, _) => "a folder without files".to_owned(),
            };
            (found, advice.or_else(archive).unwrap_or_else(other))
        }
    };
    Problem::NoData {
        openable: formats::any(),
        found,
        advice,
    }
    .at(path.display())
}

fn unknown(choice: &str) -> DataError {
    let names = names();
    let nearest = names
        .iter()
        .map(|name| (strsim::damerau_levenshtein(choice, name), name))
        .min()
        .filter(|(edits, name)| *edits <= name.len() / 3);
    DataError::Unknown {
        choice: choice.to_owned(),
        nearest: match nearest {
            Some((_, name)) => format!("; did you mean {name}?"),
            None => "; use one of them or a path".to_owned(),
        },
        known: names.join(", "),
    }
}
