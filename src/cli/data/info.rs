//! `convscope data info D`: what is in a data set.

use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::super::Subcommand;
use super::super::failure::Failure;
use super::super::output::{line, thousands};
use super::target::{LoadArguments, define_source};

pub static SUBCOMMAND: Subcommand = Subcommand {
    name: "info",
    define,
    run,
};

#[derive(Debug, Args)]
struct InfoArguments {
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

fn define(command: Command) -> Command {
    define_source(InfoArguments::augment_args(command))
        .about("Describe a data set: shape, classes, counts, memory, identity")
}

fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let InfoArguments { json } = InfoArguments::from_arg_matches(matches)?;
    let dataset = LoadArguments::read(matches)?.load()?;
    let summary = dataset.summary();
    if json {
        let mut value = serde_json::to_value(&summary).expect("a summary has only string keys");
        value["sha256"] = dataset.identity().into();
        return line(&value.to_string());
    }
    let mut text = format!(
        "{}: {} classes of {} images, {} for training and {} for tests\nfrom {}\nin memory {:.1} MB; SHA-256 {}\n",
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
    let width = summary
        .class_names
        .iter()
        .map(|name| name.chars().count())
        .max()
        .unwrap_or(0)
        .max("class".len());
    text += &format!(
        "\n{:>5}  {:width$}  {:>9}  {:>9}",
        "", "class", "training", "test"
    );
    let counts = summary.train_counts.iter().zip(&summary.test_counts);
    for (class, (name, (train, test))) in summary.class_names.iter().zip(counts).enumerate() {
        text += &format!(
            "\n{class:>5}  {name:width$}  {:>9}  {:>9}",
            thousands(*train),
            thousands(*test)
        );
    }
    line(&text)
}
