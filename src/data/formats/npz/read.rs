//! The values of one array as images, labels or names.

use std::path::Path;

use npyz::TypeChar;

use super::array::{self, Archive, Array, Reading};
use super::header::{Header, shape_text};
use crate::data::dataset::{CLASSES, check_shape};
use crate::data::error::{DataError, Problem};
use crate::data::split::{Pixels, Split};
use crate::shape::Shape;

/// The images of one array, whose floats may still range to 255.
pub(super) struct Images {
    place: String,
    shape: Shape,
    pub count: usize,
    pixels: Pixels,
    /// The smallest and the largest float.
    range: (f32, f32),
}

/// How far a float may exceed its range, because of rounding.
const SLACK: f32 = 1e-3;

impl Images {
    /// Whether its floats exceed 1.
    pub(super) fn beyond_one(&self) -> bool {
        self.range.1 > 1.0 + SLACK
    }

    /// The split with its pixels in [0, 1], or as bytes; floats are divided by 255 where `scale`.
    pub(super) fn split(self, scale: bool, labels: Vec<u16>) -> Result<Split, DataError> {
        let most = if scale { 255.0 } else { 1.0 };
        let (least, largest) = self.range;
        let pixels = match self.pixels {
            Pixels::F32(values) if least < -SLACK * most || largest > most * (1.0 + SLACK) => {
                let is_below = least < -SLACK * most;
                let wrong = if is_below { least } else { largest };
                let place = values.iter().position(|&value| value == wrong);
                let problem = Problem::PixelValue {
                    image: place.unwrap_or(0) / self.shape.len(),
                    found: wrong.to_string(),
                };
                return Err(problem.at(self.place));
            }
            Pixels::F32(mut values) => {
                if scale {
                    values.iter_mut().for_each(|value| *value /= 255.0);
                }
                if least < 0.0 || largest > most {
                    values
                        .iter_mut()
                        .for_each(|value| *value = value.clamp(0.0, 1.0));
                }
                Pixels::F32(values)
            }
            bytes => bytes,
        };
        Ok(Split::new(self.shape, pixels, labels))
    }
}

/// The array `name` as images.
pub(super) fn images(
    archive: &mut Archive,
    path: &Path,
    name: &str,
    reading: &Reading<'_>,
) -> Result<Images, DataError> {
    let mut array = Array::open(archive, path, name, reading)?;
    let header = array.header.clone();
    let place = array.place().to_owned();
    let lengths = header.lengths();
    let (count, shape) = match lengths[..] {
        [count, height, width] => (count, Shape::new(height, width, 1)),
        [count, height, width, channels] => (count, Shape::new(height, width, channels)),
        _ => {
            let problem = Problem::ArrayShape {
                expected: "images (n, height, width) or (n, height, width, channels)",
                found: shape_text(&header.shape),
            };
            return Err(problem.at(place));
        }
    };
    if count == 0 {
        return Err(Problem::EmptySplit.at(place));
    }
    check_shape(shape).map_err(|problem| problem.at(&place))?;
    let wrong = |at: usize, found: String| {
        let image = match header.fortran {
            true => at % count,
            false => at / shape.len(),
        };
        Problem::PixelValue { image, found }.at(&place)
    };
    let mut range = (0.0_f32, 0.0_f32);
    let pixels = match (header.element.kind, header.element.bytes) {
        (TypeChar::UnicodeStr, _) => {
            let problem = Problem::ElementType {
                expected: "pixels as numbers",
                found: "text".into(),
            };
            return Err(problem.at(place));
        }
        (TypeChar::Float, _) => {
            let mut values = vec![0.0_f32; array.len()];
            let ranges = array.read_into(&mut values, |at, bytes, values| {
                array::to_f32(&header, bytes, values);
                extremes(values).ok_or_else(|| {
                    let bad = values.iter().position(|value| !value.is_finite());
                    let bad = bad.unwrap_or(0);
                    wrong(at + bad, values[bad].to_string())
                })
            })?;
            for (least, most) in ranges {
                range = (range.0.min(least), range.1.max(most));
            }
            Pixels::F32(in_order(&header, &lengths, values))
        }
        (TypeChar::Uint, 1) => {
            let mut values = vec![0; array.len()];
            array.read_into(&mut values, |_, bytes, values| {
                values.copy_from_slice(bytes);
                Ok(())
            })?;
            Pixels::U8(in_order(&header, &lengths, values))
        }
        (kind, bytes) => {
            let mut values = vec![0; array.len()];
            let mut numbers = Vec::new();
            let full = if kind == TypeChar::Bool { 255.0 } else { 1.0 };
            array.read(|at, chunk| {
                numbers.resize(chunk.len() / bytes, 0.0);
                array::to_f64(&header, chunk, &mut numbers);
                for (place, number) in numbers.iter().enumerate() {
                    let level = number * full;
                    if !(0.0..=255.0).contains(&level) {
                        return Err(wrong(at + place, number.to_string()));
                    }
                    values[at + place] = level as u8;
                }
                Ok(())
            })?;
            Pixels::U8(in_order(&header, &lengths, values))
        }
    };
    Ok(Images {
        place,
        shape,
        count,
        pixels,
        range,
    })
}

