//! Pictures that differ from a network's images: inverted ink and paper, or a figure at another size or place.

use super::centre::{boxed, centre_of_mass, centred_in, ends};
use crate::analysis::resample::resample;
use crate::data::Split;
use crate::shape::Shape;

/// Images from which a set's habit is derived.
const SAMPLE: usize = 100;
/// Share of them that must agree.
const MOST_OF_THEM: f64 = 0.8;
/// Least difference of ink and paper, in levels.
const LEAST_CONTRAST: f32 = 48.0;
/// Share of the edge that must be paper: the rest may be ink that reaches it.
const EDGE_SHARE: f64 = 0.9;
/// Pixels, of 28, by which a figure's longer side and its centre may differ from MNIST's.
const OTHER_SIZE: f32 = 2.5;
const OTHER_PLACE: f64 = 2.0;

/// How an image, or most images of a set, look on their paper; each field is `None` where an image's edge is not paper, as in a
/// photograph, or where a set has both kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Habit {
    /// Whether the ink is darker than the paper.
    pub has_dark_ink: Option<bool>,
    /// Whether the figure has the size and the place of MNIST's digits; see [`centred`](super::centred).
    pub is_centred: Option<bool>,
}

/// The changes that make an image like those of a network's set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Adjustment {
    /// Invert bright and dark.
    pub invert: bool,
    /// Scale and move the figure.
    pub centre: bool,
}

impl Habit {
    /// The habit of an image `[height, width, channels]`, 0 to 255.
    ///
    /// # Panics
    /// If `pixels` is not an image of `shape`.
    pub fn of_image(pixels: &[u8], shape: Shape) -> Self {
        let Some(paper) = Paper::of(pixels, shape) else {
            return Self::default();
        };
        Self {
            has_dark_ink: Some(paper.is_bright),
            is_centred: is_centred(&paper.ink(pixels), shape),
        }
    }

    /// The habit of most images of a set.
    pub fn of_set(split: &Split) -> Self {
        let count = split.len().min(SAMPLE);
        let habits: Vec<Self> = (0..count)
            .map(|number| split.image_u8(number * split.len() / count))
            .map(|image| Self::of_image(&image, split.shape()))
            .collect();
        let common = |of: fn(&Self) -> Option<bool>| {
            let known: Vec<bool> = habits.iter().filter_map(of).collect();
            let yes = known.iter().filter(|is| **is).count() as f64 / known.len().max(1) as f64;
            let is_known = 2 * known.len() >= count.max(1);
            match yes {
                yes if is_known && yes >= MOST_OF_THEM => Some(true),
                yes if is_known && yes <= 1.0 - MOST_OF_THEM => Some(false),
                _ => None,
            }
        };
        Self {
            has_dark_ink: common(|habit| habit.has_dark_ink),
            is_centred: common(|habit| habit.is_centred),
        }
    }

    /// The adjustment of an image of this habit to `known`.
    pub fn adjustment_to(self, known: Self) -> Adjustment {
        let differs = |own: Option<bool>, known: Option<bool>| {
            own.zip(known).is_some_and(|(own, known)| own != known)
        };
        Adjustment {
            invert: differs(self.has_dark_ink, known.has_dark_ink),
            centre: known.is_centred == Some(true) && self.is_centred == Some(false),
        }
    }

    /// `dark on bright`
    pub fn ink_in_words(self) -> &'static str {
        match self.has_dark_ink {
            Some(true) => "dark on bright",
            Some(false) => "bright on dark",
            None => "without a plain background",
        }
    }
}

impl Adjustment {
    /// Whether there is nothing to do.
    pub fn is_none(self) -> bool {
        self == Self::default()
    }

    /// An image `[height, width, channels]`, 0 to 255, of any size, adjusted and scaled to `to`: with plain paper and full ink.
    ///
    /// # Panics
    /// If `pixels` is not an image of `from`, or `to` has other channels.
    pub fn applied(self, pixels: &[u8], from: Shape, to: Shape) -> Vec<u8> {
        assert_eq!(from.channels, to.channels, "the channels stay");
        let paper = Paper::of(pixels, from);
        let ink = paper.as_ref().map(|paper| paper.ink(pixels));
        let ink = ink.as_deref().filter(|_| !self.is_none());
        let figure = ink.filter(|_| self.centre);
        let figure = figure.and_then(|ink| centred_in(ink, from, to));
        let on_dark = figure.unwrap_or_else(|| {
            let values: Vec<f32> = ink
                .unwrap_or(pixels)
                .iter()
                .map(|value| f32::from(*value))
                .collect();
            let values = resample(&values, from, to.height, to.width);
            values
                .into_iter()
                .map(|value| value.round() as u8)
                .collect()
        });
        let was_bright = paper.is_some_and(|paper| paper.is_bright);
        match ink.is_some() && was_bright != self.invert {
            true => on_dark.into_iter().map(|value| 255 - value).collect(),
            false => on_dark,
        }
    }
}

