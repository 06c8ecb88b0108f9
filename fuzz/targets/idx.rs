//! Folders of IDX files: four files and a mapping, each with its length before it, plain or gzipped.

#![no_main]

use convscope::data::idx::IDX;
use convscope_fuzz::{measured, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else {
        return;
    };
    let names = match choice % 3 {
        0 => [
            "train-images-idx3-ubyte",
            "train-labels-idx1-ubyte",
            "t10k-images-idx3-ubyte",
            "t10k-labels-idx1-ubyte",
            "classes.txt",
        ],
        1 => [
            "emnist-x-train-images-idx3-ubyte.gz",
            "emnist-x-train-labels-idx1-ubyte.gz",
            "emnist-x-test-images-idx3-ubyte.gz",
            "emnist-x-test-labels-idx1-ubyte.gz",
            "emnist-x-mapping.txt",
        ],
        _ => [
            "train-images.idx4-ubyte",
            "train-labels-idx2-int",
            "test-images.idx4-ubyte",
            "test-labels-idx1-short",
            "classes.txt",
        ],
    };
    let files: Vec<_> = names.into_iter().zip(measured(bytes)).collect();
    read(&IDX, "", &files);
});
