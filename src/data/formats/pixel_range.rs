//! Which numbers of a file are black and white: 0 and 1, 0 and 16, 0 and 255, or those that a person names.
//!
//! Each array is judged by itself, by what nearly all of its values say; then all arrays of a set must agree. Where the values leave it open,
//! the set is refused with the option that settles it: a wrong guess would train at chance without a word.

use rayon::prelude::*;

use crate::data::dataset::Dataset;
use crate::data::error::{DataError, Problem};
use crate::data::split::Pixels;
use crate::wording::{counted, thousands};

/// The values of black and of white.
type Range = (f32, f32);

const UNIT: Range = (0.0, 1.0);
/// Of the digits in scikit-learn (UCI, "Optical Recognition of Handwritten Digits").
const SIXTEEN: Range = (0.0, 16.0);
const BYTES: Range = (0.0, 255.0);

/// How far a value may exceed its range because of rounding, as a part of that range.
const SLACK: f32 = 1e-3;
/// From so many values in so many images on, a largest value says what the range is: fewer may all be dark.
const SURE: (usize, usize) = (1000, 10);
/// The share of values that are called a few.
const FEW: f64 = 0.01;
/// Values that are worked on at a time.
const PIECE: usize = 1 << 16;

/// The pixels of one array as its file has them.
pub(super) struct Raw {
    /// File and array, as named in errors.
    place: String,
    /// Whole numbers from 0 to 255, or finite numbers of any range.
    pixels: Pixels,
    /// Values in one image.
    image: usize,
    /// The smallest and the largest value.
    least: f32,
    most: f32,
    /// Whether they were true and false, which are 255 and 0 here.
    is_truth: bool,
}

impl Raw {
    /// Finite numbers, whose smallest and largest are in `extremes`.
    pub fn new(place: String, pixels: Pixels, image: usize, extremes: (f32, f32)) -> Self {
        let (least, most) = extremes;
        Self {
            place,
            pixels,
            image,
            least,
            most,
            is_truth: false,
        }
    }

    /// 255 for true and 0 for false.
    pub fn truth(place: String, pixels: Vec<u8>, image: usize) -> Self {
        Self {
            is_truth: true,
            ..Self::new(place, Pixels::U8(pixels), image, BYTES)
        }
    }

    /// The ranges that the values allow, the likeliest first.
    fn fitting(&self) -> Result<Vec<Range>, Problem> {
        let values = match &self.pixels {
            _ if self.is_truth => return Ok(vec![UNIT, SIXTEEN, BYTES]),
            Pixels::U8(values) => return self.whole(values.len()),
            Pixels::F32(values) => values,
        };
        let is_whole = values
            .par_chunks(PIECE)
            .all(|values| values.iter().all(|value| value.fract() == 0.0));
        let is_in = |(black, white): Range| self.least >= black && self.most <= white;
        match is_whole {
            true if is_in(BYTES) => return self.whole(values.len()),
            false if is_in(UNIT) => return Ok(vec![UNIT]),
            _ => {}
        }
        let shares = Shares::of(values);
        let is_byte = match is_whole {
            true => self.nearly(BYTES, &shares, false),
            false => {
                let is_large = shares.above_one * 10 > shares.not_zero;
                self.most > SIXTEEN.1 && is_large && self.nearly(BYTES, &shares, true)
            }
        };
        if is_byte {
            return Ok(vec![BYTES]);
        }
        if !is_whole && self.nearly(UNIT, &shares, true) {
            return Ok(vec![UNIT]);
        }
        Err(self.unclear(values, &shares))
    }

    fn is_sure(&self, count: usize) -> bool {
        count >= SURE.0 && count >= SURE.1 * self.image
    }

    /// As [`fitting`](Self::fitting), of `count` whole numbers from 0 to 255.
    fn whole(&self, count: usize) -> Result<Vec<Range>, Problem> {
        let is_sure = self.is_sure(count);
        Ok(match self.most as u8 {
            0 => vec![BYTES, UNIT, SIXTEEN],
            1 if is_sure => vec![UNIT],
            1 => vec![UNIT, SIXTEEN, BYTES],
            9..=16 if is_sure => vec![SIXTEEN],
            2..=8 if is_sure => {
                return Err(Problem::PixelRange {
                    found: self.span(),
                    like: "and none of 1, 16 and 255 is surely white",
                    example: format!("0..{}", self.most),
                });
            }
            2..=16 => vec![BYTES, SIXTEEN],
            _ => vec![BYTES],
        })
    }

