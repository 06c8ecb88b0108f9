//! The quantiles and tail probabilities that the module needs, by `statrs`.

use statrs::distribution::{
    Binomial, Continuous, ContinuousCDF, DiscreteCDF, FisherSnedecor, StudentsT,
};

/// The standard normal distribution's 97.5 % quantile.
pub(super) const Z: f64 = 1.959_963_984_540_054;

fn students_t(degrees: usize) -> StudentsT {
    StudentsT::new(0.0, 1.0, degrees as f64).expect("at least one degree of freedom")
}

/// The 97.5 % quantile of Student's t: how many standard errors half of a 95 % interval has. At least one degree.
pub(super) fn t_quantile(degrees: usize) -> f64 {
    /// Above, the crate's inverse loses its digits little by little (with 10⁷ degrees it is 1.83), and three terms of the expansion
    /// around the normal quantile have twelve. Source: Abramowitz and Stegun 1964, 26.7.5.
    const MANY: usize = 10_000;
    if degrees > MANY {
        let n = degrees as f64;
        let second = (5.0 * Z.powi(5) + 16.0 * Z.powi(3) + 3.0 * Z) / 96.0;
        return Z + (Z.powi(3) + Z) / (4.0 * n) + second / (n * n);
    }
    // Below, it has at least six digits, and a step of Newton's method doubles them.
    let t = students_t(degrees);
    let rough = t.inverse_cdf(0.975);
    rough + (t.sf(rough) - 0.025) / t.pdf(rough)
}

/// The probability of a t at least as far from 0 as `t`. At least one degree.
pub(super) fn t_two_sided(t: f64, degrees: usize) -> f64 {
    (2.0 * students_t(degrees).sf(t.abs())).min(1.0)
}

/// The probability of an F at least as large as `f`. At least one degree on both sides.
pub(super) fn f_upper(f: f64, degrees: usize, error_degrees: usize) -> f64 {
    // 1/F has the degrees exchanged. Its lower tail does not cancel where the upper one of F does: p values below 1e-16 stay what they are.
    let inverse = FisherSnedecor::new(error_degrees as f64, degrees as f64)
        .expect("at least one degree of freedom on both sides");
    inverse.cdf(f.recip())
}

/// Twice the probability that a fair coin shows at most `fewer` heads in `tosses`, at most 1.
pub(super) fn fair_coin_two_sided(fewer: u64, tosses: u64) -> f64 {
    let coin = Binomial::new(0.5, tosses).expect("one half is a probability");
    (2.0 * coin.cdf(fewer)).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::test_support::assert_close;

    #[test]
    fn quantiles_and_tails_are_those_of_scipy() {
        // scipy.stats.t.ppf(0.975, degrees), SciPy 1.15
        for (degrees, quantile) in [
            (1, 12.706204736174694),
            (2, 4.302652729749462),
            (5, 2.5705818356363146),
            (9, 2.262157162798205),
            (48, 2.010634757624232),
            (1_000, 1.9623390808264083),
            (10_000, 1.960201239890626),
            (10_001, 1.960201216164641),
            (100_000, 1.9599877075346095),
            (10_000_000, 1.959964221767205),
        ] {
            assert_close(t_quantile(degrees), quantile, 1e-9);
            assert_close(t_two_sided(-quantile, degrees), 0.05, 1e-7);
        }
        assert_eq!(t_two_sided(0.0, 3), 1.0);
        // scipy.stats.f.sf
        for (f, degrees, error_degrees, p) in [
            (3.765, 1, 48, 0.05822224826022204),
            (8.498, 2, 48, 0.0006926447979943447),
            (60.0, 3, 200, 1.0443166217874712e-27),
            (0.5, 4, 3, 0.7436128024718243),
        ] {
            assert_close(f_upper(f, degrees, error_degrees), p, 1e-9);
        }
        assert_eq!(f_upper(0.0, 2, 3), 1.0);
    }

    #[test]
    fn a_fair_coin_is_counted() {
        assert_close(fair_coin_two_sided(1, 8), 2.0 * 9.0 / 256.0, 1e-12);
        assert_eq!(fair_coin_two_sided(3, 6), 1.0);
        assert_eq!(fair_coin_two_sided(0, 0), 1.0);
    }
}
