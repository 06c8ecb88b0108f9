//! Whether the classes of a set are those that a network was trained on: compared by name, never assumed.

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::dataset::Dataset;

/// Maximum number of names listed in a sentence.
const SAID: usize = 6;

/// The set that something was trained or measured on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetNote {
    /// The name of the set on the screen.
    pub name: String,
    /// See [`Dataset::identity`].
    pub sha256: String,
    /// Class names, class 0 first.
    pub class_names: Vec<String>,
}

impl SetNote {
    /// The note of a set; the first call hashes all pixels.
    pub fn of(dataset: &Dataset) -> Self {
        Self {
            name: dataset.name.clone(),
            sha256: dataset.identity().to_owned(),
            class_names: dataset.class_names().to_vec(),
        }
    }
}

/// How the classes of a set match those of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Correspondence {
    /// The same names in the same order.
    Same,
    /// The same names in another order: the network's class for each of the set's.
    Reordered(Vec<u16>),
    /// Other names, or another order of names that two classes share.
    Other,
}

/// How the class names `set` match the class names `network`.
pub fn correspondence(network: &[String], set: &[String]) -> Correspondence {
    if network == set {
        return Correspondence::Same;
    }
    let is_unique = |names: &[String]| names.iter().collect::<HashSet<_>>().len() == names.len();
    let places: Option<Vec<u16>> = set
        .iter()
        .map(|name| {
            let place = network.iter().position(|other| other == name)?;
            u16::try_from(place).ok()
        })
        .collect();
    match places {
        Some(places) if network.len() == set.len() && is_unique(set) => {
            Correspondence::Reordered(places)
        }
        _ => Correspondence::Other,
    }
}

/// The set with its classes in the order of a network trained on `trained`, so that the network can be evaluated on it, and a sentence
/// if they were reordered. Other names are matched by position where the images are identical to those that it was trained on, where
/// `same_classes` is set, and where a network of an earlier version of the program has no class names.
///
/// # Errors
/// Where the classes differ: a sentence with the difference.
pub fn for_network_of(
    trained: &SetNote,
    dataset: Arc<Dataset>,
    same_classes: bool,
) -> Result<(Arc<Dataset>, Option<String>), String> {
    if same_classes || trained.class_names.is_empty() {
        return Ok((dataset, None));
    }
    match correspondence(&trained.class_names, dataset.class_names()) {
        Correspondence::Same => Ok((dataset, None)),
        Correspondence::Reordered(places) => {
            let note = format!(
                "{} has the network's classes in another order; they are matched by name",
                dataset.name
            );
            let names = trained.class_names.clone();
            Ok((Arc::new(dataset.reclassed(names, &places)), Some(note)))
        }
        Correspondence::Other if dataset.identity() == trained.sha256 => Ok((dataset, None)),
        Correspondence::Other => Err(difference(trained, &dataset)),
    }
}

/// The set for continuing to train weights trained on `trained`: the same names keep their places, other names are
/// kept unchanged, because the network is to learn them.
pub fn to_train_on(trained: &SetNote, dataset: &Arc<Dataset>) -> Arc<Dataset> {
    let names = &trained.class_names;
    match correspondence(names, dataset.class_names()) {
        Correspondence::Reordered(places) => Arc::new(dataset.reclassed(names.clone(), &places)),
        Correspondence::Same | Correspondence::Other => Arc::clone(dataset),
    }
}

fn difference(trained: &SetNote, dataset: &Dataset) -> String {
    let (network, set) = (&trained.class_names, dataset.class_names());
    let missing = |from: &[String], of: &[String]| -> Vec<String> {
        let missing = of.iter().filter(|name| !from.contains(name));
        missing.cloned().collect()
    };
    let (only_set, only_network) = (missing(network, set), missing(set, network));
    let differs = match (only_set.is_empty(), only_network.is_empty()) {
        (true, true) => "two classes have the same name, so names are ambiguous".into(),
        (false, true) => format!("only the set has {}", listed(&only_set)),
        (true, false) => format!("only the network has {}", listed(&only_network)),
        (false, false) if only_set.len() == set.len() => "they have none in common".into(),
        (false, false) => format!(
            "only the set has {}, only the network {}",
            listed(&only_set),
            listed(&only_network)
        ),
    };
    format!(
        "{} has the classes {}, but the network, trained on {}, has {}: {differs}",
        dataset.name,
        listed(set),
        trained.name,
        listed(network),
    )
}

