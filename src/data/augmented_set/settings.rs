//! How much larger an augmented set is, and how its images are changed.

use serde::{Deserialize, Serialize};

use crate::data::augmentation::AugmentSettings;
use crate::data::error::DataError;
use crate::field::{Field, FieldKind, OFF_ON, Setting, Value, problem_of};

/// How the images of an augmented set are changed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Changes {
    /// As the seed GUI does.
    Pixels(PixelChanges),
    /// As while training.
    Warps(AugmentSettings),
}

/// Shifts by whole pixels, noise and level, held to [0, 1].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PixelChanges {
    /// Largest shift to each side, in pixels; black comes in from the edge.
    pub shift: usize,
    /// Standard deviation of noise, where white is 1.
    pub noise: f32,
    /// Largest change of all pixels alike, either way, where white is 1.
    pub level: f32,
    /// Stretches each image afterwards so that its darkest pixel is 0 and its brightest 1.
    pub normalise: bool,
}

impl Default for PixelChanges {
    fn default() -> Self {
        Self {
            shift: 2,
            noise: 0.05,
            level: 0.1,
            normalise: false,
        }
    }
}

/// An augmented set.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AugmentedSettings {
    /// Copies of each training image, 1 to 20.
    pub train_factor: usize,
    /// Copies of each test image, 1 to 5.
    pub test_factor: usize,
    pub changes: Changes,
    /// Leaves the first copy of each image as it is.
    pub keep_originals: bool,
    pub seed: u64,
}

impl Default for AugmentedSettings {
    fn default() -> Self {
        Self {
            train_factor: 5,
            test_factor: 1,
            changes: Changes::Pixels(PixelChanges::default()),
            keep_originals: false,
            seed: 1,
        }
    }
}

/// A field of a file that may leave it out.
const fn field(name: &'static str, help: &'static str, kind: FieldKind, default: Value) -> Field {
    Field {
        name,
        help,
        kind,
        default,
        required: false,
    }
}

/// The settings of every augmented set.
pub static SETTINGS: [Setting<AugmentedSettings>; 4] = [
    Setting {
        field: field(
            "train_factor",
            "copies of each training image",
            FieldKind::Whole {
                least: 1,
                most: 20,
                steps: &[1, 2, 3, 5, 10, 15, 20],
            },
            Value::Whole(5),
        ),
        get: |settings| Value::Whole(settings.train_factor),
        set: |settings, value| settings.train_factor = value.whole(),
    },
    Setting {
        field: field(
            "test_factor",
            "copies of each test image",
            FieldKind::Whole {
                least: 1,
                most: 5,
                steps: &[1, 2, 3, 4, 5],
            },
            Value::Whole(1),
        ),
        get: |settings| Value::Whole(settings.test_factor),
        set: |settings, value| settings.test_factor = value.whole(),
    },
    Setting {
        field: field(
            "keep_originals",
            "leave the first copy of each image as it is",
            OFF_ON,
            Value::Choice("off"),
        ),
        get: |settings| settings.keep_originals.into(),
        set: |settings, value| settings.keep_originals = value.is_on(),
    },
    Setting {
        field: SEED,
        get: |settings| Value::Whole(settings.seed as usize),
        set: |settings, value| settings.seed = value.whole() as u64,
    },
];

/// Where the random numbers of made sets come from.
pub const SEED: Field = field(
    "seed",
    "where all random numbers come from",
    FieldKind::Whole {
        least: 0,
        most: u32::MAX as usize,
        steps: &[1, 2, 3, 4, 5],
    },
    Value::Whole(1),
);

/// The settings of [`PixelChanges`].
pub static PIXEL_SETTINGS: [Setting<PixelChanges>; 4] = [
    Setting {
        field: field(
            "shift",
            "largest shift to each side, in pixels",
            FieldKind::Whole {
                least: 0,
                most: 4,
                steps: &[0, 1, 2, 3, 4],
            },
            Value::Whole(2),
        ),
        get: |changes| Value::Whole(changes.shift),
        set: |changes, value| changes.shift = value.whole(),
    },
    Setting {
        field: field(
            "noise",
            "standard deviation of noise on each pixel, where white is 1",
            FieldKind::Span {
                least: 0.0,
                most: 1.0,
                steps: &[0.0, 0.01, 0.02, 0.05, 0.1, 0.2],
            },
            Value::Number(0.05),
        ),
        get: |changes| changes.noise.into(),
        set: |changes, value| changes.noise = value.single(),
    },
    Setting {
        field: field(
            "level",
            "largest change of all pixels alike, either way, where white is 1",
            FieldKind::Span {
                least: 0.0,
                most: 1.0,
                steps: &[0.0, 0.02, 0.05, 0.1, 0.2, 0.3],
            },
            Value::Number(0.1),
        ),
        get: |changes| changes.level.into(),
        set: |changes, value| changes.level = value.single(),
    },
    Setting {
        field: field(
            "normalise",
            "stretch each image so that its darkest pixel is 0 and its brightest 1",
            OFF_ON,
            Value::Choice("off"),
        ),
        get: |changes| changes.normalise.into(),
        set: |changes, value| changes.normalise = value.is_on(),
    },
];

impl AugmentedSettings {
    /// An error that names the first setting which is not in its range.
    pub fn check(&self) -> Result<(), DataError> {
        let problem = problem_of(&SETTINGS, self).or_else(|| match &self.changes {
            Changes::Pixels(changes) => problem_of(&PIXEL_SETTINGS, changes),
            Changes::Warps(_) => None,
        });
        match (problem, &self.changes) {
            (Some(problem), _) => Err(problem.into()),
            (None, Changes::Warps(warps)) => warps.check(),
            (None, Changes::Pixels(_)) => Ok(()),
        }
    }
}
