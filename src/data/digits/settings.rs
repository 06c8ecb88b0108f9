//! What synthetic digits look like and how many there are.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::data::augmented_set::SEED;
use crate::data::error::DataError;
use crate::field::{Field, FieldKind, OFF_ON, Setting, Value, problem_of};

/// How far digits differ from their typeface, each by chance; sizes are shares of the image's smaller side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Style {
    /// The larger side of the smallest and of the largest digit.
    pub size_least: f32,
    pub size_most: f32,
    /// Largest distance of a digit's centre of ink from the middle, across and down.
    pub shift: f32,
    /// Largest rotation either way, in degrees.
    pub rotation: f32,
    /// Largest lean either way, in degrees.
    pub slant: f32,
    /// Largest change of the width either way, as a share.
    pub stretch: f32,
    /// Width of the thinnest and of the thickest strokes, as a share of the digit's larger side.
    pub stroke_least: f32,
    pub stroke_most: f32,
    /// How far slow waves move the outline, as a share of the digit's larger side.
    pub elastic: f32,
    /// Softness of the edges: 0 none, 1 a pixel as wide as its neighbours.
    pub blur: f32,
    /// The most that ink loses of its white, as a share.
    pub ink_loss: f32,
    /// Standard deviation of noise, where white is 1.
    pub noise: f32,
}

impl Default for Style {
    /// As MNIST's digits, by the look of them: 20 of 28 pixels, their centre of ink in the middle.
    fn default() -> Self {
        Self {
            size_least: 0.62,
            size_most: 0.8,
            shift: 0.05,
            rotation: 15.0,
            slant: 20.0,
            stretch: 0.2,
            stroke_least: 0.07,
            stroke_most: 0.17,
            elastic: 0.03,
            blur: 0.7,
            ink_loss: 0.1,
            noise: 0.0,
        }
    }
}

/// A set of synthetic digits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DigitSettings {
    pub train_images: usize,
    pub test_images: usize,
    pub height: usize,
    pub width: usize,
    pub style: Style,
    /// Draws training and test digits from the same typefaces, so that overfitting to them cannot be seen.
    pub same_typefaces: bool,
    /// The share of the typefaces that only test digits are drawn from.
    pub test_share: f64,
    /// Font files, or folders with such, used beside the bundled typefaces.
    pub fonts: Vec<PathBuf>,
    pub seed: u64,
}

impl Default for DigitSettings {
    fn default() -> Self {
        Self {
            train_images: 60_000,
            test_images: 10_000,
            height: 28,
            width: 28,
            style: Style::default(),
            same_typefaces: false,
            test_share: 0.25,
            fonts: Vec::new(),
            seed: 1,
        }
    }
}

/// The most images of one split: a gigabyte of 28×28 pixels.
const MOST_IMAGES: usize = 1_200_000;

/// A field of the settings themselves.
macro_rules! setting {
    ($name:ident, $help:literal, $kind:expr, $default:expr, $get:expr, $set:expr) => {
        Setting {
            field: Field {
                name: stringify!($name),
                help: $help,
                kind: $kind,
                default: $default,
                required: false,
            },
            get: $get,
            set: $set,
        }
    };
}

/// A whole number among the settings themselves.
macro_rules! whole {
    ($name:ident, $help:literal, $range:expr, $default:literal, $steps:expr) => {
        setting!(
            $name,
            $help,
            FieldKind::Whole {
                least: $range.0,
                most: $range.1,
                steps: $steps,
            },
            Value::Whole($default),
            |settings| Value::Whole(settings.$name),
            |settings, value| settings.$name = value.whole()
        )
    };
}

/// A number of the style.
macro_rules! style {
    ($name:ident, $help:literal, $least:literal..=$most:literal, $default:literal, $steps:expr) => {
        setting!(
            $name,
            $help,
            FieldKind::Span {
                least: $least,
                most: $most,
                steps: $steps,
            },
            Value::Number($default),
            |settings| settings.style.$name.into(),
            |settings, value| settings.style.$name = value.single()
        )
    };
}

const COUNTS: &[usize] = &[1_000, 10_000, 20_000, 60_000, 120_000, 240_000];

