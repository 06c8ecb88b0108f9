//! The image files of a folder, with their classes, and where the folder has halves with theirs.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::class_list::ClassList;
use super::labels_file;
use super::layout::{self, ClassFolder, Flat, Halves, Layout, class_folders};
use super::note::named;
use crate::data::class_names::of_path;
use crate::data::dataset::CLASSES;
use crate::data::error::{DataError, Problem, unreadable};
use crate::data::image_file::is_image;
use crate::data::progress::Progress;
use crate::wording::counted;

pub(super) struct Labelled {
    pub path: PathBuf,
    pub class: u16,
}

#[derive(Default)]
pub(super) struct Files {
    pub classes: Vec<String>,
    pub train: Vec<Labelled>,
    /// Whether the training images are all images, of which a share of each class is for testing.
    pub is_whole: bool,
    pub test: Vec<Labelled>,
    pub validation: Vec<Labelled>,
    /// How the folder was understood, where it is not plain.
    pub notes: Vec<String>,
    /// Files that are not named like images, relative to the folder.
    pub skipped: Vec<String>,
}

impl Files {
    /// The files of every half.
    pub fn all(&self) -> impl Iterator<Item = &Labelled> {
        self.train.iter().chain(&self.test).chain(&self.validation)
    }
}

/// Finds the images of a folder, reading no image.
pub(super) fn find(folder: &Path, progress: &Progress<'_>) -> Result<Files, DataError> {
    let mut finder = Finder {
        folder,
        progress,
        files: Files::default(),
    };
    let Some((root, layout)) = layout::layout(folder) else {
        // It has changed since it was found.
        return Err(Problem::NoImages(class_folders(folder).0.len()).at(folder.display()));
    };
    if root != folder {
        let note = format!("opened {}/, the only folder in it", of_path(&root));
        finder.files.notes.push(note);
    }
    finder.files.is_whole = !matches!(layout, Layout::Halves(_));
    match layout {
        Layout::Halves(halves) => finder.halves(&root, &halves)?,
        Layout::Classes => {
            let (folders, list) = finder.classes(&root, &root)?;
            let mut images: Vec<Vec<Labelled>> = Vec::new();
            images.resize_with(list.names.len(), Vec::new);
            for folder in &folders {
                let class = list.class(&folder.name).unwrap_or(0);
                images[usize::from(class)] = finder.images(folder, class)?;
            }
            finder.files.train = images.into_iter().flatten().collect();
        }
        Layout::Listed { labels, flat } => {
            let listed = labels_file::read(&labels, &flat.images, progress)?;
            finder.files.notes.extend(listed.notes);
            finder.files.classes = listed.classes;
            finder.files.train = listed.images.into_iter().flatten().collect();
            finder.note_unlabelled(flat.unlabelled.as_deref(), "labels");
        }
        Layout::Named(flat) => finder.named(&flat)?,
    }
    Ok(finder.files)
}

struct Finder<'a> {
    folder: &'a Path,
    progress: &'a Progress<'a>,
    files: Files,
}

