//! Changes that a preset plans: `plan: [{epoch: 51, augment: off}, {epoch: 61, augment: on}]`.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::EPOCHS;
use crate::data::AugmentSettings;
use crate::field::{Field, settings};

settings! {
    /// What changes before the first batch of an epoch.
    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct PlannedChange {
        /// from 1
        epoch: usize = EPOCHS,
        /// what the schedule starts from, in place of the optimizer's own
        [default, skip_serializing_if = "Option::is_none"]
        learning_rate: Option<f64> = Field::number(0.0, 0.0..1e6, &[]).optional(),
    } and {
        /// What becomes of the augmentation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        augment: Option<PlannedAugment>,
        /// A known data set's name or a path.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        data: Option<String>,
    }
}

/// What becomes of the augmentation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PlannedAugment {
    /// Images are seen as they are.
    Off,
    /// As the recipe's `augment:` says.
    On,
    /// With these figures.
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
        deserializer.deserialize_any(PlannedVisitor)
    }
}

struct PlannedVisitor;

impl<'de> Visitor<'de> for PlannedVisitor {
    type Value = PlannedAugment;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`on`, `off`, or figures such as `{rotation: 12}`")
    }

    fn visit_bool<E: de::Error>(self, on: bool) -> Result<PlannedAugment, E> {
        Ok(if on {
            PlannedAugment::On
        } else {
            PlannedAugment::Off
        })
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<PlannedAugment, E> {
        match text {
            "on" => Ok(PlannedAugment::On),
            "off" => Ok(PlannedAugment::Off),
            other => Err(E::invalid_value(de::Unexpected::Str(other), &self)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PlannedAugment, A::Error> {
        AugmentSettings::deserialize(MapAccessDeserializer::new(map)).map(PlannedAugment::With)
    }
}
