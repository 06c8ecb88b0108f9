//! The values of one array as images.

use npyz::TypeChar;
use rayon::prelude::*;

use super::super::parts::square;
use super::super::pixel_range::Raw;
use super::array::{Array, Reading};
use super::header::{Header, shape_text};
use super::numbers;
use super::place::ArrayAt;
use crate::data::dataset::{SIDES, check_shape};
use crate::data::error::{DataError, Problem};
use crate::data::split::Pixels;
use crate::shape::Shape;
use crate::wording::counted;

/// The images of one array.
pub(in crate::data::formats) struct Images {
    pub shape: Shape,
    pub count: usize,
    pub order: Order,
    pub raw: Raw,
}

/// How an array orders the values of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data::formats) enum Order {
    /// `(n, height, width)` or `(n, height, width, channels)`
    Usual,
    /// `(n, channels, height, width)`
    ChannelsFirst,
    /// `(n, height × width)`, both the same
    Rows,
}

impl Order {
    /// The number and the shape of the images in an array of these lengths; channels are last where both ways are possible.
    fn of(lengths: &[usize]) -> Option<(usize, Shape, Self)> {
        let is_channels = |length| [1, 3].contains(&length);
        Some(match *lengths {
            [count, height, width] => (count, Shape::new(height, width, 1), Self::Usual),
            [count, channels, height, width] if is_channels(channels) && !is_channels(width) => {
                let shape = Shape::new(height, width, channels);
                (count, shape, Self::ChannelsFirst)
            }
            [count, height, width, channels] => {
                (count, Shape::new(height, width, channels), Self::Usual)
            }
            [count, length] => {
                let side = square(length)?;
                (count, Shape::new(side, side, 1), Self::Rows)
            }
            _ => return None,
        })
    }

    /// A note for the user, where there is something to say.
    pub fn note(self, shape: Shape) -> Option<String> {
        let Shape { height, width, .. } = shape;
        match self {
            Self::Usual => None,
            Self::ChannelsFirst => {
                Some("channels first (n, channels, height, width), turned".into())
            }
            Self::Rows => Some(format!(
                "rows of {} values, taken as {height}×{width}",
                height * width
            )),
        }
    }
}

/// Whether an array of these lengths, which cannot be images one after the other, can be images with their number last.
fn is_number_last(lengths: &[usize]) -> bool {
    let is_side = |side: usize| side > 1 && SIDES.contains(&side);
    match *lengths {
        [height, width, count] => is_side(height) && is_side(width) && !SIDES.contains(&count),
        [height, width, channels, count] => {
            let may_be_channels = |length| [1, 3].contains(&length);
            let is_first = may_be_channels(width);
            is_side(height)
                && is_side(width)
                && may_be_channels(channels)
                && !is_first
                && !may_be_channels(count)
        }
        _ => false,
    }
}

/// The problem of an array of these lengths whose images have their number last.
fn number_last(lengths: &[usize]) -> Problem {
    let (count, size) = lengths.split_last().unwrap_or((&0, &[]));
    let text = |lengths: &[usize], joint: &str| {
        let lengths: Vec<String> = lengths.iter().map(ToString::to_string).collect();
        lengths.join(joint)
    };
    Problem::ImagesLast {
        shape: format!("({})", text(lengths, ", ")),
        images: counted(*count, "image"),
        size: text(size, "×"),
    }
}

impl Images {
    /// Refuses images of which there are another number than of labels, where their array has as many of them in its last place.
    pub fn refuse_number_last(&self, labels: usize, place: &str) -> Result<(), DataError> {
        let Shape {
            height,
            width,
            channels,
        } = self.shape;
        let is_side = SIDES.contains(&self.count) && self.order == Order::Usual && channels == 1;
        match is_side && width == labels && self.count != labels {
            true => Err(number_last(&[self.count, height, width]).at(place)),
            false => Ok(()),
        }
    }
}

/// The array as images.
pub(super) fn images(at: &ArrayAt, reading: &Reading<'_>) -> Result<Images, DataError> {
    let bytes = at.open(reading, |array| read(array, true))?;
    let images = match bytes {
        Some(images) => Some(images),
        None => at.open(reading, |array| read(array, false))?,
    };
    Ok(images.expect("any number is a float"))
}

