//! Where a data set is: what a person asked for, and where the lab looks by itself.

use std::env;
use std::path::{Path, PathBuf};

use super::dataset::Dataset;
use super::error::DataError;
use super::known::{KNOWN_SETS, KnownSet};
use super::{Limits, idx, npz, starter};

/// The places where the lab looks for known sets, in this order.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// `$CONVSCOPE_DATA`: a folder of IDX files, or one that holds folders with the names of known sets.
    pub variable: Option<PathBuf>,
    /// The program's folder among the user's data, which holds folders with the names of known sets.
    pub user: Option<PathBuf>,
    /// Folders that a system's packages fill, each with the name of a known set.
    pub system: Vec<PathBuf>,
    /// What `~` stands for.
    pub home: Option<PathBuf>,
}

impl Places {
    /// The places on this machine, for this user.
    pub fn here() -> Self {
        let variable = env::var_os("CONVSCOPE_DATA").filter(|value| !value.is_empty());
        let user = directories::ProjectDirs::from("", "", "convscope");
        let debian = KNOWN_SETS.iter().filter_map(|set| set.debian);
        Self {
            variable: variable.map(PathBuf::from),
            user: user.map(|user| user.data_dir().to_owned()),
            system: debian.map(|(_, folder)| PathBuf::from(folder)).collect(),
            home: directories::BaseDirs::new().map(|user| user.home_dir().to_owned()),
        }
    }
}

/// A data set that was found and not yet read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Located {
    /// In the program.
    Starter(&'static KnownSet),
    /// Four IDX files in this folder.
    Idx(PathBuf),
    /// This npz file.
    Npz(PathBuf),
}

impl Located {
    /// Reads the set whole, or not at all.
    pub fn load(&self, limits: &Limits) -> Result<Dataset, DataError> {
        match self {
            Self::Starter(set) => starter::load(set),
            Self::Idx(folder) => idx::load(folder, limits),
            Self::Npz(path) => npz::load(path, limits),
        }
    }
}

/// Finds the data set that `choice` asks for on this machine; see [`locate_in`].
pub fn locate(choice: Option<&str>) -> Result<Located, DataError> {
    locate_in(&Places::here(), choice)
}

/// Finds the data set that `choice` asks for: the name of a known set (`fashion-mnist`, `mnist`), looked for in `places`
/// and then in the program; with `-starter`, the part in the program; or a path. Without a choice it is what
/// `$CONVSCOPE_DATA` names, or else Fashion-MNIST. A place that is there but does not hold what it should is an error, never passed over.
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
        .strip_suffix(starter::SUFFIX)
        .and_then(KnownSet::by_name)
    {
        return Ok(Located::Starter(set));
    }
    locate_path(places, choice)
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
        Some(folder) => Ok(Located::Idx(folder)),
        None => Ok(Located::Starter(set)),
    }
}

/// What `$CONVSCOPE_DATA` offers for `set`, or for no choice at all.
fn in_variable(
    places: &Places,
    set: Option<&'static KnownSet>,
) -> Result<Option<Located>, DataError> {
    let Some(path) = &places.variable else {
        return Ok(None);
    };
    if !path.exists() {
        return Err(DataError::VariableNamesNothing { path: path.clone() });
    }
    if idx::is_here(path) {
        let fits = match set {
            None => true,
            Some(set) => idx::identify(path)? == Some(set),
        };
        return Ok(fits.then(|| Located::Idx(path.clone())));
    }
    let mut held = KNOWN_SETS.iter().filter(|set| path.join(set.name).exists());
    match set {
        _ if held.clone().next().is_none() => Err(not_an_idx_folder(path)),
        Some(set) => Ok(held
            .any(|other| other == set)
            .then(|| Located::Idx(path.join(set.name)))),
        None => Ok(held.next().map(|set| Located::Idx(path.join(set.name)))),
    }
}

fn locate_path(places: &Places, choice: &str) -> Result<Located, DataError> {
    let path = match (choice.strip_prefix("~/"), &places.home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(choice),
    };
    if !path.exists() {
        return Err(unknown(choice));
    }
    if path.is_dir() && idx::is_here(&path) {
        Ok(Located::Idx(path))
    } else {
        Err(not_an_idx_folder(&path))
    }
}

fn not_an_idx_folder(path: &Path) -> DataError {
    let (found, advice) = if path.is_file() {
        let folder = path.parent().unwrap_or(Path::new("."));
        (
            "a file".to_owned(),
            match idx::is_here(folder) {
                true => format!("name the folder {} instead", folder.display()),
                false => "name the folder that holds them".to_owned(),
            },
        )
    } else if let Some(set) = KNOWN_SETS.iter().find(|set| path.join(set.name).is_dir()) {
        (
            format!("a folder with {}/ in it", set.name),
            format!("name {} instead", path.join(set.name).display()),
        )
    } else {
        (
            "none of them".to_owned(),
            "name the folder that holds them".to_owned(),
        )
    };
    DataError::NotAnIdxFolder {
        folder: path.to_owned(),
        stem: idx::FILES[0],
        found,
        advice,
    }
}

fn unknown(choice: &str) -> DataError {
    let names: Vec<String> = KNOWN_SETS
        .iter()
        .flat_map(|set| {
            [
                set.name.to_owned(),
                format!("{}{}", set.name, starter::SUFFIX),
            ]
        })
        .collect();
    let nearest = names
        .iter()
        .map(|name| (strsim::damerau_levenshtein(choice, name), name))
        .min()
        .filter(|(edits, name)| *edits <= name.len() / 3);
    DataError::Unknown {
        choice: choice.to_owned(),
        nearest: match nearest {
            Some((_, name)) => format!("; did you mean {name}?"),
            None => "; give one of them or the path of a folder of IDX files".to_owned(),
        },
        known: names.join(", "),
    }
}
