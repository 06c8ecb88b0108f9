//! Activations: functions of one value. Those that need an exponential take it from polynomials of plain multiplications and
//! additions, which the compiler turns into vector instructions and which give the same bits with all of them.

use super::pieces::{PIECE, for_pieces};
use super::relu;
use super::tier::in_every_tier;

/// A function of each value. Semantics: Keras 3.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Activation {
    /// `x`
    Linear,
    /// `max(x, 0)`
    Relu,
    /// `x`, and below 0 `negative_slope · x`.
    LeakyRelu {
        /// At least 0.
        negative_slope: f32,
    },
    /// `tanh(x)`
    Tanh,
    /// `1 / (1 + e⁻ˣ)`
    Sigmoid,
    /// `x · Φ(x)` with the distribution Φ of a normal variable, not its approximation by tanh.
    /// Source: Hendrycks and Gimpel 2016.
    Gelu,
    /// `x`, and below 0 `alpha · (eˣ − 1)`. Source: Clevert, Unterthiner and Hochreiter 2015.
    Elu {
        /// At least 0.
        alpha: f32,
    },
    /// `x / (1 + e⁻ˣ)`. Source: Ramachandran, Zoph and Le 2017.
    Silu,
}

impl Activation {
    /// Whether [`gradient`] needs the values before the activation; otherwise it needs those after it.
    pub const fn gradient_wants_input(self) -> bool {
        matches!(self, Self::Gelu | Self::Silu)
    }
}

/// The activation of every value, in place.
pub fn forward(activation: Activation, values: &mut [f32]) {
    match activation {
        Activation::Linear => {}
        Activation::Relu => relu::forward(values),
        Activation::LeakyRelu { negative_slope } => {
            for_pieces(values, PIECE, |_, values| leak(negative_slope, values));
        }
        Activation::Tanh => for_pieces(values, PIECE, |_, values| tanh_forward(values)),
        Activation::Sigmoid => for_pieces(values, PIECE, |_, values| sigmoid_forward(values)),
        Activation::Gelu => for_pieces(values, PIECE, |_, values| gelu_forward(values)),
        Activation::Elu { alpha } => {
            for_pieces(values, PIECE, |_, values| elu_forward(alpha, values));
        }
        Activation::Silu => for_pieces(values, PIECE, |_, values| silu_forward(values)),
    }
}

/// Turns the gradient with respect to the output into that with respect to the input, in place. `kept` are the values before or
/// after the activation, as [`Activation::gradient_wants_input`] says.
pub fn gradient(activation: Activation, kept: &[f32], gradient: &mut [f32]) {
    assert_eq!(kept.len(), gradient.len(), "one gradient for each value");
    match activation {
        Activation::Linear => {}
        Activation::Relu => relu::gradient(kept, gradient),
        Activation::LeakyRelu { negative_slope } => {
            in_pieces(kept, gradient, |kept, gradient| {
                leak_gradient(negative_slope, kept, gradient);
            });
        }
        Activation::Tanh => in_pieces(kept, gradient, tanh_gradient),
        Activation::Sigmoid => in_pieces(kept, gradient, sigmoid_gradient),
        Activation::Gelu => in_pieces(kept, gradient, gelu_gradient),
        Activation::Elu { alpha } => {
            in_pieces(kept, gradient, |kept, gradient| {
                elu_gradient(alpha, kept, gradient);
            });
        }
        Activation::Silu => in_pieces(kept, gradient, silu_gradient),
    }
}

fn in_pieces(kept: &[f32], gradient: &mut [f32], work: impl Fn(&[f32], &mut [f32]) + Send + Sync) {
    for_pieces(gradient, PIECE, |piece, gradient| {
        work(&kept[piece * PIECE..][..gradient.len()], gradient);
    });
}

in_every_tier! {
    fn leak(negative_slope: f32, values: &mut [f32]) {
        for value in values {
            *value = if *value < 0.0 { *value * negative_slope } else { *value };
        }
    }
}

in_every_tier! {
    fn leak_gradient(negative_slope: f32, output: &[f32], gradient: &mut [f32]) {
        for (gradient, output) in gradient.iter_mut().zip(output) {
            *gradient *= if *output > 0.0 { 1.0 } else { negative_slope };
        }
    }
}

in_every_tier! {
    fn tanh_forward(values: &mut [f32]) {
        for value in values {
            *value = tanh(*value);
        }
    }
}

in_every_tier! {
    fn tanh_gradient(output: &[f32], gradient: &mut [f32]) {
        for (gradient, output) in gradient.iter_mut().zip(output) {
            *gradient *= 1.0 - output * output;
        }
    }
}

in_every_tier! {
    fn sigmoid_forward(values: &mut [f32]) {
        for value in values {
            *value = 1.0 / (1.0 + exponential(-*value));
        }
    }
}

