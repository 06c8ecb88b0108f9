//! Pictures as PNG files, each pixel a whole number of times as large.

use std::io::{Cursor, Write};
use std::path::Path;

use color_eyre::eyre::eyre;
use image::{ImageFormat, RgbImage};
use tempfile::NamedTempFile;

use super::super::failure::Failure;
use crate::shape::Shape;

/// The longer side of a picture is at least this many pixels.
const SIDE: usize = 280;
/// Free pixels between the images of a sheet, and their level.
const GAP: usize = 1;
const GAP_LEVEL: u8 = 64;

/// Many images of one shape side by side, as near to a square as they go.
pub struct Sheet {
    shape: Shape,
    images: Vec<Vec<u8>>,
}

impl Sheet {
    /// Of images `[height, width, channels]` of 1 or 3 channels, 0–255.
    pub fn of(shape: Shape, images: Vec<Vec<u8>>) -> Self {
        Self { shape, images }
    }

    /// Writes it; whole or not at all.
    pub fn save(&self, path: &Path) -> Result<(), Failure> {
        let Shape {
            height,
            width,
            channels,
        } = self.shape;
        let columns = (1..)
            .find(|side| side * side >= self.images.len())
            .unwrap_or(1);
        let rows = self.images.len().div_ceil(columns).max(1);
        let whole = Shape::new(
            rows * (height + GAP) - GAP,
            columns * (width + GAP) - GAP,
            channels,
        );
        let mut pixels = vec![GAP_LEVEL; whole.len()];
        for (number, image) in self.images.iter().enumerate() {
            let top = number / columns * (height + GAP);
            let left = number % columns * (width + GAP);
            for (row, line) in image.chunks_exact(width * channels).enumerate() {
                let start = ((top + row) * whole.width + left) * channels;
                pixels[start..start + line.len()].copy_from_slice(line);
            }
        }
        save(&pixels, whole, path)
    }
}

/// Writes `[height, width, 1 or 3]` as a PNG, whole or not at all.
pub fn save(pixels: &[u8], shape: Shape, path: &Path) -> Result<(), Failure> {
    let times = SIDE.div_ceil(shape.height.max(shape.width).max(1));
    let (width, height) = ((shape.width * times) as u32, (shape.height * times) as u32);
    let image = RgbImage::from_fn(width, height, |x, y| {
        let (row, column) = (y as usize / times, x as usize / times);
        let at = (row * shape.width + column) * shape.channels;
        match pixels[at..at + shape.channels] {
            [red, green, blue] => image::Rgb([red, green, blue]),
            _ => image::Rgb([pixels[at]; 3]),
        }
    });
    let mut bytes = Vec::new();
    image
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
        .map_err(Failure::failed)?;
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let not_written = |error: std::io::Error| {
        Failure::Input(eyre!(
            "{}: cannot be written: {error}; name a file in a folder that you may write to",
            path.display()
        ))
    };
    let mut file = NamedTempFile::new_in(folder).map_err(not_written)?;
    file.write_all(&bytes).map_err(not_written)?;
    file.persist(path)
        .map_err(|error| not_written(error.error))?;
    Ok(())
}