/// `cat, dog, owl`, or `zero, one, two … (10 in all)`.
fn listed(names: &[String]) -> String {
    match names.len() {
        0..=SAID => names.join(", "),
        all => format!("{} … ({all} in all)", names[..SAID / 2].join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Parts, Pixels, Source, Split};
    use crate::shape::Shape;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    /// One training and one test image of each class; class `i` is of brightness `i` and of `first` more.
    fn set(name: &str, class_names: &[&str], first: u8) -> Arc<Dataset> {
        let split = || {
            let classes = 0..class_names.len() as u16;
            let pixels = classes.clone().map(|class| class as u8 + first).collect();
            Split::new(Shape::new(1, 1, 1), Pixels::U8(pixels), classes.collect())
        };
        let parts = Parts {
            name: name.to_owned(),
            source: Source::Digits,
            class_names: names(class_names),
            train: split(),
            test: split(),
            validation: None,
        };
        Arc::new(Dataset::new(parts).unwrap())
    }

    #[test]
    fn names_decide_which_classes_correspond() {
        use Correspondence::{Other, Reordered, Same};
        for (network, set, expected) in [
            (&["cat", "dog", "owl"][..], &["cat", "dog", "owl"][..], Same),
            (
                &["cat", "dog", "owl"],
                &["owl", "cat", "dog"],
                Reordered(vec![2, 0, 1]),
            ),
            (&["cat", "dog", "owl"], &["cat", "owl", "zebra"], Other),
            (&["cat", "dog", "owl"], &["cat", "dog"], Other),
            (&["cat", "dog"], &["cat", "dog", "owl"], Other),
            (&["a", "a", "b"], &["a", "a", "b"], Same),
            (&["a", "a", "b"], &["b", "a", "a"], Other),
            (&["a", "b", "c"], &["c", "a", "a"], Other),
        ] {
            let got = correspondence(&names(network), &names(set));
            assert_eq!(got, expected, "{network:?} {set:?}");
        }
    }

    #[test]
    fn the_same_names_in_another_order_take_their_labels_along() {
        let trained = SetNote::of(&set("a", &["cat", "dog", "owl"], 0));
        let other = set("b", &["owl", "cat", "dog"], 10);
        let (matched, note) = for_network_of(&trained, Arc::clone(&other), false).unwrap();
        assert_eq!(matched.class_names(), trained.class_names);
        assert_eq!(matched.test().labels(), [2, 0, 1]);
        assert_eq!(matched.train().labels(), [2, 0, 1]);
        assert_eq!(matched.test().pixels(), other.test().pixels());
        assert_eq!(matched.identity(), other.identity(), "it is the same set");
        assert!(note.unwrap().contains("matched by name"));
        let to_train = to_train_on(&trained, &other);
        assert_eq!(to_train.train().labels(), [2, 0, 1]);
    }

    #[test]
    fn other_names_are_refused_for_measuring_and_taken_for_training() {
        let trained = SetNote::of(&set("a", &["cat", "dog", "owl"], 0));
        let other = set("c", &["cat", "owl", "zebra"], 10);
        let refused = for_network_of(&trained, Arc::clone(&other), false).unwrap_err();
        for part in [
            "c has the classes cat, owl, zebra",
            "trained on a, has cat, dog, owl",
            "only the set has zebra, only the network dog",
        ] {
            assert!(refused.contains(part), "{part}: {refused}");
        }
        let strangers = set("d", &["ant", "bee", "fly"], 10);
        let refused = for_network_of(&trained, strangers, false).unwrap_err();
        assert!(refused.contains("none in common"), "{refused}");
        let (taken, note) = for_network_of(&trained, Arc::clone(&other), true).unwrap();
        assert_eq!((taken.test().labels(), note), (&[0, 1, 2][..], None));
        assert_eq!(
            to_train_on(&trained, &other).class_names(),
            other.class_names()
        );
        // The same images under other names are the same classes.
        let renamed = set("a2", &["Katze", "Hund", "Eule"], 0);
        assert!(for_network_of(&trained, renamed, false).is_ok());
    }

    #[test]
    fn long_lists_are_cut() {
        let many = names(&["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
        assert_eq!(listed(&many), "0, 1, 2 … (10 in all)");
    }
}
