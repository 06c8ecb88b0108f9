//! Fetching a known set from its mirrors.

use std::path::PathBuf;
use std::sync::LazyLock;

use super::{Done, TaskKind, Work, told};
use crate::data::error::DataError;
use crate::data::fetch::{FetchOptions, fetch};
use crate::data::known::{FETCHED, KnownSet};
use crate::field::{Field, Plain, Settings, Value, settings};

/// Fetches a known set from its mirrors, or from elsewhere.
pub static FETCH: TaskKind = TaskKind {
    name: "fetch",
    title: "Fetch a known set",
    help: "the full set from its mirrors, verified by its checksums, into the folder where the program finds it",
    verb: "fetch",
    doing: "fetching",
    fields: &FIELDS,
    changes_a_set: false,
    size: |_, _| None,
    about: |task| Some(told(task, Fetch::default()).set.about()),
    warning: |_, _| None,
    run,
};

static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| Fetch::FIELDS.to_vec());

settings! {
    struct Fetch {
        /// a URL or a folder with the files of the set, or its archive; empty for the set's mirrors
        from: String = Field::text(),
        /// the folder for the set's folder; empty for the user's data folder, where the program finds it
        into: PathBuf = Field::text(),
        /// the set to fetch
        set: &'static KnownSet = Field::choice(&FETCHED).required(),
    }
}

impl Plain for &'static KnownSet {
    fn to_value(&self) -> Value {
        Value::Choice(self.name)
    }

    fn of(value: Value) -> Self {
        KnownSet::by_name(value.choice()).expect("the choices are known sets")
    }
}

fn run(work: &Work<'_>) -> Result<Done, DataError> {
    let asked = told(work.task(), Fetch::default());
    let into = match asked.into.as_os_str().is_empty() {
        true => work.places.user.clone().ok_or(DataError::NoPlace)?,
        false => work.path(&asked.into),
    };
    let from = match &*asked.from {
        "" => None,
        url if url.contains("://") => Some(url.to_owned()),
        folder => Some(work.path(folder.as_ref()).display().to_string()),
    };
    let options = FetchOptions {
        from,
        ..FetchOptions::new(into)
    };
    let folder = fetch(asked.set, &options, work.progress)?;
    let path = asked.set.place(&folder);
    Ok(Done::Fetched { path })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::KNOWN_SETS;

    #[test]
    fn every_known_set_can_be_fetched() {
        let names: Vec<_> = KNOWN_SETS.iter().map(|set| set.name).collect();
        assert_eq!(
            Fetch::FIELDS[2].kind.to_string(),
            format!("one of {}", names.join(", "))
        );
    }
}
