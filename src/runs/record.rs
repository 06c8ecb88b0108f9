//! `run.yaml`: what a run was started with.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::data::Dataset;
use crate::training::Preset;

/// Everything that is needed to repeat a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// The preset as it was trained, with what the command line changed.
    pub preset: Preset,
    pub data: DataIdentity,
    /// Where all random numbers came from; the preset's own.
    pub seed: u64,
    /// Of this program.
    pub version: String,
    /// It does not change the weights, only the time that they took.
    pub threads: usize,
    /// To the second.
    pub started: Timestamp,
}

/// Which data a run was trained on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataIdentity {
    pub name: String,
    /// Where it came from, in words.
    pub source: String,
    /// SHA-256 (hexadecimal) of its shapes, pixels and labels, the same in whichever file format they came.
    pub sha256: String,
    pub train_images: usize,
    pub test_images: usize,
}

impl RunRecord {
    /// The record of a run that starts now.
    pub fn now(preset: Preset, dataset: &Dataset, threads: usize) -> Self {
        Self {
            data: DataIdentity::of(dataset),
            seed: preset.seed,
            preset,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            threads,
            started: Timestamp::from_second(Timestamp::now().as_second())
                .expect("a whole second of a time that can be held can be held too"),
        }
    }
}

impl DataIdentity {
    /// The identity of a loaded set. It hashes all pixels at the set's first call.
    pub fn of(dataset: &Dataset) -> Self {
        Self {
            name: dataset.name.clone(),
            source: dataset.source().to_string(),
            sha256: dataset.identity().to_owned(),
            train_images: dataset.train().len(),
            test_images: dataset.test().len(),
        }
    }
}
