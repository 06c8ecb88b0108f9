//! Pooling: the largest value or the mean of every square of pixels.

use super::{Block, Build, Combination, Layer, LayerKind, Mend, Misfit, Pass, Place, built};
use crate::field::{Field, Settings, Value, settings};
use crate::ops::{self, Flow, Vector};
use crate::shape::{Padding, Shape, Window};

pub static MAX: LayerKind = LayerKind {
    name: "max_pool2d",
    keras: "max_pooling2d",
    help: "Keeps the largest value of every square of pixels; leftover pixels at the right and bottom are dropped.",
    fields: Pool2d::FIELDS,
    build: Build::Layer(built::<Pool2d>),
};

pub static AVERAGE: LayerKind = LayerKind {
    name: "avg_pool2d",
    keras: "average_pooling2d",
    help: "Keeps the mean of every square of pixels; leftover pixels at the right and bottom are dropped.",
    fields: Pool2d::FIELDS,
    build: Build::Layer(|values, _classes| {
        Box::new(Pool2d {
            averages: true,
            ..Pool2d::from_values(values)
        })
    }),
};

settings! {
    struct Pool2d {
        /// height and width of the squares, in pixels
        size: usize = Field::whole(2, 1..=64, &[2, 3, 4]).required(),
        /// pixels from one square to the next; 0: the size
        stride: Option<usize> = Field::whole(2, 1..=64, &[1, 2, 3, 4]).optional().added(),
        /// valid: only squares inside the image; same: a square at every stride, of which only pixels inside the image count
        padding: Padding = Field::choice(&["valid", "same"]).added(),
    } and {
        /// Whether it takes the mean of a square instead of its largest value.
        averages: bool,
    }
}

impl Pool2d {
    fn window(&self) -> Window {
        Window {
            size: self.size,
            stride: self.stride.unwrap_or(self.size),
            padding: self.padding,
        }
    }
}

impl Layer for Pool2d {
    fn takes_images(&self) -> bool {
        true
    }

    fn output(&self, input: Shape) -> Result<Shape, Misfit> {
        let output = self.window().slide(input, input.channels);
        if output.is_empty() {
            let (size, largest) = (self.size, input.height.min(input.width));
            let reason = format!(
                "a {size}×{size} square does not fit a {}×{} input",
                input.height, input.width
            );
            return Err(Misfit::new(
                reason,
                "use a smaller size or delete this layer",
                Mend::Set("size", Value::Whole(largest)),
            ));
        }
        Ok(output)
    }

    fn reads(&self, input: Shape, place: Place) -> Block {
        let channel = place.channel..place.channel + 1;
        Block::window(self.window(), input, place, channel)
    }

    fn combination(&self) -> Combination {
        match self.averages {
            true => Combination::Mean,
            false => Combination::Largest,
        }
    }

    fn forward(&self, flow: Flow, _parameters: &mut [Vector], _pass: &Pass) -> Flow {
        let window = self.window();
        let side_by_side = window.stride == window.size && window.padding == Padding::Valid;
        match (side_by_side, self.averages) {
            (true, true) => ops::average_pool2d(flow, self.size),
            (true, false) => ops::max_pool2d(flow, self.size),
            (false, true) => ops::sliding_average_pool2d(flow, window),
            (false, false) => ops::sliding_max_pool2d(flow, window),
        }
    }
}
