//! How a set is opened: its name or path, with the choices that decide which images it has.
//!
//! The same choices are fields of a form, options of a command, and the end of a name: `photos?height=28&width=28&test_share=0.4`. In this
//! form, a preset's `data:` and a run's record hold them, so that the same images are found again.

use std::fmt;
use std::sync::LazyLock;

use super::augmented_set::SEED;
use super::dataset::Dataset;
use super::error::DataError;
use super::format::{ImageOptions, Limits, LoadOptions};
use super::formats;
use super::known::is_known_name;
use super::locate::{Located, locate_in};
use super::places::Places;
use super::progress::Progress;
use crate::field::{
    Field, Notation, Plain, Settings, Value, choices, nearest, put, rows, settings,
};

/// The formats are added to its help.
const DATA: Field =
    Field::text().meaning("a known set's name, or a path; empty for the default set");
/// By default a million float32 images of 28×28 fit, and a zip bomb does not.
const MOST_MEMORY: Field = Field::whole(4, 1..=1024, &[1, 2, 4, 8, 16, 32, 64])
    .meaning(
        "the largest decompressed size of one array, in GiB; larger arrays are refused before decompression",
    );
/// Height or width of the images, 0 to keep it.
const SIDE: Field = Field::whole(0, 0..=512, &[0, 16, 28, 32, 64, 96, 128, 224]);

settings! {
    /// A set to open.
    pub struct Opening {
        data: String = DATA,
        /// scale every image to this height, in pixels; 0 keeps the original size
        height: usize = SIDE,
        /// scale every image to this width, in pixels; 0 keeps the original size
        width: usize = SIDE,
        /// grey or colour for all; auto is grey where no image has colour
        colors: Colors = Field::choice(Colors::NAMES),
        /// pixel values that are black and white in arrays of numbers; auto finds them from the values
        pixels: Option<PixelRange> = Field::written(&PIXELS).optional(),
        /// share of each class used as test images, where the set has none of its own
        test_share: f64 = Field::span(0.2, 0.0..=1.0, &[0.1, 0.2, 0.25, 0.3, 0.5]),
        /// seed that selects the test images, where the set has none of its own
        test_seed: u64 = SEED,
        most_memory: u64 = MOST_MEMORY,
    }
}

/// The fields, with what can be opened in the help of the first.
pub(super) static OPENING_FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let mut fields = Opening::FIELDS.to_vec();
    let help = format!("{}; {} can be opened", fields[0].help, formats::all());
    fields[0].help = help.leak();
    fields
});

/// Whether images have colour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Colors {
    /// Grey where no image has colour.
    Auto,
    /// One channel.
    Grey,
    /// Three channels.
    Colour,
}

choices! { Colors { Auto => "auto", Grey => "grey", Colour => "colour" } }

