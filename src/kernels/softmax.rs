//! Softmax and its cross-entropy. A row is ten values or so and a batch some hundred rows: plain loops, one thread.

/// Softmax of each row of `classes` values, in place.
pub fn softmax(classes: usize, values: &mut [f32]) {
    for row in values.chunks_exact_mut(classes) {
        exponentials(row);
        let sum: f32 = row.iter().sum();
        row.iter_mut().for_each(|value| *value /= sum);
    }
}

/// Writes the cross-entropy of each row's softmax with its label into `losses`, and the gradient of their mean with respect to the
/// logits into `gradient`. Returns how many rows have their largest value (the first of equals) at the label.
pub fn softmax_cross_entropy(
    classes: usize,
    logits: &[f32],
    labels: &[u16],
    losses: &mut [f32],
    gradient: &mut [f32],
) -> usize {
    let share = 1.0 / labels.len() as f32;
    let rows = logits
        .chunks_exact(classes)
        .zip(gradient.chunks_exact_mut(classes));
    let mut correct = 0;
    for ((row, gradient), (label, loss)) in rows.zip(labels.iter().zip(losses)) {
        let label = usize::from(*label);
        gradient.copy_from_slice(row);
        let largest = exponentials(gradient);
        let sum: f32 = gradient.iter().sum();
        *loss = sum.ln() - (row[label] - largest);
        correct += usize::from(row.iter().position(|value| *value == largest) == Some(label));
        gradient.iter_mut().for_each(|value| *value *= share / sum);
        gradient[label] -= share;
    }
    correct
}

/// `exp(value − largest)` in place; returns the largest.
fn exponentials(row: &mut [f32]) -> f32 {
    let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    row.iter_mut()
        .for_each(|value| *value = (*value - largest).exp());
    largest
}
