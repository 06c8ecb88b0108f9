//! `convscope data info D`: what is in a data set.

use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::super::arguments::JsonArgument;
use super::super::failure::Failure;
use super::super::output::{line, table, thousands};
use super::target::{define_source, load, source};
use crate::data::Dataset;

pub fn define(command: Command) -> Command {
    define_source(JsonArgument::augment_args(command))
        .about("Describe a data set: shape, classes, counts, memory, identity")
}

pub fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let JsonArgument { json } = JsonArgument::from_arg_matches(matches)?;
    let dataset = load(&source(matches)?)?;
    let summary = dataset.summary();
    if json {
        let mut value = serde_json::to_value(&summary).expect("a summary has only string keys");
        value["sha256"] = dataset.identity().into();
        return line(&value.to_string());
    }
    line(&in_words(&dataset))
}

fn in_words(dataset: &Dataset) -> String {
    let summary = dataset.summary();
    let mut text = format!(
        "{}: {} classes of {} images, {} for training{} and {} for testing\nfrom {}\n{:.1} MB in memory; SHA-256 {}\n",
        summary.name,
        summary.class_names.len(),
        summary.shape,
        thousands(summary.train_len()),
        summary.validation_len().map_or(String::new(), |images| {
            format!(", {} for validation", thousands(images))
        }),
        thousands(summary.test_len()),
        summary.source,
        summary.memory as f64 / 1e6,
        dataset.identity(),
    );
    if !summary.note.is_empty() {
        text += &format!("{}\n", summary.note);
    }
    let splits: Vec<_> = summary.splits().collect();
    let headings = splits
        .iter()
        .map(|(split, _)| format!("{:>9}", split.word()));
    let named = ["     ", "class"].map(str::to_owned);
    let mut rows = vec![named.into_iter().chain(headings).collect::<Vec<_>>()];
    for (class, name) in summary.class_names.iter().enumerate() {
        let counts = splits.iter().map(|(_, counts)| thousands(counts[class]));
        let named = [class.to_string(), name.clone()];
        rows.push(named.into_iter().chain(counts).collect());
    }
    format!("{text}\n{}", table(&rows, |column| column == 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::data::of_three_splits;

    #[test]
    fn the_validation_images_of_a_set_have_a_column() {
        let text = in_words(&of_three_splits());
        for expected in [
            "squares: 2 classes of 2×2×1 images, 3 for training, 2 for validation and 1 for testing\n",
            "class   training  validation       test\n",
            "0  round          2           1          1\n",
            "1  edgy           1           1          0",
        ] {
            assert!(text.contains(expected), "{expected}: {text}");
        }
    }
}