/// The background of a figure.
struct Paper {
    /// Whether it is brighter than the ink.
    is_bright: bool,
    /// Its level in each channel.
    levels: Vec<f32>,
    /// Distance from that of [`EDGE_SHARE`] of the edge.
    noise: f32,
    /// Distance of the ink from it.
    contrast: f32,
}

impl Paper {
    /// The paper at an image's edge; `None` where it is not of one level, or nothing differs from it.
    fn of(pixels: &[u8], shape: Shape) -> Option<Self> {
        assert_eq!(pixels.len(), shape.len(), "an image of {shape}");
        let Shape {
            height,
            width,
            channels,
        } = shape;
        let is_edge = |pixel: usize| {
            let (row, column) = (pixel / width, pixel % width);
            row == 0 || column == 0 || row + 1 == height || column + 1 == width
        };
        let edge: Vec<&[u8]> = (pixels.chunks_exact(channels.max(1)).enumerate())
            .filter_map(|(pixel, values)| is_edge(pixel).then_some(values))
            .collect();
        let levels: Vec<f32> = (0..channels)
            .map(|channel| quantile(edge.iter().map(|values| f32::from(values[channel])), 0.5))
            .collect::<Option<_>>()?;
        let distance = |values: &[u8]| distance(values, &levels);
        let noise = quantile(edge.iter().map(|values| distance(values).abs()), EDGE_SHARE)?;
        let distances = pixels.chunks_exact(channels).map(distance);
        let (dark, bright) = distances.fold((0.0_f32, 0.0_f32), |(dark, bright), distance| {
            (dark.max(-distance), bright.max(distance))
        });
        let contrast = dark.max(bright);
        (contrast >= LEAST_CONTRAST && noise < contrast / 3.0).then_some(Self {
            is_bright: dark > bright,
            levels,
            noise,
            contrast,
        })
    }

    /// How much ink each value has, from 0 for paper to 255.
    fn ink(&self, pixels: &[u8]) -> Vec<u8> {
        let sign = if self.is_bright { -1.0 } else { 1.0 };
        let scale = 255.0 / (self.contrast - self.noise);
        let channels = self.levels.iter().cycle();
        let ink = pixels.iter().zip(channels).map(|(value, level)| {
            let amount = sign * (f32::from(*value) - level) - self.noise;
            (amount * scale).clamp(0.0, 255.0).round() as u8
        });
        ink.collect()
    }
}

/// The mean over the channels of how much brighter a pixel is than these levels.
fn distance(values: &[u8], levels: &[f32]) -> f32 {
    let pairs = values.iter().zip(levels);
    let sum: f32 = pairs.map(|(value, level)| f32::from(*value) - level).sum();
    sum / levels.len() as f32
}

/// The value at this quantile.
fn quantile(values: impl Iterator<Item = f32>, share: f64) -> Option<f32> {
    let mut values: Vec<f32> = values.collect();
    values.sort_by(f32::total_cmp);
    let last = values.len().checked_sub(1)?;
    values.get((last as f64 * share).round() as usize).copied()
}

