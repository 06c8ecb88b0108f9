//! A known set, whole, from its mirrors.

use super::{Done, TaskKind, TextField, Work};
use crate::data::error::DataError;
use crate::data::fetch::{FetchOptions, fetch};
use crate::data::known::KnownSet;
use crate::field::{Field, FieldKind, Value};

/// A known set from its mirrors, or from elsewhere.
pub static FETCH: TaskKind = TaskKind {
    name: "fetch",
    title: "Fetch a known set",
    help: "the whole of a known set from its mirrors, checked by its SHA-256, where the lab finds it by itself from then on",
    doing: "fetching",
    texts: &[TextField {
        name: "from",
        help: || "a URL or a folder with the four files; empty takes the set's mirrors".to_owned(),
        is_optional: true,
    }],
    fields: || &FIELDS,
    changes_a_set: false,
    size: |_, _| None,
    warning: |_, _| None,
    run,
};

static FIELDS: [Field; 1] = [Field {
    name: "set",
    help: "which set, as convscope data fetch calls it",
    kind: FieldKind::Choice(&["fashion-mnist", "mnist"]),
    default: Value::Choice("fashion-mnist"),
    required: true,
}];

fn run(work: &Work<'_>) -> Result<Done, DataError> {
    let name = work.task().value("set").choice();
    let known = KnownSet::by_name(name).ok_or_else(|| DataError::Setting {
        name: "set",
        expected: FIELDS[0].kind.to_string(),
        found: name.to_owned(),
    })?;
    let into = work.places.user.clone().ok_or(DataError::NoPlace)?;
    let from = work.text(0);
    let from = match from {
        "" => None,
        url if url.contains("://") => Some(url.to_owned()),
        _ => Some(work.path(0).display().to_string()),
    };
    let options = FetchOptions {
        from,
        ..FetchOptions::new(into)
    };
    let folder = fetch(known, &options, work.progress)?;
    Ok(Done::Fetched { folder })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::KNOWN_SETS;

    #[test]
    fn every_known_set_can_be_fetched() {
        let names: Vec<_> = KNOWN_SETS.iter().map(|set| set.name).collect();
        assert_eq!(
            FIELDS[0].kind.to_string(),
            format!("one of {}", names.join(", "))
        );
    }
}
