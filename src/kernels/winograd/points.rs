//! The matrices of Winograd's convolution, made from the points at which its polynomials are evaluated.
//!
//! A filter of 3 taps and the output of M positions are polynomials; their product is known from its values at M + 2 points, of
//! which the last is infinity. Source: Lavin and Gray 2015, "Fast algorithms for convolutional neural networks"; the points of
//! `F(4)` are ±3/4 and ±3/2 instead of ±1 and ±2, which halves the rounding errors (compare Barabasz et al. 2020, "Error analysis
//! and improving the accuracy of Winograd convolution"), those of `F(5)` were chosen likewise, and for `F(6)` no better ones than the
//! usual were found among multiples of 1/16. They are exact in binary, and so is all but `kernel`.
//!
//! With a stride of 2 every second pixel meets the outer taps, a filter of 2 taps with stride 1, and the pixels between them meet
//! the middle tap alone: M positions take M + 1 points of the former and M products of the latter. Many of those 2 · M + 1 points
//! of a tile take the same values of the filter, so that these are kept once.

use std::ops::Range;

/// The transforms along one axis: `output · ((kernel · g) ⊙ (input · d))` is the convolution of L pixels with 3 taps, M positions
/// from N points. The filter has K values, of which each serves one or more neighbouring points.
pub(super) struct Matrices<const M: usize, const N: usize, const L: usize, const K: usize> {
    /// Pixels to points.
    pub(super) input: [[f32; L]; N],
    /// Points to output positions.
    pub(super) output: [[f32; N]; M],
    /// Taps to values.
    pub(super) kernel: [[f32; 3]; K],
    /// The first point that takes each value.
    pub(super) first: [usize; K],
}

/// The points of a tile of M × M output positions, which lie over L × L pixels.
pub(super) trait Points<const M: usize, const N: usize, const L: usize, const K: usize> {
    const MATRICES: Matrices<M, N, L, K>;
    /// The transposes, which carry gradients back.
    const INPUT_BACK: [[f32; N]; L] = transposed(&Self::MATRICES.input);
    const OUTPUT_BACK: [[f32; M]; N] = transposed(&Self::MATRICES.output);
    const KERNEL_BACK: [[f32; K]; 3] = transposed(&Self::MATRICES.kernel);
    /// Where the point in each row and column of a tile lies among its points, which are in the order of the filter's values.
    const PLACES: [[usize; N]; N] = places(&Self::MATRICES.first);
    const SCHEME: Scheme = Scheme {
        size: M,
        stride: (L - 3) / (M - 1),
        points: N,
        first: &Self::MATRICES.first,
    };

    /// As [`PLACES`](Self::PLACES) says.
    #[inline(always)]
    fn place(i: usize, j: usize) -> usize {
        if K == N {
            i * N + j
        } else {
            Self::PLACES[i][j]
        }
    }
}

/// What a tile is, along one axis.
#[derive(Debug)]
pub(super) struct Scheme {
    /// Output positions.
    pub(super) size: usize,
    pub(super) stride: usize,
    pub(super) points: usize,
    /// The first point that takes each of the filter's values.
    first: &'static [usize],
}

impl Scheme {
    /// Values of the filter.
    pub(super) fn values(&self) -> usize {
        self.first.len()
    }

    /// The points that take value `value`.
    fn taking(&self, value: usize) -> Range<usize> {
        let end = self.first.get(value + 1).copied();
        self.first[value]..end.unwrap_or(self.points)
    }

    /// As [`taking`](Self::taking) of a whole tile's points, which lie in the order of the filter's values.
    pub(super) fn tile_points(&self, value: [usize; 2]) -> Range<usize> {
        let [y, x] = value.map(|value| self.taking(value));
        let begin = y.start * self.points + y.len() * x.start;
        begin..begin + y.len() * x.len()
    }
}

