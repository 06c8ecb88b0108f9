//! The data sets that the program knows by name. A new one is one entry in the file of its family here.

mod cifar;
mod emnist;
mod medmnist;
mod mnist;
mod sum;

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::error::DataError;
use super::hex::hex;
use crate::wording::{bytes, counted};
pub use sum::Sum;

/// A public data set that the program knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownSet {
    /// The name to type: `fashion-mnist`. Folders that hold the set have the same name.
    pub name: &'static str,
    /// The name on the screen: `Fashion-MNIST`.
    pub title: &'static str,
    /// Class names, that of [`first_label`](Self::first_label) first.
    pub class_names: &'static [&'static str],
    /// The label of the first class.
    pub first_label: u16,
    /// Images in the full set's training split.
    pub train_images: usize,
    /// Images in the full set's test split.
    pub test_images: usize,
    /// Its licence, `MIT`, or `none stated`.
    pub licence: &'static str,
    /// The files in its folder: one, or four IDX files in the order of [`super::idx::FILES`] and others after them.
    pub files: &'static [KnownFile],
    /// The archive that its files are fetched in; without one, they are fetched as they are.
    pub archive: Option<&'static Archive>,
    /// URLs of the folders with its files, or with its archive, the official one first.
    pub mirrors: &'static [&'static str],
    /// [`Dataset::identity`](super::Dataset::identity) of the full set, where it was computed.
    pub identity: Option<&'static str>,
    /// Whether a part of it is built into the program.
    pub has_starter: bool,
    /// Debian's package of the full set, if there is one, and its folder.
    pub debian: Option<(&'static str, &'static str)>,
}

/// A file of a known set, or its archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFile {
    /// Its name, on the servers and in the set's folder.
    pub name: &'static str,
    /// Its size on the official server, rounded where that alone is published: for people, progress and a limit, never a check.
    pub bytes: u64,
    /// Its published checksum; files of an archive are checked through that.
    pub sum: Option<Sum>,
}

impl KnownFile {
    /// A file with a published checksum.
    const fn with(name: &'static str, bytes: u64, sum: Sum) -> Self {
        let sum = Some(sum);
        Self { name, bytes, sum }
    }

    /// A file of an archive.
    const fn inside(name: &'static str) -> Self {
        Self {
            name,
            bytes: 0,
            sum: None,
        }
    }
}

/// A zip archive with the files of several known sets.
#[derive(Debug, PartialEq, Eq)]
pub struct Archive {
    /// What it is called while it is fetched: `emnist`.
    pub name: &'static str,
    /// The archive itself.
    pub file: KnownFile,
    /// Each set in it with its files, which are in any folder of the archive.
    pub sets: &'static [(&'static str, &'static [KnownFile])],
}

/// Every known set; the first one is opened by default.
pub const KNOWN_SETS: [KnownSet; 23] = [
    mnist::FASHION_MNIST,
    mnist::MNIST,
    mnist::KMNIST,
    mnist::QMNIST,
    emnist::BALANCED,
    emnist::BYCLASS,
    emnist::BYMERGE,
    emnist::DIGITS,
    emnist::LETTERS,
    emnist::MNIST,
    cifar::CIFAR10,
    cifar::CIFAR100,
    medmnist::BLOODMNIST,
    medmnist::BREASTMNIST,
    medmnist::DERMAMNIST,
    medmnist::OCTMNIST,
    medmnist::ORGANAMNIST,
    medmnist::ORGANCMNIST,
    medmnist::ORGANSMNIST,
    medmnist::PATHMNIST,
    medmnist::PNEUMONIAMNIST,
    medmnist::RETINAMNIST,
    medmnist::TISSUEMNIST,
];

/// Names of public sets that cannot be used, each with the reason.
const UNUSABLE: &[(&str, &str)] = &[(
    "chestmnist",
    "multi-label: an image has up to 14 diseases at once, and convscope sorts each image into one class",
)];

/// The suffix to a known set's name that names its starter set.
pub const STARTER_SUFFIX: &str = "-starter";

/// The name of the set with newly drawn training digits and MNIST's test digits.
pub const SYNTHETIC_DIGITS: &str = "synthetic-digits";

/// The names of the sets that can be fetched.
pub const FETCHED: [&str; KNOWN_SETS.len()] = {
    let mut names = [""; KNOWN_SETS.len()];
    let mut set = 0;
    while set < names.len() {
        names[set] = KNOWN_SETS[set].name;
        set += 1;
    }
    names
};

/// Whether this is the name of a known set.
pub fn is_known_name(choice: &str) -> bool {
    names().iter().any(|name| name == choice)
}

/// The names of all known sets.
pub(super) fn names() -> Vec<String> {
    let known = KNOWN_SETS.iter().flat_map(|set| {
        let starter = set.has_starter.then(|| set.starter_name());
        [Some(set.name.to_owned()), starter].into_iter().flatten()
    });
    known.chain([SYNTHETIC_DIGITS.to_owned()]).collect()
}

