//! The seeds that every combination is trained with.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer};

/// The most seeds.
const MOST_SEEDS: u64 = 10_000;

/// `[1, 2, 3]`, or `1..3` for the same.
pub fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Seeds {
        List(Vec<u64>),
        Span(String),
    }
    let wrong = || {
        serde::de::Error::custom(
            "seeds: expected whole numbers from 0, as in [1, 2, 3], or a span such as 1..3",
        )
    };
    let seeds = match Seeds::deserialize(from).map_err(|_| wrong())? {
        Seeds::List(seeds) => seeds,
        Seeds::Span(text) => {
            let (from, to) = text.split_once("..").ok_or_else(wrong)?;
            let read = |end: &str| end.trim().parse::<u64>().map_err(|_| wrong());
            let (from, to) = (read(from)?, read(to)?);
            if from > to || to - from >= MOST_SEEDS {
                return Err(serde::de::Error::custom(format_args!(
                    "seeds: expected the smaller number first and at most {MOST_SEEDS} seeds, got {text}"
                )));
            }
            (from..=to).collect()
        }
    };
    let distinct: BTreeSet<_> = seeds.iter().collect();
    if seeds.is_empty() || distinct.len() != seeds.len() || seeds.len() as u64 > MOST_SEEDS {
        return Err(serde::de::Error::custom(format_args!(
            "seeds: expected 1 to {MOST_SEEDS} different numbers"
        )));
    }
    Ok(seeds)
}
