//! The loaded data sets.

use std::sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Instant;

use super::Sink;
use super::corrections::SetMarks;
use super::events::Event;
use super::purpose::Purpose;
use super::run_facts::SetNames;
use crate::data::{self, CorrectionsFolder, Dataset, short_sha256};
use crate::runs::DataIdentity;
use crate::training::{Preset, Recipe};

/// Every loaded set, shared by the threads of the worker.
#[derive(Clone)]
pub struct Library {
    sets: Arc<RwLock<Vec<Arc<Dataset>>>>,
    corrections: CorrectionsFolder,
    events: Sink,
}

impl Library {
    /// An empty library; what is marked in its sets is kept in this folder.
    pub fn new(corrections: CorrectionsFolder, events: Sink) -> Self {
        Self {
            sets: Arc::default(),
            corrections,
            events,
        }
    }

    /// Where the person's corrections are kept.
    pub fn corrections(&self) -> &CorrectionsFolder {
        &self.corrections
    }

    /// Gives a recipe the person's corrections of the set that it is to be trained on, as they are now.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub fn correct(&self, recipe: &mut Recipe, dataset: &Dataset) -> Result<(), String> {
        let said = recipe.corrections.clone();
        recipe.corrections = self.corrections.for_training(dataset, said)?;
        Ok(())
    }

    /// The set that a run of `preset` says it was trained on: a loaded one, or it is loaded from where it came, as if it had been opened.
    ///
    /// # Errors
    /// Where it is not there any more, or is another one now.
    pub fn set_of(&self, data: &DataIdentity, preset: &Preset) -> Result<Arc<Dataset>, String> {
        let find = || {
            let sets = self.read().clone();
            sets.into_iter().find(|set| set.identity() == data.sha256)
        };
        if let Some(set) = find() {
            return Ok(set);
        }
        let started = Instant::now();
        let dataset = data::load(Some(data.opened_by(preset))).map_err(|error| {
            format!(
                "its data, {} from {}, cannot be loaded: {error}",
                data.name, data.source
            )
        })?;
        if dataset.identity() == data.sha256 {
            self.add(dataset, started);
            return find().ok_or_else(|| format!("{} was unloaded meanwhile", data.name));
        }
        Err(format!(
            "it was trained on {} from {}, which has other images or labels now (SHA-256 {}…, expected {}…)",
            data.name,
            data.source,
            short_sha256(dataset.identity()),
            short_sha256(&data.sha256),
        ))
    }

    /// Puts a set among the others and tells of it. One that came from the same place is replaced; one of the same name from another
    /// place stays, and the new one gets a number.
    pub fn add(&self, dataset: Dataset, started: Instant) {
        let mut sets = self.write();
        let known = sets.iter().find(|set| set.source() == dataset.source());
        let name = match known {
            Some(known) => known.name.clone(),
            None => free_name(&sets, &dataset.name),
        };
        sets.retain(|set| set.name != name);
        let dataset = dataset.renamed(name);
        let summary = dataset.summary();
        let dataset = Arc::new(dataset);
        sets.push(Arc::clone(&dataset));
        drop(sets);
        let said = summary.names.clone();
        self.events.send(Event::DataLoaded {
            summary,
            seconds: started.elapsed().as_secs_f64(),
        });
        // Its pixels are hashed only now that it can be looked at.
        let names = dataset.names();
        if names != said {
            let name = self.name_of(&dataset);
            self.events.send(Event::Recognized { name, names });
        }
        self.events.guard(Purpose::ReadCorrections, || {
            if let Some(corrections) = self.corrections.load(&dataset)? {
                let marks = SetMarks::of(&dataset, &corrections)?;
                self.events.send(Event::Marks(marks));
            }
            Ok(())
        });
    }

    /// Calls a set something else.
    ///
    /// # Errors
    /// Where there is no such set, or another one of the new name.
    pub fn rename(&self, from: &str, to: &str) -> Result<(), String> {
        let to = to.trim();
        if to.is_empty() {
            return Err("expected a name, got nothing".to_owned());
        }
        let set = self.set(from)?;
        let mut sets = self.write();
        if from != to && sets.iter().any(|set| set.name == to) {
            return Err(format!(
                "there is a set called {to} already; choose another name"
            ));
        }
        if let Some(place) = sets.iter_mut().find(|other| other.name == from) {
            *place = Arc::new(set.renamed(to.to_owned()));
        }
        drop(sets);
        self.events.send(Event::Renamed {
            from: from.to_owned(),
            to: to.to_owned(),
        });
        Ok(())
    }

    /// Forgets a set; a training that uses it keeps it until the next one.
    pub fn unload(&self, name: &str) {
        self.write().retain(|set| set.name != name);
        self.events.send(Event::Unloaded {
            name: name.to_owned(),
        });
    }

    /// What a set is called now: a training keeps the name that it had at its start.
    pub fn name_of(&self, dataset: &Dataset) -> String {
        let sets = self.read();
        let same = sets.iter().find(|set| set.shares_images_with(dataset));
        same.map_or_else(|| dataset.name.clone(), |set| set.name.clone())
    }

    /// A set's names as they are now, its classes as they stand in `dataset`.
    pub fn names_of(&self, dataset: &Dataset) -> SetNames {
        SetNames {
            dataset: self.name_of(dataset),
            class_names: dataset.class_names().to_vec(),
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, Vec<Arc<Dataset>>> {
        self.sets
            .read()
            .expect("no thread panics while it holds the sets")
    }

    fn write(&self) -> RwLockWriteGuard<'_, Vec<Arc<Dataset>>> {
        self.sets
            .write()
            .expect("no thread panics while it holds the sets")
    }

    /// The loaded set called `name`.
    ///
    /// # Errors
    /// A sentence with the names that there are.
    pub fn set(&self, name: &str) -> Result<Arc<Dataset>, String> {
        let sets = self.read();
        sets.iter()
            .find(|set| set.name == name)
            .cloned()
            .ok_or_else(|| {
                let names: Vec<_> = sets.iter().map(|set| set.name.as_str()).collect();
                format!(
                    "no data set called {name} is loaded; loaded are: {}",
                    names.join(", ")
                )
            })
    }
}

/// `name`, or `name (2)` and so on where sets have it already.
fn free_name(sets: &[Arc<Dataset>], name: &str) -> String {
    let is_free = |name: &String| sets.iter().all(|set| set.name != *name);
    let numbered = (2..).map(|number| format!("{name} ({number})"));
    std::iter::once(name.to_owned())
        .chain(numbered)
        .find(is_free)
        .unwrap_or_default()
}
