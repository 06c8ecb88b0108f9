//! The loaded data sets.

use std::sync::{Arc, RwLock};
use std::thread;
use std::time::Instant;

use super::Sink;
use super::protocol::Event;
use super::purpose::Purpose;
use crate::data::{self, Dataset};

/// Every loaded set, shared by the threads of the worker.
#[derive(Clone)]
pub struct Library {
    sets: Arc<RwLock<Vec<Arc<Dataset>>>>,
    events: Sink,
}

impl Library {
    pub fn new(events: Sink) -> Self {
        Self {
            sets: Arc::default(),
            events,
        }
    }

    /// Loads a set on a thread of its own, so that nothing waits for it; a set of the same name is replaced.
    pub fn open(&self, choice: Option<String>) {
        let library = self.clone();
        thread::spawn(move || {
            let events = library.events.clone();
            events.guard(Purpose::OpenData, || library.load(choice.as_deref()));
        });
    }

    fn load(&self, choice: Option<&str>) -> Result<(), String> {
        let started = Instant::now();
        let dataset = data::load(choice).map_err(|error| error.to_string())?;
        let summary = dataset.summary();
        let mut sets = self
            .sets
            .write()
            .expect("no thread panics while it holds the sets");
        sets.retain(|set| set.name != dataset.name);
        sets.push(Arc::new(dataset));
        drop(sets);
        self.events.send(Event::DataLoaded {
            summary,
            seconds: started.elapsed().as_secs_f64(),
        });
        Ok(())
    }

    /// The loaded set called `name`.
    ///
    /// # Errors
    /// A sentence with the names that there are.
    pub fn set(&self, name: &str) -> Result<Arc<Dataset>, String> {
        let sets = self
            .sets
            .read()
            .expect("no thread panics while it holds the sets");
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
