//! The confidence interval of a share.

use super::distributions::Z;

/// The 95 % confidence interval of the accuracy when `right` of `images` were right.
///
/// Source: Wilson 1927, "Probable inference, the law of succession, and statistical inference". Unlike the normal
/// approximation it stays within [0, 1] and holds near its ends, where accuracies lie.
///
/// # Panics
/// If there is no image.
pub fn wilson_interval(right: usize, images: usize) -> (f64, f64) {
    assert!(images > 0, "a share of nothing");
    let n = images as f64;
    let share = right as f64 / n;
    let centre = share + Z * Z / (2.0 * n);
    let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    (
        ((centre - half) / scale).max(0.0),
        ((centre + half) / scale).min(1.0),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_intervals_are_the_published_ones() {
        // Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
        for (right, images, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let (from, to) = wilson_interval(right, images);
            assert!((from - low).abs() < 5e-5, "{right}/{images}: {from}");
            assert!((to - high).abs() < 5e-5, "{right}/{images}: {to}");
        }
        assert_eq!(wilson_interval(20, 20).1, 1.0);
    }
}