/// Whether a figure on black is sized and placed like MNIST's, whatever the size of the image; `None` where there is no figure.
fn is_centred(ink: &[u8], shape: Shape) -> Option<bool> {
    let Shape {
        height,
        width,
        channels,
    } = shape;
    // Faint traces do not enlarge the figure.
    let mass = |row: usize, column: usize| -> f32 {
        let pixel = &ink[(row * width + column) * channels..][..channels];
        let mean = pixel.iter().map(|value| f32::from(*value)).sum::<f32>() / channels as f32;
        if mean < 32.0 { 0.0 } else { mean }
    };
    let rows: Vec<f32> = (0..height)
        .map(|row| (0..width).map(|column| mass(row, column)).sum())
        .collect();
    let columns: Vec<f32> = (0..width)
        .map(|column| (0..height).map(|row| mass(row, column)).sum())
        .collect();
    let axis = |masses: &[f32]| {
        let length = masses.len() as f32;
        let (first, end) = ends((0..masses.len()).filter(|at| masses[*at] > 0.0))?;
        // In pixels of 28.
        let centre = (centre_of_mass(masses.iter().copied()) + 0.5) / f64::from(length) * 28.0;
        Some(((end - first) as f32 / length * 28.0, (centre - 14.5).abs()))
    };
    let (tall, down) = axis(&rows)?;
    let (wide, across) = axis(&columns)?;
    let has_size = (tall.max(wide) - boxed(28)).abs() <= OTHER_SIZE;
    Some(has_size && down.max(across) <= OTHER_PLACE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data;

    fn digits() -> crate::data::Dataset {
        data::load(Some("mnist-starter")).unwrap()
    }

    fn inverted(pixels: &[u8]) -> Vec<u8> {
        pixels.iter().map(|value| 255 - value).collect()
    }

    /// The image in a corner of a larger sheet.
    fn in_corner(pixels: &[u8], shape: Shape, paper: u8) -> (Vec<u8>, Shape) {
        let sheet = Shape::new(2 * shape.height, 3 * shape.width, 1);
        let mut out = vec![paper; sheet.len()];
        for (row, line) in pixels.chunks_exact(shape.width).enumerate() {
            out[(row + 1) * sheet.width + 2..][..shape.width].copy_from_slice(line);
        }
        (out, sheet)
    }

    #[test]
    fn sets_have_the_habits_that_they_are_known_for() {
        let mnist = Habit::of_set(digits().test());
        let centred = Habit {
            has_dark_ink: Some(false),
            is_centred: Some(true),
        };
        assert_eq!(mnist, centred);
        let fashion = data::load(Some("fashion-mnist-starter")).unwrap();
        let fashion = Habit::of_set(fashion.test());
        assert_eq!(fashion.has_dark_ink, Some(false), "{fashion:?}");
        assert_ne!(fashion.is_centred, Some(true), "clothes fill their images");
    }

    #[test]
    fn digits_on_bright_paper_come_back_as_they_were() {
        let dataset = digits();
        let split = dataset.test();
        let shape = split.shape();
        let known = Habit::of_set(split);
        let mut unchanged = 0;
        for index in 0..200 {
            let image = split.image_u8(index);
            let own = Habit::of_image(&image, shape);
            unchanged += usize::from(own.adjustment_to(known).is_none());
            let dark = inverted(&image);
            let needed = Habit::of_image(&dark, shape).adjustment_to(known);
            assert!(needed.invert, "{index}");
            let only = Adjustment {
                invert: true,
                ..Adjustment::default()
            };
            let back = only.applied(&dark, shape, shape);
            let most = back.iter().zip(&image).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(most <= Some(2), "{index}: {most:?}");
            // Off the middle of a larger sheet of grey paper.
            let (sheet, large) = in_corner(
                &image
                    .iter()
                    .map(|value| 200 - value / 2)
                    .collect::<Vec<_>>(),
                shape,
                200,
            );
            let needed = Habit::of_image(&sheet, large).adjustment_to(known);
            assert_eq!(
                needed,
                Adjustment {
                    invert: true,
                    centre: true
                },
                "{index}"
            );
            let back = needed.applied(&sheet, large, shape);
            let mean = back
                .iter()
                .zip(&image)
                .map(|(a, b)| f64::from(a.abs_diff(*b)))
                .sum::<f64>()
                / 784.0;
            assert!(mean < 6.0, "{index}: {mean}");
        }
        assert!(
            unchanged >= 190,
            "of MNIST's own images {unchanged} are left alone"
        );
    }

    #[test]
    fn what_has_no_paper_is_left_alone() {
        let shape = Shape::new(6, 6, 1);
        let noise: Vec<u8> = (0..36).map(|value| (value * 97 % 256) as u8).collect();
        let blank = vec![255; 36];
        for image in [noise, blank] {
            let habit = Habit::of_image(&image, shape);
            assert_eq!(habit, Habit::default());
            let known = Habit {
                has_dark_ink: Some(true),
                is_centred: Some(true),
            };
            assert!(habit.adjustment_to(known).is_none());
            assert_eq!(Adjustment::default().applied(&image, shape, shape), image);
        }
    }

    #[test]
    fn colours_and_sets_on_bright_paper_are_adjusted_too() {
        let shape = Shape::new(28, 28, 3);
        let mut image = vec![10; shape.len()];
        for row in 2..8 {
            image[(row * 28 + 3) * 3] = 250;
        }
        let known = Habit {
            has_dark_ink: Some(true),
            is_centred: Some(true),
        };
        let needed = Habit::of_image(&image, shape).adjustment_to(known);
        assert_eq!(
            needed,
            Adjustment {
                invert: true,
                centre: true
            }
        );
        let adjusted = needed.applied(&image, shape, shape);
        assert_eq!(Habit::of_image(&adjusted, shape), known);
    }
}
