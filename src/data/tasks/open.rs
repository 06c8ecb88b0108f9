//! Data sets that lie somewhere, read whole.

use std::sync::LazyLock;

use super::{Done, Task, TaskKind, TextField, Work};
use crate::data::augmented_set::SEED;
use crate::data::error::DataError;
use crate::data::locate::{self, locate_in};
use crate::data::{ImageOptions, Limits, LoadOptions, formats};
use crate::field::{Field, FieldKind, Value};

/// A set by its name or its path.
pub static OPEN: TaskKind = TaskKind {
    name: "open",
    title: "Open a set",
    help: "a known set by its name, or what lies at a path",
    doing: "loading",
    texts: &[TextField {
        is_optional: true,
        ..DATA
    }],
    fields: || &OPEN_FIELDS,
    changes_a_set: false,
    size: |_, _| None,
    warning: |_, _| None,
    run,
};

/// A folder of images, with what is done to them.
pub static OPEN_IMAGES: TaskKind = TaskKind {
    name: "open_images",
    title: "Open a folder of images",
    help: "PNG and JPEG images, one folder a class, brought to one size where that is asked for",
    doing: "loading",
    texts: &[DATA],
    fields: || &IMAGE_FIELDS,
    changes_a_set: false,
    size: |_, _| None,
    warning: |_, _| None,
    run,
};

const DATA: TextField = TextField {
    name: "data",
    help: || {
        format!(
            "a known set's name, or a path; {} can be opened",
            formats::all()
        )
    },
    is_optional: false,
};

const MOST_MEMORY: Field = Field {
    name: "most_memory",
    help: "the most that one array may unpack to, in GiB; more is refused before anything is unpacked",
    kind: FieldKind::Whole {
        least: 1,
        most: 1024,
        steps: &[1, 2, 4, 8, 16, 32, 64],
    },
    default: Value::Whole(4),
    required: false,
};

/// How much of each class becomes test images, where the folder does not say.
pub const TEST_SHARE: Field = Field {
    name: "test_share",
    help: "share of each class that becomes its test images, where there is no train/ and test/",
    kind: FieldKind::Span {
        least: 0.0,
        most: 1.0,
        steps: &[0.1, 0.2, 0.25, 0.3, 0.5],
    },
    default: Value::Number(0.2),
    required: false,
};

/// A side of the images, 0 where they stay as they are.
const fn side(name: &'static str, help: &'static str) -> Field {
    Field {
        name,
        help,
        kind: FieldKind::Whole {
            least: 0,
            most: 512,
            steps: &[0, 16, 28, 32, 64, 96, 128, 224],
        },
        default: Value::Whole(0),
        required: false,
    }
}

static OPEN_FIELDS: [Field; 1] = [MOST_MEMORY];

static IMAGE_FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    vec![
        side(
            "height",
            "scale every image to this height, in pixels; 0 leaves them as they are",
        ),
        side(
            "width",
            "scale every image to this width, in pixels; 0 leaves them as they are",
        ),
        Field {
            name: "colors",
            help: "grey or colour for all; auto is grey where no image has colour",
            kind: FieldKind::Choice(&["auto", "grey", "colour"]),
            default: Value::Choice("auto"),
            required: false,
        },
        TEST_SHARE,
        Field {
            help: "decides which images become test images",
            ..SEED
        },
        MOST_MEMORY,
    ]
});

fn run(work: &Work<'_>) -> Result<Done, DataError> {
    // Without a word about data it is what the lab opens with by itself.
    let choice = Some(work.text(0)).filter(|text| !text.is_empty());
    let located = locate_in(work.places, choice)?;
    let is_path = choice.is_some_and(|name| !locate::is_name(name));
    let path = located.path().filter(|_| is_path);
    let path = path.map(|path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
    let set = located.load_with(&options(work.task())?, work.progress)?;
    Ok(Done::Opened {
        set: Box::new(set),
        path,
    })
}

fn options(task: &Task) -> Result<LoadOptions, DataError> {
    let mut options = LoadOptions {
        limits: Limits {
            decompressed_bytes: (task.value(MOST_MEMORY.name).whole() as u64) << 30,
        },
        images: ImageOptions::default(),
    };
    if task.kind().name == OPEN_IMAGES.name {
        let whole = |name| task.value(name).whole();
        options.images = ImageOptions {
            size: match (whole("height"), whole("width")) {
                (0, 0) => None,
                (0, _) | (_, 0) => {
                    return Err(DataError::Setting {
                        name: "height and width",
                        expected: "both or neither".to_owned(),
                        found: format!("{}×{}", whole("height"), whole("width")),
                    });
                }
                size => Some(size),
            },
            channels: match task.value("colors").choice() {
                "grey" => Some(1),
                "colour" => Some(3),
                _ => None,
            },
            test_share: task.value(TEST_SHARE.name).number(),
            seed: whole(SEED.name) as u64,
        };
    }
    Ok(options)
}
