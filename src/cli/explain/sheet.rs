//! Pictures as PNG files, each pixel a whole number of times as large.

use std::io::Cursor;
use std::path::Path;

use color_eyre::eyre::eyre;
use image::{ImageFormat, RgbImage};

use super::super::failure::Failure;
use crate::data::replace_file;
use crate::shape::Shape;

/// The longer side of a picture is at least this many pixels.
const SIDE: usize = 280;
/// Free pixels between the images of a sheet, and their level.
const GAP: usize = 1;
const GAP_LEVEL: u8 = 64;

/// Writes many images `[height, width, 1 or 3]` of one shape, 0–255, side by side, as near to a square as they go; whole or not at all.
pub fn save_sheet(
    shape: Shape,
    images: impl ExactSizeIterator<Item = Vec<u8>>,
    path: &Path,
) -> Result<(), Failure> {
    let [height, width, channels] = shape.into();
    let count = images.len();
    let columns = (1..).find(|side| side * side >= count).unwrap_or(1);
    let rows = count.div_ceil(columns).max(1);
    let whole = Shape::new(
        rows * (height + GAP) - GAP,
        columns * (width + GAP) - GAP,
        channels,
    );
    let mut pixels = vec![GAP_LEVEL; whole.len()];
    for (number, image) in images.enumerate() {
        let top = number / columns * (height + GAP);
        let left = number % columns * (width + GAP);
        for (row, line) in image.chunks_exact(width * channels).enumerate() {
            let start = ((top + row) * whole.width + left) * channels;
            pixels[start..start + line.len()].copy_from_slice(line);
        }
    }
    save(&pixels, whole, path)
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
    replace_file(path, &bytes).map_err(|error| {
        Failure::Input(eyre!(
            "{}: cannot be written: {error}; name a file in a folder that you may write to",
            path.display()
        ))
    })
}