    /// Whether values beyond the range are overshoots, as interpolation, noise and changes of level leave them: small ones, or
    /// `may_be_many` of them where they are smaller still.
    fn nearly(&self, (_, white): Range, shares: &Shares, may_be_many: bool) -> bool {
        let above = if white == UNIT.1 {
            shares.above_one
        } else {
            shares.above_bytes
        };
        let is_near = self.least >= -white && self.most <= 2.0 * white;
        let is_nearer = self.least >= -white / 4.0 && above * 2 <= shares.not_zero;
        is_near && (shares.is_few(shares.below + above) || may_be_many && is_nearer)
    }

    fn unclear(&self, values: &[f32], shares: &Shares) -> Problem {
        let (least, most) = (self.least, self.most);
        let negative = shares.below as f64 / values.len() as f64;
        if self.is_sure(values.len()) && negative > FEW && least.abs().max(most) <= 32.0 {
            let like = match (least + most).abs() <= SLACK * most {
                true => "as after a shift that centres them on 0",
                false => "as after normalising by mean and standard deviation",
            };
            return Problem::PixelRange {
                found: self.span(),
                like,
                example: format!("{least}..{most}"),
            };
        }
        if least >= 0.0 && most <= SIXTEEN.1 {
            return Problem::PixelRange {
                found: self.span(),
                like: "and none of 1, 16 and 255 is surely white",
                example: "0..16".to_owned(),
            };
        }
        let white = if most > 1.0 + SLACK { BYTES.1 } else { UNIT.1 };
        let found = if least < -SLACK * white { least } else { most };
        let at = values.iter().position(|&value| value == found);
        Problem::PixelBeyond {
            found: short(found),
            image: at.unwrap_or(0) / self.image.max(1),
            example: format!("{}..{most}", least.min(0.0)),
        }
    }

    /// `0 to 14`
    fn span(&self) -> String {
        format!("{} to {}", short(self.least), short(self.most))
    }

    /// The pixels with black at 0 and white at 1, or at 255 for bytes, and how many were beyond that.
    fn scaled(self, range: Range) -> (Pixels, usize) {
        let (black, white) = range;
        let level = move |value: f32| (value - black) / (white - black);
        let is_beyond = move |value: f32| !(-SLACK..=1.0 + SLACK).contains(&level(value));
        match self.pixels {
            pixels @ Pixels::U8(_) if self.is_truth || range == BYTES => (pixels, 0),
            Pixels::U8(mut values) if range == UNIT && self.most <= 1.0 => {
                values.iter_mut().for_each(|value| *value *= 255);
                (Pixels::U8(values), 0)
            }
            Pixels::U8(values) => {
                let levels: [f32; 256] =
                    std::array::from_fn(|value| level(value as f32).clamp(0.0, 1.0));
                let beyond = values.iter().filter(|&&value| is_beyond(value.into()));
                let beyond = beyond.count();
                let values = values.iter().map(|&value| levels[usize::from(value)]);
                (Pixels::F32(values.collect()), beyond)
            }
            Pixels::F32(values) if range == UNIT && self.least >= 0.0 && self.most <= 1.0 => {
                (Pixels::F32(values), 0)
            }
            Pixels::F32(mut values) => {
                let pieces = values.par_chunks_mut(PIECE).map(|values| {
                    let beyond = values.iter().filter(|&&value| is_beyond(value)).count();
                    for value in values {
                        *value = level(*value).clamp(0.0, 1.0);
                    }
                    beyond
                });
                let beyond = pieces.sum();
                (Pixels::F32(values), beyond)
            }
        }
    }
}

/// Refuses a set whose bytes, written as numbers, would be read with another white than 255.
pub(super) fn check_levels(dataset: &Dataset) -> Result<(), DataError> {
    for (_, split) in dataset.splits() {
        if let Pixels::U8(values) = split.pixels()
            && !is_read_as_bytes(values, split.shape().len())
        {
            let most = values.iter().copied().max().unwrap_or(0);
            return Err(Problem::DarkPixels(most).at(&dataset.name));
        }
    }
    Ok(())
}

/// Whether these whole numbers are read with white at 255, in images of this length, whatever other arrays hold.
fn is_read_as_bytes(values: &[u8], image: usize) -> bool {
    let most = values.iter().copied().max().unwrap_or(0);
    let raw = Raw::new(
        String::new(),
        Pixels::U8(Vec::new()),
        image,
        (0.0, most.into()),
    );
    raw.whole(values.len())
        .is_ok_and(|ranges| ranges[0] == BYTES)
}

/// How many values there are of each kind.
#[derive(Default)]
struct Shares {
    not_zero: usize,
    below: usize,
    above_one: usize,
    above_bytes: usize,
}

