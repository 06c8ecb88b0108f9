//! Folders of npy files: any arrays under usual names.

#![no_main]

use convscope::data::npy::NPY;
use convscope_fuzz::{arrays, names, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else {
        return;
    };
    let names: Vec<String> = names(*choice)
        .iter()
        .map(|name| format!("{name}.npy"))
        .collect();
    let files = names.iter().map(String::as_str).zip(arrays(bytes));
    read(&NPY, "", &files.collect::<Vec<_>>());
});