/// The smallest and the largest of `values`; `None` where one is infinite or not a number.
fn extremes(values: &[f32]) -> Option<(f32, f32)> {
    // Sixteen lanes, so that the compiler may use whole vector registers.
    let (mut least, mut most) = ([0.0_f32; 16], [0.0_f32; 16]);
    let mut finite = [true; 16];
    let mut take = |lane: usize, value: f32| {
        least[lane] = if value < least[lane] {
            value
        } else {
            least[lane]
        };
        most[lane] = if value > most[lane] {
            value
        } else {
            most[lane]
        };
        finite[lane] &= value.abs() < f32::INFINITY;
    };
    let (chunks, rest) = values.as_chunks::<16>();
    for chunk in chunks.iter().map(<[f32; 16]>::as_slice).chain([rest]) {
        for (lane, &value) in chunk.iter().enumerate() {
            take(lane, value);
        }
    }
    let least = least.into_iter().fold(0.0, f32::min);
    let most = most.into_iter().fold(0.0, f32::max);
    finite.iter().all(|&finite| finite).then_some((least, most))
}

fn in_order<T: Copy + Default>(header: &Header, lengths: &[usize], values: Vec<T>) -> Vec<T> {
    match header.fortran {
        true => array::from_fortran(lengths, &values),
        false => values,
    }
}

pub(super) struct Labels {
    pub values: Vec<u16>,
    /// Number of classes, from one-hot rows.
    pub columns: Option<usize>,
}

/// The array `name` as labels.
pub(super) fn labels(
    archive: &mut Archive,
    path: &Path,
    name: &str,
    reading: &Reading<'_>,
) -> Result<Labels, DataError> {
    let mut array = Array::open(archive, path, name, reading)?;
    let header = array.header.clone();
    let place = array.place().to_owned();
    let wrong = |problem: Problem| problem.at(&place);
    let lengths = header.lengths();
    let columns = match lengths[..] {
        [_] | [_, 1] => None,
        [_, columns] => Some(columns),
        _ => {
            return Err(wrong(Problem::ArrayShape {
                expected: "labels (n,) or one-hot rows (n, classes)",
                found: shape_text(&header.shape),
            }));
        }
    };
    if lengths[0] == 0 {
        return Err(wrong(Problem::EmptySplit));
    }
    if let Some(columns) = columns.filter(|columns| !CLASSES.contains(columns)) {
        return Err(wrong(Problem::ClassCount(columns)));
    }
    if header.element.kind == TypeChar::UnicodeStr {
        return Err(wrong(Problem::ElementType {
            expected: "labels as numbers",
            found: "text".into(),
        }));
    }
    let mut values = vec![0.0; array.len()];
    array.read(|at, bytes| {
        let values = &mut values[at..at + bytes.len() / header.element.bytes];
        array::to_f64(&header, bytes, values);
        Ok(())
    })?;
    let values = in_order(&header, &lengths, values);
    let values: Result<Vec<u16>, Problem> = match columns {
        None => {
            let numbers = values.iter().enumerate();
            let label = |(index, &found): (usize, &f64)| {
                let is_label = found.fract() == 0.0 && (0.0..1000.0).contains(&found);
                is_label
                    .then_some(found as u16)
                    .ok_or(Problem::LabelValue { index, found })
            };
            numbers.map(label).collect()
        }
        Some(columns) => {
            let rows = values.chunks_exact(columns).enumerate();
            let label = |(row, values): (usize, &[f64])| {
                let one = values.iter().position(|&value| value == 1.0);
                let others = values.iter().filter(|&&value| value == 0.0).count();
                one.filter(|_| others == columns - 1)
                    .map(|class| class as u16)
                    .ok_or(Problem::NotOneHot(row))
            };
            rows.map(label).collect()
        }
    };
    let values = values.map_err(wrong)?;
    Ok(Labels { values, columns })
}

/// The strings of the array `name`.
pub(super) fn text(
    archive: &mut Archive,
    path: &Path,
    name: &str,
    reading: &Reading<'_>,
) -> Result<Vec<String>, DataError> {
    let mut array = Array::open(archive, path, name, reading)?;
    let header = array.header.clone();
    let text_bytes = header.element.bytes;
    if header.element.kind != TypeChar::UnicodeStr {
        let problem = Problem::ElementType {
            expected: "text (dtype U)",
            found: "numbers".into(),
        };
        return Err(problem.at(array.place()));
    }
    let mut texts = Vec::new();
    let mut codes = vec![0.0_f64; text_bytes / 4];
    array.read(|_, bytes| {
        for text in bytes.chunks_exact(text_bytes.max(1)) {
            array::to_f64(&header, text, &mut codes);
            let text = codes.iter().filter_map(|&code| char::from_u32(code as u32));
            texts.push(text.collect::<String>().trim_end_matches('\0').to_owned());
        }
        Ok(())
    })?;
    Ok(texts)
}
