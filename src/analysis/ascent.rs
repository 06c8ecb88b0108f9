//! An image that excites one filter, by gradient ascent.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use crate::network::Model;
use crate::ops::{self, Flow};
use crate::shape::Shape;

/// Settings of gradient ascent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AscentSettings {
    /// Seed of the initial noise: equal seeds give equal images.
    pub seed: u64,
    /// Number of steps.
    pub steps: usize,
    /// Length of a step, as a share of the range from black to white: the root mean square of the change of a pixel.
    pub rate: f32,
    /// Share of the distance to grey that every pixel moves back after a step (L2 decay).
    pub decay: f32,
}

impl Default for AscentSettings {
    fn default() -> Self {
        Self {
            seed: 1,
            steps: 64,
            rate: 0.05,
            decay: 0.01,
        }
    }
}

/// An image that excites a filter.
#[derive(Clone, Debug, PartialEq)]
pub struct Ascent {
    /// Position of the layer in the network, from 0.
    pub layer: usize,
    /// Channel of the layer, from 0.
    pub filter: usize,
    /// Shape of the image.
    pub shape: Shape,
    /// `[height, width, channels]` in [0, 1]: the most exciting image on the way.
    pub image: Vec<f32>,
    /// The filter's mean value over its map: at the start and after each step. Ends early where the filter does not respond to
    /// any pixel, as a dead ReLU does not.
    pub activations: Vec<f32>,
    /// The mean value for `image`.
    pub activation: f32,
}

/// Largest distance of the initial noise from grey.
const NOISE: f32 = 0.1;

/// Climbs from grey noise to an image that excites filter `filter` (a unit, where the output is flat) of layer `layer`: steps along
/// the normalised gradient of the mean of its map, then a pull back to grey, values kept in [0, 1].
///
/// Sources: Erhan, Bengio, Courville and Vincent 2009, "Visualizing Higher-Layer Features of a Deep Network"; L2 decay as in
/// Simonyan, Vedaldi and Zisserman 2013.
///
/// # Panics
/// If the network has no such layer or filter.
pub fn ascend(model: &mut Model, layer: usize, filter: usize, settings: &AscentSettings) -> Ascent {
    let maps = model.network().layers()[layer].output;
    assert!(
        filter < maps.channels,
        "the layer has {} filters",
        maps.channels
    );
    let shape = model.network().spec().input;
    let places = maps.height * maps.width;
    let mut start = vec![0.0; maps.len()];
    let of_filter = start.iter_mut().skip(filter).step_by(maps.channels);
    of_filter.for_each(|one| *one = 1.0 / places as f32);

    let mut random = Pcg64Mcg::seed_from_u64(settings.seed);
    let mut image: Vec<f32> = (0..shape.len())
        .map(|_| 0.5 + random.random_range(-NOISE..NOISE))
        .collect();
    let mut best = (0.0, Vec::new());
    let mut activations = Vec::with_capacity(settings.steps + 1);
    for step in 0..=settings.steps {
        let input = model.input(1, |input| input.copy_from_slice(&image));
        let flow = Flow::training_with_input_gradient(input).with_trainable(false);
        let flow = model.forward_through(0..layer + 1, flow, None, |_, _| {});
        let activation = flow.values().iter().zip(&start).map(|(v, s)| v * s).sum();
        activations.push(activation);
        if step == 0 || activation > best.0 {
            best = (activation, image.clone());
        }
        if step == settings.steps {
            break;
        }
        let mut gradients = ops::backward_from(flow, &start);
        let gradient = &gradients.input()[..image.len()];
        let squares: f32 = gradient.iter().map(|g| g * g).sum();
        let size = (squares / gradient.len() as f32).sqrt();
        if size == 0.0 {
            break;
        }
        for (pixel, gradient) in image.iter_mut().zip(gradient) {
            let moved = *pixel + settings.rate * gradient / size;
            let pulled = moved + settings.decay * (0.5 - moved);
            *pixel = pulled.clamp(0.0, 1.0);
        }
    }
    Ascent {
        layer,
        filter,
        shape,
        image: best.1,
        activations,
        activation: best.0,
    }
}
