//! CIFAR's archives: any bytes, and archives of files that are mostly repeated, so that whole records are reached.

#![no_main]

use convscope::data::formats::CIFAR;
use convscope_fuzz::{measured, read};
use libfuzzer_sys::fuzz_target;

/// Bytes of a record of CIFAR-10 and CIFAR-100.
const RECORDS: [usize; 2] = [3073, 3074];

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else {
        return;
    };
    let kind = usize::from(choice % 2);
    let archive = ["cifar-10-binary.tar.gz", "cifar-100-binary.tar.gz"][kind];
    if choice & 2 != 0 {
        read(&CIFAR, archive, &[(archive, bytes)]);
        return;
    }
    let names: &[&str] = match kind {
        0 => &[
            "data_batch_1.bin",
            "data_batch_2.bin",
            "data_batch_3.bin",
            "data_batch_4.bin",
            "data_batch_5.bin",
            "test_batch.bin",
            "batches.meta.txt",
        ],
        _ => &["train.bin", "test.bin", "fine_label_names.txt"],
    };
    let files = names.iter().zip(measured(bytes));
    let files: Vec<(&str, Vec<u8>)> = files
        .map(|(name, bytes)| match name.ends_with(".bin") {
            // The labels and first pixels of each record are given, and now and then a byte is missing at the end.
            true => {
                let mut file = Vec::new();
                for start in bytes.chunks(8) {
                    file.extend_from_slice(start);
                    file.resize(file.len() - start.len() + RECORDS[kind], 7);
                }
                file.truncate(file.len() - usize::from(bytes.last() == Some(&255)));
                (*name, file)
            }
            false => (*name, bytes.to_vec()),
        })
        .collect();
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, bytes)| (*name, &bytes[..]))
        .collect();
    read(&CIFAR, "", &files);
});
