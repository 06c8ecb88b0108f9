//! Images of data and of feature maps, small enough for a page.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};

use super::document::{Raster, Tile};
use crate::shape::Shape;

/// Pixels between the images of a sheet, and their level.
const GAP: usize = 1;
const GAP_LEVEL: u8 = 128;

impl Raster {
    /// Of an image `[height, width, 1 or 3]`, with its longer side at most `longest` pixels: each is then the mean of those it replaces.
    pub fn of(shape: Shape, levels: &[u8], longest: usize) -> Self {
        let side = shape.height.max(shape.width);
        if side <= longest {
            let levels = levels.to_vec();
            return Self { shape, levels };
        }
        let scaled = |length: usize| (length * longest / side).max(1);
        let small = Shape::new(scaled(shape.height), scaled(shape.width), shape.channels);
        let span = |at: usize, small: usize, whole: usize| {
            at * whole / small..((at + 1) * whole / small).max(at * whole / small + 1)
        };
        let mut found = Vec::with_capacity(small.len());
        for row in 0..small.height {
            for column in 0..small.width {
                for channel in 0..small.channels {
                    let (mut sum, mut count) = (0, 0);
                    for y in span(row, small.height, shape.height) {
                        for x in span(column, small.width, shape.width) {
                            sum +=
                                u32::from(levels[(y * shape.width + x) * shape.channels + channel]);
                            count += 1;
                        }
                    }
                    found.push((sum / count) as u8);
                }
            }
        }
        Self {
            shape: small,
            levels: found,
        }
    }

    /// Images of one shape beside and below each other, in at most `columns` columns.
    pub fn sheet(images: &[Self], columns: usize) -> Self {
        let Some(first) = images.first() else {
            return Self {
                shape: Shape::new(1, 1, 1),
                levels: vec![GAP_LEVEL],
            };
        };
        let [height, width, channels] = first.shape.into();
        let columns = columns.clamp(1, images.len());
        let rows = images.len().div_ceil(columns);
        let shape = Shape::new(
            rows * (height + GAP) - GAP,
            columns * (width + GAP) - GAP,
            channels,
        );
        let mut levels = vec![GAP_LEVEL; shape.len()];
        for (number, image) in images.iter().enumerate() {
            let top = number / columns * (height + GAP);
            let left = number % columns * (width + GAP);
            for (row, line) in image.levels.chunks_exact(width * channels).enumerate() {
                let start = ((top + row) * shape.width + left) * channels;
                levels[start..start + line.len()].copy_from_slice(line);
            }
        }
        Self { shape, levels }
    }

    /// At most `columns` images beside each other, with empty places for those that are missing; each has this shape without them.
    pub fn strip(images: &[Self], columns: usize, empty: Self) -> Self {
        let mut images = images.to_vec();
        images.resize(columns, empty);
        Self::sheet(&images, columns)
    }

    /// The same with every pixel `times` as wide and as high.
    pub fn enlarged(&self, times: usize) -> Self {
        let [height, width, channels] = self.shape.into();
        let shape = Shape::new(height * times, width * times, channels);
        let mut levels = Vec::with_capacity(shape.len());
        for row in self.levels.chunks_exact(width * channels) {
            let wide = row.chunks_exact(channels);
            let wide: Vec<u8> = wide.flat_map(|pixel| pixel.repeat(times)).collect();
            levels.extend(wide.repeat(times));
        }
        Self { shape, levels }
    }

    /// As a PNG file.
    pub fn to_png(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let encoder =
            PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive);
        let (width, height) = (self.shape.width as u32, self.shape.height as u32);
        let kind = match self.shape.channels {
            3 => ExtendedColorType::Rgb8,
            _ => ExtendedColorType::L8,
        };
        encoder
            .write_image(&self.levels, width, height, kind)
            .expect("the levels are an image of this shape, and memory takes any number of bytes");
        bytes
    }

    /// As an address that holds the whole image.
    pub fn to_data_uri(&self) -> String {
        format!("data:image/png;base64,{}", STANDARD.encode(self.to_png()))
    }
}

/// All images of a gallery as one, each at least twice as large, for pages that take files only.
pub(super) fn contact_sheet(tiles: &[Tile]) -> Raster {
    const LEAST_SIDE: usize = 56;
    const COLUMNS: usize = 8;
    let side = tiles
        .first()
        .map_or(1, |tile| tile.image.shape.width.max(1));
    let times = LEAST_SIDE.div_ceil(side);
    let images: Vec<Raster> = tiles
        .iter()
        .map(|tile| tile.image.enlarged(times))
        .collect();
    Raster::sheet(&images, COLUMNS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_image_becomes_the_mean_of_its_parts() {
        let shape = Shape::new(4, 2, 1);
        let levels = [0, 10, 20, 30, 100, 100, 200, 200];
        let small = Raster::of(shape, &levels, 2);
        assert_eq!(
            (small.shape, &small.levels[..]),
            (Shape::new(2, 1, 1), &[15, 150][..])
        );
        assert_eq!(Raster::of(shape, &levels, 4).levels, levels);
        // A side that does not divide evenly loses no row.
        let odd = Raster::of(Shape::new(5, 3, 3), &[7; 45], 2);
        assert_eq!(
            (odd.shape, &odd.levels[..]),
            (Shape::new(2, 1, 3), &[7; 6][..])
        );
    }

    #[test]
    fn a_sheet_keeps_each_image_whole() {
        let image = |level: u8| Raster {
            shape: Shape::new(1, 2, 1),
            levels: vec![level, level + 1],
        };
        let sheet = Raster::sheet(&[image(1), image(5), image(9)], 2);
        assert_eq!(sheet.shape, Shape::new(3, 5, 1));
        let gap = GAP_LEVEL;
        assert_eq!(
            sheet.levels,
            [
                1, 2, gap, 5, 6, gap, gap, gap, gap, gap, 9, 10, gap, gap, gap
            ]
        );
        assert_eq!(image(1).enlarged(2).levels, [1, 1, 2, 2, 1, 1, 2, 2]);
        let decoded = image::load_from_memory(&sheet.to_png()).unwrap().to_luma8();
        assert_eq!(decoded.into_raw(), sheet.levels);
    }
}
