//! What an array is, by its name: `x_train`, `trainLabels`, `val_images`, `kmnist-test-imgs` …, in whatever case.

use std::collections::BTreeMap;

/// A part of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::data::formats) enum Part {
    /// All that there is.
    Whole,
    Train,
    Validation,
    Test,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Images,
    Labels,
    /// Names of the classes.
    Names,
}

/// The words for a part, and those for a kind: of several arrays, that with the earlier word is taken.
const PARTS: [(Part, &[&str]); 3] = [
    (Part::Train, &["train", "training", "trn", "tr"]),
    (Part::Validation, &["val", "valid", "validation", "dev"]),
    (Part::Test, &["test", "testing", "t10k", "tst", "te"]),
];
const KINDS: [(Kind, &[&str]); 3] = [
    (Kind::Names, &["names"]),
    (
        Kind::Labels,
        &[
            "y", "labels", "label", "lbls", "targets", "target", "classes", "class", "category",
        ],
    ),
    (
        Kind::Images,
        &[
            "x", "images", "image", "imgs", "img", "pixels", "data", "features", "inputs",
        ],
    ),
];
/// A word that says nothing.
const FILLER: &str = "set";

/// The role that a name says.
#[derive(Debug, PartialEq)]
struct Role {
    /// The words that say something else, such as the name of the set.
    set: String,
    part: Part,
    kind: Kind,
    /// The place of its word in [`KINDS`].
    rank: usize,
}

impl Role {
    fn of(name: &str) -> Option<Self> {
        let (mut part, mut kind, mut others) = (None, None, Vec::new());
        let mut is_of_labels = false;
        for word in words(name) {
            let (of_part, of_kind) = match (part_of(&word), kind_of(&word)) {
                (None, None) => halves(&word).unzip(),
                known => known,
            };
            if of_part.is_none() && of_kind.is_none() && word != FILLER {
                others.push(word);
            }
            part = part.or(of_part);
            is_of_labels |= matches!(of_kind, Some((Kind::Labels, _)));
            // `class_names` are names and `image_labels` are labels.
            kind = kind
                .into_iter()
                .chain(of_kind)
                .min_by_key(|(kind, _)| KINDS.iter().position(|(other, _)| other == kind));
        }
        let (kind, rank) = match (kind, part) {
            // Other names than those of classes.
            (Some((Kind::Names, _)), _) if !is_of_labels => return None,
            (Some(known), _) => known,
            (None, Some(_)) if others.is_empty() => (Kind::Images, usize::MAX),
            (None, _) => return None,
        };
        Some(Self {
            set: others.join("-"),
            part: part.unwrap_or(Part::Whole),
            kind,
            rank,
        })
    }
}

/// Whether a name says what its array is.
pub(in crate::data::formats) fn has_role(name: &str) -> bool {
    Role::of(name).is_some()
}

/// The part that a name says, and the words that are the set's own: `fashion-mnist_train` is the training part of `fashion-mnist`.
pub(in crate::data::formats) fn part_in(name: &str) -> (Part, String) {
    let (mut part, mut others) = (None, Vec::new());
    for word in words(name) {
        match part_of(&word) {
            Some(of_word) => part = part.or(Some(of_word)),
            None if word == FILLER => {}
            None => others.push(word),
        }
    }
    (part.unwrap_or(Part::Whole), others.join("-"))
}

/// The place of a name among those for labels, where it is one; of several, that with the lowest place is taken.
pub(in crate::data::formats) fn rank_of_labels(name: &str) -> Option<usize> {
    let ranks = words(name)
        .into_iter()
        .filter_map(|word| match kind_of(&word) {
            Some((Kind::Labels, rank)) => Some(rank),
            _ => None,
        });
    ranks.min()
}

/// What is missing beside an array of this name alone, `labels`, and the name of an array with it; nothing where the name does not say what
/// it holds.
pub(in crate::data) fn partner(name: &str) -> Option<(&'static str, String)> {
    const PAIRS: [(&str, &str); 6] = [
        ("images", "labels"),
        ("imgs", "labels"),
        ("image", "label"),
        ("img", "label"),
        ("data", "target"),
        ("x", "y"),
    ];
    let role = Role::of(name)?;
    let (wanted, missing) = match role.kind {
        Kind::Images => (Kind::Labels, "labels"),
        Kind::Labels => (Kind::Images, "images"),
        Kind::Names => return None,
    };
    let pairs = PAIRS.iter().flat_map(|(images, labels)| match wanted {
        Kind::Labels => [(images, labels)],
        _ => [(labels, images)],
    });
    let mut others = pairs.filter_map(|(own, other)| {
        let at = name.to_ascii_lowercase().find(own)?;
        Some(format!("{}{other}{}", &name[..at], &name[at + own.len()..]))
    });
    let fits = |other: &String| {
        Role::of(other).is_some_and(|other| {
            (other.kind, other.part, &other.set) == (wanted, role.part, &role.set)
        })
    };
    let letter = if wanted == Kind::Labels { "y" } else { "x" };
    let part = PARTS.iter().find(|(part, _)| *part == role.part);
    let plain = part.map_or(letter.to_owned(), |(_, words)| {
        format!("{letter}_{}", words[0])
    });
    Some((missing, others.find(fits).unwrap_or(plain)))
}

