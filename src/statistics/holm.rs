//! Holm's correction for the number of tests.

/// The p values corrected for their number, in their order: claiming all that stay below 5 % makes a wrong claim at all in at most 5 % of
/// cases, whatever the tests have to do with each other.
///
/// In ascending order, the k-th of n is multiplied by n − k + 1; none becomes smaller than the one before it or larger than 1. Source:
/// Holm 1979, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6.
pub fn holm(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|one, other| values[*one].total_cmp(&values[*other]));
    let mut corrected = vec![0.0; values.len()];
    let mut largest: f64 = 0.0;
    for (rank, index) in order.into_iter().enumerate() {
        let tests_left = (values.len() - rank) as f64;
        largest = largest.max((values[index] * tests_left).min(1.0));
        corrected[index] = largest;
    }
    corrected
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::test_support::assert_close;

    #[test]
    fn the_smallest_is_corrected_most_and_the_order_stays() {
        // R 4: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
        let corrected = holm(&[0.01, 0.04, 0.03, 0.005]);
        for (got, expected) in corrected.into_iter().zip([0.03, 0.06, 0.06, 0.02]) {
            assert_close(got, expected, 1e-12);
        }
        assert_eq!(holm(&[0.7, 0.9]), [1.0, 1.0]);
        assert!(holm(&[]).is_empty());
    }
}
