//! Where on the epoch axis a run was changed, by hand or by its plan.

use crate::lab::Run;

/// Positions of all changes on the epoch axis, in epochs.
pub(super) fn places(run: &Run) -> Vec<f64> {
    let done = run.history.iter();
    let done = done.flat_map(|metrics| {
        let changes = metrics.changes.iter();
        changes.map(move |change| (metrics.epoch, change))
    });
    let under_way = run.history.len() + 1;
    let now = run.changes.iter().map(|change| (under_way, change));
    done.chain(now)
        .map(|(epoch, change)| epoch as f64 - 1.0 + share(change, run.facts.batches_per_epoch))
        .collect()
}

pub(super) fn at_epoch(run: &Run, epoch: usize) -> &[String] {
    let metrics = run.history.iter().find(|metrics| metrics.epoch == epoch);
    match metrics {
        Some(metrics) => &metrics.changes,
        None => &run.changes,
    }
}

/// The fraction of the epoch that was done: read from `after batch 12: …`, else 0.
fn share(change: &str, batches: usize) -> f64 {
    let batch = change
        .strip_prefix("after batch ")
        .and_then(|rest| rest.split_once(':'))
        .and_then(|(batch, _)| batch.parse::<f64>().ok());
    batch.map_or(0.0, |batch| (batch / batches.max(1) as f64).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn a_change_lies_where_its_words_say() {
        assert_eq!(share("after batch 12: learning rate 0.5 (was 1)", 48), 0.25);
        assert_eq!(share("data MNIST", 48), 0.0);
        assert_eq!(share("after batch 90: augmentation off", 48), 1.0);
    }
}
