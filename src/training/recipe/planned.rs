//! Changes that a preset plans: `plan: [{epoch: 51, augment: off}, {epoch: 61, augment: on}]`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::EPOCHS;
use crate::data::AugmentSettings;
use crate::field::{Field, settings, word_or_map};
use crate::training::optimizers::LEARNING_RATES;

settings! {
    /// What changes before the first batch of an epoch.
    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct PlannedChange {
        /// epoch, from 1
        epoch: usize = EPOCHS,
        /// learning rate that the schedule starts from, instead of the optimizer's
        [default, skip_serializing_if = "Option::is_none"]
        learning_rate: Option<f64> = Field::number(0.0, LEARNING_RATES, &[]).optional(),
    } and {
        /// The change of the augmentation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        augment: Option<PlannedAugment>,
        /// A known data set's name or a path.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        data: Option<String>,
    }
}

/// A planned change of the augmentation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PlannedAugment {
    /// Off.
    Off,
    /// On, with the recipe's `augment:`.
    On,
    /// On, with these settings.
    With(AugmentSettings),
}

impl Serialize for PlannedAugment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Off => serializer.serialize_str("off"),
            Self::On => serializer.serialize_str("on"),
            Self::With(augment) => augment.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for PlannedAugment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected = "`on`, `off`, or settings such as `{rotation: 12}`";
        word_or_map::<_, AugmentSettings, _>(deserializer, expected, |word| match word {
            "on" => Some(Self::On),
            "off" => Some(Self::Off),
            _ => None,
        })
    }
}

impl From<AugmentSettings> for PlannedAugment {
    fn from(augment: AugmentSettings) -> Self {
        Self::With(augment)
    }
}
