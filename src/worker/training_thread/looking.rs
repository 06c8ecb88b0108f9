//! What an image is taken for.

pub(super) fn most_probable(probabilities: &[f32]) -> usize {
    let ranked = probabilities.iter().enumerate();
    ranked
        .rev()
        .max_by(|one, other| one.1.total_cmp(other.1))
        .map_or(0, |(class, _)| class)
}
