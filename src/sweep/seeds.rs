//! The seeds that each of several runs of one preset is trained with.

use std::collections::HashSet;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

/// The most seeds.
const MOST_SEEDS: u64 = 10_000;
const NO_NUMBERS: &str = "expected whole numbers from 0, as in [1, 2, 3], or a span such as 1..3";

/// Different seeds, at least one: `1..5`, both ends included, or `1,4,7`; in a file also a list of numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seeds(Vec<u64>);

impl Seeds {
    fn new(seeds: Vec<u64>) -> Result<Self, String> {
        let distinct: HashSet<_> = seeds.iter().collect();
        match seeds.is_empty() || distinct.len() != seeds.len() || seeds.len() as u64 > MOST_SEEDS {
            true => Err(format!("expected 1 to {MOST_SEEDS} different numbers")),
            false => Ok(Self(seeds)),
        }
    }

    /// In the order in which they were written.
    pub fn into_vec(self) -> Vec<u64> {
        self.0
    }
}

impl FromStr for Seeds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = |number: &str| number.trim().parse::<u64>().map_err(|_| NO_NUMBERS);
        let Some((from, to)) = text.split_once("..") else {
            return Self::new(text.split(',').map(read).collect::<Result<_, _>>()?);
        };
        let (from, to) = (read(from)?, read(to)?);
        match from > to || to - from >= MOST_SEEDS {
            true => Err(format!(
                "expected the smaller number first and at most {MOST_SEEDS} seeds, got {text}"
            )),
            false => Self::new((from..=to).collect()),
        }
    }
}

/// Reads them from a file.
pub(super) fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        List(Vec<u64>),
        Text(String),
    }
    let written = Written::deserialize(from).map_err(|_| NO_NUMBERS.to_owned());
    let seeds = written.and_then(|written| match written {
        Written::List(seeds) => Seeds::new(seeds),
        Written::Text(text) => text.parse(),
    });
    let seeds = seeds.map_err(|reason| serde::de::Error::custom(format_args!("seeds: {reason}")));
    seeds.map(Seeds::into_vec)
}
