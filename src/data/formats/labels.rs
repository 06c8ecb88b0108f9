//! The labels of a set as its files have them, and its classes.

use std::borrow::Borrow;
use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use crate::data::dataset::{CLASSES, check_labels};
use crate::data::error::{DataError, Problem};

/// The labels of one part, as they are written there.
#[derive(Debug, PartialEq)]
pub(super) enum Labels {
    /// Whole numbers.
    Numbers(Vec<i64>),
    /// The places of the ones in one-hot rows of so many columns.
    Rows(usize, Vec<u16>),
    /// Texts, and the one of each image among them.
    Texts(Vec<String>, Vec<u16>),
}

impl Labels {
    /// These numbers, all of which must be whole.
    pub fn whole_numbers(values: &[f64]) -> Result<Self, Problem> {
        /// Every whole number up to here is a float.
        const MOST: f64 = (1_u64 << 53) as f64;
        let number =
            |(index, &found): (usize, &f64)| match found.fract() == 0.0 && found.abs() <= MOST {
                true => Ok(found as i64),
                false => Err(Problem::LabelValue { index, found }),
            };
        let numbers = values.iter().enumerate().map(number);
        numbers.collect::<Result<_, _>>().map(Self::Numbers)
    }

    /// Number of labels.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Rows(_, places) | Self::Texts(_, places) => places.len(),
        }
    }

    /// The labels where they are classes from 0 on.
    pub fn in_order(&self) -> Option<Vec<u16>> {
        match self {
            Self::Numbers(numbers) => {
                let classes = numbers.iter().map(|&number| u16::try_from(number).ok());
                classes.collect()
            }
            Self::Rows(_, places) => Some(places.clone()),
            Self::Texts(..) => None,
        }
    }

    /// The form in words, the same for labels that go together.
    fn form(&self) -> String {
        match self {
            Self::Numbers(_) => "whole-number labels".to_owned(),
            Self::Rows(columns, _) => format!("one-hot rows of {columns} classes"),
            Self::Texts(..) => "labels as text".to_owned(),
        }
    }
}

/// Different values, each with its place, and not more of them than there may be classes.
pub(super) struct Places<T> {
    pub values: Vec<T>,
    places: HashMap<T, u16>,
}

impl<T> Default for Places<T> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            places: HashMap::new(),
        }
    }
}

impl<T: Hash + Eq + Clone> Places<T> {
    pub fn place<Q>(&mut self, value: &Q) -> Result<u16, Problem>
    where
        Q: Hash + Eq + ToOwned<Owned = T> + ?Sized,
        T: Borrow<Q>,
    {
        if let Some(&place) = self.places.get(value) {
            return Ok(place);
        }
        if self.values.len() == *CLASSES.end() {
            return Err(Problem::ClassCount(self.values.len() + 1));
        }
        let place = self.values.len() as u16;
        self.values.push(value.to_owned());
        self.places.insert(value.to_owned(), place);
        Ok(place)
    }
}

/// The classes of a set.
#[derive(Debug, PartialEq)]
pub(super) struct Classes {
    /// Their names, class 0 first.
    pub names: Vec<String>,
    /// The class of each image, for each part.
    pub labels: Vec<Vec<u16>>,
}

/// The classes of labels from several parts, each with its place for errors; `named` are the names of all classes where the set has some.
pub(super) fn classes(
    parts: Vec<(String, Labels)>,
    named: Option<Vec<String>>,
) -> Result<Classes, DataError> {
    let expected = parts[0].1.form();
    for (place, labels) in &parts[1..] {
        let (expected, found) = (expected.clone(), labels.form());
        if expected != found {
            return Err(Problem::LabelForms { expected, found }.at(place));
        }
    }
    let last = parts
        .last()
        .map_or_else(String::new, |(place, _)| place.clone());
    let (mut rows, mut numbers, mut texts, mut columns) = (vec![], vec![], vec![], 0);
    for (place, labels) in parts {
        match labels {
            Labels::Rows(all, places) => {
                columns = all;
                rows.push((place, places));
            }
            Labels::Numbers(all) => numbers.push((place, all)),
            Labels::Texts(all, places) => texts.push((all, places)),
        }
    }
    if !texts.is_empty() {
        return of_texts(&texts, named).map_err(|problem| problem.at(last));
    }
    if !numbers.is_empty() {
        return of_numbers(&numbers, named);
    }
    let names = named.unwrap_or_else(|| (0..columns).map(|class| class.to_string()).collect());
    for (place, labels) in &rows {
        check_labels(labels, names.len()).map_err(|problem| problem.at(place))?;
    }
    let labels = rows.into_iter().map(|(_, labels)| labels).collect();
    Ok(Classes { names, labels })
}

