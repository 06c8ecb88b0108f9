//! MNIST and the sets that were made in its image. Checksums of content were computed from the official files; the MD5 sums are those
//! of `torchvision/datasets/mnist.py`.

use super::{KnownFile, KnownSet, Sum};

const DIGITS: &[&str] = &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

/// What most of them share.
const TEN_CLASSES: KnownSet = KnownSet {
    class_names: DIGITS,
    train_images: 60_000,
    test_images: 10_000,
    ..KnownSet::UNTOLD
};

pub(super) const FASHION_MNIST: KnownSet = KnownSet {
    name: "fashion-mnist",
    title: "Fashion-MNIST",
    class_names: &[
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
    licence: "MIT",
    files: &[
        KnownFile::with(
            "train-images-idx3-ubyte.gz",
            26_421_880,
            Sum::Content("c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
        ),
        KnownFile::with(
            "train-labels-idx1-ubyte.gz",
            29_515,
            Sum::Content("bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
        ),
        KnownFile::with(
            "t10k-images-idx3-ubyte.gz",
            4_422_102,
            Sum::Content("5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
        ),
        KnownFile::with(
            "t10k-labels-idx1-ubyte.gz",
            5_148,
            Sum::Content("0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
        ),
    ],
    mirrors: &[
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion",
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets",
    ],
    identity: Some("133d67b3393615763f8bafd801e0d6642358324b39e08de75257ca540692b2dd"),
    has_starter: true,
    debian: Some(("dataset-fashion-mnist", "/usr/share/datasets/fashion-mnist")),
    ..TEN_CLASSES
};

pub(super) const MNIST: KnownSet = KnownSet {
    name: "mnist",
    title: "MNIST",
    licence: "CC BY-SA 3.0",
    files: &[
        KnownFile::with(
            "train-images-idx3-ubyte.gz",
            9_912_422,
            Sum::Content("ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
        ),
        KnownFile::with(
            "train-labels-idx1-ubyte.gz",
            28_881,
            Sum::Content("65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
        ),
        KnownFile::with(
            "t10k-images-idx3-ubyte.gz",
            1_648_877,
            Sum::Content("0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
        ),
        KnownFile::with(
            "t10k-labels-idx1-ubyte.gz",
            4_542,
            Sum::Content("ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
        ),
    ],
    mirrors: &[
        "https://ossci-datasets.s3.amazonaws.com/mnist",
        "https://storage.googleapis.com/cvdf-datasets/mnist",
        "http://yann.lecun.com/exdb/mnist",
    ],
    identity: Some("8a8d8b071868552fe492d592d1755e36cc740af4ad86c6fa7232a4d8ae9398da"),
    has_starter: true,
    ..TEN_CLASSES
};

/// Cursive Japanese characters, each class by its reading.
pub(super) const KMNIST: KnownSet = KnownSet {
    name: "kmnist",
    title: "Kuzushiji-MNIST",
    class_names: &["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"],
    licence: "CC BY-SA 4.0",
    files: &[
        KnownFile::with(
            "train-images-idx3-ubyte.gz",
            18_165_135,
            Sum::Md5("bdb82020997e1d708af4cf47b453dcf7"),
        ),
        KnownFile::with(
            "train-labels-idx1-ubyte.gz",
            29_497,
            Sum::Md5("e144d726b3acfaa3e44228e80efcd344"),
        ),
        KnownFile::with(
            "t10k-images-idx3-ubyte.gz",
            3_041_136,
            Sum::Md5("5c965bf0a639b31b8f53240b1b52f4d7"),
        ),
        KnownFile::with(
            "t10k-labels-idx1-ubyte.gz",
            5_120,
            Sum::Md5("7320c461ea6c1c855c0b718fb2a4b134"),
        ),
    ],
    mirrors: &[
        "http://codh.rois.ac.jp/kmnist/dataset/kmnist",
        "https://codh.rois.ac.jp/kmnist/dataset/kmnist",
    ],
    ..TEN_CLASSES
};

/// MNIST's training digits again, and all 60,000 of its test digits.
pub(super) const QMNIST: KnownSet = KnownSet {
    name: "qmnist",
    title: "QMNIST",
    test_images: 60_000,
    licence: "BSD 3-Clause",
    files: &[
        KnownFile::with(
            "qmnist-train-images-idx3-ubyte.gz",
            9_700_000,
            Sum::Md5("ed72d4157d28c017586c42bc6afe6370"),
        ),
        KnownFile::with(
            "qmnist-train-labels-idx2-int.gz",
            463_024,
            Sum::Content("bb1b6e1ec7b04fd5696f1ed50b5f58f8ef195118edd5c93c81783df9740b8ac5"),
        ),
        KnownFile::with(
            "qmnist-test-images-idx3-ubyte.gz",
            9_700_000,
            Sum::Md5("1394631089c404de565df7b7aeaf9412"),
        ),
        KnownFile::with(
            "qmnist-test-labels-idx2-int.gz",
            526_800,
            Sum::Content("92d0ccb8c25f9c6534270fb4be7e1d24a1c6d315edfc8a638bfbd31c70f362dd"),
        ),
    ],
    mirrors: &[
        "https://raw.githubusercontent.com/facebookresearch/qmnist/master",
        "https://github.com/facebookresearch/qmnist/raw/master",
    ],
    ..TEN_CLASSES
};