fn part_of(word: &str) -> Option<Part> {
    let part = PARTS.iter().find(|(_, words)| words.contains(&word));
    part.map(|(part, _)| *part)
}

fn kind_of(word: &str) -> Option<(Kind, usize)> {
    KINDS.iter().find_map(|(kind, words)| {
        let rank = words.iter().position(|other| *other == word)?;
        Some((*kind, rank))
    })
}

/// `xtrain` and `testimages`: a part and a kind in one word.
fn halves(word: &str) -> Option<(Part, (Kind, usize))> {
    word.char_indices().skip(1).find_map(|(at, _)| {
        let (first, second) = word.split_at(at);
        let both = |part, kind| Some((part_of(part)?, kind_of(kind)?));
        both(first, second).or_else(|| both(second, first))
    })
}

/// The words of a name, in lower case: parted by anything but letters and digits, and where a capital follows a small letter.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for letter in name.chars() {
        let begins = was_small && letter.is_uppercase();
        was_small = letter.is_lowercase();
        if begins || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The arrays of one set: for each part and kind that with the first word, and the rank of that.
type Ranked = BTreeMap<(Part, Kind), (usize, usize)>;

/// The arrays of a set, by their places in a list.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Roles {
    /// Images and labels of each part: the whole, or training images first and then others.
    pub parts: Vec<(Part, [usize; 2])>,
    /// Class names.
    pub names: Option<usize>,
}

/// The sets among arrays of these names, each with the words that only its own names have: best those of several parts, else of one.
pub(super) fn sets<'a>(names: impl Iterator<Item = &'a str>) -> Vec<(String, Roles)> {
    let mut found: BTreeMap<String, Ranked> = BTreeMap::new();
    for (at, name) in names.enumerate() {
        if let Some(role) = Role::of(name) {
            let arrays = found.entry(role.set).or_default();
            let array = arrays
                .entry((role.part, role.kind))
                .or_insert((role.rank, at));
            *array = (role.rank, at).min(*array);
        }
    }
    let sets = found.into_iter().map(|(set, arrays)| {
        let array = |part, kind| arrays.get(&(part, kind)).map(|(_, at)| *at);
        let pair = |part| {
            let images = array(part, Kind::Images)?;
            Some((part, [images, array(part, Kind::Labels)?]))
        };
        let others = [Part::Train, Part::Validation, Part::Test];
        let mut parts: Vec<_> = others.into_iter().filter_map(pair).collect();
        let has_training = parts.first().is_some_and(|(part, _)| *part == Part::Train);
        if parts.len() > 1 && !has_training {
            parts.clear();
        }
        if parts.len() < 2 {
            parts = pair(Part::Whole).map_or(parts, |whole| vec![whole]);
        }
        let names = array(Part::Whole, Kind::Names);
        (set, Roles { parts, names })
    });
    let mut sets: Vec<_> = sets.filter(|(_, roles)| !roles.parts.is_empty()).collect();
    let is_parted = |(_, roles): &(String, Roles)| roles.parts.len() > 1;
    if sets.iter().any(is_parted) {
        sets.retain(is_parted);
    }
    if let Some(plain) = sets.iter().position(|(set, _)| set.is_empty()) {
        sets = vec![sets.swap_remove(plain)];
    }
    sets
}

/// The arrays `arr_0`, `arr_1` … of `numpy.savez`, in their order, if there are pairs of them from the first one on.
pub(super) fn numbered<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Option<Vec<usize>> {
    let place = |number: usize| {
        let wanted = format!("arr_{number}");
        names.clone().position(|name| name == wanted)
    };
    let arrays: Vec<usize> = (0..4).map_while(place).collect();
    match arrays.len() {
        0 | 1 => None,
        2 | 3 => Some(arrays[..2].to_vec()),
        _ => Some(arrays),
    }
}

/// The array of class names.
pub(super) fn names<'a>(mut names: impl Iterator<Item = &'a str>) -> Option<usize> {
    names.position(|name| Role::of(name).is_some_and(|role| role.kind == Kind::Names))
}