/// Where the point in each row and column of a tile lies, in the order of the filter's values.
const fn places<const N: usize, const K: usize>(first: &[usize; K]) -> [[usize; N]; N] {
    let mut places = [[0; N]; N];
    let (mut next, mut pair) = (0, 0);
    while pair < K * K {
        let (y, x) = (pair / K, pair % K);
        let mut i = first[y];
        while i < end::<N, K>(first, y) {
            let mut j = first[x];
            while j < end::<N, K>(first, x) {
                places[i][j] = next;
                next += 1;
                j += 1;
            }
            i += 1;
        }
        pair += 1;
    }
    places
}

/// Behind the last of the points that take a value.
const fn end<const N: usize, const K: usize>(first: &[usize; K], value: usize) -> usize {
    if value + 1 < K { first[value + 1] } else { N }
}

pub(super) struct F2;
pub(super) struct F3;
pub(super) struct F4;
pub(super) struct F5;
pub(super) struct F6;
pub(super) struct Strided4;
pub(super) struct Strided7;

impl Points<2, 4, 4, 4> for F2 {
    const MATRICES: Matrices<2, 4, 4, 4> = matrices(&[0.0, 1.0, -1.0]);
}

impl Points<3, 5, 5, 5> for F3 {
    const MATRICES: Matrices<3, 5, 5, 5> = matrices(&[0.0, 1.0, -1.0, 2.0]);
}

impl Points<4, 6, 6, 6> for F4 {
    const MATRICES: Matrices<4, 6, 6, 6> = matrices(&[0.0, 0.75, -0.75, 1.5, -1.5]);
}

impl Points<5, 7, 7, 7> for F5 {
    const MATRICES: Matrices<5, 7, 7, 7> = matrices(&[0.25, -0.25, 0.875, -0.875, 1.75, -1.75]);
}

impl Points<6, 8, 8, 8> for F6 {
    const MATRICES: Matrices<6, 8, 8, 8> = matrices(&[0.0, 0.5, -0.5, 1.0, -1.0, 2.0, -2.0]);
}

impl Points<4, 9, 9, 6> for Strided4 {
    const MATRICES: Matrices<4, 9, 9, 6> = strided(&[4]);
}

impl Points<7, 16, 15, 6> for Strided7 {
    const MATRICES: Matrices<7, 16, 15, 6> = strided(&[4, 3]);
}

/// The matrices from the finite points, of which there are N − 1.
const fn matrices<const M: usize, const N: usize>(points: &[f64]) -> Matrices<M, N, N, N> {
    assert!(points.len() + 1 == N && M + 2 == N);
    let (mut input, mut output, mut kernel) = ([[0.0; N]; N], [[0.0; N]; M], [[0.0; 3]; N]);
    let mut each = [0; N];
    let mut i = 0;
    while i < N {
        let (polynomial, at_point) = others::<N>(points, i);
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
        each[i] = i;
        i += 1;
    }
    Matrices {
        input,
        output,
        kernel,
        first: each,
    }
}

/// The matrices for stride 2, of tiles that are cut into parts of so many positions, 4 at most. The largest part has all of the
/// outer taps' K − 1 values, and the K-th is the middle tap.
const fn strided<const M: usize, const N: usize, const L: usize, const K: usize>(
    parts: &[usize],
) -> Matrices<M, N, L, K> {
    const FINITE: [f64; 4] = [0.0, 1.0, -1.0, 2.0];
    assert!(N == 2 * M + parts.len() && L == 2 * M + 1);
    let (mut input, mut output, mut kernel) = ([[0.0; L]; N], [[0.0; N]; M], [[0.0; 3]; K]);
    let mut first = [0; K];
    let (mut n, mut v) = (0, 0);
    while v + 1 < K {
        first[v] = n;
        let infinite = v + 2 == K;
        let (mut part, mut begin) = (0, 0);
        while part < parts.len() {
            let size = parts[part];
            if infinite || v < size {
                // The part's finite points are the first `size` ones, and `size` stands for infinity.
                let (finite, _) = FINITE.split_at(size);
                let i = if infinite { size } else { v };
                // The divisor is not the filter's part here, because it is another for parts of another size.
                let (polynomial, at_point) = others::<5>(finite, i);
                let mut k = 0;
                while k <= size {
                    input[n][2 * (begin + k)] = (polynomial[k] / at_point) as f32;
                    if k < size {
                        output[begin + k][n] = power(finite, i, k, size) as f32;
                    }
                    k += 1;
                }
                n += 1;
            }
            begin += size;
            part += 1;
        }
        assert!(begin == M);
        kernel[v][0] = if infinite { 0.0 } else { 1.0 };
        kernel[v][2] = if infinite { 1.0 } else { FINITE[v] as f32 };
        v += 1;
    }
    first[v] = n;
    kernel[v][1] = 1.0;
    let mut position = 0;
    while position < M {
        input[n][2 * position + 1] = 1.0;
        output[position][n] = 1.0;
        n += 1;
        position += 1;
    }
    assert!(n == N);
    Matrices {
        input,
        output,
        kernel,
        first,
    }
}

