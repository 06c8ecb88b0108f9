//! CIFAR-10 and CIFAR-100, in their binary version. Sizes and SHA-256 agree with the MD5 sums of the sets' own page
//! (<https://www.cs.toronto.edu/~kriz/cifar.html>): c32a1d4ab5d03f1284b67883e8d87530 and 03b5dce01913d631647c71ecec9e9cb8.

use super::{KnownFile, KnownSet, Sum};

pub(super) const CIFAR10: KnownSet = KnownSet {
    name: "cifar10",
    title: "CIFAR-10",
    class_names: &[
        "airplane",
        "automobile",
        "bird",
        "cat",
        "deer",
        "dog",
        "frog",
        "horse",
        "ship",
        "truck",
    ],
    train_images: 50_000,
    test_images: 10_000,
    files: &[KnownFile::with(
        "cifar-10-binary.tar.gz",
        170_052_171,
        Sum::Sha256("c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"),
    )],
    mirrors: &[
        "https://www.cs.toronto.edu/~kriz",
        "https://cave.cs.toronto.edu/kriz",
        "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10",
    ],
    ..KnownSet::UNTOLD
};

pub(super) const CIFAR100: KnownSet = KnownSet {
    name: "cifar100",
    title: "CIFAR-100",
    class_names: FINE_CLASSES,
    files: &[KnownFile::with(
        "cifar-100-binary.tar.gz",
        168_513_733,
        Sum::Sha256("58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec"),
    )],
    mirrors: &[
        "https://www.cs.toronto.edu/~kriz",
        "https://cave.cs.toronto.edu/kriz",
    ],
    ..CIFAR10
};

#[rustfmt::skip]
const FINE_CLASSES: &[&str] = &[
    "apple", "aquarium_fish", "baby", "bear", "beaver", "bed", "bee", "beetle", "bicycle", "bottle",
    "bowl", "boy", "bridge", "bus", "butterfly", "camel", "can", "castle", "caterpillar", "cattle",
    "chair", "chimpanzee", "clock", "cloud", "cockroach", "couch", "crab", "crocodile", "cup", "dinosaur",
    "dolphin", "elephant", "flatfish", "forest", "fox", "girl", "hamster", "house", "kangaroo", "keyboard",
    "lamp", "lawn_mower", "leopard", "lion", "lizard", "lobster", "man", "maple_tree", "motorcycle", "mountain",
    "mouse", "mushroom", "oak_tree", "orange", "orchid", "otter", "palm_tree", "pear", "pickup_truck", "pine_tree",
    "plain", "plate", "poppy", "porcupine", "possum", "rabbit", "raccoon", "ray", "road", "rocket",
    "rose", "sea", "seal", "shark", "shrew", "skunk", "skyscraper", "snail", "snake", "spider",
    "squirrel", "streetcar", "sunflower", "sweet_pepper", "table", "tank", "telephone", "television", "tiger", "tractor",
    "train", "trout", "tulip", "turtle", "wardrobe", "whale", "willow_tree", "wolf", "woman", "worm",
];
