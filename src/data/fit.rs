//! A set's images in another size or with another number of channels, whatever file they came from.

use image::imageops::{FilterType, resize};
use image::{DynamicImage, ImageBuffer, Luma, Pixel, Rgb};
use rayon::prelude::*;

use super::format::ImageOptions;
use super::split::{Pixels, Split};
use crate::shape::Shape;

/// The shape that the options ask for, of images that have this one.
pub(super) fn asked_shape(shape: Shape, options: &ImageOptions) -> Shape {
    let (height, width) = options.size.unwrap_or((shape.height, shape.width));
    Shape::new(height, width, options.channels.unwrap_or(shape.channels))
}

/// The images scaled to `shape`, stretched where the aspect ratio differs, grey or in colour.
pub(super) fn fitted(split: &Split, shape: Shape) -> Split {
    let from = split.shape();
    let pixels = match split.pixels() {
        Pixels::U8(values) => Pixels::U8(each(values, from, |image| {
            let image = scaled_bytes(image.to_vec(), from, shape);
            match shape.channels {
                1 => image.into_luma8().into_raw(),
                _ => image.into_rgb8().into_raw(),
            }
        })),
        Pixels::F32(values) => Pixels::F32(each(values, from, |image| {
            scaled_floats(image.to_vec(), from, shape)
        })),
    };
    Split::new(shape, pixels, split.labels().to_vec())
}

/// `change` of every image, in order, on all threads.
fn each<T: Copy + Send + Sync>(
    values: &[T],
    shape: Shape,
    change: impl Fn(&[T]) -> Vec<T> + Send + Sync,
) -> Vec<T> {
    let images = values.par_chunks_exact(shape.len());
    let changed: Vec<Vec<T>> = images.map(change).collect();
    changed.concat()
}

fn scaled_bytes(image: Vec<u8>, from: Shape, to: Shape) -> DynamicImage {
    let (height, width) = (from.height as u32, from.width as u32);
    let image = match from.channels {
        1 => ImageBuffer::from_raw(width, height, image).map(DynamicImage::ImageLuma8),
        _ => ImageBuffer::from_raw(width, height, image).map(DynamicImage::ImageRgb8),
    };
    let image = image.expect("an image is as long as its shape");
    match (from.height, from.width) == (to.height, to.width) {
        true => image,
        false => image.resize_exact(to.width as u32, to.height as u32, FilterType::Triangle),
    }
}

fn scaled_floats(image: Vec<f32>, from: Shape, to: Shape) -> Vec<f32> {
    match (from.channels, to.channels) {
        (1, 1) => scaled::<Luma<f32>>(image, from, to).into_raw(),
        (1, _) => {
            let grey = scaled::<Luma<f32>>(image, from, to).into_raw();
            grey.into_iter().flat_map(|level| [level; 3]).collect()
        }
        (_, 1) => {
            let colours = scaled::<Rgb<f32>>(image, from, to);
            colours.pixels().map(|pixel| pixel.to_luma().0[0]).collect()
        }
        _ => scaled::<Rgb<f32>>(image, from, to).into_raw(),
    }
}

fn scaled<P: Pixel<Subpixel = f32> + 'static>(
    image: Vec<f32>,
    from: Shape,
    to: Shape,
) -> ImageBuffer<P, Vec<f32>> {
    let image = ImageBuffer::from_raw(from.width as u32, from.height as u32, image);
    let image: ImageBuffer<P, _> = image.expect("an image is as long as its shape");
    match (from.height, from.width) == (to.height, to.width) {
        true => image,
        false => resize(
            &image,
            to.width as u32,
            to.height as u32,
            FilterType::Triangle,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_floats_are_scaled_alike_and_stay_in_order() {
        let (from, to) = (Shape::new(2, 2, 1), Shape::new(4, 4, 3));
        let levels: Vec<u8> = vec![0, 255, 255, 0, 51, 51, 51, 51];
        let floats: Vec<f32> = levels
            .iter()
            .map(|&level| f32::from(level) / 255.0)
            .collect();
        let bytes = fitted(&Split::new(from, Pixels::U8(levels), vec![0, 1]), to);
        let floats = fitted(&Split::new(from, Pixels::F32(floats), vec![0, 1]), to);
        assert_eq!((bytes.len(), bytes.labels()), (2, &[0, 1][..]));
        let mut one = vec![0.0; to.len()];
        let mut other = one.clone();
        for image in 0..2 {
            bytes.image(image, &mut one);
            floats.image(image, &mut other);
            let apart = one
                .iter()
                .zip(&other)
                .map(|(one, other)| (one - other).abs());
            assert!(apart.fold(0.0, f32::max) < 1.0 / 255.0, "{one:?} {other:?}");
        }
        assert!(one.iter().all(|level| (level - 0.2).abs() < 1e-6));
    }

    #[test]
    fn colours_become_grey_by_their_luminance_and_grey_becomes_three_equal_channels() {
        let (colour, grey) = (Shape::new(1, 1, 3), Shape::new(1, 1, 1));
        let red = Split::new(colour, Pixels::F32(vec![1.0, 0.0, 0.0]), vec![0]);
        let byte = Split::new(colour, Pixels::U8(vec![255, 0, 0]), vec![0]);
        let (mut one, mut other) = ([0.0], [0.0]);
        fitted(&red, grey).image(0, &mut one);
        fitted(&byte, grey).image(0, &mut other);
        // ITU-R BT.709
        assert!((one[0] - 0.2126).abs() < 1e-3 && (other[0] - 0.2126).abs() < 0.005);
        let level = Split::new(grey, Pixels::U8(vec![7]), vec![0]);
        assert_eq!(fitted(&level, colour).pixels(), &Pixels::U8(vec![7; 3]));
    }
}
