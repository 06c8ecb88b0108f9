//! Buffers that live from step to step, so that a step allocates nothing large.

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dfdx::prelude::Gradients;

use super::stopwatch::{Lap, Stopwatch};
use super::tape::{self, Device, Vector, Volume, tensor};
use crate::kernels::{ConvBlock, Plan, for_images, zeros};
use crate::shape::Shape;

/// Keeps the buffers of past steps for the next one. Use one per network that is trained or evaluated; clones share the buffers.
#[derive(Clone)]
pub struct Workspace {
    shelves: Arc<Shelves>,
    plans: Option<Arc<Plans>>,
}

/// Convolutions' plans with the addresses of their kernels.
type Plans = Mutex<Vec<(usize, Arc<Plan>)>>;

struct Shelves {
    /// An empty tensor: the entry in dfdx's gradients that holds the gradient of the flow during the backward pass.
    path: Vector,
    volumes: Mutex<Vec<Volume>>,
    values: Mutex<Vec<Vec<f32>>>,
    places: Mutex<Vec<Vec<u16>>>,
    small_places: Mutex<Vec<Vec<u8>>>,
    gradients: Mutex<Option<Gradients<f32, Device>>>,
    stopwatch: Stopwatch,
}

impl Default for Workspace {
    fn default() -> Self {
        Self::new()
    }
}

impl Workspace {
    /// Creates an empty workspace.
    pub fn new() -> Self {
        let shelves = Shelves {
            path: tape::vector(Vec::new()),
            volumes: Mutex::default(),
            values: Mutex::default(),
            places: Mutex::default(),
            small_places: Mutex::default(),
            gradients: Mutex::default(),
            stopwatch: Stopwatch::default(),
        };
        Self {
            shelves: Arc::new(shelves),
            plans: None,
        }
    }

    /// The same workspace for batches with unchanged weights in between: the transformed kernels of convolutions are kept.
    #[must_use]
    pub fn for_fixed_weights(&self) -> Self {
        Self {
            plans: Some(Arc::default()),
            ..self.clone()
        }
    }

    /// A plan for a block with these kernels.
    pub(super) fn plan(&self, block: &ConvBlock, kernel: &[f32]) -> Arc<Plan> {
        let new = || Arc::new(Plan::new(block, kernel));
        let Some(plans) = &self.plans else {
            return new();
        };
        let (mut plans, address) = (lock(plans), kernel.as_ptr().addr());
        let fitting = plans
            .iter()
            .find(|(of, plan)| *of == address && plan.fits(block));
        match fitting {
            Some((_, plan)) => Arc::clone(plan),
            None => {
                let plan = new();
                plans.push((address, Arc::clone(&plan)));
                plan
            }
        }
    }

    /// The images that enter a network, `[batch, height, width, channels]`; `fill` writes them (what it does not write is undefined,
    /// left over from earlier steps).
    pub fn input(&self, batch: usize, shape: Shape, fill: impl FnOnce(&mut [f32])) -> Input {
        let mut buffer = self.buffer(batch * shape.len());
        fill(buffer.values_mut());
        Input {
            buffer,
            batch,
            shape,
        }
    }

    /// As [`input`](Self::input); `fill(images, values)` writes some of the images, on all threads.
    pub fn gathered(
        &self,
        batch: usize,
        shape: Shape,
        fill: impl Fn(Range<usize>, &mut [f32]) + Send + Sync,
    ) -> Input {
        self.input(batch, shape, |values| {
            for_images(values, shape.len(), fill);
        })
    }

    /// Measures every op of the training steps from here on, until [`stop_watch`](Self::stop_watch).
    pub fn start_watch(&self) {
        self.shelves.stopwatch.start();
    }

    /// One lap per op recorded since [`start_watch`](Self::start_watch), in the order of the forward pass.
    pub fn stop_watch(&self) -> Vec<Lap> {
        self.shelves.stopwatch.stop()
    }

    pub(super) fn stopwatch(&self) -> &Stopwatch {
        &self.shelves.stopwatch
    }

    /// A buffer of `length` values, left over from earlier steps.
    pub(super) fn buffer(&self, length: usize) -> Buffer {
        let kept = take(&self.shelves.volumes, length, |volume| {
            tape::values(volume).len()
        });
        Buffer {
            volume: Some(kept.unwrap_or_else(|| tensor(zeros(length), (1, 1, 1, length)))),
            length,
            workspace: self.clone(),
        }
    }

    /// At least `length` values, left over from earlier steps.
    pub(super) fn values(&self, length: usize) -> Vec<f32> {
        take(&self.shelves.values, length, Vec::len).unwrap_or_else(|| zeros(length))
    }

    pub(super) fn give_back_values(&self, values: Vec<f32>) {
        if !values.is_empty() {
            lock(&self.shelves.values).push(values);
        }
    }

    /// At least `length` places, left over from earlier steps.
    pub(super) fn places(&self, length: usize) -> Vec<u16> {
        take(&self.shelves.places, length, Vec::len).unwrap_or_else(|| vec![0; length])
    }

    pub(super) fn give_back_places(&self, places: Vec<u16>) {
        lock(&self.shelves.places).push(places);
    }

    /// As [`places`](Self::places), of windows so small that a byte holds them.
    pub(super) fn small_places(&self, length: usize) -> Vec<u8> {
        take(&self.shelves.small_places, length, Vec::len).unwrap_or_else(|| vec![0; length])
    }

    pub(super) fn give_back_small_places(&self, places: Vec<u8>) {
        if !places.is_empty() {
            lock(&self.shelves.small_places).push(places);
        }
    }

    pub(super) fn path(&self) -> &Vector {
        &self.shelves.path
    }

    pub(super) fn gradients(&self) -> Option<Gradients<f32, Device>> {
        lock(&self.shelves.gradients).take()
    }

    pub(super) fn give_back_gradients(&self, gradients: Gradients<f32, Device>) {
        *lock(&self.shelves.gradients) = Some(gradients);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The shortest kept buffer that holds `length` values, unless it is so long that a later op may need it.
fn take<T>(shelf: &Mutex<Vec<T>>, length: usize, length_of: impl Fn(&T) -> usize) -> Option<T> {
    let mut shelf = lock(shelf);
    let fits = length..=4 * length;
    let best = (0..shelf.len())
        .filter(|i| fits.contains(&length_of(&shelf[*i])))
        .min_by_key(|i| length_of(&shelf[*i]))?;
    Some(shelf.swap_remove(best))
}

/// A batch of images, the input of a network.
pub struct Input {
    pub(super) buffer: Buffer,
    pub(super) batch: usize,
    pub(super) shape: Shape,
}

/// A tensor's storage of which the first `length` values are in use; goes back to its workspace when it is dropped.
pub(super) struct Buffer {
    volume: Option<Volume>,
    length: usize,
    workspace: Workspace,
}

impl Buffer {
    pub(super) fn volume(&self) -> &Volume {
        self.volume
            .as_ref()
            .expect("the tensor is taken out on drop only")
    }

    pub(super) fn values(&self) -> &[f32] {
        &tape::values(self.volume())[..self.length]
    }

    pub(super) fn values_mut(&mut self) -> &mut [f32] {
        let volume = self
            .volume
            .as_mut()
            .expect("the tensor is taken out on drop only");
        &mut tape::values_mut(volume)[..self.length]
    }

    pub(super) fn workspace(&self) -> &Workspace {
        &self.workspace
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        if let Some(volume) = self.volume.take() {
            lock(&self.workspace.shelves.volumes).push(volume);
        }
    }
}
