//! Weight tensors as safetensors files.
//!
//! Names, order and layout are those of Keras: tensors are named like `conv2d_1/kernel` and ordered like `model.weights`, layer by
//! layer; convolution kernels are `[height, width, in, out]`, dense kernels `[in, out]`, for images
//! `[batch, height, width, channels]`. One metadata entry, `convscope`, holds a note as JSON; only one, because the library writes
//! several in no fixed order, and equal weights must give equal bytes.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use safetensors::tensor::{Dtype, Metadata, View};
use safetensors::{SafeTensorError, SafeTensors};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::data::SetNote;
use crate::network::NamedWeights;

const NOTE: &str = "convscope";

/// The note in a weights file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeightsNote {
    /// The name of the network.
    pub network: String,
    /// Whole epochs that these weights were trained.
    pub epochs: usize,
    /// Steps that these weights were trained.
    pub steps: u64,
    /// The tensor layout, in words.
    pub layout: String,
    /// The set that they were last trained on, with its classes; `None` in files of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<SetNote>,
}

impl WeightsNote {
    pub(super) const LAYOUT: &str = "conv2d kernels [height, width, in, out], dense kernels [in, out], images [batch, height, width, channels]";
}

/// A tensor to write, under the name `<prefix><tensor's own name>`.
pub(super) struct Named<'a> {
    prefix: &'static str,
    tensor: &'a NamedWeights,
}

impl View for Named<'_> {
    fn dtype(&self) -> Dtype {
        Dtype::F32
    }

    fn shape(&self) -> &[usize] {
        &self.tensor.dimensions
    }

    fn data(&self) -> Cow<'_, [u8]> {
        let values = self.tensor.values.iter();
        values.flat_map(|value| value.to_le_bytes()).collect()
    }

    fn data_len(&self) -> usize {
        size_of_val(self.tensor.values.as_slice())
    }
}

/// A tensor's name with its place in the file: the library sorts tensors of one type by name, and these sort by place.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Placed {
    place: usize,
    name: String,
}

impl AsRef<str> for Placed {
    fn as_ref(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for Placed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// Tensors under names that begin with `prefix`.
pub(super) fn prefixed<'a>(
    prefix: &'static str,
    tensors: &'a [NamedWeights],
) -> impl Iterator<Item = Named<'a>> {
    tensors.iter().map(move |tensor| Named { prefix, tensor })
}

/// The bytes of a safetensors file with the tensors in this order; equal arguments give equal bytes. Only one tensor at a time is copied
/// in addition, because a large network's checkpoint is a large part of the memory of its run.
pub(super) fn encode<'a>(
    tensors: impl Iterator<Item = Named<'a>>,
    note: &impl Serialize,
) -> Vec<u8> {
    let views = tensors.enumerate().map(|(place, named)| {
        let name = format!("{}{}", named.prefix, named.tensor.name);
        (Placed { place, name }, named)
    });
    let note = serde_json::to_string(note).expect("notes have only string keys");
    let metadata = HashMap::from([(NOTE.to_owned(), note)]);
    safetensors::serialize(views, Some(metadata)).expect("the views have the declared lengths")
}

/// Parses the note from a file's bytes, without its tensors.
///
/// # Errors
/// What is wrong with the head of the file, in a few words.
pub(super) fn decode_note<N: DeserializeOwned>(bytes: &[u8]) -> Result<N, String> {
    head(bytes).map(|(_, note)| note)
}

/// Parses the tensors, in file order, and the note from a file's bytes.
///
/// # Errors
/// What is wrong with them, in a few words.
pub(super) fn decode<N: DeserializeOwned>(bytes: &[u8]) -> Result<(Vec<NamedWeights>, N), String> {
    let (metadata, note) = head(bytes)?;
    let file = SafeTensors::deserialize(bytes).map_err(not_safetensors)?;
    let read = |name: String| {
        let view = file.tensor(&name).map_err(not_safetensors)?;
        match view.dtype() {
            Dtype::F32 => Ok(NamedWeights {
                name,
                dimensions: view.shape().to_vec(),
                values: view
                    .data()
                    .as_chunks()
                    .0
                    .iter()
                    .copied()
                    .map(f32::from_le_bytes)
                    .collect(),
            }),
            other => Err(format!("`{name}`: expected F32 values, got {other}")),
        }
    };
    let names = metadata.offset_keys().into_iter();
    let tensors = names.map(read).collect::<Result<Vec<_>, _>>()?;
    Ok((tensors, note))
}

fn head<N: DeserializeOwned>(bytes: &[u8]) -> Result<(Metadata, N), String> {
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(not_safetensors)?;
    let note = metadata
        .metadata()
        .as_ref()
        .and_then(|entries| entries.get(NOTE))
        .ok_or_else(|| format!("has no `{NOTE}` entry in its metadata"))?;
    let note = serde_json::from_str(note)
        .map_err(|error| format!("its `{NOTE}` entry cannot be parsed ({error})"))?;
    Ok((metadata, note))
}

fn not_safetensors(error: SafeTensorError) -> String {
    format!("is not a safetensors file ({error})")
}

#[cfg(test)]
mod tests {
    use safetensors::tensor::TensorView;

    use super::*;

    fn tensors() -> Vec<NamedWeights> {
        let tensor = |name: &str, dimensions: Vec<usize>, values: Vec<f32>| NamedWeights {
            name: name.to_owned(),
            dimensions,
            values,
        };
        vec![
            // In Keras's order, which is not the alphabet's.
            tensor(
                "conv2d/kernel",
                vec![1, 2, 1, 2],
                vec![0.1, -1.5, 3e38, 1e-40],
            ),
            tensor("conv2d/bias", vec![2], vec![f32::MIN_POSITIVE, -0.0]),
            tensor("batch_normalization/gamma", vec![1], vec![1.0]),
        ]
    }

    #[test]
    fn tensors_and_note_come_back_to_the_bit() {
        let bytes = encode(prefixed("", &tensors()), &"a note");
        let (read, note): (_, String) = decode(&bytes).unwrap();
        assert_eq!(note, "a note");
        let bits = |tensors: &[NamedWeights]| -> Vec<u32> {
            tensors
                .iter()
                .flat_map(|t| &t.values)
                .map(|v| v.to_bits())
                .collect()
        };
        assert_eq!(read, tensors());
        assert_eq!(bits(&read), bits(&tensors()));
    }

    #[test]
    fn equal_weights_give_equal_bytes() {
        assert_eq!(
            encode(prefixed("", &tensors()), &[1, 2]),
            encode(prefixed("", &tensors()), &[1, 2])
        );
    }

    #[test]
    fn a_cut_or_foreign_file_is_refused() {
        let bytes = encode(prefixed("", &tensors()), &0);
        for cut in [0, 7, 40, bytes.len() - 1] {
            let reason = decode::<u32>(&bytes[..cut]).unwrap_err();
            assert!(reason.contains("safetensors"), "{cut}: {reason}");
        }
        let foreign = safetensors::serialize(Vec::<(String, TensorView)>::new(), None).unwrap();
        assert!(decode::<u32>(&foreign).unwrap_err().contains("metadata"));
    }
}
