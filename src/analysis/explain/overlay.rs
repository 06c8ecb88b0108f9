//! An explanation as an image.

use crate::shape::Shape;

/// Colour of pixels that raise the score: orange, which differs from [`AGAINST`] for every kind of colour vision.
pub const FOR: [u8; 3] = [255, 140, 0];
/// Colour of pixels that lower the score: blue.
pub const AGAINST: [u8; 3] = [60, 140, 255];

/// Overlays the heat of an explanation on its image: `[height, width, channels]` and `[height × width]` → `[height, width, 3]`, all
/// pixels from 0 to 255. The image is grey and half as bright; the largest heat of either sign covers it fully.
///
/// # Panics
/// If `pixels` is not an image of `shape`, or `heat` does not have one number per pixel.
pub fn overlay(pixels: &[u8], shape: Shape, heat: &[f32]) -> Vec<u8> {
    assert_eq!(pixels.len(), shape.len(), "an image of {shape}");
    assert_eq!(heat.len(), shape.height * shape.width, "one a pixel");
    let most = super::largest_size(heat);
    pixels
        .chunks_exact(shape.channels)
        .zip(heat)
        .flat_map(|(pixel, heat)| {
            let sum: u32 = pixel.iter().map(|value| u32::from(*value)).sum();
            let grey = sum as f32 / (2 * shape.channels) as f32;
            let share = if most > 0.0 { (heat / most).abs() } else { 0.0 };
            let color = if *heat < 0.0 { AGAINST } else { FOR };
            color.map(|color| (grey + share * (f32::from(color) - grey)).round() as u8)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heat_covers_by_its_share_of_the_largest() {
        let shape = Shape::new(1, 4, 1);
        let painted = overlay(&[200, 200, 0, 100], shape, &[0.0, 2.0, -2.0, 1.0]);
        assert_eq!(painted[..9], [100, 100, 100, 255, 140, 0, 60, 140, 255]);
        assert_eq!(painted[9..], [153, 95, 25]);
        assert_eq!(overlay(&[90; 3], Shape::new(1, 1, 3), &[0.0]), [45; 3]);
    }
}
