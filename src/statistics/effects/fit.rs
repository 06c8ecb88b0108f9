//! The least squares fit of main effects.

use super::cholesky::{Cholesky, Column};
use super::design::Design;

/// A factor in a sum that a column is, below which its share is rounding.
const NO_SHARE: f64 = 1e-6;

/// A level that has a column: number of its factor, number of the level.
pub(super) type Place = (usize, usize);

/// The fit of y = constant + Σ effects of levels, with the first tried level of every factor as 0.
#[derive(Debug)]
pub(super) struct Fit {
    /// What each column after the constant is of.
    places: Vec<Place>,
    /// The column of each level of each factor; the reference and untried levels have none.
    columns: Vec<Vec<Option<usize>>>,
    /// X'X: how many trials two columns share.
    shared: Vec<Vec<f64>>,
    /// X'y.
    sums: Vec<f64>,
    /// The decomposition of the independent columns.
    pub(super) cholesky: Cholesky,
    /// The independent columns, in ascending order.
    independent: Vec<usize>,
    /// Columns that follow from others, with those that they follow from.
    pub(super) dependent: Vec<(Place, Vec<Place>)>,
    /// Of each column: its effect, and the factor by which the error's variance becomes that of the effect. `None` if it cannot be separated.
    effects: Vec<Option<(f64, f64)>>,
    /// What the fit leaves of each outcome.
    pub(super) residuals: Vec<f64>,
    /// Their sum of squares.
    pub(super) squares: f64,
    /// Trials less independent columns.
    pub(super) degrees: usize,
}

impl Fit {
    /// Fits the outcomes, one for each trial of the design.
    pub(super) fn of(design: &Design, outcomes: &[f64]) -> Self {
        let mut fit = Self::with_columns(design);
        fit.count(design, outcomes);
        let order: Vec<usize> = (0..=fit.places.len()).collect();
        let mut follows = Vec::new();
        (fit.cholesky, fit.independent) = fit.decompose(&order, &mut follows);
        let sums: Vec<f64> = fit
            .independent
            .iter()
            .map(|column| fit.sums[*column])
            .collect();
        let values = fit.cholesky.backward(fit.cholesky.forward(&sums));
        let variances = fit.cholesky.inverse_diagonal();
        fit.effects = vec![None; fit.places.len() + 1];
        let mut by_column = vec![0.0; fit.places.len() + 1];
        for ((column, value), variance) in fit.independent.iter().zip(&values).zip(variances) {
            fit.effects[*column] = Some((*value, variance));
            by_column[*column] = *value;
        }
        for (column, factors) in follows {
            let shares = fit.independent.iter().zip(&factors);
            let others = shares.filter(|(other, factor)| **other > 0 && factor.abs() > NO_SHARE);
            let others: Vec<usize> = others.map(|(other, _)| *other).collect();
            // A column that another one follows from has an effect of its own only as long as the other's is called 0.
            for other in &others {
                fit.effects[*other] = None;
            }
            let places = others.iter().map(|other| fit.places[*other - 1]).collect();
            fit.dependent.push((fit.places[column - 1], places));
        }
        fit.residuals = design
            .trials
            .iter()
            .zip(outcomes)
            .map(|((levels, _), outcome)| {
                let active = fit.active(levels);
                outcome - active.iter().map(|column| by_column[*column]).sum::<f64>()
            })
            .collect();
        fit.squares = fit
            .residuals
            .iter()
            .map(|residual| residual * residual)
            .sum();
        fit.degrees = outcomes.len() - fit.cholesky.rank();
        fit
    }

    /// Nothing but which levels have columns.
    fn with_columns(design: &Design) -> Self {
        let mut places = Vec::new();
        let mut columns = Vec::new();
        for factor in 0..design.factors.len() {
            let counts = design.counts(factor);
            let reference = design.reference(factor);
            let mut of_levels = Vec::new();
            for (level, count) in counts.into_iter().enumerate() {
                let has_column = count > 0 && Some(level) != reference;
                of_levels.push(has_column.then(|| {
                    places.push((factor, level));
                    places.len()
                }));
            }
            columns.push(of_levels);
        }
        let size = places.len() + 1;
        Self {
            places,
            columns,
            shared: vec![vec![0.0; size]; size],
            sums: vec![0.0; size],
            cholesky: Cholesky::default(),
            independent: Vec::new(),
            dependent: Vec::new(),
            effects: Vec::new(),
            residuals: Vec::new(),
            squares: 0.0,
            degrees: 0,
        }
    }

    /// The columns in which a trial of these levels has a one, in ascending order.
    fn active(&self, levels: &[usize]) -> Vec<usize> {
        let of_factors = self.columns.iter().zip(levels);
        std::iter::once(0)
            .chain(of_factors.filter_map(|(columns, level)| columns[*level]))
            .collect()
    }

    /// The same, as numbers of the decomposition's columns, without dependent ones.
    pub(super) fn ones(&self, levels: &[usize]) -> Vec<usize> {
        let active = self.active(levels).into_iter();
        active
            .filter_map(|column| self.independent.binary_search(&column).ok())
            .collect()
    }

    fn count(&mut self, design: &Design, outcomes: &[f64]) {
        for ((levels, _), outcome) in design.trials.iter().zip(outcomes) {
            let active = self.active(levels);
            for one in &active {
                self.sums[*one] += outcome;
                for other in &active {
                    self.shared[*one][*other] += 1.0;
                }
            }
        }
    }

    /// Decomposes the columns in an order, and notes those that follow from others.
    fn decompose(
        &self,
        order: &[usize],
        follows: &mut Vec<(usize, Vec<f64>)>,
    ) -> (Cholesky, Vec<usize>) {
        let mut cholesky = Cholesky::default();
        let mut independent: Vec<usize> = Vec::new();
        for column in order {
            let row = &self.shared[*column];
            let products: Vec<f64> = independent.iter().map(|other| row[*other]).collect();
            match cholesky.add(&products, row[*column]) {
                Column::Independent => independent.push(*column),
                Column::Follows(factors) => follows.push((*column, factors)),
            }
        }
        (cholesky, independent)
    }

    /// The effect of a level, and the factor by which the error's variance becomes that of the effect.
    pub(super) fn effect(&self, factor: usize, level: usize) -> Option<(f64, f64)> {
        self.effects[self.columns[factor][level]?]
    }

    /// Whether a level has a column.
    pub(super) fn has_column(&self, factor: usize, level: usize) -> bool {
        self.columns[factor][level].is_some()
    }

    /// By how much a factor's levels lower the sum of squares that all other factors leave, and their degrees of freedom.
    ///
    /// With the factor's columns last in the decomposition, it is the sum of squares of the last entries of z, where L z = X'y.
    pub(super) fn beyond_others(&self, factor: usize) -> (f64, usize) {
        let is_own = |column: &usize| *column > 0 && self.places[*column - 1].0 == factor;
        let all = 0..=self.places.len();
        let (own, mut order): (Vec<usize>, Vec<usize>) = all.partition(is_own);
        order.extend(own);
        let (cholesky, independent) = self.decompose(&order, &mut Vec::new());
        let sums: Vec<f64> = independent
            .iter()
            .map(|column| self.sums[*column])
            .collect();
        let entries = cholesky.forward(&sums);
        let of_own = independent
            .iter()
            .zip(entries)
            .filter(|(column, _)| is_own(column));
        of_own.fold((0.0, 0), |(squares, degrees), (_, z)| {
            (squares + z * z, degrees + 1)
        })
    }
}
