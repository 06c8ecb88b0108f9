//! Drawings scaled and centred like MNIST's digits.

use crate::analysis::resample::resample;
use crate::shape::Shape;

/// Scales and moves a drawing `[height, width, channels]`, 0 to 255, as the makers of MNIST did: what is not black is cut out and,
/// its aspect ratio kept, scaled to fit a box of 20/28 of the canvas (20×20 in 28×28) with the grey levels of antialiasing; then it
/// is moved by whole pixels so that its centre of mass lies in the middle. Blank stays blank.
///
/// Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits". The page does not say which of the four
/// pixels around the middle it means; in the files every centre of mass is within half a pixel of row 14 and column 14 (counted
/// from 0), and every digit's longer side is 20, so that this function changes none of their test images.
///
/// # Panics
/// If `pixels` is not an image of `shape`.
pub fn centred(pixels: &[u8], shape: Shape) -> Vec<u8> {
    assert_eq!(pixels.len(), shape.len(), "an image of {shape}");
    centred_in(pixels, shape, shape).unwrap_or_else(|| pixels.to_vec())
}

/// As [`centred`], from a picture of another size: the figure keeps its aspect ratio. `None` where there is no figure.
pub(super) fn centred_in(pixels: &[u8], from: Shape, to: Shape) -> Option<Vec<u8>> {
    let Shape {
        height,
        width,
        channels,
    } = from;
    let ink = |row: usize, column: usize| -> u32 {
        let pixel = &pixels[(row * width + column) * channels..][..channels];
        pixel.iter().map(|value| u32::from(*value)).sum()
    };
    let inked_row = |row: &usize| (0..width).any(|column| ink(*row, column) > 0);
    let inked_column = |column: &usize| (0..height).any(|row| ink(row, *column) > 0);
    let (top, bottom) = ends((0..height).filter(inked_row))?;
    let (left, right) = ends((0..width).filter(inked_column))?;

    let cut = Shape::new(bottom - top, right - left, channels);
    let cut_out: Vec<f32> = (top..bottom)
        .flat_map(|row| &pixels[(row * width + left) * channels..][..cut.width * channels])
        .map(|value| f32::from(*value))
        .collect();
    let (height, width) = (to.height, to.width);
    let scale = (boxed(height) / cut.height as f32).min(boxed(width) / cut.width as f32);
    let scaled = |length: usize| ((length as f32 * scale).round() as usize).max(1);
    let small = Shape::new(scaled(cut.height), scaled(cut.width), channels);
    let digit = resample(&cut_out, cut, small.height, small.width);

    let row_mass = (0..small.height).map(|row| {
        let row = &digit[row * small.width * channels..][..small.width * channels];
        row.iter().sum::<f32>()
    });
    let column_mass = (0..small.width).map(|column| {
        let pixels = digit.chunks_exact(channels).skip(column);
        pixels.step_by(small.width).flatten().sum::<f32>()
    });
    let down = shift(centre_of_mass(row_mass), height);
    let across = shift(centre_of_mass(column_mass), width);
    let mut out = vec![0; to.len()];
    for row in 0..small.height {
        for column in 0..small.width {
            let (to_row, to_column) = (row as isize + down, column as isize + across);
            if (0..height as isize).contains(&to_row) && (0..width as isize).contains(&to_column) {
                let from = (row * small.width + column) * channels;
                let to = (to_row as usize * width + to_column as usize) * channels;
                for (out, value) in out[to..to + channels].iter_mut().zip(&digit[from..]) {
                    *out = value.round() as u8;
                }
            }
        }
    }
    Some(out)
}

/// The side of the box that a drawing is scaled to.
pub(super) fn boxed(side: usize) -> f32 {
    (side as f32 * 20.0 / 28.0).round().max(1.0)
}

/// The first, and one past the last.
pub(super) fn ends(mut positions: impl Iterator<Item = usize>) -> Option<(usize, usize)> {
    let first = positions.next()?;
    Some((first, positions.last().unwrap_or(first) + 1))
}

/// The mean position, from 0, weighted by mass.
pub(super) fn centre_of_mass(masses: impl Iterator<Item = f32>) -> f64 {
    let (mut sum, mut moment) = (0.0, 0.0);
    for (position, mass) in masses.enumerate() {
        sum += f64::from(mass);
        moment += f64::from(mass) * position as f64;
    }
    moment / sum
}

/// Whole pixels from `centre` to the middle of an axis.
fn shift(centre: f64, length: usize) -> isize {
    ((length / 2) as f64 - centre).round() as isize
}
