//! EMNIST: handwritten digits and letters in six divisions, all in one archive.
//!
//! Source of names and numbers: G. Cohen, S. Afshar, J. Tapson, A. van Schaik, "EMNIST: an extension of MNIST to handwritten letters" (2017);
//! size and SHA-256 of the archive: `tensorflow_datasets/url_checksums/emnist.txt` of TensorFlow Datasets.

use super::{Archive, KnownFile, KnownSet, Sum};

macro_rules! files {
    ($split:literal) => {
        &[
            KnownFile::inside(concat!("emnist-", $split, "-train-images-idx3-ubyte.gz")),
            KnownFile::inside(concat!("emnist-", $split, "-train-labels-idx1-ubyte.gz")),
            KnownFile::inside(concat!("emnist-", $split, "-test-images-idx3-ubyte.gz")),
            KnownFile::inside(concat!("emnist-", $split, "-test-labels-idx1-ubyte.gz")),
            KnownFile::inside(concat!("emnist-", $split, "-mapping.txt")),
        ]
    };
}

static ARCHIVE: Archive = Archive {
    name: "emnist",
    file: KnownFile::with(
        "gzip.zip",
        561_753_746,
        Sum::Sha256("fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e"),
    ),
    sets: &[
        ("emnist-balanced", files!("balanced")),
        ("emnist-byclass", files!("byclass")),
        ("emnist-bymerge", files!("bymerge")),
        ("emnist-digits", files!("digits")),
        ("emnist-letters", files!("letters")),
        ("emnist-mnist", files!("mnist")),
    ],
};

const WHOLE: KnownSet = KnownSet {
    archive: Some(&ARCHIVE),
    mirrors: &[
        "https://biometrics.nist.gov/cs_links/EMNIST",
        "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST",
    ],
    ..KnownSet::UNTOLD
};

pub(super) const BALANCED: KnownSet = KnownSet {
    name: "emnist-balanced",
    title: "EMNIST balanced",
    class_names: MERGED,
    train_images: 112_800,
    test_images: 18_800,
    files: files!("balanced"),
    ..WHOLE
};

pub(super) const BYCLASS: KnownSet = KnownSet {
    name: "emnist-byclass",
    title: "EMNIST by class",
    class_names: ALL,
    train_images: 697_932,
    test_images: 116_323,
    files: files!("byclass"),
    ..WHOLE
};

pub(super) const BYMERGE: KnownSet = KnownSet {
    name: "emnist-bymerge",
    title: "EMNIST by merge",
    class_names: MERGED,
    train_images: 697_932,
    test_images: 116_323,
    files: files!("bymerge"),
    ..WHOLE
};

pub(super) const DIGITS: KnownSet = KnownSet {
    name: "emnist-digits",
    title: "EMNIST digits",
    class_names: DIGIT_NAMES,
    train_images: 240_000,
    test_images: 40_000,
    files: files!("digits"),
    ..WHOLE
};

pub(super) const LETTERS: KnownSet = KnownSet {
    name: "emnist-letters",
    title: "EMNIST letters",
    class_names: LETTER_NAMES,
    first_label: 1,
    train_images: 124_800,
    test_images: 20_800,
    files: files!("letters"),
    ..WHOLE
};

pub(super) const MNIST: KnownSet = KnownSet {
    name: "emnist-mnist",
    title: "EMNIST MNIST",
    class_names: DIGIT_NAMES,
    train_images: 60_000,
    test_images: 10_000,
    files: files!("mnist"),
    ..WHOLE
};

#[rustfmt::skip]
const DIGIT_NAMES: &[&str] = &[
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
];

#[rustfmt::skip]
const ALL: &[&str] = &[
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "A", "B", "C",
    "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P",
    "Q", "R", "S", "T", "U", "V", "W", "X", "Y", "Z", "a", "b", "c",
    "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p",
    "q", "r", "s", "t", "u", "v", "w", "x", "y", "z",
];

/// Letters whose two forms look alike are one class.
#[rustfmt::skip]
const MERGED: &[&str] = &[
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "A", "B", "C",
    "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P",
    "Q", "R", "S", "T", "U", "V", "W", "X", "Y", "Z", "a", "b", "d",
    "e", "f", "g", "h", "n", "q", "r", "t",
];

/// Both forms of a letter are one class.
#[rustfmt::skip]
const LETTER_NAMES: &[&str] = &[
    "Aa", "Bb", "Cc", "Dd", "Ee", "Ff", "Gg", "Hh", "Ii", "Jj", "Kk", "Ll", "Mm",
    "Nn", "Oo", "Pp", "Qq", "Rr", "Ss", "Tt", "Uu", "Vv", "Ww", "Xx", "Yy", "Zz",
];
