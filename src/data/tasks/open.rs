//! Opening data sets.

use std::sync::LazyLock;

use super::{Done, TaskKind, Work, told};
use crate::data::augmented_set::SEED;
use crate::data::error::DataError;
use crate::data::format::{Format, ImageOptions, Limits, LoadOptions};
use crate::data::formats::{self, IMAGES};
use crate::data::known::is_known_name;
use crate::data::locate::locate_in;
use crate::field::{Field, Settings, choices, settings};

/// Opens a set by its name or its path.
pub static OPEN: TaskKind = TaskKind {
    name: "open",
    title: "Open a set",
    help: "a known set by its name, or a set by its path",
    doing: "loading",
    fields: &OPEN_FIELDS,
    changes_a_set: false,
    size: |_, _| None,
    warning: |_, _| None,
    run: |work| {
        let Open { data, most_memory } = told(work.task(), Open::default());
        let opened = OpenImages {
            most_memory,
            ..OpenImages::default()
        };
        run(work, &data, &opened)
    },
};

/// Opens a folder of images, with options.
pub static OPEN_IMAGES: TaskKind = TaskKind {
    name: "open_images",
    title: "Open a folder of images",
    help: "PNG and JPEG images, one folder per class, scaled to one size on request",
    doing: "loading",
    fields: &IMAGE_FIELDS,
    changes_a_set: false,
    size: |_, _| None,
    warning: |_, _| None,
    run: |work| {
        let opened = told(work.task(), OpenImages::default());
        run(work, &opened.data, &opened)
    },
};

/// The formats whose sets are opened with more options than a path and a memory limit, each with its task.
pub(super) static ASKING: &[(&Format, &TaskKind)] = &[(&IMAGES, &OPEN_IMAGES)];

/// The task that opens a set of this format.
pub fn opening(format: &Format) -> &'static TaskKind {
    let own = ASKING.iter().find(|(asking, _)| *asking == format);
    own.map_or(&OPEN, |(_, kind)| kind)
}

/// [`naming_formats`] adds the formats to the help.
const DATA: Field = Field::text().meaning("a known set's name, or a path");
const DATA_OR_DEFAULT: Field =
    Field::text().meaning("a known set's name, or a path; empty for the default set");
const MOST_MEMORY: Field = Field::whole(4, 1..=1024, &[1, 2, 4, 8, 16, 32, 64]).meaning(
    "the largest decompressed size of one array, in GiB; larger arrays are refused before decompression",
);
/// Height or width of the images, 0 to keep it.
const SIDE: Field = Field::whole(0, 0..=512, &[0, 16, 28, 32, 64, 96, 128, 224]);

settings! {
    struct Open {
        data: String = DATA_OR_DEFAULT,
        most_memory: u64 = MOST_MEMORY,
    }
}

settings! {
    /// A set to read, with options for a folder of images.
    pub struct OpenImages {
        data: String = DATA.required(),
        /// scale every image to this height, in pixels; 0 keeps the original size
        height: usize = SIDE,
        /// scale every image to this width, in pixels; 0 keeps the original size
        width: usize = SIDE,
        /// grey or colour for all; auto is grey where no image has colour
        colors: Colors = Field::choice(Colors::NAMES),
        /// share of each class used as test images, where there is no train/ and test/
        test_share: f64 = Field::span(0.2, 0.0..=1.0, &[0.1, 0.2, 0.25, 0.3, 0.5]),
        /// seed that selects the test images
        seed: u64 = SEED,
        most_memory: u64 = MOST_MEMORY,
    }
}

static OPEN_FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| naming_formats(Open::FIELDS));
static IMAGE_FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| naming_formats(OpenImages::FIELDS));

/// The fields, with what can be opened in the help of their first.
fn naming_formats(fields: &[Field]) -> Vec<Field> {
    let mut fields = fields.to_vec();
    let help = format!("{}; {} can be opened", fields[0].help, formats::all());
    fields[0].help = help.leak();
    fields
}

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

fn run(work: &Work<'_>, choice: &str, opened: &OpenImages) -> Result<Done, DataError> {
    // Without a choice it is the default set.
    let choice = Some(choice).filter(|text| !text.is_empty());
    let located = locate_in(work.places, choice)?;
    let is_path = choice.is_some_and(|name| !is_known_name(name));
    let path = located.path().filter(|_| is_path);
    let path = path.map(|path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
    let set = located.load_with(&opened.options()?, work.progress)?;
    Ok(Done::Opened {
        set: Box::new(set),
        path,
    })
}

impl OpenImages {
    /// The fields of its settings.
    pub fn fields() -> &'static [Field] {
        &IMAGE_FIELDS
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
                seed: self.seed,
                pixels: None,
            },
        })
    }
}