/// The images in `array`; `None` where its whole numbers do not fit `in_bytes`.
fn read(mut array: Array<'_>, in_bytes: bool) -> Result<Option<Images>, DataError> {
    let header = array.header.clone();
    let place = array.place().to_owned();
    let lengths = header.lengths();
    let Some((count, shape, order)) = Order::of(&lengths) else {
        let problem = Problem::ArrayShape {
            expected: "images (n, height, width) or (n, height, width, channels)",
            found: shape_text(&header.shape),
        };
        return Err(problem.at(place));
    };
    if count == 0 {
        return Err(Problem::EmptySplit.at(place));
    }
    if is_number_last(&lengths) {
        return Err(number_last(&lengths).at(place));
    }
    check_shape(shape).map_err(|problem| problem.at(&place))?;
    if header.element.is_text() {
        let problem = Problem::ElementType {
            expected: "pixels as numbers",
            found: "text".into(),
        };
        return Err(problem.at(place));
    }
    let length = shape.len();
    let raw = if header.element.kind == TypeChar::Float || !in_bytes {
        let (values, extremes) = floats(&mut array, &place, count, length)?;
        let values = turned(order, shape, in_order(&header, &lengths, values));
        Raw::new(place, Pixels::F32(values), length, extremes)
    } else {
        let Some((values, most)) = bytes(&mut array)? else {
            return Ok(None);
        };
        let values = turned(order, shape, in_order(&header, &lengths, values));
        match header.element.kind {
            TypeChar::Bool => Raw::truth(place, values, length),
            _ => Raw::new(place, Pixels::U8(values), length, (0.0, most.into())),
        }
    };
    Ok(Some(Images {
        shape,
        count,
        order,
        raw,
    }))
}

/// The values of `count` images of `length` values each, as floats.
fn floats(
    array: &mut Array<'_>,
    place: &str,
    count: usize,
    length: usize,
) -> Result<(Vec<f32>, (f32, f32)), DataError> {
    let header = array.header.clone();
    let mut values = vec![0.0_f32; array.len()];
    let ranges = array.read_into(&mut values, |at, bytes, values| {
        numbers::to_f32(&header, bytes, values);
        extremes(values).ok_or_else(|| {
            let bad = values.iter().position(|value| !value.is_finite());
            let bad = bad.unwrap_or(0);
            let image = match header.fortran {
                true => (at + bad) % count,
                false => (at + bad) / length,
            };
            let found = values[bad].to_string();
            Problem::PixelValue { image, found }.at(place)
        })
    })?;
    let extremes = ranges.into_iter().fold((0.0_f32, 0.0_f32), |all, part| {
        (all.0.min(part.0), all.1.max(part.1))
    });
    Ok((values, extremes))
}

/// The values of whole numbers from 0 to 255, and the largest; true is 255. `None` where a number is another one.
fn bytes(array: &mut Array<'_>) -> Result<Option<(Vec<u8>, u8)>, DataError> {
    let header = array.header.clone();
    let mut values = vec![0; array.len()];
    let largest = array.read_into(&mut values, |_, bytes, values| {
        match (header.element.kind, header.element.bytes) {
            (TypeChar::Uint, 1) => values.copy_from_slice(bytes),
            (TypeChar::Bool, _) => {
                for (value, &byte) in values.iter_mut().zip(bytes) {
                    *value = if byte == 0 { 0 } else { 255 };
                }
            }
            _ => {
                let mut numbers = vec![0.0; values.len()];
                numbers::to_f64(&header, bytes, &mut numbers);
                if !numbers.iter().all(|number| (0.0..=255.0).contains(number)) {
                    return Ok(None);
                }
                for (value, number) in values.iter_mut().zip(numbers) {
                    *value = number as u8;
                }
            }
        }
        Ok(values.iter().copied().max())
    })?;
    let largest = largest
        .into_iter()
        .try_fold(0, |all, part| Some(part?.max(all)));
    Ok(largest.map(|largest| (values, largest)))
}

fn in_order<T: Copy + Default>(header: &Header, lengths: &[usize], values: Vec<T>) -> Vec<T> {
    match header.fortran {
        true => numbers::from_fortran(lengths, &values),
        false => values,
    }
}

/// The values of images of `shape` with their channels last.
fn turned<T: Copy + Send + Sync>(order: Order, shape: Shape, mut values: Vec<T>) -> Vec<T> {
    let (channels, area) = (shape.channels, shape.height * shape.width);
    if order == Order::ChannelsFirst && channels > 1 {
        values.par_chunks_exact_mut(shape.len()).for_each(|image| {
            let planes = image.to_vec();
            for (at, pixel) in image.chunks_exact_mut(channels).enumerate() {
                for (channel, value) in pixel.iter_mut().enumerate() {
                    *value = planes[channel * area + at];
                }
            }
        });
    }
    values
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
