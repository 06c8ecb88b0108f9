//! A folder to try the program in: small data, presets, and the program itself.

#![allow(dead_code, reason = "each test program needs a part of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

pub const NAMES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

/// Images of 6×6 in three classes, which a bright row tells apart.
pub const TRAIN_IMAGES: usize = 70;
pub const TEST_IMAGES: usize = 30;

/// A network that learns them in a moment, with dropout and batch norm, whose state must survive too.
pub const PRESET: &str = "\
name: tiny
input: [6, 6, 1]
classes: 3
layers:
  - conv2d: {filters: 4, kernel: 3}
  - batch_norm
  - relu
  - max_pool2d: {size: 2}
  - flatten
  - dropout: {rate: 0.2}
  - classify
data: data
training: {await_batch_norm: false, epochs: 3, batch_size: 16}
seed: 5
expect: {best_val_accuracy: 0.9876}
";

/// A folder of its own with `data/` and `tiny.yaml`, which is the program's working directory and home.
pub struct Place(TempDir);

impl Place {
    pub fn new() -> Self {
        let place = Self(TempDir::new().unwrap());
        fs::create_dir(place.path("data")).unwrap();
        let files = [
            images(TRAIN_IMAGES, 6),
            labels(TRAIN_IMAGES),
            images(TEST_IMAGES, 6),
            labels(TEST_IMAGES),
        ];
        for (name, bytes) in NAMES.iter().zip(files) {
            fs::write(place.path("data").join(name), bytes).unwrap();
        }
        place.write("tiny.yaml", PRESET);
        place
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    /// The program, not started yet.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_convscope"));
        command
            .args(arguments)
            .current_dir(self.0.path())
            .env("HOME", self.0.path())
            .env_remove("XDG_DATA_HOME")
            .env_remove("XDG_STATE_HOME")
            .env_remove("CONVSCOPE_LOG")
            .env_remove("CONVSCOPE_DATA")
            .env_remove("RUST_BACKTRACE");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(&self.command(arguments).output().unwrap())
    }

    /// The only run folder in `folder`.
    pub fn only_run(&self, folder: &str) -> PathBuf {
        let entries: Vec<_> = fs::read_dir(self.path(folder)).unwrap().collect();
        assert_eq!(entries.len(), 1, "{entries:?}");
        entries.into_iter().next().unwrap().unwrap().path()
    }
}

/// What the program wrote and how it ended.
#[derive(Debug)]
pub struct Outcome {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Outcome {
    pub fn of(output: &Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout.clone()).unwrap(),
            stderr: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }
}

/// Image `i` is of class `i % 3`.
pub fn images(count: usize, side: usize) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, 3];
    for dimension in [count, side, side] {
        bytes.extend((dimension as u32).to_be_bytes());
    }
    for image in 0..count {
        for row in 0..side {
            for column in 0..side {
                let bright = row / 2 == image % 3;
                let noise = (image * 31 + row * 17 + column * 7) % 60;
                bytes.push(if bright { 190 } else { 5 } + noise as u8);
            }
        }
    }
    bytes
}

pub fn labels(count: usize) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, 1];
    bytes.extend((count as u32).to_be_bytes());
    bytes.extend((0..count).map(|image| (image % 3) as u8));
    bytes
}
