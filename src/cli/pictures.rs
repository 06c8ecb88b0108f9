//! Images that a person names, as a network takes them.

use std::io::{self, Cursor, Read};
use std::path::Path;

use clap::Args;
use color_eyre::eyre::eyre;
use image::ImageReader;

use super::failure::Failure;
use crate::analysis::drawing::centred;
use crate::data::{ImageFile, Limits, has_ending, npz};
use crate::shape::Shape;

// What is done with an image before the network sees it. (Not a doc comment: clap would show it as the command's own help.)
#[derive(Debug, Args)]
pub struct PictureArguments {
    /// Exchange dark and bright, for dark ink on bright paper where the network knows bright on dark
    #[arg(long)]
    pub invert: bool,
    /// Scale and move the figure as the makers of MNIST did
    #[arg(long)]
    pub centre: bool,
}

/// An image in the network's shape.
pub struct Picture {
    pub name: String,
    /// `[height, width, channels]`, 0–255
    pub pixels: Vec<u8>,
}

impl Picture {
    /// `[height, width, channels]` in [0, 1].
    pub fn values(&self) -> Vec<f32> {
        let values = self.pixels.iter().map(|value| f32::from(*value) / 255.0);
        values.collect()
    }
}

/// The images that `name` stands for: one in a PNG or JPEG file of any size, those of an npz file, or either on standard input for `-`.
///
/// # Errors
/// Where there is none, or an npz holds images of another shape than `shape`: bad input.
pub fn read(
    name: &str,
    shape: Shape,
    arguments: &PictureArguments,
) -> Result<Vec<Picture>, Failure> {
    let mut pictures = if name == "-" {
        from_stdin(shape)?
    } else {
        from_file(name, shape)?
    };
    for picture in &mut pictures {
        if arguments.invert {
            let values = picture.pixels.iter_mut();
            values.for_each(|value| *value = 255 - *value);
        }
        if arguments.centre {
            picture.pixels = centred(&picture.pixels, shape);
        }
    }
    Ok(pictures)
}

fn from_file(name: &str, shape: Shape) -> Result<Vec<Picture>, Failure> {
    let unreadable = |reason: String| {
        Failure::Input(eyre!(
            "{name}: expected a PNG or JPEG image, or an npz file: {reason}; check the path and the file"
        ))
    };
    let path = Path::new(name);
    if has_ending(path, &["npz"]) {
        return from_npz(path, name, shape);
    }
    in_shape(name, ImageFile::open(path).map_err(unreadable)?, shape)
}

/// The one picture, in the network's shape.
fn in_shape(name: &str, image: ImageFile, shape: Shape) -> Result<Vec<Picture>, Failure> {
    let image = image.resized((shape.height, shape.width));
    let pixels = image.into_pixels(shape.channels).ok_or_else(|| {
        Failure::Input(eyre!(
            "the network takes images of {shape}, which no PNG or JPEG holds; give them as an npz on standard input (`-`)"
        ))
    })?;
    let name = name.to_owned();
    Ok(vec![Picture { name, pixels }])
}

fn from_stdin(shape: Shape) -> Result<Vec<Picture>, Failure> {
    let mut bytes = Vec::new();
    let limit = Limits::default().decompressed_bytes;
    io::stdin()
        .lock()
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(Failure::failed)?;
    // A single image may come this way too.
    if let Ok(reader) = ImageReader::new(Cursor::new(&bytes)).with_guessed_format()
        && reader.format().is_some()
    {
        let image = ImageFile::decode(reader)
            .map_err(|error| Failure::Input(eyre!("standard input: {error}")))?;
        return in_shape("standard input", image, shape);
    }
    let folder = tempfile::tempdir().map_err(Failure::failed)?;
    let path = folder.path().join("stdin.npz");
    std::fs::write(&path, &bytes).map_err(Failure::failed)?;
    from_npz(&path, "standard input", shape)
}

/// The images of an npz file, which messages call `name`.
fn from_npz(path: &Path, name: &str, shape: Shape) -> Result<Vec<Picture>, Failure> {
    let split = npz::images(path, &Limits::default()).map_err(|error| {
        let text = error.to_string();
        let text = text.replace(&path.display().to_string(), name);
        Failure::Input(eyre!("{text}"))
    })?;
    if split.shape() != shape {
        return Err(Failure::Input(eyre!(
            "{name} holds images of {}, and the network takes {shape}",
            split.shape()
        )));
    }
    let picture = |index| Picture {
        name: match name {
            "standard input" => format!("image {index}"),
            _ => format!("{name} image {index}"),
        },
        pixels: split.image_u8(index),
    };
    Ok((0..split.len()).map(picture).collect())
}
