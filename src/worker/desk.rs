//! The resources for answering questions about sets, files and folders.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::library::Library;
use super::{Sink, Surroundings};

/// The loaded sets, the folders, and cached results of earlier questions; every thread has its own handle to the same data.
#[derive(Clone)]
pub struct Desk {
    pub library: Library,
    pub surroundings: Surroundings,
    pub memory: Memory,
    pub(super) events: Sink,
}

/// A cache between questions: one value of each type.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>>);

impl Memory {
    /// The value of this type, at first its default.
    pub fn of<T: Default + Send + 'static>(&self) -> Arc<Mutex<T>> {
        // A thread that panicked while holding it left the map intact.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let value = kept
            .entry(TypeId::of::<T>())
            .or_insert_with(|| Arc::new(Mutex::new(T::default())));
        Arc::clone(value)
            .downcast()
            .expect("it is kept by its type")
    }

    /// Forgets everything.
    pub fn forget(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}
