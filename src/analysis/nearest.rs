//! The images of a split that look most like an image.

use rayon::prelude::*;

use crate::data::{Pixels, Split};

/// Images per thread at a time.
const PIECE: usize = 1024;

/// A similar image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbour {
    /// Position in its split, from 0.
    pub index: usize,
    /// Its class.
    pub label: u16,
    /// Euclidean distance, over pixel values from 0 to 255.
    pub distance: f32,
}

/// The `count` images of `split` nearest to `image` `[height, width, channels]`, 0 to 255, by the Euclidean distance of their
/// pixels: the nearest first, equals in the order of the split. In rayon's current pool.
///
/// # Panics
/// If `image` is not one image of the split's shape.
pub fn nearest(split: &Split, image: &[u8], count: usize) -> Vec<Neighbour> {
    let length = split.shape().len();
    assert_eq!(image.len(), length, "one image of {}", split.shape());
    let squares = match split.pixels() {
        Pixels::U8(values) => of_images(values, length, |other| {
            squared_distance(image, other) as f32
        }),
        Pixels::F32(values) => of_images(values, length, |other| {
            let pairs = image.iter().zip(other);
            pairs
                .map(|(a, b)| (f32::from(*a) - 255.0 * b).powi(2))
                .sum()
        }),
    };
    let mut order: Vec<usize> = (0..squares.len()).collect();
    let by_distance = |a: &usize, b: &usize| squares[*a].total_cmp(&squares[*b]).then(a.cmp(b));
    if count < order.len() {
        order.select_nth_unstable_by(count, by_distance);
        order.truncate(count);
    }
    order.sort_unstable_by(by_distance);
    order
        .into_iter()
        .map(|index| Neighbour {
            index,
            label: split.labels()[index],
            distance: squares[index].sqrt(),
        })
        .collect()
}

/// A figure of each image, of `length` values each.
fn of_images<T: Sync>(
    values: &[T],
    length: usize,
    figure: impl Fn(&[T]) -> f32 + Sync,
) -> Vec<f32> {
    let pieces = values.par_chunks(length * PIECE);
    pieces
        .flat_map_iter(|piece| piece.chunks_exact(length).map(&figure))
        .collect()
}

/// `Σ (a − b)²`. Sums of 1,024 squares fit 32 bits (1,024 · 255² < 2³¹); wrapping arithmetic, which never wraps here, is what
/// becomes vector instructions in every profile.
fn squared_distance(a: &[u8], b: &[u8]) -> u64 {
    a.chunks(1024)
        .zip(b.chunks(1024))
        .map(|(a, b)| {
            let squares = a.iter().zip(b).map(|(a, b)| {
                let difference = i32::from(i16::from(*a).wrapping_sub(i16::from(*b)));
                difference.wrapping_mul(difference)
            });
            u64::from(squares.fold(0, i32::wrapping_add).unsigned_abs())
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::Shape;

    #[test]
    fn distances_are_exact_at_their_ends() {
        assert_eq!(squared_distance(&[0; 3000], &[255; 3000]), 3000 * 65025);
        assert_eq!(squared_distance(&[3, 250], &[7, 1]), 16 + 249 * 249);
    }

    #[test]
    fn neighbours_come_in_order_and_equals_as_they_lie() {
        let pixels = vec![9, 9, 0, 4, 3, 0, 0, 0, 3, 0];
        let labels = vec![0, 1, 2, 3, 4];
        let split = Split::new(
            Shape::new(1, 2, 1),
            Pixels::U8(pixels.clone()),
            labels.clone(),
        );
        let found = nearest(&split, &[0, 0], 4);
        let rows: Vec<_> = found
            .iter()
            .map(|n| (n.index, n.label, n.distance))
            .collect();
        assert_eq!(rows, [(3, 3, 0.0), (2, 2, 3.0), (4, 4, 3.0), (1, 1, 4.0)]);
        assert_eq!(nearest(&split, &[0, 0], 9).len(), 5);
        let pixels = pixels.iter().map(|v| f32::from(*v) / 255.0).collect();
        let floats = Split::new(Shape::new(1, 2, 1), Pixels::F32(pixels), labels);
        for (float, found) in nearest(&floats, &[0, 0], 4).iter().zip(found) {
            assert_eq!(float.index, found.index);
            assert!((float.distance - found.distance).abs() < 1e-3);
        }
    }
}
