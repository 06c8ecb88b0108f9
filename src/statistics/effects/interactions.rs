//! Which pairs of factors do more together than the sum of what each does.

use super::cholesky::{Cholesky, Column};
use super::design::Design;
use super::fit::Fit;
use super::variance::{ErrorVariance, is_error};
use super::{Cell, ErrorSource, FTest, Interaction};
use crate::statistics::{SIGNIFICANCE, holm};

/// The cells of two factors that trials are in: the number of each trial's cell, and what each cell is.
struct Cells {
    of_trials: Vec<usize>,
    levels: Vec<(usize, usize)>,
}

impl Cells {
    fn of(design: &Design, (one, other): (usize, usize)) -> Self {
        let width = design.factors[other].levels.len();
        let mut numbers = vec![None; design.factors[one].levels.len() * width];
        let mut levels = Vec::new();
        let of_trials = design.trials.iter().map(|(of_trial, _)| {
            let pair = (of_trial[one], of_trial[other]);
            *numbers[pair.0 * width + pair.1].get_or_insert_with(|| {
                levels.push(pair);
                levels.len() - 1
            })
        });
        let of_trials = of_trials.collect();
        Self { of_trials, levels }
    }
}

/// Tests every pair of factors whose interaction the trials can show: those that matter, strongest first, and how many were tested.
///
/// The columns of the cells are added to the main effects. With residuals r of the main effects, the sum of squares falls by Σ z² over
/// the new entries of L z = (X, Z)'r, of as many degrees of freedom as there are new independent columns.
pub(super) fn interactions(
    design: &Design,
    fit: &Fit,
    error: &ErrorVariance,
) -> (Vec<Interaction>, usize) {
    let factors = 0..design.factors.len();
    let pairs = factors.flat_map(|one| (0..one).map(move |other| (other, one)));
    let mut tested = Vec::new();
    let mut cholesky = fit.cholesky.clone();
    let trials = design.trials.iter();
    let ones: Vec<Vec<usize>> = trials.map(|(levels, _)| fit.ones(levels)).collect();
    for pair in pairs {
        let cells = Cells::of(design, pair);
        let (squares, degrees) = beyond_main_effects(fit, &ones, &mut cholesky, pair, &cells);
        if let Some(test) = test(fit, error, squares, degrees) {
            tested.push((pair, strongest(design, fit, pair, &cells), test));
        }
    }
    let corrected = holm(&tested.iter().map(|(_, _, test)| test.p).collect::<Vec<_>>());
    let count = tested.len();
    let mut mattering: Vec<Interaction> = tested
        .into_iter()
        .zip(corrected)
        .filter(|(_, corrected)| *corrected < SIGNIFICANCE)
        .map(
            |(((one, other), strongest, test), corrected_p)| Interaction {
                factors: [one, other].map(|factor| design.factors[factor].name.clone()),
                test: FTest {
                    corrected_p,
                    ..test
                },
                strongest,
            },
        )
        .collect();
    mattering.sort_by(|one, other| one.test.p.total_cmp(&other.test.p));
    (mattering, count)
}

/// By how much the cells of a pair lower the sum of squares, and their degrees of freedom. `ones` are the independent columns of each trial.
fn beyond_main_effects(
    fit: &Fit,
    ones: &[Vec<usize>],
    cholesky: &mut Cholesky,
    (one, other): (usize, usize),
    cells: &Cells,
) -> (f64, usize) {
    let is_new: Vec<bool> = cells
        .levels
        .iter()
        .map(|(a, b)| fit.has_column(one, *a) && fit.has_column(other, *b))
        .collect();
    let rank = cholesky.rank();
    let mut products = vec![vec![0.0; rank]; cells.levels.len()];
    let mut counts = vec![0.0; cells.levels.len()];
    let mut sums = vec![0.0; cells.levels.len()];
    for ((cell, ones), residual) in cells.of_trials.iter().zip(ones).zip(&fit.residuals) {
        if is_new[*cell] {
            counts[*cell] += 1.0;
            sums[*cell] += residual;
            for column in ones {
                products[*cell][*column] += 1.0;
            }
        }
    }
    let mut right = vec![0.0; rank];
    for cell in (0..cells.levels.len()).filter(|cell| is_new[*cell]) {
        let mut products = std::mem::take(&mut products[cell]);
        // No trial is in two cells.
        products.resize(cholesky.rank(), 0.0);
        if cholesky.add(&products, counts[cell]) == Column::Independent {
            right.push(sums[cell]);
        }
    }
    let entries = cholesky.forward(&right);
    cholesky.truncate(rank);
    let squares = entries[rank..].iter().map(|z| z * z).sum();
    (squares, entries.len() - rank)
}

/// The F test of an interaction; `None` if nothing is left to test it against. A residual as the error term must not contain the
/// interaction itself.
fn test(fit: &Fit, error: &ErrorVariance, squares: f64, degrees: usize) -> Option<FTest> {
    let (variance, error_degrees) = match error.source {
        ErrorSource::Seed => (error.variance, error.degrees),
        ErrorSource::Residual => {
            let left = fit.degrees.checked_sub(degrees).filter(|left| *left > 0)?;
            ((fit.squares - squares) / left as f64, left)
        }
    };
    (degrees > 0 && is_error(variance))
        .then(|| FTest::of(squares, degrees, variance, error_degrees))
}

/// The cell whose mean residual is the most standard errors from 0.
fn strongest(design: &Design, fit: &Fit, (one, other): (usize, usize), cells: &Cells) -> Cell {
    let mut sums = vec![(0.0, 0usize); cells.levels.len()];
    for (cell, residual) in cells.of_trials.iter().zip(&fit.residuals) {
        sums[*cell].0 += residual;
        sums[*cell].1 += 1;
    }
    let strength = |cell: &usize| sums[*cell].0.abs() / (sums[*cell].1 as f64).sqrt();
    let strongest = (0..sums.len())
        .max_by(|a, b| strength(a).total_cmp(&strength(b)))
        .expect("a design has trials, and a trial is in a cell");
    let (a, b) = cells.levels[strongest];
    let (sum, trials) = sums[strongest];
    Cell {
        levels: [
            design.factors[one].levels[a].clone(),
            design.factors[other].levels[b].clone(),
        ],
        trials,
        departure: sum / trials as f64,
    }
}
