//! `convscope data list`: the known sets and where they are on this machine.

use std::collections::HashSet;

use clap::Args;
use serde_json::{Value, json};

use super::super::Action;
use super::super::failure::Failure;
use super::super::output::{line, table, thousands};
use crate::data::browse::{KnownPlace, known};
use crate::data::{KnownSet, Places};
use crate::wording::bytes;

/// List the known data sets: sizes, licences, and where they are on this machine
#[derive(Debug, Args)]
pub struct ListArguments {
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

impl Action for ListArguments {
    fn run(self) -> Result<(), Failure> {
        let sets = known(&Places::here());
        if self.json {
            let sets = sets.iter().map(|place| {
                let mut row = json!({
                    "name": place.name, "place": place.place, "is_here": place.is_whole,
                });
                if let Some(set) = KnownSet::by_name(&place.name) {
                    row["training_images"] = set.train_images.into();
                    row["test_images"] = set.test_images.into();
                    row["bytes_to_fetch"] = set.bytes().into();
                    row["licence"] = set.licence.into();
                    row["archive"] = set.archive.map(|archive| archive.name).into();
                }
                row
            });
            return line(&sets.collect::<Value>().to_string());
        }
        let headings = ["name", "training", "test", "to fetch", "licence", "here"];
        let mut rows = vec![headings.map(str::to_owned).to_vec()];
        let mut archives = HashSet::new();
        rows.extend(sets.iter().map(|place| {
            let mut row = row(place);
            let known = KnownSet::by_name(&place.name);
            let archive = known.and_then(|set| set.archive);
            // What brings several sets is counted once.
            if archive.is_some_and(|archive| !archives.insert(archive.name)) {
                row[3] = "with it".to_owned();
            }
            row.to_vec()
        }));
        let mut text = table(&rows, |column| matches!(column, 0 | 4 | 5));
        let here = sets.iter().filter(|place| place.is_whole);
        let here: Vec<_> = here
            .map(|place| vec![place.name.clone(), place.place.clone()])
            .collect();
        text += "\n\n";
        text += &table(&here, |_| true);
        line(&format!(
            "{text}\n\nconvscope data fetch NAME downloads the others."
        ))
    }
}

/// The figures of a set that can be fetched, and whether it is here.
fn row(place: &KnownPlace) -> [String; 6] {
    let Some(set) = KnownSet::by_name(&place.name) else {
        let nothing = String::new;
        let name = place.name.clone();
        return [
            name,
            nothing(),
            nothing(),
            nothing(),
            nothing(),
            "yes".to_owned(),
        ];
    };
    let here = match place.is_whole {
        true => "yes",
        false if set.has_starter => "in part",
        false => "no",
    };
    [
        set.name.to_owned(),
        thousands(set.train_images),
        thousands(set.test_images),
        bytes(set.bytes()),
        set.licence.to_owned(),
        here.to_owned(),
    ]
}
