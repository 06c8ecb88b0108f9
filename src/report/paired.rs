//! Whether runs differ by more than chance: over the seeds that they share, and on the same test images.

use super::document::Block;
use super::run::{Inspected, RunPart};
use super::seeds::{SeedGroup, have_seeds, means, seed_groups};
use crate::picture::{Column, Entry, Table};
use crate::runs::RunDigest;
use crate::statistics::{Interval, McNemar, PairedDifference, p_in_words};
use crate::wording::{counted, signed};

/// What can be said; nothing of runs without a partner.
pub(super) fn blocks(runs: &[RunPart], digests: &[RunDigest]) -> Vec<Block> {
    let groups = seed_groups(digests);
    let mut blocks = Vec::new();
    if have_seeds(&groups) {
        blocks.push(Block::Table(means(&groups)));
        blocks.extend(differences(&groups));
    }
    if let [one, other] = runs
        && let (Ok(first), Ok(second)) = (&one.inspected, &other.inspected)
    {
        blocks.extend(on_images(first, second));
    }
    blocks
}

/// Each group against the first one that shares at least two seeds with it.
fn differences(groups: &[SeedGroup<'_>]) -> Option<Block> {
    let columns = vec![
        Column::text("compared"),
        Column::number("seeds"),
        Column::number("difference"),
        Column::number("95 % interval"),
        Column::number("p"),
    ];
    let caption = "Differences in best validation accuracy over the same seeds: what a seed does to both cancels";
    let mut table = Table::new(caption, columns);
    for (at, group) in groups.iter().enumerate().skip(1) {
        let shared = groups[..at].iter().find_map(|earlier| {
            let seeds: Vec<u64> = group.accuracies.keys().copied().collect();
            let seeds = seeds
                .into_iter()
                .filter(|seed| earlier.accuracies.contains_key(seed));
            let pairs: Vec<(f64, f64)> = seeds
                .map(|seed| (group.accuracies[&seed], earlier.accuracies[&seed]))
                .collect();
            (pairs.len() > 1).then_some((earlier, pairs))
        });
        let Some((earlier, pairs)) = shared else {
            continue;
        };
        let (own, others): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        let Ok(paired) = PairedDifference::of(&own, &others) else {
            continue;
        };
        table.rows.push(vec![
            Entry::from(format!(
                "{} (run {}) minus {} (run {})",
                group.name, group.numbers[0], earlier.name, earlier.numbers[0]
            )),
            own.len().to_string().into(),
            signed(paired.difference.mean, 4).into(),
            paired
                .difference
                .interval
                .map_or_else(
                    || "–".to_owned(),
                    |Interval { low, high }| format!("{} to {}", signed(low, 4), signed(high, 4)),
                )
                .into(),
            paired.p.map_or_else(String::new, p_in_words).into(),
        ]);
    }
    (!table.rows.is_empty()).then_some(Block::Table(table))
}

fn on_images(first: &Inspected, second: &Inspected) -> Option<Block> {
    if first.dataset.identity() != second.dataset.identity() {
        return None;
    }
    let test = McNemar::of(&first.predictions.right(), &second.predictions.right()).ok()?;
    Some(Block::Text(format!(
        "On {}, after {} and {}: run 1 alone is right for {}, run 2 alone for {}. The accuracy of 1 minus that of 2 is \
         {}, with a 95 % interval from {} to {}; McNemar's test: {}, {}.",
        first.images_in_words(),
        first.moment,
        second.moment,
        counted(test.only_first_right, "image"),
        counted(test.only_second_right, "image"),
        signed(test.difference, 4),
        signed(test.interval.low, 4),
        signed(test.interval.high, 4),
        p_in_words(test.p),
        test.verdict(),
    )))
}