/// Refuses the name of a public set that cannot be used.
pub fn check_usable(name: &str) -> Result<(), DataError> {
    match UNUSABLE.iter().find(|(unusable, _)| *unusable == name) {
        Some((name, reason)) => Err(DataError::Unusable { name, reason }),
        None => Ok(()),
    }
}

impl KnownSet {
    /// What a family of sets fills in, each of its sets after it.
    const UNTOLD: Self = Self {
        name: "",
        title: "",
        class_names: &[],
        first_label: 0,
        train_images: 0,
        test_images: 0,
        licence: "none stated",
        files: &[],
        archive: None,
        mirrors: &[],
        identity: None,
        has_starter: false,
        debian: None,
    };

    /// The known set of this name.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        KNOWN_SETS.iter().find(|set| set.name == name)
    }

    /// The name of its starter set: `mnist-starter`.
    pub fn starter_name(&self) -> String {
        self.name.to_owned() + STARTER_SUFFIX
    }

    /// The bytes to fetch.
    pub fn bytes(&self) -> u64 {
        match self.archive {
            Some(archive) => archive.file.bytes,
            None => self.files.iter().map(|file| file.bytes).sum(),
        }
    }

    /// What is to be opened of the set in `folder`: its only file, or the folder.
    pub(super) fn place(&self, folder: &Path) -> PathBuf {
        match self.files {
            [file] => folder.join(file.name),
            _ => folder.to_owned(),
        }
    }

    /// How much there is to fetch: `31 MB`, or `562 MB for 6 sets`.
    pub fn to_fetch(&self) -> String {
        let size = bytes(self.bytes());
        match self.archive {
            Some(archive) => format!("{size} for {}", counted(archive.sets.len(), "set")),
            None => size,
        }
    }

    /// How much there is to fetch, and its licence.
    pub fn about(&self) -> String {
        let with = match self.archive {
            Some(_) => " in one archive; each gets a folder of its own",
            None => "",
        };
        let (size, licence) = (self.to_fetch(), self.licence);
        format!("{}: {size} to fetch{with}; licence: {licence}.", self.title)
    }

    /// Its file with the labels of the test images, where it has IDX files.
    pub(super) fn test_labels(&self) -> Option<&KnownFile> {
        self.files.get(3)
    }

    /// The known set with these test labels.
    pub(super) fn by_labels(labels: &[u16]) -> Option<&'static Self> {
        let mut hasher = Sha256::new();
        hasher.update([0, 0, 8, 1]);
        hasher.update((labels.len() as u32).to_be_bytes());
        let bytes: Option<Vec<u8>> = labels.iter().map(|&label| label.try_into().ok()).collect();
        hasher.update(bytes?);
        let found = hex(&hasher.finalize());
        KNOWN_SETS.iter().find(|set| {
            let sum = set.test_labels().and_then(|file| file.sum.as_ref());
            matches!(sum, Some(Sum::Content(sum)) if *sum == found)
        })
    }

    pub(super) fn class_names(&self) -> Vec<String> {
        self.class_names.iter().map(ToString::to_string).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_is_complete() {
        for (place, set) in KNOWN_SETS.iter().enumerate() {
            let name = set.name;
            assert!(KNOWN_SETS[..place].iter().all(|other| other.name != name));
            assert!(set.class_names.len() >= 2 && set.bytes() > 0, "{name}");
            assert!(!set.mirrors.is_empty() && !set.licence.is_empty(), "{name}");
            for mirror in set.mirrors {
                assert!(
                    mirror.starts_with("http") && !mirror.ends_with('/'),
                    "{mirror}"
                );
            }
            for file in set.files {
                assert_eq!(file.sum.is_none(), set.archive.is_some(), "{name}");
            }
            let sums = set
                .files
                .iter()
                .chain(set.archive.map(|archive| &archive.file));
            for sum in sums.filter_map(|file| file.sum.as_ref()) {
                let (text, digits) = match sum {
                    Sum::Content(text) | Sum::Sha256(text) => (text, 64),
                    Sum::Md5(text) => (text, 32),
                };
                let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
                assert!(
                    text.len() == digits && text.bytes().all(is_digit),
                    "{name}: {text}"
                );
            }
            if let Some(archive) = set.archive {
                let mut sets = archive.sets.iter();
                assert!(sets.any(|(other, files)| *other == name && *files == set.files));
            }
        }
    }

    #[test]
    fn class_names_are_unique() {
        for set in &KNOWN_SETS {
            for (place, class) in set.class_names.iter().enumerate() {
                assert!(
                    !set.class_names[..place].contains(class),
                    "{}: {class}",
                    set.name
                );
            }
        }
    }
}
