//! Reads Keras's reference numbers.

#![allow(dead_code, reason = "each test program needs a part of it")]

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::{env, fs};

use convscope::network::{LayerSpec, Model, NamedWeights, NetworkSpec};
use convscope::shape::Shape;
use npyz::NpyFile;
use serde::Deserialize;

/// A network and what Keras computed for it.
pub struct Reference {
    pub name: String,
    description: Description,
    arrays: PathBuf,
}

#[derive(Deserialize)]
struct Description {
    name: String,
    input: Shape,
    classes: usize,
    #[serde(with = "convscope::network::nested")]
    layers: Vec<LayerSpec>,
    weights: Vec<serde_yaml::Value>,
    params: usize,
}

/// The folder that holds `keras`, `optimizers` and `affine`.
pub fn folder() -> PathBuf {
    env::var_os("CONVSCOPE_REFERENCE").map_or_else(own_folder, PathBuf::from)
}

/// `tests/reference`, whatever the environment says.
pub fn own_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference")
}

/// Every network under `keras`; fails where there is none.
pub fn load_all() -> Vec<Reference> {
    load_in(&folder())
}

/// As [`load_all`], of another folder that holds `keras`.
pub fn load_in(folder: &Path) -> Vec<Reference> {
    let folder = folder.join("keras");
    let mut references = Vec::new();
    for entry in
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
    {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            let text = fs::read_to_string(&path).unwrap();
            references.push(Reference {
                name: path.file_stem().unwrap().to_string_lossy().into_owned(),
                description: serde_yaml::from_str(&text)
                    .unwrap_or_else(|error| panic!("{}: {error}", path.display())),
                arrays: path.with_extension("npz"),
            });
        }
    }
    assert!(!references.is_empty(), "no network in {}", folder.display());
    references.sort_by(|a, b| a.name.cmp(&b.name));
    references
}

impl Reference {
    pub fn network(&self) -> NetworkSpec {
        NetworkSpec {
            name: self.description.name.clone(),
            input: self.description.input,
            classes: self.description.classes,
            layers: self.description.layers.clone(),
        }
    }

    /// Weight tensors in all.
    pub fn weight_count(&self) -> usize {
        self.description.weights.len()
    }

    /// Single weights in all.
    pub fn parameters(&self) -> usize {
        self.description.params
    }

    /// Shape and values of a float32 array.
    pub fn floats(&self, key: &str) -> (Vec<usize>, Vec<f32>) {
        read(&self.arrays, key)
    }

    pub fn labels(&self) -> Vec<u16> {
        let labels: Vec<i64> = array(&self.arrays, "y").into_vec().unwrap();
        labels
            .into_iter()
            .map(|label| u16::try_from(label).unwrap())
            .collect()
    }
}

/// The weights that Keras has too: without what is said of the start of moving statistics.
pub fn keras_weights(model: &Model) -> Vec<NamedWeights> {
    let mut weights = model.export();
    weights.retain(|weight| !weight.name.ends_with("/start_share"));
    weights
}

/// An array of an npz file.
pub fn array(path: &Path, key: &str) -> NpyFile<Cursor<Vec<u8>>> {
    let read = || {
        let mut archive = zip::ZipArchive::new(fs::File::open(path)?)?;
        let mut bytes = Vec::new();
        let mut entry = archive.by_name(&format!("{key}.npy"))?;
        entry.read_to_end(&mut bytes)?;
        NpyFile::new(Cursor::new(bytes))
    };
    read().unwrap_or_else(|error| panic!("{} {key}: {error}", path.display()))
}

/// Shape and values of a float32 array in an npz file.
pub fn read(path: &Path, key: &str) -> (Vec<usize>, Vec<f32>) {
    let array = array(path, key);
    let shape = array
        .shape()
        .iter()
        .map(|&length| length as usize)
        .collect();
    let values = array
        .into_vec()
        .unwrap_or_else(|error| panic!("{} {key}: {error}", path.display()));
    (shape, values)
}

/// The one whole number in an npz file's array.
pub fn read_whole(path: &Path, key: &str) -> usize {
    let values: Vec<i64> = array(path, key).into_vec().unwrap();
    assert_eq!(values.len(), 1, "{} {key}", path.display());
    usize::try_from(values[0]).unwrap()
}

/// Fails with the first place where two lists differ by more than `tolerance`.
pub fn close(reference: &Reference, key: &str, got: &[f32], expected: &[f32], tolerance: f32) {
    assert_eq!(
        got.len(),
        expected.len(),
        "{} {key}: number of values",
        reference.name
    );
    for (index, (got, expected)) in got.iter().zip(expected).enumerate() {
        assert!(
            (got - expected).abs() <= tolerance,
            "{} {key}[{index}]: expected {expected}, got {got} (tolerance {tolerance:e})",
            reference.name
        );
    }
}
