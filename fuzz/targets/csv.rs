//! CSV files: a byte that chooses their names, then one table, or two with a form feed between them, plain or gzipped.

#![no_main]

use convscope::data::formats::CSV;
use convscope_fuzz::{pieces, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else {
        return;
    };
    let names = match choice % 3 {
        0 => ["set.csv", "other.csv"],
        1 => ["train.csv", "test.csv"],
        _ => ["a_train.tsv", "classes.txt"],
    };
    let files: Vec<_> = names.into_iter().zip(pieces(bytes, b'\x0c')).collect();
    read(&CSV, names[0], &files);
});