in_every_tier! {
    fn sigmoid_gradient(output: &[f32], gradient: &mut [f32]) {
        for (gradient, output) in gradient.iter_mut().zip(output) {
            *gradient *= output * (1.0 - output);
        }
    }
}

in_every_tier! {
    fn gelu_forward(values: &mut [f32]) {
        for value in values {
            *value *= normal_distribution(*value);
        }
    }
}

in_every_tier! {
    fn gelu_gradient(input: &[f32], gradient: &mut [f32]) {
        /// 1 / √(2π)
        const DENSITY_AT_0: f32 = 0.398_942_3;
        for (gradient, input) in gradient.iter_mut().zip(input) {
            let density = DENSITY_AT_0 * exponential(-0.5 * input * input);
            *gradient *= normal_distribution(*input) + input * density;
        }
    }
}

in_every_tier! {
    fn elu_forward(alpha: f32, values: &mut [f32]) {
        for value in values {
            let below = alpha * (exponential(*value) - 1.0);
            // Not-a-number stays what it is.
            *value = if *value < 0.0 { below } else { *value };
        }
    }
}

in_every_tier! {
    fn elu_gradient(alpha: f32, output: &[f32], gradient: &mut [f32]) {
        for (gradient, output) in gradient.iter_mut().zip(output) {
            *gradient *= if *output > 0.0 { 1.0 } else { output + alpha };
        }
    }
}

in_every_tier! {
    fn silu_forward(values: &mut [f32]) {
        for value in values {
            *value /= 1.0 + exponential(-*value);
        }
    }
}

in_every_tier! {
    fn silu_gradient(input: &[f32], gradient: &mut [f32]) {
        for (gradient, input) in gradient.iter_mut().zip(input) {
            let sigmoid = 1.0 / (1.0 + exponential(-input));
            *gradient *= sigmoid * (1.0 + input * (1.0 - sigmoid));
        }
    }
}

/// The fraction of a normal distribution with mean 0 and standard deviation 1 that lies below `value`, to 3e-7.
#[inline(always)]
fn normal_distribution(value: f32) -> f32 {
    0.5 + 0.5 * error_function(value * std::f32::consts::FRAC_1_SQRT_2)
}

/// `coefficients[0] + coefficients[1] · x + …`
#[inline(always)]
fn polynomial<const N: usize>(coefficients: [f32; N], x: f32) -> f32 {
    let mut sum = coefficients[N - 1];
    let mut i = N - 1;
    while i > 0 {
        i -= 1;
        sum = sum * x + coefficients[i];
    }
    sum
}

/// `eˣ` to a relative error of 2e-7, for x in [-87, 88]; values outside are clamped.
///
/// Source of the polynomial: Moshier's Cephes library, `expf`.
#[inline(always)]
fn exponential(x: f32) -> f32 {
    /// Adding and subtracting it rounds a number to an integer, which is in the lowest bits of the sum.
    const ROUNDER: f32 = 12_582_912.0;
    /// ln 2 in two parts, of which the first has few digits, so that its product with an integer is exact.
    const LN_2: (f32, f32) = (0.693_359_4, -2.121_944_4e-4);
    let x = x.clamp(-87.0, 88.0);
    let rounded = x * std::f32::consts::LOG2_E + ROUNDER;
    let power = rounded - ROUNDER;
    let rest = (x - power * LN_2.0) - power * LN_2.1;
    let tail = polynomial(
        [
            0.5,
            0.166_666_66,
            4.166_579_6e-2,
            8.333_452e-3,
            1.398_2e-3,
            1.987_569_1e-4,
        ],
        rest,
    );
    let fraction = tail * rest * rest + rest + 1.0;
    // 2^power, by its exponent's bits.
    fraction * f32::from_bits((rounded.to_bits() << 23).wrapping_add(1.0f32.to_bits()))
}

/// `tanh(x)` to 4e-7.
///
/// Source of the quotient of polynomials: Eigen, `generic_fast_tanh_float`.
#[inline(always)]
fn tanh(x: f32) -> f32 {
    let x = x.clamp(-7.905_311, 7.905_311);
    let square = x * x;
    let above = polynomial(
        [
            4.893_524_6e-3,
            6.372_619_3e-4,
            1.485_722_4e-5,
            5.122_297e-8,
            -8.604_672e-11,
            2.000_188e-13,
            -2.760_768_5e-16,
        ],
        square,
    );
    let below = polynomial(
        [4.893_525e-3, 2.268_434_6e-3, 1.185_347_1e-4, 1.198_258_4e-6],
        square,
    );
    x * above / below
}

