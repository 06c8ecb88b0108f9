//! The settings of augmentation as described fields, for whoever asks a person for them.

use super::AugmentSettings;
use crate::field::{Field, FieldKind, FieldProblem, Value, Written};

/// A number from 0, which changes nothing, to `most`.
const fn figure(name: &'static str, help: &'static str, most: f64, steps: &'static [f64]) -> Field {
    Field {
        name,
        help,
        kind: FieldKind::Span {
            least: 0.0,
            most,
            steps,
        },
        default: Value::Number(0.0),
        required: false,
    }
}

const SHARES: &[f64] = &[0.0, 0.02, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3];

/// Every setting, in the order of [`AugmentSettings::values`].
pub static FIELDS: [Field; 9] = [
    figure(
        "rotation",
        "largest rotation either way, in degrees",
        180.0,
        &[
            0.0, 5.0, 8.0, 10.0, 12.0, 15.0, 20.0, 30.0, 45.0, 90.0, 180.0,
        ],
    ),
    figure(
        "shear",
        "largest shear angle either way, in degrees",
        80.0,
        &[0.0, 2.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0],
    ),
    figure(
        "width_shift",
        "largest shift to either side, as a share of the width",
        1.0,
        SHARES,
    ),
    figure(
        "height_shift",
        "largest shift up or down, as a share of the height",
        1.0,
        SHARES,
    ),
    figure(
        "zoom",
        "largest change of scale either way, as a share",
        0.9,
        SHARES,
    ),
    Field {
        name: "horizontal_flip",
        help: "mirrors every other image, left to right",
        kind: FieldKind::Choice(&["off", "on"]),
        default: Value::Choice("off"),
        required: false,
    },
    figure(
        "erasing",
        "share of the images in which a rectangle becomes noise",
        1.0,
        &[0.0, 0.1, 0.25, 0.5, 0.75, 1.0],
    ),
    figure(
        "brightness",
        "largest change of all pixels by a factor either way, as a share",
        1.0,
        SHARES,
    ),
    figure(
        "noise",
        "standard deviation of noise on each pixel, where white is 1",
        1.0,
        &[0.0, 0.01, 0.02, 0.05, 0.1, 0.2],
    ),
];

impl AugmentSettings {
    /// One value for each of [`FIELDS`].
    pub fn values(&self) -> [Value; FIELDS.len()] {
        // The shortest decimal that is this single: what a file says and a form shows, not its digits in double precision.
        let number = |value: f32| {
            let decimal = value.to_string().parse();
            Value::Number(decimal.unwrap_or_else(|_| value.into()))
        };
        let flip = if self.horizontal_flip { "on" } else { "off" };
        [
            number(self.rotation),
            number(self.shear),
            number(self.width_shift),
            number(self.height_shift),
            number(self.zoom),
            Value::Choice(flip),
            number(self.erasing),
            number(self.brightness),
            number(self.noise),
        ]
    }

    /// Sets number `index` of [`FIELDS`] to what was written.
    ///
    /// # Errors
    /// Where the field does not take it; the old value stays.
    pub fn set(&mut self, index: usize, written: &Written) -> Result<(), FieldProblem> {
        let value = FIELDS[index].accept(written)?;
        let number = match index {
            0 => &mut self.rotation,
            1 => &mut self.shear,
            2 => &mut self.width_shift,
            3 => &mut self.height_shift,
            4 => &mut self.zoom,
            5 => {
                self.horizontal_flip = value.choice() == "on";
                return Ok(());
            }
            6 => &mut self.erasing,
            7 => &mut self.brightness,
            _ => &mut self.noise,
        };
        *number = value.number() as f32;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each field sets is the setting of its name, and is read back from its place.
    #[test]
    fn each_field_sets_the_setting_of_its_name() {
        for (index, field) in FIELDS.iter().enumerate() {
            let value = field.step(field.default, true);
            let mut settings = AugmentSettings::default();
            settings.set(index, &Written::from(value)).unwrap();
            for (other, field) in FIELDS.iter().enumerate() {
                let expected = if other == index { value } else { field.default };
                assert_eq!(settings.values()[other], expected, "{}", field.name);
            }
            let yaml = serde_yaml::to_value(settings).unwrap();
            let written = &yaml[field.name];
            match value {
                Value::Choice(_) => assert_eq!(written.as_bool(), Some(true)),
                value => {
                    let written = written.as_f64().unwrap() as f32;
                    assert_eq!(written, value.number() as f32, "{}", field.name);
                }
            }
        }
    }

    #[test]
    fn the_limits_are_the_fields_own() {
        let mut settings = AugmentSettings::default();
        assert!(settings.set(0, &Written::Whole(180)).is_ok());
        let problem = settings.set(0, &Written::Number(180.5)).unwrap_err();
        assert_eq!(
            problem.to_string(),
            "rotation: expected a number from 0 to 180, got 180.5"
        );
        assert_eq!(settings.rotation, 180.0);
    }
}
