//! `convscope data info D`: what is in a data set.

use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::super::arguments::JsonArgument;
use super::super::failure::Failure;
use super::super::output::{line, table, thousands};
use super::target::{define_source, load, source};

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
    let mut text = format!(
        "{}: {} classes of {} images, {} for training and {} for testing\nfrom {}\n{:.1} MB in memory; SHA-256 {}\n",
        summary.name,
        summary.class_names.len(),
        summary.shape,
        thousands(summary.train_len()),
        thousands(summary.test_len()),
        summary.source,
        summary.memory as f64 / 1e6,
        dataset.identity(),
    );
    if !summary.note.is_empty() {
        text += &format!("{}\n", summary.note);
    }
    let headings = ["     ", "class", " training", "     test"];
    let mut rows = vec![headings.map(str::to_owned).to_vec()];
    let counts = summary.train_counts.iter().zip(&summary.test_counts);
    for (class, (name, (train, test))) in summary.class_names.iter().zip(counts).enumerate() {
        let counts = [*train, *test].map(thousands);
        let named = [class.to_string(), name.clone()];
        rows.push(named.into_iter().chain(counts).collect());
    }
    line(&format!("{text}\n{}", table(&rows, |column| column == 1)))
}
