//! Several volumes into one: their sum, or their channels side by side.

use super::pieces::{PIECE, for_images, for_pieces};
use super::tier::in_every_tier;
use crate::shape::Shape;

/// How several volumes become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// Their channels side by side, in their order; equal heights and widths.
    Concat,
    /// Their sum; equal shapes.
    Add,
}

impl Join {
    /// Keras's name for such a layer.
    pub const fn keras(self) -> &'static str {
        match self {
            Self::Concat => "concatenate",
            Self::Add => "add",
        }
    }

    /// The shape of the joined volume; `None` where the volumes do not fit together.
    pub fn shape(self, volumes: &[Shape]) -> Option<Shape> {
        let (first, others) = volumes.split_first()?;
        let fits = |other: &Shape| match self {
            Self::Concat => (other.height, other.width) == (first.height, first.width),
            Self::Add => other == first,
        };
        let channels = match self {
            Self::Concat => volumes.iter().map(|volume| volume.channels).sum(),
            Self::Add => first.channels,
        };
        let shape = Shape { channels, ..*first };
        others.iter().all(fits).then_some(shape)
    }
}

/// Adds `other` to `sum`, value by value.
pub fn add(sum: &mut [f32], other: &[f32]) {
    assert_eq!(sum.len(), other.len(), "volumes of one shape");
    for_pieces(sum, PIECE, |piece, sum| {
        add_piece(&other[piece * PIECE..][..sum.len()], sum);
    });
}

in_every_tier! {
    fn add_piece(other: &[f32], sum: &mut [f32]) {
        for (sum, other) in sum.iter_mut().zip(other) {
            *sum += other;
        }
    }
}

/// Writes the channels of each volume beside those of the one before it; each comes with its number of channels, and `output` has as many
/// places as any of them.
pub fn concatenate(volumes: &[(&[f32], usize)], output: &mut [f32]) {
    let channels: usize = volumes.iter().map(|(_, channels)| channels).sum();
    for_images(output, channels, |places, output| {
        let mut start = 0;
        for (volume, own) in volumes {
            let values = volume[places.start * own..places.end * own].chunks_exact(*own);
            for (output, values) in output.chunks_exact_mut(channels).zip(values) {
                output[start..start + own].copy_from_slice(values);
            }
            start += own;
        }
    });
}

/// The `own` channels from `start` of a volume with `channels`: the gradient of one of those that [`concatenate`] joined.
pub fn part(volume: &[f32], channels: usize, start: usize, own: usize, output: &mut [f32]) {
    for_images(output, own, |places, output| {
        let values = volume[places.start * channels..places.end * channels].chunks_exact(channels);
        for (output, values) in output.chunks_exact_mut(own).zip(values) {
            output.copy_from_slice(&values[start..start + own]);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(count: usize, seed: usize) -> Vec<f32> {
        (0..count)
            .map(|i| ((i * 7919 + seed) % 251) as f32)
            .collect()
    }

    #[test]
    fn each_value_has_its_place_in_the_joined_volume_and_back() {
        for places in [1, 7, 3 * PIECE / 4] {
            let own = [3, 1, 8];
            let volumes: Vec<Vec<f32>> = own.iter().map(|own| values(places * own, *own)).collect();
            let pairs: Vec<(&[f32], usize)> = volumes.iter().map(Vec::as_slice).zip(own).collect();
            let mut joined = vec![f32::NAN; places * 12];
            concatenate(&pairs, &mut joined);
            let mut start = 0;
            for (volume, own) in pairs {
                for place in 0..places {
                    for channel in 0..own {
                        assert_eq!(
                            joined[place * 12 + start + channel],
                            volume[place * own + channel]
                        );
                    }
                }
                let mut back = vec![f32::NAN; volume.len()];
                part(&joined, 12, start, own, &mut back);
                assert_eq!(back, volume);
                start += own;
            }
        }
    }

    #[test]
    fn sums_are_of_values_at_one_place() {
        let (mut sum, other) = (values(2 * PIECE + 5, 1), values(2 * PIECE + 5, 2));
        let expected: Vec<f32> = sum.iter().zip(&other).map(|(a, b)| a + b).collect();
        add(&mut sum, &other);
        assert_eq!(sum, expected);
    }
}
