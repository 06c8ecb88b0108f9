//! npz files: any bytes, and archives of any arrays, whose checksums are right, so that what lies behind them is reached too.

#![no_main]

use std::io::{Cursor, Write};

use convscope::data::npz::NPZ;
use convscope_fuzz::{arrays, names, read};
use libfuzzer_sys::fuzz_target;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fuzz_target!(|bytes: &[u8]| {
    // A zip archive begins with its own signature, and arrays with the byte that chooses their names.
    let archive = match bytes {
        [b'P', ..] | [] => bytes.to_vec(),
        [choice, arrays @ ..] => archive(*choice, arrays),
    };
    read(&NPZ, "set.npz", &[("set.npz", &archive)]);
});

fn archive(choice: u8, bytes: &[u8]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let method = match choice >= 128 {
        true => CompressionMethod::Deflated,
        false => CompressionMethod::Stored,
    };
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, array) in names(choice).iter().zip(arrays(bytes)) {
        zip.start_file(format!("{name}.npy"), options)
            .expect("names differ");
        zip.write_all(array).expect("memory takes it");
    }
    zip.finish().expect("memory takes it").into_inner()
}
