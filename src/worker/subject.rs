//! The image that a question is about.

use super::library::Library;
use crate::data::SplitName;
use crate::network::{NetworkSpec, image_misfit};

/// An image to inspect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    OfSet {
        /// Name of a loaded set.
        dataset: String,
        split: SplitName,
        /// Position in the split, from 0.
        index: usize,
    },
    /// A drawing, in the network's input shape.
    Drawing {
        /// `[height, width, channels]` of the network's input, 0–255.
        pixels: Vec<u8>,
    },
}

/// An image with its label.
pub struct Seen {
    /// `[height, width, channels]` in [0, 1].
    pub image: Vec<f32>,
    /// The same, 0–255.
    pub pixels: Vec<u8>,
    /// Its label in its set.
    pub label: Option<u16>,
}

impl Subject {
    /// The image at this position, from 0, of a split of a loaded set.
    pub fn of_set(dataset: &str, split: SplitName, index: usize) -> Self {
        Self::OfSet {
            dataset: dataset.to_owned(),
            split,
            index,
        }
    }

    /// Loads the image for `network`.
    ///
    /// # Errors
    /// A sentence, if there is none or its shape is not the network's.
    pub fn see(&self, library: &Library, network: &NetworkSpec) -> Result<Seen, String> {
        match self {
            Self::OfSet {
                dataset,
                split,
                index,
            } => {
                let dataset = library.set(dataset)?;
                let split = dataset.split(*split)?;
                if *index >= split.len() {
                    return Err(format!(
                        "image {index} of {}: not found; the split has {} images",
                        dataset.name,
                        split.len()
                    ));
                }
                let (input, shape) = (network.input, split.shape());
                if let Some(misfit) = image_misfit(&network.name, input, &dataset.name, shape) {
                    return Err(misfit);
                }
                let mut image = vec![0.0; split.shape().len()];
                split.image(*index, &mut image);
                Ok(Seen {
                    image,
                    pixels: split.image_u8(*index),
                    label: Some(split.labels()[*index]),
                })
            }
            Self::Drawing { pixels } => {
                if pixels.len() != network.input.len() {
                    return Err(format!(
                        "{} expects {} images, that is {} values, but the drawing has {}; unpin it and draw again",
                        network.name,
                        network.input,
                        network.input.len(),
                        pixels.len()
                    ));
                }
                Ok(Seen {
                    image: pixels
                        .iter()
                        .map(|value| f32::from(*value) / 255.0)
                        .collect(),
                    pixels: pixels.clone(),
                    label: None,
                })
            }
        }
    }
}