/// Every setting but the fonts.
pub static SETTINGS: [Setting<DigitSettings>; 19] = [
    whole!(
        train_images,
        "digits to train on",
        (1, MOST_IMAGES),
        60_000,
        COUNTS
    ),
    whole!(
        test_images,
        "digits to test on",
        (1, MOST_IMAGES),
        10_000,
        COUNTS
    ),
    whole!(
        height,
        "height of each image, in pixels",
        (8, 512),
        28,
        &[16, 20, 28, 32, 64]
    ),
    whole!(
        width,
        "width of each image, in pixels",
        (8, 512),
        28,
        &[16, 20, 28, 32, 64]
    ),
    style!(
        size_least,
        "larger side of the smallest digits, as a share of the image",
        0.2..=1.0,
        0.62,
        &[0.3, 0.4, 0.5, 0.62, 0.7, 0.8]
    ),
    style!(
        size_most,
        "larger side of the largest digits, as a share of the image",
        0.2..=1.0,
        0.8,
        &[0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    ),
    style!(
        shift,
        "largest distance of the centre of ink from the middle, as a share of the image",
        0.0..=0.4,
        0.05,
        &[0.0, 0.02, 0.05, 0.1, 0.2]
    ),
    style!(
        rotation,
        "largest rotation either way, in degrees",
        0.0..=180.0,
        15.0,
        &[0.0, 5.0, 10.0, 15.0, 20.0, 30.0]
    ),
    style!(
        slant,
        "largest lean either way, in degrees",
        0.0..=45.0,
        20.0,
        &[0.0, 10.0, 20.0, 30.0]
    ),
    style!(
        stretch,
        "largest change of the width either way, as a share",
        0.0..=0.6,
        0.2,
        &[0.0, 0.1, 0.2, 0.3]
    ),
    style!(
        stroke_least,
        "width of the thinnest strokes, as a share of the digit",
        0.01..=0.4,
        0.07,
        &[0.03, 0.05, 0.07, 0.1]
    ),
    style!(
        stroke_most,
        "width of the thickest strokes, as a share of the digit",
        0.01..=0.4,
        0.17,
        &[0.1, 0.13, 0.17, 0.2, 0.25]
    ),
    style!(
        elastic,
        "how far slow waves move the outline, as a share of the digit",
        0.0..=0.2,
        0.03,
        &[0.0, 0.01, 0.03, 0.05, 0.1]
    ),
    style!(
        blur,
        "softness of the edges: 0 none, 1 a pixel as wide as its neighbours",
        0.0..=1.0,
        0.7,
        &[0.0, 0.3, 0.5, 0.7, 1.0]
    ),
    style!(
        ink_loss,
        "the most that ink loses of its white, as a share",
        0.0..=0.9,
        0.1,
        &[0.0, 0.1, 0.2, 0.4]
    ),
    style!(
        noise,
        "standard deviation of noise on each pixel, where white is 1",
        0.0..=1.0,
        0.0,
        &[0.0, 0.02, 0.05, 0.1]
    ),
    setting!(
        test_share,
        "share of the typefaces that only test digits are drawn from",
        FieldKind::Span {
            least: 0.05,
            most: 0.95,
            steps: &[0.1, 0.25, 0.5],
        },
        Value::Number(0.25),
        |settings| Value::Number(settings.test_share),
        |settings, value| settings.test_share = value.number()
    ),
    setting!(
        same_typefaces,
        "draw training and test digits from the same typefaces, so that overfitting to them cannot be seen",
        OFF_ON,
        Value::Choice("off"),
        |settings| settings.same_typefaces.into(),
        |settings, value| settings.same_typefaces = value.is_on()
    ),
    Setting {
        field: SEED,
        get: |settings| Value::Whole(settings.seed as usize),
        set: |settings, value| settings.seed = value.whole() as u64,
    },
];

impl DigitSettings {
    /// An error that names the first setting which is not in its range.
    pub fn check(&self) -> Result<(), DataError> {
        if let Some(problem) = problem_of(&SETTINGS, self) {
            return Err(problem.into());
        }
        let style = &self.style;
        for (name, least, most) in [
            ("size_most", style.size_least, style.size_most),
            ("stroke_most", style.stroke_least, style.stroke_most),
        ] {
            if most < least {
                return Err(DataError::Setting {
                    name,
                    expected: format!("a number of at least the smallest, {least}"),
                    found: most.to_string(),
                });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Written;

    /// Each field opens with the default, and sets the setting of its name and no other.
    #[test]
    fn fields_and_settings_are_the_same() {
        let default = DigitSettings::default();
        for setting in &SETTINGS {
            let name = setting.field.name;
            assert_eq!((setting.get)(&default), setting.field.default, "{name}");
            let mut value = setting.field.step(setting.field.default, true);
            if value == setting.field.default {
                value = setting.field.step(value, false);
            }
            let mut changed = default.clone();
            (setting.set)(&mut changed, value);
            for other in &SETTINGS {
                let expected = if other.field.name == name {
                    value
                } else {
                    other.field.default
                };
                assert_eq!((other.get)(&changed), expected, "{name}");
            }
            let yaml = serde_yaml::to_value(&changed).unwrap();
            let written = yaml.get(name).unwrap_or(&yaml["style"][name]);
            match Written::from(value) {
                Written::Whole(number) => assert_eq!(written.as_u64(), Some(number), "{name}"),
                Written::Number(number) => {
                    let written = written.as_f64().unwrap();
                    assert!((written - number).abs() < 1e-6, "{name}: {written}");
                }
                Written::Text(text) => assert_eq!(written.as_bool(), Some(text == "on"), "{name}"),
            }
        }
    }
}
