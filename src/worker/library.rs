//! The loaded data sets.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use super::Sink;
use super::corrections::SetMarks;
use super::events::{Event, Reading};
use super::purpose::Purpose;
use super::run_facts::SetNames;
use crate::data::{self, CorrectionsFolder, DataError, Dataset, Progress, short_sha256};
use crate::runs::DataIdentity;
use crate::training::{Preset, Recipe};

/// Between two reports of reading; what takes less time is not reported.
const BETWEEN_REPORTS: Duration = Duration::from_millis(200);

/// Every loaded set, shared by the threads of the worker.
#[derive(Clone)]
pub struct Library {
    sets: Arc<RwLock<Vec<Arc<Dataset>>>>,
    corrections: CorrectionsFolder,
    /// Whether what is being read is no longer wanted.
    unwanted: Arc<Mutex<Arc<AtomicBool>>>,
    events: Sink,
}

impl Library {
    /// An empty library; corrections of its sets are kept in this folder.
    pub fn new(corrections: CorrectionsFolder, events: Sink) -> Self {
        Self {
            sets: Arc::default(),
            corrections,
            unwanted: Arc::default(),
            events,
        }
    }

    /// The folder of the user's corrections.
    pub fn corrections(&self) -> &CorrectionsFolder {
        &self.corrections
    }