/// The coefficients of Π (x − p) over the finite points other than point `i`, where all are other than infinity, and its value at
/// point `i`, 1 at infinity.
const fn others<const N: usize>(points: &[f64], i: usize) -> ([f64; N], f64) {
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
    (polynomial, at_point)
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

    /// The value that a point takes.
    fn value_of(first: &[usize], point: usize) -> usize {
        first.partition_point(|first| *first <= point) - 1
    }

    /// Exact up to the rounding of one matrix.
    fn convolves<
        P: Points<M, N, L, K>,
        const M: usize,
        const N: usize,
        const L: usize,
        const K: usize,
    >() {
        let matrices = P::MATRICES;
        let stride = P::SCHEME.stride;
        for (tap, pixel) in (0..3).flat_map(|tap| (0..L).map(move |pixel| (tap, pixel))) {
            for (position, row) in matrices.output.iter().enumerate() {
                let kernel = |point: usize| matrices.kernel[value_of(&matrices.first, point)][tap];
                let sum: f32 = (0..N)
                    .map(|point| row[point] * kernel(point) * matrices.input[point][pixel])
                    .sum();
                let expected = f32::from(u8::from(stride * position + tap == pixel));
                assert!(
                    (sum - expected).abs() < 2e-6,
                    "F({M}), stride {stride}: tap {tap}, pixel {pixel}, position {position}: {sum}"
                );
            }
        }
    }

    #[test]
    fn unit_taps_pick_their_pixels() {
        convolves::<F2, 2, 4, 4, 4>();
        convolves::<F3, 3, 5, 5, 5>();
        convolves::<F4, 4, 6, 6, 6>();
        convolves::<F5, 5, 7, 7, 7>();
        convolves::<F6, 6, 8, 8, 8>();
        convolves::<Strided4, 4, 9, 9, 6>();
        convolves::<Strided7, 7, 16, 15, 6>();
    }

    /// Places in one tile of all points, value by value.
    fn lies_in_order<
        P: Points<M, N, L, K>,
        const M: usize,
        const N: usize,
        const L: usize,
        const K: usize,
    >() {
        let value = |point| value_of(&P::MATRICES.first, point);
        let mut seen = vec![false; N * N];
        for (i, j) in (0..N).flat_map(|i| (0..N).map(move |j| (i, j))) {
            let place = P::place(i, j);
            let range = P::SCHEME.tile_points([value(i), value(j)]);
            assert!(range.contains(&place), "point {i}, {j}: {place}, {range:?}");
            assert!(!std::mem::replace(&mut seen[place], true), "{place} twice");
        }
    }

    #[test]
    fn points_lie_in_the_order_of_the_filters_values() {
        lies_in_order::<F4, 4, 6, 6, 6>();
        lies_in_order::<Strided4, 4, 9, 9, 6>();
        lies_in_order::<Strided7, 7, 16, 15, 6>();
    }
}
