//! Files in the forms of public sets, made by `tests/reference/make-public` with public libraries, and the checksums of what is in them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use convscope::data::{Dataset, Limits, Located, Pixels, Split};
use convscope::shape::Shape;
use sha2::{Digest, Sha256};

fn public() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/public")
}

fn open(name: &str) -> Dataset {
    let located = Located::at(&public().join(name)).unwrap();
    located.load(&Limits::default()).unwrap()
}

/// SHA-256 of the pixels and of the labels, as bytes.
fn sums(split: &Split) -> [String; 2] {
    let Pixels::U8(pixels) = split.pixels() else {
        panic!("bytes stay bytes");
    };
    let labels: Vec<u8> = split.labels().iter().map(|label| *label as u8).collect();
    [pixels, &labels].map(|bytes| {
        let digits = Sha256::digest(bytes);
        digits.iter().map(|byte| format!("{byte:02x}")).collect()
    })
}

fn expected(split: &str) -> [String; 2] {
    let text = std::fs::read_to_string(public().join("sums.json")).unwrap();
    let sums: HashMap<String, [String; 2]> = serde_json::from_str(&text).unwrap();
    sums[split].clone()
}

#[test]
fn a_set_as_medmnist_saves_it() {
    let set = open("medmnist.npz");
    assert_eq!(set.shape(), Shape::new(28, 28, 3));
    assert_eq!(sums(set.train()), expected("medmnist train"));
    assert_eq!(sums(set.validation().unwrap()), expected("medmnist val"));
    assert_eq!(sums(set.test()), expected("medmnist test"));
}

#[test]
fn a_set_as_nist_publishes_emnist() {
    let set = open("emnist");
    assert_eq!(set.shape(), Shape::new(28, 28, 1));
    assert_eq!(sums(set.train()), expected("emnist train"));
    assert_eq!(sums(set.test()), expected("emnist test"));
    assert_eq!(set.class_names()[..3], ["Aa", "Bb", "Cc"]);
}