impl Opening {
    /// The fields of its settings: `data` first, then the choices.
    pub fn fields() -> &'static [Field] {
        &OPENING_FIELDS
    }

    /// The set that a name or path means, with the choices at its end, `photos?height=28&width=28`. What is the path of a file or folder as a
    /// whole has none.
    ///
    /// # Errors
    /// Where a choice is unknown, or its value is out of range.
    pub fn parse(text: &str) -> Result<Self, DataError> {
        Self::parse_in(&Places::here(), text)
    }

    /// As [`parse`](Self::parse), with paths in these places.
    ///
    /// # Errors
    /// As for [`parse`](Self::parse).
    pub fn parse_in(places: &Places, text: &str) -> Result<Self, DataError> {
        let mut opening = Self {
            data: text.to_owned(),
            ..Self::default()
        };
        let Some((data, choices)) = text.rsplit_once('?').filter(|(_, end)| end.contains('='))
        else {
            return Ok(opening);
        };
        if places.expand(text).exists() {
            return Ok(opening);
        }
        data.clone_into(&mut opening.data);
        for choice in choices.split('&') {
            let (name, value) = choice.split_once('=').unwrap_or((choice, ""));
            let mut known = Self::FIELDS[1..].iter();
            let Some(field) = known.find(|field| field.name == name) else {
                return Err(unknown(text, name));
            };
            put(&mut opening, field.name, field.parse(value)?);
        }
        Ok(opening)
    }

    /// The same with the choices that `data` ends with, where they are not made otherwise.
    ///
    /// # Errors
    /// As for [`parse`](Self::parse).
    pub fn resolved_in(&self, places: &Places) -> Result<Self, DataError> {
        let mut opening = Self::parse_in(places, &self.data)?;
        let default = Self::default();
        for (row, initial) in rows(self).iter().zip(rows(&default)).skip(1) {
            if row.value != initial.value {
                put(&mut opening, &row.path, row.value.clone());
            }
        }
        Ok(opening)
    }

    /// The same choices for another name or path.
    pub fn with_data(&self, data: String) -> Self {
        Self {
            data,
            ..self.clone()
        }
    }

    /// Finds the set, without reading it.
    ///
    /// # Errors
    /// Where it is not there.
    pub fn locate_in(&self, places: &Places) -> Result<Located, DataError> {
        // Without a name it is the default set.
        locate_in(
            places,
            Some(self.data.as_str()).filter(|data| !data.is_empty()),
        )
    }

    /// Reads the set, completely or not at all.
    ///
    /// # Errors
    /// Where it is not there, or cannot be read this way.
    pub fn load_in(&self, places: &Places, progress: &Progress<'_>) -> Result<Dataset, DataError> {
        let options = self.options()?;
        let set = self.locate_in(places)?.load_with(&options, progress)?;
        set.fitted(&options.images)
            .map(|set| set.opened_with(self.choices()))
    }

    /// Whether `data` is a path, and no known set's name.
    pub fn is_path(&self) -> bool {
        !self.data.is_empty() && !is_known_name(&self.data)
    }

    /// The choices that differ from the defaults, as at the end of a name: `height=28&width=28`.
    fn choices(&self) -> String {
        let default = Self::default();
        let initial = rows(&default).into_iter().map(|row| row.value);
        let made = rows(self).into_iter().zip(initial).skip(1);
        let made = made.filter(|(row, initial)| row.value != *initial);
        let made = made.map(|(row, _)| format!("{}={}", row.field.name, row.value));
        made.collect::<Vec<_>>().join("&")
    }

    /// The options for reading the set.
    ///
    /// # Errors
    /// Where only one side of the images is given.
    pub fn options(&self) -> Result<LoadOptions, DataError> {
        let size = match (self.height, self.width) {
            (0, 0) => None,
            (0, _) | (_, 0) => {
                return Err(DataError::Setting {
                    name: "height and width",
                    expected: "both or neither".to_owned(),
                    found: format!("{}×{}", self.height, self.width),
                });
            }
            size => Some(size),
        };
        Ok(LoadOptions {
            limits: Limits {
                decompressed_bytes: self.most_memory << 30,
            },
            images: ImageOptions {
                size,
                channels: match self.colors {
                    Colors::Auto => None,
                    Colors::Grey => Some(1),
                    Colors::Colour => Some(3),
                },
                test_share: self.test_share,
                seed: self.test_seed,
                pixels: self.pixels.map(|range| (range.black, range.white)),
            },
        })
    }
}

impl fmt::Display for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&with_choices(&self.data, &self.choices()))
    }
}

/// How a range of pixels is written.
static PIXELS: Notation = Notation {
    expected: "the values of black and white such as 0..16",
    off: "auto",
    reads: |text| PixelRange::parse(text).is_some(),
};

/// The pixel values that are black and white.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PixelRange {
    /// The lower one.
    pub black: f64,
    /// The higher one.
    pub white: f64,
}

impl PixelRange {
    /// `0..16`
    fn parse(text: &str) -> Option<Self> {
        let (black, white) = text.split_once("..")?;
        let (black, white): (f64, f64) = (black.trim().parse().ok()?, white.trim().parse().ok()?);
        let is_range = black.is_finite() && white.is_finite() && black < white;
        is_range.then_some(Self { black, white })
    }
}

impl Plain for PixelRange {
    fn to_value(&self) -> Value {
        Value::Text(format!("{}..{}", self.black, self.white))
    }

    fn of(value: Value) -> Self {
        Self::parse(value.text()).expect("the notation was checked")
    }
}

/// `data?choices`, or `data` without choices.
pub(super) fn with_choices(data: &str, choices: &str) -> String {
    match choices {
        "" => data.to_owned(),
        choices => format!("{data}?{choices}"),
    }
}

fn unknown(text: &str, name: &str) -> DataError {
    let names = Opening::FIELDS[1..].iter().map(|field| field.name);
    let advice = match nearest(name, names.clone()) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("use one of {}", names.collect::<Vec<_>>().join(", ")),
    };
    DataError::UnknownChoice {
        text: text.to_owned(),
        name: name.to_owned(),
        advice,
    }
}
