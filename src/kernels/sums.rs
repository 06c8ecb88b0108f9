//! Sums over rows and over partial results, in a fixed order.

use super::pieces::for_pieces;
use super::scratch::with_scratch;
use super::tier::in_every_tier;

in_every_tier! {
    /// `sums[c] = Σ rows[r, c]`.
    pub(super) fn column_sums(rows: &[f32], sums: &mut [f32]) {
        fold(rows, rows, None, sums, |value, _, _| value);
    }
}

in_every_tier! {
    /// `sums[c] = Σ (rows[r, c] − centre[c])²`.
    pub(super) fn squares_around(centre: &[f32], rows: &[f32], sums: &mut [f32]) {
        fold(rows, rows, Some(centre), sums, |value, _, centre| (value - centre) * (value - centre));
    }
}

in_every_tier! {
    /// `sums[c] = Σ weights[r, c] · (rows[r, c] − centre[c])`.
    pub(super) fn products_around(centre: &[f32], rows: &[f32], weights: &[f32], sums: &mut [f32]) {
        fold(rows, weights, Some(centre), sums, |value, weight, centre| weight * (value - centre));
    }
}

/// The number of columns that are summed together, in registers.
const LANES: usize = 32;

/// `sums[c] = Σ term(a[r, c], b[r, c], centre[c])`. Where rows are short, several count as one and are added at the end.
#[inline(always)]
fn fold(
    a: &[f32],
    b: &[f32],
    centre: Option<&[f32]>,
    sums: &mut [f32],
    term: impl Fn(f32, f32, f32) -> f32,
) {
    let channels = sums.len();
    let width = channels * (2 * LANES / channels).max(1);
    let whole = a.len() / width * width;
    with_scratch(2 * width, |scratch| {
        let (wide_sums, wide_centre) = scratch.split_at_mut(width);
        for copy in wide_centre.chunks_exact_mut(channels) {
            match centre {
                Some(centre) => copy.copy_from_slice(centre),
                None => copy.fill(0.0),
            }
        }
        fold_wide(&a[..whole], &b[..whole], wide_centre, wide_sums, &term);
        sums.copy_from_slice(&wide_sums[..channels]);
        for part in wide_sums[channels..].chunks_exact(channels) {
            sums.iter_mut()
                .zip(part)
                .for_each(|(sum, part)| *sum += part);
        }
        let rest = a[whole..]
            .chunks_exact(channels)
            .zip(b[whole..].chunks_exact(channels));
        for (a, b) in rest {
            for c in 0..channels {
                sums[c] += term(a[c], b[c], wide_centre[c]);
            }
        }
    });
}

#[inline(always)]
fn fold_wide(
    a: &[f32],
    b: &[f32],
    centre: &[f32],
    sums: &mut [f32],
    term: &impl Fn(f32, f32, f32) -> f32,
) {
    let width = sums.len();
    let rows = || a.chunks_exact(width).zip(b.chunks_exact(width));
    let mut first = 0;
    while let (Some(centre), Some(sums)) = (
        centre[first..].first_chunk::<LANES>(),
        sums[first..].first_chunk_mut::<LANES>(),
    ) {
        let mut lanes = [0.0; LANES];
        for (a, b) in rows() {
            if let (Some(a), Some(b)) = (
                a[first..].first_chunk::<LANES>(),
                b[first..].first_chunk::<LANES>(),
            ) {
                for i in 0..LANES {
                    lanes[i] += term(a[i], b[i], centre[i]);
                }
            }
        }
        *sums = lanes;
        first += LANES;
    }
    sums[first..].fill(0.0);
    for (a, b) in rows() {
        for c in first..width {
            sums[c] += term(a[c], b[c], centre[c]);
        }
    }
}

/// Adds the partial results in `parts`, each as long as `total`, to `total`.
pub(super) fn add_parts(total: &mut [f32], parts: &[f32]) {
    let length = total.len();
    if parts.is_empty() {
        return;
    }
    for_pieces(total, 1 << 14, |piece, total| {
        let begin = piece << 14;
        for part in parts.chunks_exact(length) {
            add(&part[begin..begin + total.len()], total);
        }
    });
}

in_every_tier! {
    fn add(values: &[f32], total: &mut [f32]) {
        for (sum, value) in total.iter_mut().zip(values) {
            *sum += value;
        }
    }
}
