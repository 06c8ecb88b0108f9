//! The values of maps as grey levels.

use crate::shape::Shape;

/// How values become grey levels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Normalisation {
    /// Each map by itself: zero mean, unit standard deviation, times 64, plus 128, clipped to 0 to 255; a map of zeros stays 0.
    /// Source: F. Chollet, Deep Learning with Python, 2nd edition, 9.4.1, as in the published experiments.
    #[default]
    PerMap,
    /// The smallest value of the whole layer becomes 0, the largest 255, so that maps can be compared.
    LayerRange,
}

/// One channel of `[height, width, channels]` as levels from 0 to 255.
pub fn map_levels(
    values: &[f32],
    shape: Shape,
    channel: usize,
    normalisation: Normalisation,
) -> Vec<u8> {
    let map = values.iter().skip(channel).step_by(shape.channels).copied();
    if normalisation == Normalisation::LayerRange {
        let range = value_range(values);
        return map.map(|value| level_in(range, value)).collect();
    }
    let count = (shape.height * shape.width) as f64;
    let finite = || map.clone().filter(|value| value.is_finite()).map(f64::from);
    if finite().all(|value| value == 0.0) {
        return vec![0; shape.height * shape.width];
    }
    let mean = finite().sum::<f64>() / count;
    let deviation = (finite().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
    map.map(|value| {
        let deviations = if deviation > 0.0 {
            (f64::from(value) - mean) / deviation
        } else {
            0.0
        };
        // A float to integer conversion cuts to 0 to 255, and turns NaN to 0.
        (64.0 * deviations + 128.0) as u8
    })
    .collect()
}

/// The smallest and the largest finite value.
pub fn value_range(values: &[f32]) -> (f32, f32) {
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    (
        finite().fold(f32::INFINITY, f32::min),
        finite().fold(f32::NEG_INFINITY, f32::max),
    )
}

/// The position of a value in a range, 0 to 255; in an empty range always 0.
pub fn level_in((low, high): (f32, f32), value: f32) -> u8 {
    let (low, high, value) = (f64::from(low), f64::from(high), f64::from(value));
    if high > low {
        (255.0 * (value - low) / (high - low)).round() as u8
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_the_seeds() {
        let shape = Shape::new(2, 2, 2);
        let levels =
            |values: &[f32], channel| map_levels(values, shape, channel, Normalisation::PerMap);
        let by_layer =
            |values: &[f32], channel| map_levels(values, shape, channel, Normalisation::LayerRange);
        // Channel 0: 1, 2, 3, 4: mean 2.5, deviation 1.118; channel 1 never fires.
        let values = [1.0, 0.0, 2.0, 0.0, 3.0, 0.0, 4.0, 0.0];
        assert_eq!(levels(&values, 0), [42, 99, 156, 213]);
        assert_eq!(levels(&values, 1), [0; 4]);
        assert_eq!(by_layer(&values, 0), [64, 128, 191, 255]);
        assert_eq!(levels(&[3.0; 8], 1), [128; 4]);
        assert_eq!(by_layer(&[3.0; 8], 1), [0; 4]);
        let broken = [f32::NAN, 1.0, f32::INFINITY, 1.0, 0.0, 1.0, 2.0, 1.0];
        assert_eq!(levels(&broken, 0)[0], 0);
    }
}