/// Texts are class names: in the order of `named` where all are among these, in numerical order where all are numbers, else sorted.
fn of_texts(
    parts: &[(Vec<String>, Vec<u16>)],
    named: Option<Vec<String>>,
) -> Result<Classes, Problem> {
    let all: BTreeSet<&String> = parts.iter().flat_map(|(texts, _)| texts).collect();
    if all.len() > *CLASSES.end() {
        return Err(Problem::ClassCount(all.len()));
    }
    let names = match named.filter(|names| all.iter().all(|text| names.contains(text))) {
        Some(names) => names,
        None => {
            let mut names: Vec<String> = all.into_iter().cloned().collect();
            let number = |name: &String| name.parse::<i64>().ok();
            if names.iter().all(|name| number(name).is_some()) {
                names.sort_by_key(number);
            }
            names
        }
    };
    let place = |text: &String| names.iter().position(|name| name == text).unwrap_or(0) as u16;
    let labels = parts.iter().map(|(texts, labels)| {
        let places: Vec<u16> = texts.iter().map(place).collect();
        labels
            .iter()
            .map(|&label| places[usize::from(label)])
            .collect()
    });
    let labels = labels.collect();
    Ok(Classes { names, labels })
}

/// Numbers from 0 on are classes as they are; others from their first one on, or, where most between the first and the last are
/// missing, those that there are.
fn of_numbers(
    parts: &[(String, Vec<i64>)],
    named: Option<Vec<String>>,
) -> Result<Classes, DataError> {
    let mut found: Places<i64> = Places::default();
    for (place, labels) in parts {
        for label in labels {
            found.place(label).map_err(|problem| problem.at(place))?;
        }
    }
    let mut found = found.values;
    found.sort_unstable();
    let (first, last) = (found[0], found[found.len() - 1]);
    let span = |from: i64, to: i64| (from..=to).collect::<Vec<i64>>();
    let is_dense = |from: i64| 3 * found.len() as i64 > 2 * (last - from + 1);
    let most = *CLASSES.end() as i64;
    let numbers = match &named {
        // Other numbers in the order of the names: as many as these, or from 1 on.
        Some(names) if first < 0 || first > 0 && last >= names.len() as i64 => {
            match found.len() == names.len() {
                true => found,
                false => span(1, names.len() as i64),
            }
        }
        Some(names) => span(0, names.len() as i64 - 1),
        None if first == 0 && last < most => span(0, last),
        None if last - first < most && is_dense(first) => span(first, last),
        None => found,
    };
    let places: HashMap<i64, u16> = (0..)
        .zip(&numbers)
        .map(|(place, &number)| (number, place))
        .collect();
    let labels = parts.iter().map(|(place, labels)| {
        let labels = labels.iter().enumerate().map(|(index, label)| {
            places.get(label).copied().ok_or(Problem::LabelOutOfRange {
                index,
                label: *label,
                first: 0,
                classes: numbers.len(),
            })
        });
        let labels: Result<Vec<u16>, Problem> = labels.collect();
        labels.map_err(|problem| problem.at(place))
    });
    let labels = labels.collect::<Result<_, _>>()?;
    let names = named.unwrap_or_else(|| numbers.iter().map(ToString::to_string).collect());
    Ok(Classes { names, labels })
}

impl Classes {
    /// Names the classes without images, for the note.
    pub fn without_images(&self) -> Option<String> {
        let mut has_images = vec![false; self.names.len()];
        for &label in self.labels.iter().flatten() {
            has_images[usize::from(label)] = true;
        }
        let empty = self.names.iter().zip(has_images);
        let empty: Vec<&str> = empty
            .filter_map(|(name, has)| (!has).then_some(name.as_str()))
            .collect();
        match &empty[..] {
            [] => None,
            [one] => Some(format!("class {one} has no images")),
            [first, second, third, _, ..] => Some(format!(
                "{} classes have no images: {first}, {second}, {third} and more",
                empty.len()
            )),
            few => Some(format!("classes {} have no images", few.join(", "))),
        }
    }
}
