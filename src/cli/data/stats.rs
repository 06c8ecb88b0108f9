//! `convscope data stats D`: class balance, mean images and duplicate images.

use clap::{ArgMatches, Args, Command, FromArgMatches};
use serde_json::{Value, json};

use super::super::arguments::JsonArgument;
use super::super::failure::Failure;
use super::super::output::{line, thousands, widest};
use super::target::{define_source, load, source, with_bar};
use crate::data::statistics::{Duplicates, SplitStatistics};
use crate::data::{Dataset, SetStatistics};
use crate::ui::format::left;
use crate::ui::inline::Inline;
use crate::ui::theme::ColorMap;
use crate::ui::widgets::Tile;

/// Pairs of identical images listed in the text; JSON has more.
const NAMED_PAIRS: usize = 5;

pub fn define(command: Command) -> Command {
    define_source(JsonArgument::augment_args(command)).about(
        "Measure a data set: class balance, brightness and spread of each class, duplicate images",
    )
}

pub fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let JsonArgument { json } = JsonArgument::from_arg_matches(matches)?;
    let dataset = load(&source(matches)?)?;
    let statistics = with_bar("measuring", |progress| {
        SetStatistics::of(&dataset, progress)
    })?;
    if json {
        return line(&as_json(&dataset, &statistics).to_string());
    }
    if let Some(terminal) = Inline::of_stdout() {
        let classes = dataset.class_names().iter().zip(&statistics.train.classes);
        let tiles: Vec<Tile> = classes
            .map(|(name, class)| Tile::new(&class.mean, name))
            .collect();
        let (text, shown) = terminal.images(&tiles, statistics.shape, ColorMap::Grey);
        line(&text)?;
        let which = match shown == tiles.len() {
            true => String::new(),
            false => format!(": the first {shown} classes"),
        };
        line(&format!("mean training image of each class{which}\n"))?;
    }
    line(&in_words(&dataset, &statistics))
}

fn in_words(dataset: &Dataset, statistics: &SetStatistics) -> String {
    format!(
        "{}: {} training{} and {} test images of {}\n{}\n{}",
        dataset.name,
        thousands(statistics.train.images),
        statistics
            .validation
            .as_ref()
            .map_or(String::new(), |split| {
                format!(", {} validation", thousands(split.images))
            }),
        thousands(statistics.test.images),
        dataset.shape(),
        table(dataset, statistics),
        duplicates(dataset, &statistics.duplicates),
    )
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

fn table(dataset: &Dataset, statistics: &SetStatistics) -> String {
    let names = dataset.class_names();
    let width = widest(names).max("all".len());
    let train = &statistics.train;
    let validation = statistics.validation.iter();
    let mut splits = vec![("training", train)];
    splits.extend(validation.map(|split| ("validation", split)));
    splits.push(("test", &statistics.test));
    let of_each = |text: &dyn Fn(&str, &SplitStatistics) -> String| -> String {
        let texts = splits
            .iter()
            .map(|(title, split)| text(title, split) + "  ");
        texts.collect()
    };
    let titles = of_each(&|title, _| format!("{title:>17}"));
    let mut text = format!(
        "\n{:>5}  {:width$}  {titles}{:>13}  {:>6}\n",
        "class", "", "brightness", "spread"
    );
    for (class, name) in names.iter().enumerate() {
        let here = &train.classes[class];
        let counts = of_each(&|_, split| {
            let images = split.classes[class].images;
            let share = 100.0 * share(images, split.images);
            format!("{:>9} {share:>5.1} %", thousands(images))
        });
        text += &format!(
            "{class:>5}  {}  {counts}{:>5.3} ± {:>5.3}  {:>6.3}\n",
            left(name, width),
            here.brightness.mean,
            here.brightness.deviation,
            here.spread,
        );
    }
    text += &format!(
        "{:>5}  {:width$}  {}{:>5.3} ± {:>5.3}\n",
        "",
        "all",
        of_each(&|_, split| format!("{:>9}        ", thousands(split.images))),
        train.brightness.mean,
        train.brightness.deviation,
    );
    text + "\nbrightness: mean pixel of an image (white is 1), mean ± standard deviation over the training images of the class\n\
            spread: root mean square difference between the pixels of these images and their mean image\n"
}

fn duplicates(dataset: &Dataset, found: &Duplicates) -> String {
    let (train, test) = (dataset.train().len(), dataset.test().len());
    let mut text = format!(
        "{} of {} test images ({:.2} %) are also training images, {} of them with another label\n\
         {} of {} training images and {} of {} test images duplicate an earlier one of their split",
        thousands(found.test_in_train),
        thousands(test),
        100.0 * share(found.test_in_train, test),
        thousands(found.contradicting),
        thousands(found.within_train),
        thousands(train),
        thousands(found.within_test),
        thousands(test),
    );
    if let Some(validation) = found.validation_in_train {
        text += &format!(
            "\n{} validation images are also training images",
            thousands(validation)
        );
    }
    for pair in found.examples.iter().take(NAMED_PAIRS) {
        let name = |label: u16| &dataset.class_names()[usize::from(label)];
        text += &format!(
            "\n  test image {} ({}) equals training image {} ({})",
            pair.test,
            name(pair.test_label),
            pair.train,
            name(pair.train_label)
        );
    }
    let others = found.examples.len().saturating_sub(NAMED_PAIRS);
    if others > 0 {
        text += &format!("\n  … and {others} more pairs, listed with --json");
    }
    text
}

fn as_json(dataset: &Dataset, statistics: &SetStatistics) -> Value {
    let names = dataset.class_names();
    let split = |split: &SplitStatistics| {
        let classes = names.iter().zip(&split.classes).enumerate();
        let classes: Vec<Value> = classes
            .map(|(class, (name, figures))| {
                json!({
                    "class": class,
                    "name": name,
                    "images": figures.images,
                    "share": share(figures.images, split.images),
                    "brightness": figures.brightness,
                    "spread": figures.spread,
                })
            })
            .collect();
        json!({ "images": split.images, "brightness": split.brightness, "classes": classes })
    };
    let mut told = json!({
        "name": dataset.name,
        "shape": dataset.shape(),
        "sha256": dataset.identity(),
        "train": split(&statistics.train),
        "test": split(&statistics.test),
        "duplicates": statistics.duplicates,
    });
    if let Some(validation) = &statistics.validation {
        told["validation"] = split(validation);
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::data::of_three_splits;
    use crate::data::Progress;

    #[test]
    fn the_validation_images_of_a_set_are_measured_too() {
        let dataset = of_three_splits();
        let statistics = SetStatistics::of(&dataset, &Progress::silent()).unwrap();
        let text = in_words(&dataset, &statistics);
        for expected in [
            "squares: 3 training, 2 validation and 1 test images of 2×2×1\n",
            "training         validation               test     brightness  spread\n",
            "0  round          2  66.7 %          1  50.0 %          1 100.0 %",
            "all            3                  2                  1          ",
            "\n1 validation images are also training images",
        ] {
            assert!(text.contains(expected), "{expected}: {text}");
        }
        let json = as_json(&dataset, &statistics);
        assert_eq!(json["validation"]["images"], 2);
        assert_eq!(json["duplicates"]["validation_in_train"], 1);
    }
}