impl Shares {
    fn of(values: &[f32]) -> Self {
        let pieces = values.par_chunks(PIECE).map(|values| {
            let count = |is: fn(f32) -> bool| values.iter().filter(|&&value| is(value)).count();
            Self {
                not_zero: count(|value| value != 0.0),
                below: count(|value| value < -SLACK),
                above_one: count(|value| value > 1.0 + SLACK),
                above_bytes: count(|value| value > BYTES.1 * (1.0 + SLACK)),
            }
        });
        pieces.reduce(Self::default, |a, b| Self {
            not_zero: a.not_zero + b.not_zero,
            below: a.below + b.below,
            above_one: a.above_one + b.above_one,
            above_bytes: a.above_bytes + b.above_bytes,
        })
    }

    /// Among the values that are not 0: empty surroundings say nothing.
    fn is_few(&self, count: usize) -> bool {
        count as f64 <= self.not_zero as f64 * FEW
    }
}

/// The pixels of all arrays of a set with black at 0 and white at 1, or at 255 for bytes, and a note of the range that was found;
/// `named` are the values of black and white where a person names them.
///
/// # Errors
/// Where an array leaves its range open, or two of them differ.
pub(super) fn scaled(
    arrays: Vec<Raw>,
    named: Option<(f64, f64)>,
) -> Result<(Vec<Pixels>, String), DataError> {
    let range = match named {
        Some((black, white)) if (black as f32) < white as f32 && (white - black).is_finite() => {
            (black as f32, white as f32)
        }
        Some((black, white)) => {
            return Err(DataError::Setting {
                name: "pixels",
                expected: "the values of black and of white, such as 0..255".to_owned(),
                found: format!("{black}..{white}"),
            });
        }
        None => agreed(&arrays)?,
    };
    let least = arrays.iter().map(|raw| raw.least).fold(f32::MAX, f32::min);
    let most = arrays.iter().map(|raw| raw.most).fold(f32::MIN, f32::max);
    let is_truth = arrays.iter().all(|raw| raw.is_truth);
    let (scaled, beyond): (Vec<_>, Vec<_>) =
        arrays.into_iter().map(|raw| raw.scaled(range)).unzip();
    let is_bytes = scaled.iter().all(|pixels| matches!(pixels, Pixels::U8(_)));
    let mut note = match range {
        _ if is_truth => "pixels false and true, black and white".to_owned(),
        UNIT if is_bytes && named.is_none() => "pixels 0 and 1, black and white".to_owned(),
        (black, white) => {
            let is_usual = range == UNIT || range == BYTES;
            let and = if is_usual { "" } else { ", scaled to 0 to 1" };
            format!("pixels {} to {}{and}", short(black), short(white))
        }
    };
    let beyond: usize = beyond.into_iter().sum();
    if beyond > 0 {
        let span = format!("{} to {}", short(least), short(most));
        note += &format!(
            "; {} beyond that clamped ({span})",
            counted(beyond, "value")
        );
    } else if !is_truth && (most - range.0) < (range.1 - range.0) / 4.0 {
        note += &format!(
            ", but none brighter than {}; if that is white, name it with --pixels",
            short(most)
        );
    }
    Ok((scaled, note))
}

/// The likeliest range that fits all arrays.
fn agreed(arrays: &[Raw]) -> Result<Range, DataError> {
    let fitting = arrays
        .iter()
        .map(|raw| raw.fitting().map_err(|problem| problem.at(&raw.place)));
    let fitting: Vec<Vec<Range>> = fitting.collect::<Result<_, _>>()?;
    let is_common = |range: &&Range| fitting.iter().all(|other| other.contains(range));
    if let Some(range) = fitting.iter().flatten().find(is_common) {
        return Ok(*range);
    }
    // One that is sure and one that does not fit it.
    let first = fitting.iter().position(|ranges| ranges.len() == 1);
    let first = first.unwrap_or(0);
    let other = fitting
        .iter()
        .position(|ranges| !ranges.contains(&fitting[first][0]));
    let (first, other) = (&arrays[first], &arrays[other.unwrap_or(0)]);
    Err(DataError::PixelRangesDiffer {
        first: first.place.clone(),
        first_range: first.span(),
        other: other.place.clone(),
        other_range: other.span(),
    })
}

/// At most four decimals where that is enough: `1.2808`, `255`.
fn short(value: f32) -> String {
    match value.abs() {
        1e9.. => format!("{value:e}"),
        size if size.fract() == 0.0 && value < 0.0 => format!("-{}", thousands(size as u64)),
        size if size.fract() == 0.0 => thousands(size as u64),
        size if size < 1e-3 => value.to_string(),
        _ => {
            let text = format!("{value:.4}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
    }
}