impl Finder<'_> {
    fn halves(&mut self, root: &Path, halves: &Halves) -> Result<(), DataError> {
        let Halves { train, test, .. } = halves;
        let (folders, list) = self.classes(root, train)?;
        for folder in &folders {
            let class = list.class(&folder.name).unwrap_or(0);
            let images = self.images(folder, class)?;
            self.files.train.extend(images);
        }
        self.files.test = self.measured(test, train, &list)?;
        if let Some(validation) = &halves.validation {
            self.files.validation = self.measured(validation, train, &list)?;
        }
        if list.is_written {
            let Files {
                train,
                test,
                validation,
                ..
            } = &mut self.files;
            for split in [train, test, validation] {
                in_numbered_order(split);
            }
        }
        if let Some(unlabelled) = &halves.unlabelled {
            if unlabelled == test {
                let images = self.image_files(test)?.len();
                return Err(Problem::Unlabelled {
                    images: counted(images, "image"),
                    train: train.display().to_string(),
                }
                .at(test.display()));
            }
            self.note_unlabelled(Some(unlabelled), "class folders");
        }
        if !layout::is_test(test) {
            let note = format!("test images are those of {}/", of_path(test));
            self.files.notes.push(note);
        }
        Ok(())
    }

    /// The images of a half that is measured, whose classes are those of the training images.
    fn measured(
        &mut self,
        half: &Path,
        train: &Path,
        list: &ClassList,
    ) -> Result<Vec<Labelled>, DataError> {
        let (measured, empty) = class_folders(half);
        self.note_empty(half, &empty);
        let mut all = Vec::new();
        for class in &measured {
            let number = list.class(&class.name).ok_or_else(|| {
                Problem::ClassWithoutTraining {
                    classes: list.names.len(),
                    train: of_path(train),
                    names: named(&self.files.classes),
                }
                .at(half.join(&class.name).display())
            })?;
            all.extend(self.images(class, number)?);
        }
        self.note_deeper(&measured);
        Ok(all)
    }

    /// The class folders in `base`, and the classes of the set, which a file in `root` may list.
    fn classes(
        &mut self,
        root: &Path,
        base: &Path,
    ) -> Result<(Vec<ClassFolder>, ClassList), DataError> {
        let (classes, empty) = class_folders(base);
        if !CLASSES.contains(&classes.len()) {
            return Err(Problem::NoImages(classes.len()).at(base.display()));
        }
        self.note_empty(base, &empty);
        self.note_deeper(&classes);
        let list = ClassList::of(root, &classes);
        self.files.classes.clone_from(&list.names);
        self.files.notes.extend(list.note.clone());
        Ok((classes, list))
    }

    /// The images of a class, by name.
    fn images(&mut self, class: &ClassFolder, number: u16) -> Result<Vec<Labelled>, DataError> {
        let images = self.image_files(&class.images)?.into_iter();
        let labelled = images.map(|path| Labelled {
            path,
            class: number,
        });
        Ok(labelled.collect())
    }

    fn image_files(&mut self, folder: &Path) -> Result<Vec<PathBuf>, DataError> {
        self.progress.check()?;
        let mut images = Vec::new();
        let mut others = Vec::new();
        for path in layout::entries(folder).map_err(unreadable(folder))? {
            let path = path.map_err(unreadable(folder))?;
            match is_image(&path) && path.is_file() {
                true => images.push(path),
                false => others.push(relative(self.folder, &path)),
            }
        }
        images.sort_unstable();
        others.sort_unstable();
        self.files.skipped.append(&mut others);
        Ok(images)
    }

    /// The images that are called by their class and a number.
    fn named(&mut self, flat: &Flat) -> Result<(), DataError> {
        let mut classes: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        for path in self.image_files(&flat.images)? {
            let class = layout::class_in_name(&path).map(str::to_owned);
            match class {
                Some(class) => classes.entry(class).or_default().push(path),
                // It has come since the folder was looked at.
                None => self.files.skipped.push(relative(self.folder, &path)),
            }
        }
        let names: Vec<String> = classes.keys().cloned().collect();
        let note = format!("classes are those in the files' names: {}", named(&names));
        self.files.notes.push(note);
        self.files.classes = names;
        let labelled = (0..).zip(classes.into_values()).flat_map(|(class, paths)| {
            let labelled = move |path| Labelled { path, class };
            paths.into_iter().map(labelled)
        });
        self.files.train = labelled.collect();
        self.note_unlabelled(flat.unlabelled.as_deref(), "classes in their names");
        Ok(())
    }

    fn note_unlabelled(&mut self, folder: Option<&Path>, without: &str) {
        let note = |folder: &Path| {
            let name = of_path(folder);
            format!("{name}/ is not used, since its images have no {without}")
        };
        self.files.notes.extend(folder.map(note));
    }

    fn note_empty(&mut self, base: &Path, empty: &[String]) {
        if !empty.is_empty() {
            let base = relative(self.folder, base);
            let place = if base.is_empty() {
                String::new()
            } else {
                format!(" in {base}/")
            };
            let (are, classes) = match empty {
                [_] => ("has no images and is", "class"),
                _ => ("have no images and are", "classes"),
            };
            let note = format!("{}{place} {are} no {classes}", named(empty));
            self.files.notes.push(note);
        }
    }

    fn note_deeper(&mut self, classes: &[ClassFolder]) {
        let deeper = classes.iter().filter(|class| class.is_deeper);
        let deeper: Vec<_> = deeper.map(|class| class.name.clone()).collect();
        if !deeper.is_empty() {
            let note = format!("the images of {} are one folder deeper", named(&deeper));
            self.files.notes.push(note);
        }
    }
}

/// Sorts the images of a split by the numbers that they are called by, where these are 1, 2 and so on through all classes: so convscope
/// writes them, and their order is part of the set.
fn in_numbered_order(files: &mut [Labelled]) {
    let number = |file: &Labelled| file.path.file_stem()?.to_str()?.parse::<usize>().ok();
    let mut numbers: Vec<Option<usize>> = files.iter().map(number).collect();
    numbers.sort_unstable();
    let are_all = numbers.iter().enumerate();
    if are_all
        .into_iter()
        .all(|(at, number)| *number == Some(at + 1))
    {
        files.sort_by_key(number);
    }
}

pub(super) fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root)
        .unwrap_or(path)
        .display()
        .to_string()
}
