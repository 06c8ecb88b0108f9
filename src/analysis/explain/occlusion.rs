//! How far the score falls when a patch of the image is covered.

use super::gradients::scores;
use super::{MethodKind, PlainImage};
use crate::field::{Field, Settings, settings};
use crate::shape::Shape;

/// Source: Zeiler and Fergus 2014, "Visualizing and Understanding Convolutional Networks", section 4.2.
pub static KIND: MethodKind = MethodKind {
    name: "occlusion",
    help: "Covers the image patch by patch: how far the score falls without each patch.",
    fields: Occlusion::FIELDS,
    orange: "for",
    explain: |model, question| {
        let Shape {
            height,
            width,
            channels,
        } = model.network().spec().input;
        let settings = Occlusion::from_values(question.method.values());
        let (patch, cover) = (settings.patch, settings.cover.pixel());
        let stride = settings.stride.min(patch);
        let (down, across) = (spans(height, patch, stride), spans(width, patch, stride));
        let place = |number: usize| (&down[number / across.len()], &across[number % across.len()]);
        let count = down.len() * across.len();
        // The last one is the whole image.
        let found = scores(model, question.class, count + 1, |number, image| {
            image.copy_from_slice(question.image);
            if number < count {
                let (rows, columns) = place(number);
                for row in rows.clone() {
                    let row = &mut image[row * width * channels..][..width * channels];
                    row[columns.start * channels..columns.end * channels].fill(cover);
                }
            }
        });
        let whole = found[count];
        let (mut sums, mut patches) = (vec![0.0f32; height * width], vec![0u32; height * width]);
        for (number, score) in found[..count].iter().enumerate() {
            let (rows, columns) = place(number);
            for row in rows.clone() {
                for pixel in row * width + columns.start..row * width + columns.end {
                    sums[pixel] += whole - score;
                    patches[pixel] += 1;
                }
            }
        }
        let heat: Vec<f32> = sums
            .iter()
            .zip(patches)
            .map(|(sum, patches)| sum / patches as f32)
            .collect();
        let worst = found[..count].iter().fold(whole, |low, s| low.min(*s));
        let note = format!(
            "{count} patches; the score is {whole:.3}, and {worst:.3} without the most important patch"
        );
        let shape = Shape::new(height, width, 1);
        Ok(question.explained(heat.clone(), shape, heat, note))
    },
};

settings! {
    struct Occlusion {
        /// height and width of the patch, in pixels
        patch: usize = Field::whole(5, 1..=128, &[1, 3, 5, 7, 9, 15]),
        /// pixels from one patch to the next; at most the size of the patch
        stride: usize = Field::whole(2, 1..=128, &[1, 2, 3, 4]),
        /// colour of the patch
        cover: PlainImage = Field::choice(PlainImage::NAMES),
    }
}

/// The patches along an axis of `length` pixels, cut off at its ends. Each has a cell of `stride` pixels in its middle, so that
/// together they cover every pixel.
fn spans(length: usize, patch: usize, stride: usize) -> Vec<std::ops::Range<usize>> {
    let before = (patch - stride) / 2;
    (0..length)
        .step_by(stride)
        .map(|cell| cell.saturating_sub(before)..(cell + patch - before).min(length))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches_cover_every_pixel() {
        assert_eq!(spans(6, 3, 2), [0..3, 2..5, 4..6]);
        assert_eq!(spans(5, 5, 2), [0..4, 1..5, 3..5]);
        for length in 1..30 {
            for patch in 1..12 {
                for stride in 1..=patch {
                    let mut covered = vec![false; length];
                    for span in spans(length, patch, stride) {
                        assert!(!span.is_empty() && span.len() <= patch);
                        covered[span].fill(true);
                    }
                    assert!(covered.iter().all(|c| *c), "{length} {patch} {stride}");
                }
            }
        }
    }
}
