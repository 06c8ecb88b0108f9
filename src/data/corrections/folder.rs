//! The user's corrections on disk: a YAML file per set, to be read and edited by hand.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{Corrections, Mark, Marks};
use crate::data::dataset::Dataset;
use crate::data::error::unwritable;
use crate::data::hex::short_sha256;
use crate::data::names::as_file_name;
use crate::data::whole_file::WholeFile;
use crate::field::TextProblem;
use crate::folders;
use crate::text_file;

/// Maximum letters of a set's name in a file's name.
const MOST_LETTERS: usize = 40;

/// A folder of files `<set>-<first 12 digits of its SHA-256>.yaml`; it need not exist.
#[derive(Clone, Debug, Default)]
pub struct CorrectionsFolder {
    /// `None` keeps and finds nothing.
    path: Option<PathBuf>,
}

impl CorrectionsFolder {
    /// `corrections` in the program's folder in the user's data folder, on Linux `~/.local/share/convscope/corrections`.
    pub fn of_user() -> Self {
        let user = folders::of_user();
        Self {
            path: user.map(|user| user.data_dir().join("corrections")),
        }
    }

    /// The folder at a path, created when something is kept in it.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self {
            path: Some(path.into()),
        }
    }

    /// Whether there is no file at all, so that no set need be hashed to find its file.
    pub fn is_empty(&self) -> bool {
        self.files().next().is_none()
    }

    /// The corrections of this set with the file that holds them; `None` where there is no file.
    ///
    /// # Errors
    /// A sentence with the file's name where it cannot be read or does not fit the set.
    pub fn load(&self, dataset: &Dataset) -> Result<Option<Corrections>, String> {
        let file = (!self.is_empty()).then(|| self.find(dataset));
        let Some(file) = file.flatten() else {
            return Ok(None);
        };
        let corrections = Corrections::read(&file)?;
        let marks = corrections.marks(dataset);
        marks.map_err(|reason| format!("{}: {reason}", file.display()))?;
        Ok(Some(corrections))
    }

    /// The corrections for a run on this set: the current ones of the folder; where there are none, the `said` ones, if for this set and
    /// not read from the folder, which had them removed since.
    ///
    /// # Errors
    /// As for [`load`](Self::load).
    pub fn for_training(
        &self,
        dataset: &Dataset,
        said: Option<Corrections>,
    ) -> Result<Option<Corrections>, String> {
        let said = said.filter(|said| !self.is_own(said));
        let corrections = self.load(dataset)?.or(said);
        Ok(corrections
            .filter(|corrections| !corrections.is_empty() && corrections.are_for(dataset)))
    }

    /// Whether they were read from a file of this folder.
    fn is_own(&self, corrections: &Corrections) -> bool {
        let folder = self.path.as_ref();
        let folder = folder.and_then(|folder| std::path::absolute(folder).ok());
        let file = corrections.from.as_deref();
        folder.is_some() && file.and_then(Path::parent) == folder.as_deref()
    }

    /// Marks a training image, or removes its mark, and returns the file's new corrections; the file goes with the last of them.
    ///
    /// # Errors
    /// A sentence where the file cannot be read or written, or the mark is not possible; nothing is changed then.
    pub fn mark(
        &self,
        dataset: &Dataset,
        image: usize,
        mark: Option<Mark>,
    ) -> Result<Corrections, String> {
        let folder = self.path.as_ref().ok_or(
            "corrections cannot be kept: the home folder is not known; set $HOME and restart",
        )?;
        let train = dataset.original_train();
        let (images, classes) = (train.len(), dataset.classes());
        if image >= images {
            return Err(format!(
                "image {image}: {} has {images} training images",
                dataset.name
            ));
        }
        let label = train.labels()[image];
        let mark = match mark {
            Some(Mark::Becomes(class)) if usize::from(class) >= classes => {
                return Err(format!(
                    "class {class}: {} has {classes} classes",
                    dataset.name
                ));
            }
            // Relabelling an image with its own label removes the mark.
            Some(Mark::Becomes(class)) if class == label => None,
            mark => mark,
        };
        let mut marks = match self.load(dataset)? {
            None => Marks::new(),
            Some(corrections) => corrections.marks(dataset)?,
        };
        match mark {
            None => marks.remove(&(image as u32)),
            Some(mark) => marks.insert(image as u32, mark),
        };
        let mut corrections = Corrections::new(dataset, &marks);
        corrections.marks(dataset)?;
        let file = self
            .find(dataset)
            .unwrap_or_else(|| folder.join(file_name(dataset)));
        match corrections.is_empty() {
            true => remove(&file)?,
            false => corrections.write(&file)?,
        }
        corrections.from = Some(file);
        Ok(corrections)
    }

    /// The file of this set, whatever the name of the set was when it was made.
    fn find(&self, dataset: &Dataset) -> Option<PathBuf> {
        let ending = ending(dataset);
        let mut files = self.files();
        files.find(|file| {
            let name = file.file_name().and_then(|name| name.to_str());
            name.is_some_and(|name| name.ends_with(&ending))
        })
    }

    /// Every YAML file, by name.
    fn files(&self) -> impl Iterator<Item = PathBuf> {
        let entries = self.path.as_ref().and_then(|path| fs::read_dir(path).ok());
        let mut files: Vec<PathBuf> = entries
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
            .collect();
        files.sort_unstable();
        files.into_iter()
    }
}

impl Corrections {
    /// Reads a file; [`marks`](Self::marks) checks whether it fits a set.
    ///
    /// # Errors
    /// A sentence with the file's name, and the line where a line is wrong.
    pub fn read(file: &Path) -> Result<Self, String> {
        let failed = |reason: String| format!("{}: {reason}", file.display());
        let text = text_file::read(file).map_err(|error| match error.kind() {
            ErrorKind::NotFound => failed("no such file of corrections".to_owned()),
            _ => failed(text_file::why_not_read(&error)),
        })?;
        let corrections: Self = serde_yaml::from_str(&text)
            .map_err(|error| failed(TextProblem::new(&text, &error).reason))?;
        let file = std::path::absolute(file);
        Ok(Self {
            from: file.ok(),
            ..corrections
        })
    }

    /// Writes them, completely or not at all.
    ///
    /// # Errors
    /// A sentence with the file's name.
    pub fn write(&self, file: &Path) -> Result<(), String> {
        let lines = Self {
            from: None,
            ..self.clone()
        };
        let lines = serde_yaml::to_string(&lines)
            .expect("corrections have only string keys, text and whole numbers");
        let text = format!(
            "# Training images of {} to exclude, and others with their right class. Lines can be added and deleted by hand;\n\
             # comments are lost when the program writes the file.\n{lines}",
            self.data.replace(['\n', '\r'], " ")
        );
        let written = WholeFile::of(file, text).and_then(WholeFile::finish);
        written.map_err(|error| error.to_string())
    }
}

/// Removes a file, which need not exist.
fn remove(file: &Path) -> Result<(), String> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(unwritable(file)(error).to_string())
        }
        _ => Ok(()),
    }
}

fn ending(dataset: &Dataset) -> String {
    format!("-{}.yaml", short_sha256(dataset.identity()))
}

fn file_name(dataset: &Dataset) -> String {
    as_file_name(&dataset.name, MOST_LETTERS, "") + &ending(dataset)
}

#[cfg(test)]
mod tests;