    /// Adds the user's current corrections of the set to train on to a recipe.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn correct(&self, recipe: &mut Recipe, dataset: &Dataset) -> Result<(), String> {
        let said = recipe.corrections.clone();
        recipe.corrections = self.corrections.for_training(dataset, said)?;
        Ok(())
    }

    /// The set that a run of `preset` was trained on: already loaded, or loaded from its source now.
    ///
    /// # Errors
    /// If it is missing or has changed.
    pub fn set_of(&self, data: &DataIdentity, preset: &Preset) -> Result<Arc<Dataset>, String> {
        let find = || {
            let sets = self.read().clone();
            sets.into_iter().find(|set| set.identity() == data.sha256)
        };
        if let Some(set) = find() {
            return Ok(set);
        }
        let started = Instant::now();
        let dataset = self.read_from_disk(&data.name, data.opened_by(preset));
        let dataset = dataset.map_err(|error| match error {
            DataError::Cancelled => format!("reading its data, {}, was stopped", data.name),
            error => format!(
                "its data, {} from {}, cannot be loaded: {error}",
                data.name, data.source
            ),
        })?;
        if dataset.identity() == data.sha256 {
            self.add(dataset, started);
            return find().ok_or_else(|| format!("{} was unloaded", data.name));
        }
        Err(format!(
            "it was trained on {} from {}, which now has other images or labels (SHA-256 {}…, expected {}…)",
            data.name,
            data.source,
            short_sha256(dataset.identity()),
            short_sha256(&data.sha256),
        ))
    }

    /// The loaded set of this name, or the set that the name or path means, which is not added.
    ///
    /// # Errors
    /// If there is no such set, or it cannot be loaded.
    pub fn set_or_read(&self, name: &str) -> Result<Arc<Dataset>, String> {
        self.set(name).or_else(|_| {
            let set = self.read_from_disk(name, name);
            set.map(Arc::new).map_err(|error| error.to_string())
        })
    }

    /// Reads what `choice` means, called `name` in reports, until [`stop_reading`](Self::stop_reading) or the end of the worker.
    fn read_from_disk(&self, name: &str, choice: &str) -> Result<Dataset, DataError> {
        self.reading(name, |progress| data::load_with(Some(choice), progress))
    }

    fn reading<T>(&self, name: &str, read: impl FnOnce(&Progress<'_>) -> T) -> T {
        let unwanted = Arc::<AtomicBool>::default();
        *self.unwanted() = Arc::clone(&unwanted);
        // When it was last reported, and whether it was.
        let reported = Mutex::new((Instant::now(), false));
        let progress = Progress::new(&unwanted, |done, all| {
            if self.events.is_closing() {
                unwanted.store(true, Ordering::Relaxed);
            }
            let mut reported = reported.lock().unwrap_or_else(PoisonError::into_inner);
            if reported.0.elapsed() >= BETWEEN_REPORTS {
                *reported = (Instant::now(), true);
                self.events.send(Event::Reading(Some(Reading {
                    name: name.to_owned(),
                    share: done as f32 / all.max(1) as f32,
                })));
            }
        });
        let read = read(&progress);
        drop(progress);
        if reported
            .into_inner()
            .is_ok_and(|(_, was_reported)| was_reported)
        {
            self.events.send(Event::Reading(None));
        }
        read
    }

    /// Has the latest reading for a run stop soon.
    pub fn stop_reading(&self) {
        self.unwanted().store(true, Ordering::Relaxed);
    }

    fn unwanted(&self) -> MutexGuard<'_, Arc<AtomicBool>> {
        self.unwanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a set and reports it. It replaces one from the same source; if one of the same name comes from another source, the new one
    /// gets a number.
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
        // Its pixels are hashed only now, after it can be viewed.
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

    /// Renames a set.
    ///
    /// # Errors
    /// If there is no such set, or the new name is taken.
    pub fn rename(&self, from: &str, to: &str) -> Result<(), String> {
        let to = to.trim();
        if to.is_empty() {
            return Err("expected a name, got nothing".to_owned());
        }
        let set = self.set(from)?;
        let mut sets = self.write();
        if from != to && sets.iter().any(|set| set.name == to) {
            return Err(format!(
                "a set called {to} already exists; choose another name"
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

    /// Unloads a set; a run that uses it keeps it until the next run.
    pub fn unload(&self, name: &str) {
        self.write().retain(|set| set.name != name);
        self.events.send(Event::Unloaded {
            name: name.to_owned(),
        });
    }

    /// The current name of a set: a run keeps the name that it had at its start.
    pub fn name_of(&self, dataset: &Dataset) -> String {
        let sets = self.read();
        let same = sets.iter().find(|set| set.shares_images_with(dataset));
        same.map_or_else(|| dataset.name.clone(), |set| set.name.clone())
    }

    /// A set's current name, and its classes in the order of `dataset`.
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
    /// A sentence with the names of the loaded sets.
    pub fn set(&self, name: &str) -> Result<Arc<Dataset>, String> {
        let sets = self.read();
        sets.iter()
            .find(|set| set.name == name)
            .cloned()
            .ok_or_else(|| {
                let names: Vec<_> = sets.iter().map(|set| set.name.as_str()).collect();
                format!(
                    "no data set called {name} is loaded; the loaded sets are {}",
                    names.join(", ")
                )
            })
    }
}

/// `name`, or `name (2)` and so on if it is taken.
fn free_name(sets: &[Arc<Dataset>], name: &str) -> String {
    let is_free = |name: &String| sets.iter().all(|set| set.name != *name);
    let numbered = (2..).map(|number| format!("{name} ({number})"));
    std::iter::once(name.to_owned())
        .chain(numbered)
        .find(is_free)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn long_reading_is_told_and_can_be_stopped() {
        let (sender, events) = mpsc::channel();
        let library = Library::new(CorrectionsFolder::default(), Sink::new(sender));
        let name = "synthetic-digits";
        let short = library.reading(name, |progress| {
            library.stop_reading();
            data::load_with(Some(name), progress).map(drop)
        });
        assert!(matches!(short, Err(DataError::Cancelled)));
        // An earlier request does not stop what is read later, and what takes no time is not told.
        assert!(library.set_or_read("mnist-starter").is_ok());
        assert_eq!(events.try_iter().next(), None);
        let long = library.reading(name, |progress| {
            let started = Instant::now();
            while started.elapsed() < 2 * BETWEEN_REPORTS {
                std::thread::yield_now();
            }
            data::load_with(Some(name), progress).map(drop)
        });
        assert!(long.is_ok());
        let told: Vec<Event> = events.try_iter().collect();
        let Some((Event::Reading(None), before)) = told.split_last() else {
            panic!("{told:?}");
        };
        assert!(!before.is_empty());
        for event in before {
            let Event::Reading(Some(reading)) = event else {
                panic!("{event:?}");
            };
            assert_eq!(reading.name, name);
            assert!((0.0..=1.0).contains(&reading.share), "{reading:?}");
        }
    }
}
