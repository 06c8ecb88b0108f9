//! Two networks on the same images: which each classifies correctly, where they differ, and whether that is more than chance.

use serde::Serialize;

use super::{ConfusionTable, Predictions};
use crate::statistics::{McNemar, PairsError, p_in_words};
use crate::wording::{signed, thousands};

/// A network's predictions for some images, and the names of its classes.
#[derive(Clone, Copy, Debug)]
pub struct Classified<'a> {
    /// In the order of the images.
    pub predictions: &'a Predictions,
    /// Class 0 first; two networks may number the same classes differently.
    pub class_names: &'a [String],
}

/// What two networks make of the same images.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Disagreement {
    /// Whether one is better.
    pub mcnemar: McNemar,
    /// The images that they classify differently.
    pub images: Vec<Differing>,
    /// Images of each true class (row) predicted as each class (column), by the second network minus by the first.
    pub confusion_difference: Vec<Vec<i64>>,
    /// The classes, in the first network's order.
    #[serde(skip)]
    pub classes: Vec<ClassComparison>,
}

/// An image that two networks classify differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Differing {
    /// Its position, from 0.
    pub image: usize,
    /// The name of its class.
    pub label: String,
    /// The names of the classes that they predict.
    pub predicted: [String; 2],
}

/// How two networks do on a class.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassComparison {
    /// Its name.
    pub name: String,
    /// Its images.
    pub images: usize,
    /// The share of its images that each network recognises.
    pub recall: [Option<f64>; 2],
    /// The share of the images predicted as it that are of it.
    pub precision: [Option<f64>; 2],
}

impl Classified<'_> {
    fn images(&self) -> std::ops::Range<usize> {
        0..self.predictions.len()
    }

    fn predicted(&self, image: usize) -> &str {
        &self.class_names[self.predictions.predicted(image)]
    }
}

impl Disagreement {
    /// Compares two networks on the same images.
    ///
    /// # Errors
    /// If there are no images, or not as many of each.
    pub fn of(one: Classified<'_>, other: Classified<'_>) -> Result<Self, PairsError> {
        let mcnemar = McNemar::of(&one.predictions.right(), &other.predictions.right())?;
        let differ = |image: &usize| one.predicted(*image) != other.predicted(*image);
        let images = one.images().filter(differ).map(|image| Differing {
            image,
            label: one.class_names[usize::from(one.predictions.labels()[image])].clone(),
            predicted: [one, other].map(|network| network.predicted(image).to_owned()),
        });
        let images = images.collect();
        let tables = [one, other].map(|network| network.predictions.confusion());
        // The places of the first network's classes in the second.
        let places: Vec<Option<usize>> = one
            .class_names
            .iter()
            .map(|name| other.class_names.iter().position(|own| own == name))
            .collect();
        Ok(Self {
            mcnemar,
            images,
            confusion_difference: difference(&tables, &places),
            classes: classes(one.class_names, &tables, &places),
        })
    }

    /// Whether one network is better, in sentences, each a line.
    pub fn verdict(&self) -> Vec<String> {
        let test = &self.mcnemar;
        let known = test.both_right + test.only_first_right + test.only_second_right;
        vec![
            format!(
                "both correct {}, only 1 correct {}, only 2 correct {}, both wrong {}",
                thousands(test.both_right),
                thousands(test.only_first_right),
                thousands(test.only_second_right),
                thousands(test.images - known),
            ),
            format!(
                "accuracy of 1 minus 2: {}, 95 % interval {} to {}",
                signed(test.difference, 4),
                signed(test.interval.low, 4),
                signed(test.interval.high, 4),
            ),
            format!("McNemar's test: {}; {}", p_in_words(test.p), test.verdict()),
        ]
    }
}

fn difference(tables: &[ConfusionTable; 2], places: &[Option<usize>]) -> Vec<Vec<i64>> {
    let count = |table: &ConfusionTable, truth, class| i64::from(table.count(truth, class));
    let cell = |truth: usize, class: usize| {
        let there = places[truth].zip(places[class]);
        there.map_or(0, |(truth, class)| count(&tables[1], truth, class))
            - count(&tables[0], truth, class)
    };
    let classes = 0..places.len();
    let row = |truth| classes.clone().map(|class| cell(truth, class)).collect();
    classes.clone().map(row).collect()
}

fn classes(
    names: &[String],
    tables: &[ConfusionTable; 2],
    places: &[Option<usize>],
) -> Vec<ClassComparison> {
    let of = |class: usize, figure: fn(&ConfusionTable, usize) -> Option<f64>| {
        [
            figure(&tables[0], class),
            places[class].and_then(|class| figure(&tables[1], class)),
        ]
    };
    let classes = names.iter().enumerate();
    classes
        .map(|(class, name)| ClassComparison {
            name: name.clone(),
            images: tables[0].row_total(class) as usize,
            recall: of(class, ConfusionTable::recall),
            precision: of(class, ConfusionTable::precision),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    /// Sure of these classes.
    fn sure(predicted: &[usize], labels: &[u16]) -> Predictions {
        let rows = predicted.iter().flat_map(|class| {
            let mut row = [0.1; 2];
            row[*class] = 0.9;
            row
        });
        Predictions::new(2, rows.collect(), labels.to_vec())
    }

    #[test]
    fn networks_that_number_the_classes_differently_are_compared_by_name() {
        let (cats, dogs) = (names(&["cat", "dog"]), names(&["dog", "cat"]));
        // Four cats and two dogs: the first takes one cat for a dog, the second one dog for a cat.
        let one = sure(&[0, 0, 0, 1, 1, 1], &[0, 0, 0, 0, 1, 1]);
        let other = sure(&[1, 1, 1, 1, 0, 1], &[1, 1, 1, 1, 0, 0]);
        let found = Disagreement::of(
            Classified {
                predictions: &one,
                class_names: &cats,
            },
            Classified {
                predictions: &other,
                class_names: &dogs,
            },
        )
        .unwrap();
        let differing = |image, label: &str, predicted: [&str; 2]| Differing {
            image,
            label: label.to_owned(),
            predicted: predicted.map(str::to_owned),
        };
        assert_eq!(
            found.images,
            [
                differing(3, "cat", ["dog", "cat"]),
                differing(5, "dog", ["dog", "cat"])
            ]
        );
        assert_eq!(found.confusion_difference, [[1, -1], [1, -1]]);
        let cat = &found.classes[0];
        assert_eq!((cat.images, cat.recall), (4, [Some(0.75), Some(1.0)]));
        assert_eq!(cat.precision, [Some(1.0), Some(0.8)]);
        let verdict = found.verdict();
        assert_eq!(
            verdict[0],
            "both correct 4, only 1 correct 1, only 2 correct 1, both wrong 0"
        );
        assert_eq!(
            verdict[2],
            "McNemar's test: p = 1.000; the difference may be chance"
        );
    }

    #[test]
    fn without_images_nothing_is_compared() {
        let names = names(&["cat", "dog"]);
        let none = sure(&[], &[]);
        let none = Classified {
            predictions: &none,
            class_names: &names,
        };
        assert!(Disagreement::of(none, none).is_err());
    }
}
