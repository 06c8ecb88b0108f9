//! Resampling of images.

use crate::shape::Shape;

/// `[height, width, channels]` → `[height, width, channels]` of the new size, each axis by a triangle filter: linear
/// interpolation where it grows, a weighted mean of all values within a pixel where it shrinks, so that no thin line is
/// lost. Edge values repeat; a constant image stays constant.
pub(super) fn resample(values: &[f32], from: Shape, height: usize, width: usize) -> Vec<f32> {
    // Rows first: [height, width, channels] seen as [height, width · channels].
    let rows = resample_rows(values, from.height, height);
    let mut out = Vec::with_capacity(height * width * from.channels);
    for row in rows.chunks_exact((from.width * from.channels).max(1)) {
        out.extend(resample_rows(row, from.width, width));
    }
    out
}

/// `values` as `from` rows of equal length → `to` rows.
fn resample_rows(values: &[f32], from: usize, to: usize) -> Vec<f32> {
    let length = values.len() / from;
    let scale = from as f32 / to as f32;
    let reach = scale.max(1.0);
    let mut out = vec![0.0; to * length];
    for (number, out) in out.chunks_exact_mut(length).enumerate() {
        let centre = (number as f32 + 0.5) * scale;
        let first = (centre - reach).floor().max(0.0) as usize;
        let last = ((centre + reach).ceil() as usize).min(from);
        let weight = |row: usize| (1.0 - ((row as f32 + 0.5 - centre) / reach).abs()).max(0.0);
        let sum: f32 = (first..last).map(weight).sum();
        for row in first..last {
            let weight = weight(row) / sum;
            let row = &values[row * length..(row + 1) * length];
            for (out, value) in out.iter_mut().zip(row) {
                *out += weight * value;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: &[f32], expected: &[f32]) {
        assert_eq!(got.len(), expected.len());
        for (got, expected) in got.iter().zip(expected) {
            assert!((got - expected).abs() < 1e-5, "{got}, expected {expected}");
        }
    }

    #[test]
    fn the_same_size_is_the_same_image() {
        let values: Vec<f32> = (0..24).map(|i| (i * i % 7) as f32).collect();
        close(&resample(&values, Shape::new(4, 3, 2), 4, 3), &values);
    }

    #[test]
    fn growing_interpolates_and_repeats_the_ends() {
        close(
            &resample(&[0.0, 4.0], Shape::new(1, 2, 1), 1, 4),
            &[0.0, 1.0, 3.0, 4.0],
        );
        let grown = resample(&[1.0, 2.0, 5.0, 6.0], Shape::new(2, 2, 1), 4, 4);
        close(&grown[..4], &[1.0, 1.25, 1.75, 2.0]);
        close(&grown[12..], &[5.0, 5.25, 5.75, 6.0]);
    }

    #[test]
    fn shrinking_loses_no_line_and_keeps_constants() {
        let mut line = vec![0.0; 12];
        line[5] = 1.0;
        let small = resample(&line, Shape::new(1, 12, 1), 1, 4);
        assert!(small.iter().all(|value| *value < 0.5), "{small:?}");
        assert!(
            (small.iter().sum::<f32>() - 1.0 / 3.0).abs() < 0.05,
            "{small:?}"
        );
        for (height, width) in [(1, 1), (3, 20), (20, 3)] {
            let constant = resample(&[0.7; 70], Shape::new(5, 7, 2), height, width);
            close(&constant, &vec![0.7; height * width * 2]);
        }
    }
}
