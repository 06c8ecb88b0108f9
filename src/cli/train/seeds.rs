//! `convscope train --seeds`: the same with each of several seeds.

use super::report::Telling;
use super::{TrainArguments, before_training, start, train};
use crate::cli::failure::Failure;
use crate::cli::interrupt::Interrupt;
use crate::cli::output;
use crate::session::Session;
use crate::statistics::Mean;
use crate::training::Best;
use crate::wording::counted;

/// Trains one run after the other, and prints what they have in common. Where one ends early, a note says which seeds are left.
pub(super) fn train_all(
    arguments: &TrainArguments,
    seeds: &[u64],
    telling: Telling,
    interrupt: &Interrupt,
) -> Result<(), Failure> {
    let mut what = None;
    let mut bests = Vec::new();
    for (index, seed) in seeds.iter().enumerate() {
        output::note(&format!("seed {seed}, {} of {}", index + 1, seeds.len()));
        let trained = start(arguments, Some(*seed))
            .map_err(|failure| before_training(failure, interrupt))
            .and_then(|session| train(session, telling, interrupt))
            .inspect_err(|_| tell_left(&seeds[index + 1..]))?;
        what.get_or_insert_with(|| name(&trained));
        bests.extend(trained.best());
    }
    for text in what.into_iter().chain(figures(&bests)) {
        match telling.json {
            true => output::note(&text),
            false => output::line(&text)?,
        }
    }
    Ok(())
}

fn tell_left(seeds: &[u64]) {
    if !seeds.is_empty() {
        let seeds: Vec<String> = seeds.iter().map(u64::to_string).collect();
        output::note(&format!("not trained: --seeds {}", seeds.join(",")));
    }
}

/// Of which network and which images the figures are.
fn name(session: &Session) -> String {
    let trainer = session.trainer();
    let images = trainer.recipe().validation.portion().word();
    let data = &trainer.dataset().name;
    format!(
        "{} on the {images} images of {data}:",
        session.preset().name
    )
}

/// Mean and deviation of each best figure.
fn figures(bests: &[Best]) -> impl Iterator<Item = String> {
    let line = |name: &str, values: Vec<f64>| {
        let mean = Mean::of(&values).ok()?;
        let seeds = counted(values.len(), "seed");
        Some(format!("{name} of {seeds}: {}", in_words(&mean)))
    };
    let accuracies = bests.iter().map(|best| best.val_accuracy).collect();
    let losses = bests.iter().map(|best| best.val_loss).collect();
    [
        line("best validation accuracy", accuracies),
        line("lowest validation loss  ", losses),
    ]
    .into_iter()
    .flatten()
}

/// `mean 0.9012, standard deviation 0.0021, 95 % interval of the mean 0.8960 to 0.9064`
fn in_words(mean: &Mean) -> String {
    let mut text = format!("mean {:.4}", mean.mean);
    if let Some(deviation) = mean.deviation {
        text += &format!(", standard deviation {deviation:.4}");
    }
    if let Some(interval) = mean.interval {
        text += &format!(
            ", 95 % interval of the mean {:.4} to {:.4}",
            interval.low, interval.high
        );
    }
    text
}
