//! The matrices of Winograd's convolution, made from the points at which its polynomials are evaluated.
//!
//! A filter of 3 taps and the output of M positions are polynomials; their product is known from its values at M + 2 points, of
//! which the last is infinity. Source: Lavin and Gray 2015, "Fast algorithms for convolutional neural networks"; the points of
//! `F(4)` are ±3/4 and ±3/2 instead of ±1 and ±2, which halves the rounding errors (compare Barabasz et al. 2020, "Error analysis
//! and improving the accuracy of Winograd convolution"). They are exact in binary, and so is all but `kernel`.

/// The transforms along one axis, `N = M + 2`: `output · ((kernel · g) ⊙ (input · d))` is the convolution of N pixels with 3 taps.
pub(super) struct Matrices<const M: usize, const N: usize> {
    /// Pixels to points.
    pub(super) input: [[f32; N]; N],
    /// Points to output positions.
    pub(super) output: [[f32; N]; M],
    /// Taps to points.
    pub(super) kernel: [[f32; 3]; N],
}

/// The points of a tile of M × M output positions.
pub(super) trait Points<const M: usize, const N: usize> {
    const MATRICES: Matrices<M, N>;
    /// The transposes, which carry gradients back.
    const INPUT_BACK: [[f32; N]; N] = transposed(&Self::MATRICES.input);
    const OUTPUT_BACK: [[f32; M]; N] = transposed(&Self::MATRICES.output);
    const KERNEL_BACK: [[f32; N]; 3] = transposed(&Self::MATRICES.kernel);
}

pub(super) struct F2;
pub(super) struct F3;
pub(super) struct F4;

impl Points<2, 4> for F2 {
    const MATRICES: Matrices<2, 4> = matrices(&[0.0, 1.0, -1.0]);
}

impl Points<3, 5> for F3 {
    const MATRICES: Matrices<3, 5> = matrices(&[0.0, 1.0, -1.0, 2.0]);
}

impl Points<4, 6> for F4 {
    const MATRICES: Matrices<4, 6> = matrices(&[0.0, 0.75, -0.75, 1.5, -1.5]);
}

/// The matrices from the finite points, of which there are N − 1.
const fn matrices<const M: usize, const N: usize>(points: &[f64]) -> Matrices<M, N> {
    assert!(points.len() + 1 == N && M + 2 == N);
    let (mut input, mut output, mut kernel) = ([[0.0; N]; N], [[0.0; N]; M], [[0.0; 3]; N]);
    let mut i = 0;
    while i < N {
        // Π (x − p) over the other finite points, whose coefficients are the row; infinity has all of them.
        let mut polynomial = [0.0; N];
        polynomial[0] = 1.0;
        let (mut j, mut degree, mut at_point) = (0, 0, 1.0);
        while j < points.len() {
            if j != i {
                degree += 1;
                let mut k = degree;
                while k > 0 {
                    polynomial[k] = polynomial[k - 1] - points[j] * polynomial[k];
                    k -= 1;
                }
                polynomial[0] *= -points[j];
                if i < points.len() {
                    at_point *= points[i] - points[j];
                }
            }
            j += 1;
        }
        let mut k = 0;
        while k < N {
            input[i][k] = polynomial[k] as f32;
            if k < M {
                output[k][i] = power(points, i, k, M) as f32;
            }
            if k < 3 {
                kernel[i][k] = (power(points, i, k, 3) / at_point) as f32;
            }
            k += 1;
        }
        i += 1;
    }
    Matrices {
        input,
        output,
        kernel,
    }
}

/// Point `i` to the power `k` in a polynomial of `length` coefficients; at infinity only the last one counts.
const fn power(points: &[f64], i: usize, k: usize, length: usize) -> f64 {
    if i == points.len() {
        return if k + 1 == length { 1.0 } else { 0.0 };
    }
    let (mut value, mut left) = (1.0, k);
    while left > 0 {
        value *= points[i];
        left -= 1;
    }
    value
}

const fn transposed<const R: usize, const C: usize>(matrix: &[[f32; C]; R]) -> [[f32; R]; C] {
    let mut all = [[0.0; R]; C];
    let mut r = 0;
    while r < R {
        let mut c = 0;
        while c < C {
            all[c][r] = matrix[r][c];
            c += 1;
        }
        r += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Exact up to one rounding of the kernel's matrix.
    fn convolves<P: Points<M, N>, const M: usize, const N: usize>() {
        let Matrices {
            input,
            output,
            kernel,
        } = P::MATRICES;
        for (tap, pixel) in (0..3).flat_map(|tap| (0..N).map(move |pixel| (tap, pixel))) {
            for (position, row) in output.iter().enumerate() {
                let sum: f32 = (0..N)
                    .map(|p| row[p] * kernel[p][tap] * input[p][pixel])
                    .sum();
                let expected = f32::from(u8::from(position + tap == pixel));
                assert!(
                    (sum - expected).abs() < 2e-6,
                    "F({M}): tap {tap}, pixel {pixel}, position {position}: {sum}"
                );
            }
        }
    }

    #[test]
    fn unit_taps_pick_their_pixels() {
        convolves::<F2, 2, 4>();
        convolves::<F3, 3, 5>();
        convolves::<F4, 4, 6>();
    }
}