/// The images to look at where no labels are wanted: those of the whole, of the test part, or of any other.
pub(super) fn images<'a>(names: impl Iterator<Item = &'a str>) -> Option<usize> {
    let order = [Part::Whole, Part::Test, Part::Validation, Part::Train];
    let roles = names.enumerate().filter_map(|(at, name)| {
        let role = Role::of(name).filter(|role| role.kind == Kind::Images)?;
        let part = order.iter().position(|part| *part == role.part);
        Some(((!role.set.is_empty(), part, role.rank), at))
    });
    roles.min().map(|(_, at)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(name: &str) -> Option<(Part, Kind, String)> {
        Role::of(name).map(|role| (role.part, role.kind, role.set))
    }

    #[test]
    fn a_lone_array_has_a_partner_of_its_own_part() {
        for (name, expected) in [
            ("x", Some(("labels", "y"))),
            ("X_train", Some(("labels", "y_train"))),
            ("train_labels", Some(("images", "train_images"))),
            ("kmnist-test-imgs", Some(("labels", "kmnist-test-labels"))),
            ("testimages", Some(("labels", "testlabels"))),
            ("train", Some(("labels", "y_train"))),
            ("y", Some(("images", "x"))),
            ("class_names", None),
            ("photos", None),
        ] {
            let found = partner(name);
            let found = found.as_ref().map(|(what, name)| (*what, name.as_str()));
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn names_in_use_say_what_they_are() {
        use Kind::{Images, Labels, Names};
        use Part::{Test, Train, Validation, Whole};
        for (name, part, kind, set) in [
            ("x_train", Train, Images, ""),
            ("X_train", Train, Images, ""),
            ("Y_TEST", Test, Labels, ""),
            ("train_images", Train, Images, ""),
            ("images_train", Train, Images, ""),
            ("val_labels", Validation, Labels, ""),
            ("valid_x", Validation, Images, ""),
            ("XTrain", Train, Images, ""),
            ("trainX", Train, Images, ""),
            ("xtrain", Train, Images, ""),
            ("testLabels", Test, Labels, ""),
            ("train", Train, Images, ""),
            ("train_set_y", Train, Labels, ""),
            ("data", Whole, Images, ""),
            ("target", Whole, Labels, ""),
            ("y", Whole, Labels, ""),
            ("class_names", Whole, Names, ""),
            ("target_names", Whole, Names, ""),
            ("train_image_labels", Train, Labels, ""),
            ("kmnist-train-imgs", Train, Images, "kmnist"),
            ("k49-test-labels", Test, Labels, "k49"),
            ("emnist.train.images", Train, Images, "emnist"),
        ] {
            assert_eq!(role(name), Some((part, kind, set.to_owned())), "{name}");
        }
        for name in [
            "",
            "weights",
            "names",
            "image_names",
            "arr_0",
            "DESCR",
            "frame",
            "mean_std",
            "été",
        ] {
            assert_eq!(role(name), None, "{name}");
        }
    }

    fn found(names: &[&str]) -> Vec<(String, Vec<Part>, Vec<usize>)> {
        let sets = sets(names.iter().copied());
        let sets = sets.into_iter().map(|(set, roles)| {
            let (parts, pairs): (Vec<_>, Vec<_>) = roles.parts.into_iter().unzip();
            (set, parts, pairs.concat())
        });
        sets.collect()
    }

    #[test]
    fn a_set_is_its_parts_or_one_pair() {
        use Part::{Test, Train, Validation, Whole};
        let of = |parts: &[Part], arrays: &[usize]| {
            vec![(String::new(), parts.to_vec(), arrays.to_vec())]
        };
        assert_eq!(
            found(&["test_x", "test_y", "train_x", "train_y", "val_x", "val_y"]),
            of(&[Train, Validation, Test], &[2, 3, 4, 5, 0, 1])
        );
        assert_eq!(found(&["x_train", "y_train"]), of(&[Train], &[0, 1]));
        assert_eq!(
            found(&["x_train", "y_train", "x_test"]),
            of(&[Train], &[0, 1])
        );
        // As scikit-learn's bunches: pictures rather than rows of them.
        assert_eq!(
            found(&["DESCR", "data", "images", "target", "target_names"]),
            of(&[Whole], &[2, 3])
        );
        assert_eq!(
            found(&["X", "y", "X_train", "y_train", "X_test", "y_test"]),
            of(&[Train, Test], &[2, 3, 4, 5])
        );
        for none in [
            &["x_train"][..],
            &["y_train", "y_test"],
            &["x_val", "y_val", "x_test", "y_test"],
            &[],
        ] {
            assert_eq!(found(none), [], "{none:?}");
        }
        let two = [
            "a_x",
            "a_y",
            "b-train-x",
            "b-train-y",
            "b-test-x",
            "b-test-y",
        ];
        assert_eq!(
            found(&two),
            [("b".to_owned(), vec![Train, Test], vec![2, 3, 4, 5])]
        );
        assert_eq!(found(&["a_x", "a_y", "b_x", "b_y"]).len(), 2);
    }

    #[test]
    fn numbered_arrays_come_in_pairs() {
        let of = |names: &[&str]| numbered(names.iter().copied());
        assert_eq!(
            of(&["arr_1", "arr_0", "arr_3", "arr_2"]),
            Some(vec![1, 0, 3, 2])
        );
        assert_eq!(of(&["arr_0", "arr_1", "arr_2"]), Some(vec![0, 1]));
        assert_eq!(of(&["arr_0"]), None);
        assert_eq!(of(&["arr_1", "arr_2"]), None);
    }
}
