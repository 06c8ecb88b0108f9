//! Kept drawings, each with its class: a small test set of one's own.
//!
//! Each set of classes has its own folder, `28x28x1-<first class>-<hash of all names>/`, with a folder per class, `3-Dress/`, of PNG
//! files `0001.png`: any program can read it, and files can be added and removed by hand.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::error::DataError;
use super::hex::hex;
use super::image_file::ImageFile;
use super::names::as_file_name;
use super::split::{Pixels, Split};
use super::whole_file::WholeFile;
use crate::folders;
use crate::shape::Shape;

/// Maximum letters of a class name in a folder's name.
const MOST_LETTERS: usize = 24;

/// The kept drawings for one kind of network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawings {
    folder: PathBuf,
    shape: Shape,
    class_names: Vec<String>,
}

impl Drawings {
    /// The user's drawings for images of `shape` in these classes; `None` where there is no home folder.
    pub fn of_user(shape: Shape, class_names: &[String]) -> Option<Self> {
        let user = folders::of_user()?;
        Some(Self::at(
            &user.data_dir().join("drawings"),
            shape,
            class_names,
        ))
    }

    /// The drawings below this folder.
    pub fn at(root: &Path, shape: Shape, class_names: &[String]) -> Self {
        let [height, width, channels] = shape.into();
        let mut hasher = Sha256::new();
        for name in class_names {
            hasher.update(name.as_bytes());
            hasher.update([0]);
        }
        let hash = hex(&hasher.finalize()[..4]);
        let first = name_of_class(class_names, 0);
        Self {
            folder: root.join(format!("{height}x{width}x{channels}-{first}-{hash}")),
            shape,
            class_names: class_names.to_vec(),
        }
    }

    /// Where they are kept, with a folder per class.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Class names, class 0 first.
    pub fn class_names(&self) -> &[String] {
        &self.class_names
    }

    /// Keeps a drawing `[height, width, channels]`, 0–255, and returns its file.
    pub fn keep(&self, class: usize, pixels: &[u8]) -> Result<PathBuf, DataError> {
        let folder = self.class_folder(class);
        let number = (1..)
            .find(|number| !folder.join(file_name(*number)).exists())
            .unwrap_or(1);
        let path = folder.join(file_name(number));
        save_png(&path, pixels, self.shape)?;
        Ok(path)
    }

    /// Every kept drawing of this shape, class by class; empty where there are none.
    pub fn load(&self) -> Split {
        let (mut pixels, mut labels) = (Vec::new(), Vec::new());
        for class in 0..self.class_names.len() {
            let entries = fs::read_dir(self.class_folder(class)).into_iter().flatten();
            let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
            paths.sort_unstable();
            for path in paths {
                if let Some(image) = self.read(&path) {
                    pixels.extend(image);
                    labels.push(class as u16);
                }
            }
        }
        Split::new(self.shape, Pixels::U8(pixels), labels)
    }

    fn read(&self, path: &Path) -> Option<Vec<u8>> {
        let image = ImageFile::open(path).ok()?;
        let size = (self.shape.height, self.shape.width);
        (image.size() == size).then_some(())?;
        image.into_pixels(self.shape.channels)
    }

    fn class_folder(&self, class: usize) -> PathBuf {
        let name = name_of_class(&self.class_names, class);
        self.folder.join(format!("{class}-{name}"))
    }
}

/// The class name as in a folder's name; empty where there is no such class.
fn name_of_class(names: &[String], class: usize) -> String {
    let name = names.get(class).map_or("", String::as_str);
    as_file_name(name, MOST_LETTERS, "")
}

/// Writes an image `[height, width, channels]` of 1 or 3 channels, 0–255, as a PNG, completely or not at all.
pub fn save_png(path: &Path, pixels: &[u8], shape: Shape) -> Result<(), DataError> {
    WholeFile::of(path, png(pixels, shape))?.finish()
}

/// An image `[height, width, channels]` of 1 or 3 channels, 0–255, as the bytes of a PNG.
pub(super) fn png(pixels: &[u8], shape: Shape) -> Vec<u8> {
    let color = match shape.channels {
        3 => image::ExtendedColorType::Rgb8,
        _ => image::ExtendedColorType::L8,
    };
    let mut bytes = Vec::new();
    let (width, height) = (shape.width as u32, shape.height as u32);
    let encoder = image::codecs::png::PngEncoder::new(&mut bytes);
    image::ImageEncoder::write_image(encoder, pixels, width, height, color)
        .expect("the pixels are an image of this shape, and memory takes any number of bytes");
    bytes
}

fn file_name(number: usize) -> String {
    format!("{number:04}.png")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn what_is_kept_comes_back_with_its_class() {
        let root = tempfile::tempdir().unwrap();
        for shape in [Shape::new(4, 5, 1), Shape::new(4, 5, 3)] {
            let drawings = Drawings::at(root.path(), shape, &names(&["T-shirt/top", "b"]));
            assert!(drawings.load().is_empty());
            let image: Vec<u8> = (0..shape.len() as u8).collect();
            let other: Vec<u8> = image.iter().map(|value| 255 - value).collect();
            let first = drawings.keep(1, &image).unwrap();
            assert!(first.ends_with("1-b/0001.png"), "{}", first.display());
            drawings.keep(1, &other).unwrap();
            let shirt = drawings.keep(0, &other).unwrap();
            assert!(shirt.ends_with("0-T-shirt-top/0001.png"));
            // A file that is no image, and one of another size, are passed over.
            fs::write(first.with_file_name("notes.txt"), "mine").unwrap();
            save_png(
                &first.with_file_name("small.png"),
                &[1],
                Shape::new(1, 1, 1),
            )
            .unwrap();
            let split = drawings.load();
            assert_eq!(split.labels(), [0, 1, 1]);
            assert_eq!(split.image_u8(0), other);
            assert_eq!(split.image_u8(1), image);
        }
    }

    #[test]
    fn other_classes_and_shapes_have_other_folders() {
        let at =
            |shape, classes: &[&str]| Drawings::at(Path::new("/d"), shape, &names(classes)).folder;
        let shape = Shape::new(28, 28, 1);
        let digits = at(shape, &["0", "1"]);
        assert_eq!(digits, at(shape, &["0", "1"]));
        assert_ne!(digits, at(shape, &["0", "2"]));
        assert_ne!(digits, at(Shape::new(28, 28, 3), &["0", "1"]));
        assert!(digits.starts_with("/d") && digits.to_str().unwrap().contains("28x28x1-0-"));
    }
}
