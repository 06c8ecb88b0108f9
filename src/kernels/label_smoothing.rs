//! Label smoothing: a part of every label is spread evenly over all classes. Source: Szegedy et al. 2016, as in Keras.

/// Turns the `losses` and the `gradient` that [`softmax_cross_entropy`](super::softmax::softmax_cross_entropy) made of `logits`
/// (rows of one score per class) into those with smoothed labels, `smoothing` in [0, 1).
///
/// With −log p = log Σeᶻ − z the loss of a row becomes `loss + smoothing · (z[label] − mean z)`, and the difference of
/// the two labels is subtracted from each gradient.
pub fn apply(
    smoothing: f32,
    logits: &[f32],
    labels: &[u16],
    losses: &mut [f32],
    gradient: &mut [f32],
) {
    let classes = logits.len() / labels.len();
    let share = smoothing / labels.len() as f32;
    let rows = logits
        .chunks_exact(classes)
        .zip(gradient.chunks_exact_mut(classes));
    for ((row, gradient), (label, loss)) in rows.zip(labels.iter().zip(losses)) {
        *loss += added(smoothing, row, *label);
        gradient
            .iter_mut()
            .for_each(|value| *value -= share / classes as f32);
        gradient[usize::from(*label)] += share;
    }
}

/// The amount that smoothing adds to the cross-entropy of one row of logits: `smoothing · (z[label] − mean z)`.
pub fn added(smoothing: f32, row: &[f32], label: u16) -> f32 {
    let mean = row.iter().sum::<f32>() / row.len() as f32;
    smoothing * (row[usize::from(label)] - mean)
}

#[cfg(test)]
mod tests {
    use super::super::softmax::softmax_cross_entropy;
    use super::*;

    const LOGITS: [f32; 6] = [1.5, -0.5, 0.25, -2.0, 3.0, 0.0];
    const LABELS: [u16; 2] = [0, 2];

    fn smoothed(smoothing: f32, logits: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let (mut losses, mut gradient) = (vec![0.0; 2], vec![0.0; 6]);
        softmax_cross_entropy(3, logits, &LABELS, &mut losses, &mut gradient);
        apply(smoothing, logits, &LABELS, &mut losses, &mut gradient);
        (losses, gradient)
    }

    #[test]
    fn the_loss_is_the_cross_entropy_with_the_smoothed_labels() {
        let smoothing = 0.1f64;
        let (losses, _) = smoothed(smoothing as f32, &LOGITS);
        for (row, (loss, label)) in LOGITS.chunks(3).zip(losses.iter().zip(LABELS)) {
            let sum: f64 = row.iter().map(|z| f64::from(*z).exp()).sum();
            let expected: f64 = row
                .iter()
                .enumerate()
                .map(|(class, z)| {
                    let truth = f64::from(u8::from(class == usize::from(label)));
                    let target = truth * (1.0 - smoothing) + smoothing / 3.0;
                    -target * (f64::from(*z) - sum.ln())
                })
                .sum();
            assert!(
                (f64::from(*loss) - expected).abs() < 1e-6,
                "{loss} {expected}"
            );
        }
    }

    #[test]
    fn the_gradient_is_that_of_the_mean_loss() {
        let mean = |logits: &[f32]| {
            let (losses, _) = smoothed(0.2, logits);
            losses.iter().map(|loss| f64::from(*loss)).sum::<f64>() / 2.0
        };
        let (_, gradient) = smoothed(0.2, &LOGITS);
        for (index, gradient) in gradient.iter().enumerate() {
            let (mut up, mut down) = (LOGITS, LOGITS);
            up[index] += 1e-2;
            down[index] -= 1e-2;
            let difference = (mean(&up) - mean(&down)) / 2e-2;
            assert!((f64::from(*gradient) - difference).abs() < 1e-4, "{index}");
        }
    }
}
