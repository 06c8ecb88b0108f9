//! Passes through the layers.

use std::ops::Range;
use std::sync::Arc;

use super::super::checked::{CheckedNetwork, Step};
use super::grouping::Grouping;
use super::{Model, mix};
use crate::layers::Pass;
use crate::ops::{self, Flow, Fork, Tap};
use crate::shape::Shape;

impl Model {
    /// Images `[batch, height, width, channels]` → scores `[batch, 1, 1, classes]`, before softmax.
    ///
    /// `key` selects the step's random numbers; `after` is called with each layer's index and its output.
    pub fn forward(
        &mut self,
        flow: Flow,
        training: Option<u64>,
        after: impl FnMut(usize, &Flow),
    ) -> Flow {
        self.forward_through(0..self.weights.len(), flow, training, after)
    }

    /// [`forward`](Self::forward) through some of the layers only: the input of the first, which must not be inside a block unless it
    /// begins one, → the output of the last. Where that is inside a block, only the layers that lead to it are run.
    pub fn forward_through(
        &mut self,
        layers: Range<usize>,
        flow: Flow,
        training: Option<u64>,
        mut after: impl FnMut(usize, &Flow),
    ) -> Flow {
        let mode = training.map_or(Mode::Prediction, Mode::Training);
        self.run(layers, flow, mode, |index, flow| {
            after(index, &flow);
            flow
        })
    }

    /// [`forward`](Self::forward) in prediction; `look` is called with the output of layer `layer`, and the gradient with respect to that is
    /// kept on the way back.
    pub fn forward_tapped(
        &mut self,
        layer: usize,
        flow: Flow,
        look: impl FnOnce(&Flow),
    ) -> (Flow, Tap) {
        let mut look = Some(look);
        let mut tap = None;
        let layers = 0..self.weights.len();
        let flow = self.run(layers, flow, Mode::Prediction, |index, flow| {
            if index != layer {
                return flow;
            }
            let (flow, kept) = flow.tapped();
            tap = Some(kept);
            if let Some(look) = look.take() {
                look(&flow);
            }
            flow
        });
        (flow, tap.expect("the network has this layer"))
    }

    fn run(
        &mut self,
        layers: Range<usize>,
        mut flow: Flow,
        mode: Mode,
        mut after: impl FnMut(usize, Flow) -> Flow,
    ) -> Flow {
        let trainable = flow.is_trainable();
        let network = Arc::clone(&self.network);
        let mut forks: Vec<Fork> = Vec::new();
        for step in network.steps_to(layers) {
            let open = "each path and each join has its fork before it";
            let index = match step {
                Step::Fork => {
                    let (fork, first) = Fork::new(flow);
                    forks.push(fork);
                    flow = first;
                    continue;
                }
                Step::NextPath => {
                    flow = forks.last_mut().expect(open).next_path(flow);
                    continue;
                }
                Step::Join(index) => {
                    let join = network.layers()[index].layer.joins();
                    let join = join.expect("a join joins");
                    flow = forks.pop().expect(open).join(flow, join);
                    index
                }
                Step::Layer(index) => index,
            };
            let entering = flow.with_trainable(trainable && index >= self.frozen);
            flow = after(index, self.run_layer(&network, index, entering, mode));
        }
        flow.with_trainable(trainable)
    }

    fn run_layer(
        &mut self,
        network: &CheckedNetwork,
        index: usize,
        flow: Flow,
        mode: Mode,
    ) -> Flow {
        let layer = &network.layers()[index].layer;
        let moving = layer.moving().filter(|_| index >= self.frozen);
        let start_share = &mut self.start_shares[index];
        let pass = Pass {
            training: matches!(mode, Mode::Training(_)),
            momentum: match mode {
                Mode::Prediction => None,
                Mode::Training(_) => moving.map(|moving| moving.kept(*start_share)),
                Mode::OwnStatistics => moving.map(|_| 1.0),
            },
            key: match mode {
                Mode::Training(key) => mix(key, index as u64),
                Mode::Prediction | Mode::OwnStatistics => 0,
            },
        };
        if let (Mode::Training(_), Some(moving)) = (mode, moving) {
            *start_share = moving.start_share_after(*start_share);
        }
        layer.forward(flow, &mut self.weights[index], &pass)
    }

    /// The scores of images as in prediction, but with batch norm by this batch's own mean and variance instead of the moving ones, which
    /// are unchanged: the scores if those were no longer [young](Self::start_share).
    pub fn scores_by_own_statistics(
        &mut self,
        batch: usize,
        fill: impl Fn(Range<usize>, &mut [f32]) + Send + Sync,
    ) -> Flow {
        let images = self.gathered(batch, fill);
        let layers = 0..self.weights.len();
        self.run(
            layers,
            Flow::inference(images),
            Mode::OwnStatistics,
            |_, flow| flow,
        )
    }

    /// [`forward`](Self::forward) of this many images in inference, of which `fill(images, values)` writes some at a time, on all threads.
    ///
    /// While volumes have positions, one thread processes a few images at a time, so that a layer's output is still in its caches for the
    /// next.
    pub fn scores(
        &mut self,
        batch: usize,
        fill: impl Fn(Range<usize>, &mut [f32]) + Send + Sync,
    ) -> Flow {
        let Some(Grouping { layers, images }) = Grouping::of(&self.network) else {
            let images = self.gathered(batch, fill);
            return self.forward(Flow::inference(images), None, |_, _| {});
        };
        let shape = self.network.layers()[layers - 1].output;
        let workspace = self.workspace.for_fixed_weights();
        let features = self.workspace.input(batch, shape, |features| {
            ops::for_pieces(features, images * shape.len(), |index, features| {
                let (begin, count) = (index * images, features.len() / shape.len());
                let mut model = Self {
                    workspace: workspace.clone(),
                    ..self.clone()
                };
                let input = model.gathered(count, |range, input| {
                    fill(begin + range.start..begin + range.end, input);
                });
                let flow = Flow::inference(input);
                let flow = model.forward_through(0..layers, flow, None, |_, _| {});
                features.copy_from_slice(flow.values());
            });
        });
        let others = layers..self.network.layers().len();
        self.forward_through(others, Flow::inference(features), None, |_, _| {})
    }

    /// Probabilities `[batch × classes]` of images `[batch, height, width, channels]` in [0, 1].
    pub fn probabilities(&mut self, images: &[f32]) -> Vec<f32> {
        let length = self.network.spec().input.len();
        let scores = self.scores(self.count(images), |range, input| {
            input.copy_from_slice(&images[range.start * length..range.end * length]);
        });
        ops::softmax(scores).values().to_vec()
    }

    /// The same; `after` is called with each layer's index, and the shape and values of its output for all images.
    pub fn observe(
        &mut self,
        images: &[f32],
        mut after: impl FnMut(usize, Shape, &[f32]),
    ) -> Vec<f32> {
        let input = self.input(self.count(images), |input| input.copy_from_slice(images));
        let scores = self.forward(Flow::inference(input), None, |index, flow| {
            after(index, flow.shape(), flow.values());
        });
        ops::softmax(scores).values().to_vec()
    }

    /// Number of images in these values.
    fn count(&self, images: &[f32]) -> usize {
        let length = self.network.spec().input.len();
        assert!(images.len().is_multiple_of(length), "whole images");
        images.len() / length
    }
}

/// The purpose of a pass through the layers.
#[derive(Clone, Copy)]
enum Mode {
    Prediction,
    /// Training, with this key of the step's random numbers.
    Training(u64),
    /// Prediction with each batch's own statistics.
    OwnStatistics,
}
