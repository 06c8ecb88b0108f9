//! Zip and tar archives: any bytes, and archives of any files, so that what lies behind their headers is reached too.

#![no_main]

use std::io::{Cursor, Write};

use convscope::data::formats::ARCHIVE;
use convscope_fuzz::read;
use libfuzzer_sys::fuzz_target;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else {
        return;
    };
    let (name, archive) = match choice % 4 {
        0 => ("set.zip", bytes.to_vec()),
        1 => ("set.tar", bytes.to_vec()),
        2 => ("set.zip", zip(files(bytes))),
        _ => ("set.tar", tar(files(bytes))),
    };
    read(&ARCHIVE, name, &[(name, &archive)]);
});

/// Kinds, names and contents: a byte, a byte for the length of the name, the name, two bytes for the length of the content, the content.
fn files(mut bytes: &[u8]) -> Vec<(u8, &[u8], &[u8])> {
    fn take<'a>(bytes: &mut &'a [u8], length: usize) -> &'a [u8] {
        let (taken, rest) = bytes.split_at(length.min(bytes.len()));
        *bytes = rest;
        taken
    }
    let mut files = Vec::new();
    while let [kind, length, rest @ ..] = bytes {
        bytes = rest;
        let name = take(&mut bytes, usize::from(*length));
        let length = take(&mut bytes, 2).iter();
        let length = length.fold(0, |length, byte| length << 8 | usize::from(*byte));
        files.push((*kind, name, take(&mut bytes, length)));
    }
    files
}

fn zip(files: Vec<(u8, &[u8], &[u8])>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (kind, name, content) in files {
        let name = String::from_utf8_lossy(name);
        let method = match kind >= 128 {
            true => CompressionMethod::Deflated,
            false => CompressionMethod::Stored,
        };
        let options = SimpleFileOptions::default().compression_method(method);
        let begun = match kind % 128 {
            0 => zip.start_file(name, options),
            1 => zip.add_directory(name, options),
            _ => zip.add_symlink(name, "../cat", options),
        };
        // Names that are there already are refused.
        if begun.is_ok() && kind % 128 == 0 {
            zip.write_all(content).expect("memory takes it");
        }
    }
    zip.finish().expect("memory takes it").into_inner()
}

/// Written by hand: whatever a header may hold.
fn tar(files: Vec<(u8, &[u8], &[u8])>) -> Vec<u8> {
    let mut archive = Vec::new();
    for (kind, name, content) in files {
        let mut header = [0; 512];
        let length = name.len().min(100);
        header[..length].copy_from_slice(&name[..length]);
        header[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
        header[156] = kind;
        header[257..265].copy_from_slice(b"ustar  \0");
        let sum: u32 = 8 * 32 + header.iter().map(|byte| u32::from(*byte)).sum::<u32>();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        archive.extend(header);
        archive.extend(content);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}
