//! The Cholesky decomposition of a cross product X'X, column by column, without the columns that follow from earlier ones.

/// A column whose share beyond the columns before it is below this is one that follows from them. X'X has whole numbers here, so rounding
/// errors stay near 1e-15, while of n trials a single one that differs leaves a share of at least about 1/n².
const DEPENDENT: f64 = 1e-10;

/// The lower triangle L with L L' = X'X of the independent columns, in the order in which they were added.
#[derive(Clone, Debug, Default)]
pub(super) struct Cholesky {
    rows: Vec<Vec<f64>>,
}

/// What a column is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Column {
    /// Independent of the columns before it: it is the next one of the decomposition.
    Independent,
    /// The sum of earlier independent columns, times these factors.
    Follows(Vec<f64>),
}

impl Cholesky {
    /// Number of independent columns.
    pub(super) fn rank(&self) -> usize {
        self.rows.len()
    }

    /// Adds a column with these products with the independent columns before it, and this one with itself.
    pub(super) fn add(&mut self, products: &[f64], own: f64) -> Column {
        let mut row = self.forward(products);
        let beyond = own - row.iter().map(|value| value * value).sum::<f64>();
        if beyond <= DEPENDENT * own {
            return Column::Follows(self.backward(row));
        }
        row.push(beyond.sqrt());
        self.rows.push(row);
        Column::Independent
    }

    /// Leaves the first columns only.
    pub(super) fn truncate(&mut self, rank: usize) {
        self.rows.truncate(rank);
    }

    /// The z with L z = right.
    pub(super) fn forward(&self, right: &[f64]) -> Vec<f64> {
        let mut solution: Vec<f64> = Vec::with_capacity(right.len() + 1);
        for (row, value) in self.rows.iter().zip(right) {
            let known: f64 = row.iter().zip(&solution).map(|(l, z)| l * z).sum();
            solution.push((value - known) / row[solution.len()]);
        }
        solution
    }

    /// The x with L' x = right.
    pub(super) fn backward(&self, mut right: Vec<f64>) -> Vec<f64> {
        for index in (0..self.rows.len()).rev() {
            let row = &self.rows[index];
            right[index] /= row[index];
            let value = right[index];
            for (earlier, l) in right[..index].iter_mut().zip(row) {
                *earlier -= l * value;
            }
        }
        right
    }

    /// The diagonal of (X'X)⁻¹: each entry is the sum of squares of a column of L⁻¹.
    pub(super) fn inverse_diagonal(&self) -> Vec<f64> {
        let rank = self.rank();
        let column = |index: usize| {
            let mut squares = 0.0;
            let mut solution = vec![0.0; rank];
            for (at, row) in self.rows.iter().enumerate().skip(index) {
                let known: f64 = (index..at).map(|k| row[k] * solution[k]).sum();
                let unit = f64::from(u8::from(at == index));
                solution[at] = (unit - known) / row[at];
                squares += solution[at] * solution[at];
            }
            squares
        };
        (0..rank).map(column).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::test_support::assert_close;

    /// X'X of the columns (1,1,1,1), (0,1,0,1), (1,0,1,0), (0,0,1,1): the third is the first less the second.
    #[test]
    fn a_column_that_follows_from_others_is_left_out_with_its_sum() {
        let mut cholesky = Cholesky::default();
        assert_eq!(cholesky.add(&[], 4.0), Column::Independent);
        assert_eq!(cholesky.add(&[2.0], 2.0), Column::Independent);
        let Column::Follows(factors) = cholesky.add(&[2.0, 0.0], 2.0) else {
            panic!("independent")
        };
        assert_close(factors[0], 1.0, 1e-12);
        assert_close(factors[1], -1.0, 1e-12);
        assert_eq!(cholesky.add(&[2.0, 1.0], 2.0), Column::Independent);
        assert_eq!(cholesky.rank(), 3);
        // y = 1 + 2·second + 5·fourth: X'y = (18, 11, 14) of y = (1, 3, 6, 8)
        let solution = cholesky.backward(cholesky.forward(&[18.0, 11.0, 14.0]));
        for (got, expected) in solution.into_iter().zip([1.0, 2.0, 5.0]) {
            assert_close(got, expected, 1e-12);
        }
        // The inverse of ((4, 2, 2), (2, 2, 1), (2, 1, 2)) has the diagonal ¾, 1, 1.
        for (got, expected) in cholesky
            .inverse_diagonal()
            .into_iter()
            .zip([0.75, 1.0, 1.0])
        {
            assert_close(got, expected, 1e-12);
        }
        cholesky.truncate(1);
        assert_eq!(cholesky.rank(), 1);
    }

    #[test]
    fn one_trial_among_many_is_enough_to_make_a_column_independent() {
        // Two columns of 5,000 ones each among 10,000, which differ in one trial.
        let mut cholesky = Cholesky::default();
        cholesky.add(&[], 10_000.0);
        cholesky.add(&[5_000.0], 5_000.0);
        assert_eq!(
            cholesky.add(&[4_999.0, 4_999.0], 4_999.0),
            Column::Independent
        );
        cholesky.truncate(2);
        assert_ne!(
            cholesky.add(&[5_000.0, 5_000.0], 5_000.0),
            Column::Independent
        );
    }
}
