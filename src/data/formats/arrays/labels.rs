//! The values of one array as labels.

use std::collections::BTreeSet;

use npyz::TypeChar;

use super::super::labels::{Labels, Places};
use super::array::{Array, Reading};
use super::header::shape_text;
use super::numbers;
use super::place::ArrayAt;
use crate::data::dataset::CLASSES;
use crate::data::error::{DataError, Problem};

/// The array as class names, each of them once; `None` where it is something else.
pub(super) fn names(at: &ArrayAt, reading: &Reading<'_>) -> Result<Option<Vec<String>>, DataError> {
    use Problem::{ArrayShape, ClassCount};
    let names: Vec<String> = match labels(at, reading) {
        Ok(Labels::Texts(texts, places)) if texts.len() == places.len() => texts,
        Ok(Labels::Numbers(numbers)) => numbers.iter().map(ToString::to_string).collect(),
        Err(DataError::At {
            problem: ClassCount(_) | ArrayShape { .. },
            ..
        })
        | Ok(_) => return Ok(None),
        Err(other) => return Err(other),
    };
    let different: BTreeSet<&String> = names.iter().collect();
    let are_names = different.len() == names.len() && CLASSES.contains(&names.len());
    Ok(are_names.then_some(names))
}

/// The array as labels.
pub(super) fn labels(at: &ArrayAt, reading: &Reading<'_>) -> Result<Labels, DataError> {
    at.open(reading, |mut array| {
        let place = array.place().to_owned();
        let (lengths, is_text) = (array.header.lengths(), array.header.element.is_text());
        let wrong = |problem: Problem| problem.at(&place);
        let columns = match lengths[..] {
            [_] | [_, 1] => None,
            [_, columns] if !is_text => Some(columns),
            _ => {
                return Err(wrong(Problem::ArrayShape {
                    expected: "labels (n,) or one-hot rows (n, classes)",
                    found: shape_text(&array.header.shape),
                }));
            }
        };
        if lengths[0] == 0 {
            return Err(wrong(Problem::EmptySplit));
        }
        if is_text {
            return texts(&mut array);
        }
        if let Some(columns) = columns.filter(|columns| !CLASSES.contains(columns)) {
            return Err(wrong(Problem::ClassCount(columns)));
        }
        let header = array.header.clone();
        let mut values = vec![0.0; array.len()];
        array.read(|at, bytes| {
            let values = &mut values[at..at + bytes.len() / header.element.bytes];
            numbers::to_f64(&header, bytes, values);
            Ok(())
        })?;
        if header.fortran {
            values = numbers::from_fortran(&lengths, &values);
        }
        match columns {
            None => Labels::whole_numbers(&values),
            Some(columns) => {
                let rows = values.chunks_exact(columns).enumerate();
                let places = rows.map(|(row, values)| place_of_one(row, values));
                let places = places.collect::<Result<_, _>>();
                places.map(|places| Labels::Rows(columns, places))
            }
        }
        .map_err(wrong)
    })
}

/// The place of the only one in a row of zeros.
fn place_of_one(row: usize, values: &[f64]) -> Result<u16, Problem> {
    let count = |wanted: f64| values.iter().filter(|&&value| value == wanted).count();
    let (ones, zeros) = (count(1.0), count(0.0));
    match (ones, ones + zeros == values.len()) {
        (1, true) => Ok(values.iter().position(|&value| value == 1.0).unwrap_or(0) as u16),
        (2.., true) => Err(Problem::SeveralLabels { row, ones }),
        _ => Err(Problem::NotOneHot(row)),
    }
}

fn texts(array: &mut Array<'_>) -> Result<Labels, DataError> {
    let header = array.header.clone();
    let place = array.place().to_owned();
    let (mut texts, mut places) = (Places::default(), Vec::new());
    let mut codes = vec![0.0; header.element.bytes / 4];
    array.read(|_, bytes| {
        for written in bytes.chunks_exact(header.element.bytes.max(1)) {
            places.push(texts.place(written).map_err(|problem| problem.at(&place))?);
        }
        Ok(())
    })?;
    let texts = texts.values.iter().map(|written: &Vec<u8>| {
        let text = if header.element.kind == TypeChar::UnicodeStr {
            numbers::to_f64(&header, written, &mut codes);
            let letters = codes.iter().filter_map(|&code| char::from_u32(code as u32));
            letters.collect()
        } else {
            String::from_utf8_lossy(written).into_owned()
        };
        text.trim_end_matches('\0').to_owned()
    });
    Ok(Labels::Texts(texts.collect(), places))
}
