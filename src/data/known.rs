//! The data sets that the program knows by name.

use sha2::{Digest, Sha256};

use super::hex::hex;

/// A public data set that the program knows.
#[derive(Debug, PartialEq, Eq)]
pub struct KnownSet {
    /// The name to type: `fashion-mnist`. Folders that hold the set have the same name.
    pub name: &'static str,
    /// The name on the screen: `Fashion-MNIST`.
    pub title: &'static str,
    /// Class names, class 0 first.
    pub class_names: [&'static str; 10],
    /// Images in the full set's training split.
    pub train_images: usize,
    /// Images in the full set's test split.
    pub test_images: usize,
    /// SHA-256 of the four decompressed files, in the order of [`super::idx::FILES`].
    pub sha256: [&'static str; 4],
    /// [`Dataset::identity`](super::Dataset::identity) of the full set.
    pub identity: &'static str,
    /// URLs of the folders with the four gzipped files, the official one first.
    pub mirrors: &'static [&'static str],
    /// Size of the four gzipped files on the official mirror, for progress only.
    pub packed_bytes: [u64; 4],
    /// Debian's package of the full set, if there is one, and its folder.
    pub debian: Option<(&'static str, &'static str)>,
}

/// Every known set; the first one is opened by default.
pub const KNOWN_SETS: [KnownSet; 2] = [
    KnownSet {
        name: "fashion-mnist",
        title: "Fashion-MNIST",
        class_names: [
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot",
        ],
        train_images: 60_000,
        test_images: 10_000,
        sha256: [
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        ],
        identity: "133d67b3393615763f8bafd801e0d6642358324b39e08de75257ca540692b2dd",
        mirrors: &[
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
            "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion",
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets",
        ],
        packed_bytes: [26_421_880, 29_515, 4_422_102, 5_148],
        debian: Some(("dataset-fashion-mnist", "/usr/share/datasets/fashion-mnist")),
    },
    KnownSet {
        name: "mnist",
        title: "MNIST",
        class_names: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        train_images: 60_000,
        test_images: 10_000,
        sha256: [
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ],
        identity: "8a8d8b071868552fe492d592d1755e36cc740af4ad86c6fa7232a4d8ae9398da",
        mirrors: &[
            "https://ossci-datasets.s3.amazonaws.com/mnist",
            "https://storage.googleapis.com/cvdf-datasets/mnist",
            "http://yann.lecun.com/exdb/mnist",
        ],
        packed_bytes: [9_912_422, 28_881, 1_648_877, 4_542],
        debian: None,
    },
];

/// The suffix to a known set's name that names its starter set.
pub const STARTER_SUFFIX: &str = "-starter";

/// The name of the set with newly drawn training digits and MNIST's test digits.
pub const SYNTHETIC_DIGITS: &str = "synthetic-digits";

/// Whether this is the name of a known set.
pub fn is_known_name(choice: &str) -> bool {
    names().iter().any(|name| name == choice)
}

/// The names of all known sets.
pub(super) fn names() -> Vec<String> {
    let known = KNOWN_SETS.iter();
    let known = known.flat_map(|set| [set.name.to_owned(), set.starter_name()]);
    known.chain([SYNTHETIC_DIGITS.to_owned()]).collect()
}

impl KnownSet {
    /// The known set of this name.
    pub fn by_name(name: &str) -> Option<&'static Self> {
        KNOWN_SETS.iter().find(|set| set.name == name)
    }

    /// The name of its starter set: `mnist-starter`.
    pub fn starter_name(&self) -> String {
        self.name.to_owned() + STARTER_SUFFIX
    }

    /// The known set whose test label file has this SHA-256 (hexadecimal).
    pub fn by_test_labels(sha256: &str) -> Option<&'static Self> {
        KNOWN_SETS.iter().find(|set| set.sha256[3] == sha256)
    }

    /// The known set with these test labels.
    pub(super) fn by_labels(labels: &[u16]) -> Option<&'static Self> {
        let mut hasher = Sha256::new();
        hasher.update([0, 0, 8, 1]);
        hasher.update((labels.len() as u32).to_be_bytes());
        let bytes: Option<Vec<u8>> = labels.iter().map(|&label| label.try_into().ok()).collect();
        hasher.update(bytes?);
        Self::by_test_labels(&hex(&hasher.finalize()))
    }

    pub(super) fn class_names(&self) -> Vec<String> {
        self.class_names.iter().map(ToString::to_string).collect()
    }
}
