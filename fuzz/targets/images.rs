//! Folders of images: files of any bytes under usual names, with a list of classes or of labels.

#![no_main]

use convscope::data::formats::IMAGES;
use convscope_fuzz::{measured, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else {
        return;
    };
    let names: &[&str] = match choice % 3 {
        0 => &["a/1.png", "b/2.png", "a/3.jpg", "b/4.gif", "classes.txt"],
        1 => &[
            "train/0-a/1.png",
            "train/1-b/2.bmp",
            "test/0-a/1.pgm",
            "val/1-b/1.webp",
            "classes.txt",
        ],
        _ => &["1.png", "2.tif", "3.ppm", "labels.csv"],
    };
    let files: Vec<_> = names.iter().copied().zip(measured(bytes)).collect();
    read(&IMAGES, "", &files);
});