/// `2/√π · ∫₀ˣ e^(−t²) dt` to 5e-7.
///
/// Source of the quotient of polynomials: Eigen, `generic_fast_erf_float`.
#[inline(always)]
fn error_function(x: f32) -> f32 {
    let x = x.clamp(-4.0, 4.0);
    let square = x * x;
    let above = polynomial(
        [
            -1.609_603_3e-2,
            -2.954_6e-3,
            -7.349_906e-4,
            -5.692_506_4e-5,
            -2.101_024e-6,
            2.770_681_4e-8,
            -2.726_142_3e-10,
        ],
        square,
    );
    let below = polynomial(
        [
            -1.426_473_9e-2,
            -7.373_329e-3,
            -1.682_827e-3,
            -2.133_740_6e-4,
            -1.456_607_2e-5,
        ],
        square,
    );
    // From here on the nearest number is 1, where the quotient misses it by its last digit.
    if x.abs() > 3.92 {
        x.signum()
    } else {
        x * above / below
    }
}

#[cfg(test)]
mod tests {
    use super::super::reference_layers;
    use super::*;

    const ALL: [Activation; 10] = [
        Activation::Linear,
        Activation::Relu,
        Activation::LeakyRelu {
            negative_slope: 0.3,
        },
        Activation::LeakyRelu {
            negative_slope: 0.0,
        },
        Activation::Tanh,
        Activation::Sigmoid,
        Activation::Gelu,
        Activation::Elu { alpha: 1.0 },
        Activation::Elu { alpha: 0.3 },
        Activation::Silu,
    ];

    /// From -100 to 100, densest around 0.
    fn arguments() -> Vec<f32> {
        (-20_000..=20_000)
            .map(|i| (i as f32 / 20_000.0).powi(3) * 100.0)
            .collect()
    }

    #[test]
    fn values_are_those_of_the_naive_twin() {
        for activation in ALL {
            let arguments = arguments();
            let mut values = arguments.clone();
            forward(activation, &mut values);
            for (argument, value) in arguments.iter().zip(values) {
                let expected = reference_layers::activation(activation, f64::from(*argument));
                let error = (f64::from(value) - expected).abs();
                // Gelu is the argument times a part of 1, of which the last digits are lost below 0.
                let size = match activation {
                    Activation::Gelu | Activation::Silu => f64::from(*argument),
                    _ => expected,
                };
                assert!(
                    error <= 5e-7 * size.abs().max(1.0),
                    "{activation:?} of {argument}: {value}, expected {expected}"
                );
            }
        }
    }

    #[test]
    fn gradients_are_those_of_the_naive_twin() {
        for activation in ALL {
            let arguments = arguments();
            let mut kept = arguments.clone();
            if !activation.gradient_wants_input() {
                forward(activation, &mut kept);
            }
            let mut slopes = vec![2.0; arguments.len()];
            gradient(activation, &kept, &mut slopes);
            for (argument, slope) in arguments.iter().zip(slopes) {
                let expected =
                    2.0 * reference_layers::activation_slope(activation, f64::from(*argument));
                let error = (f64::from(slope) - expected).abs();
                assert!(
                    error <= 3e-6,
                    "{activation:?} at {argument}: slope {slope}, expected {expected}"
                );
            }
        }
    }

    /// The slopes above against differences of the values above, so that a mistake in the reference shows too.
    #[test]
    fn twins_slopes_are_those_of_its_values() {
        for activation in ALL {
            for i in -50..50 {
                // Never 0, where rectifiers have a corner.
                let x = f64::from(i) / 10.0 + 0.05;
                let value = |x| reference_layers::activation(activation, x);
                let difference = (value(x + 1e-5) - value(x - 1e-5)) / 2e-5;
                let slope = reference_layers::activation_slope(activation, x);
                assert!(
                    (difference - slope).abs() < 1e-8,
                    "{activation:?} at {x}: {slope}, by difference {difference}"
                );
            }
        }
    }

    #[test]
    fn what_is_not_a_number_stays_so() {
        for activation in [
            Activation::Tanh,
            Activation::Sigmoid,
            Activation::Gelu,
            Activation::Elu { alpha: 1.0 },
            Activation::Silu,
            ALL[2],
        ] {
            let mut values = [f32::NAN; 20];
            forward(activation, &mut values);
            assert!(
                values.iter().all(|value| value.is_nan()),
                "{activation:?}: {values:?}"
            );
        }
    }

    #[test]
    fn any_number_of_threads_gives_the_same_bits() {
        let arguments: Vec<f32> = arguments()
            .into_iter()
            .cycle()
            .take(5 * PIECE + 7)
            .collect();
        let with_threads = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            pool.unwrap().install(|| {
                ALL.map(|activation| {
                    let (mut values, mut slopes) = (arguments.clone(), arguments.clone());
                    forward(activation, &mut values);
                    gradient(activation, &values, &mut slopes);
                    (values, slopes)
                })
            })
        };
        assert!(with_threads(1) == with_threads(3));
    }
}
