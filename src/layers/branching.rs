//! Blocks: several paths from one volume, joined at their end.
//!
//! In the list of a network's layers a block is its beginning ([`Build::Block`]), its paths with [`PATH`] between two of them, and
//! [`END`]. What computes is the [`Join`].

use super::{Block, Build, Combination, Layer, LayerKind, Misfit, Pass, Place};
use crate::field::{Field, Settings, choices, settings};
use crate::ops::{Flow, Join, Vector};
use crate::shape::Shape;

pub static RESIDUAL: LayerKind = LayerKind {
    name: "residual",
    keras: Join::Add.keras(),
    help: "A block of layers whose output is added to its input, which a shortcut passes by them: deep networks learn better.",
    fields: Residual::FIELDS,
    build: Build::Block(Contents::Layers, |values| Joining {
        join: Join::Add,
        shortcut: Some(Residual::from_values(values).shortcut),
    }),
};

pub static BRANCHES: LayerKind = LayerKind {
    name: "branches",
    keras: Join::Concat.keras(),
    help: "A block of several paths from the same input, joined at the end: their channels side by side, or their sum.",
    fields: Branches::FIELDS,
    build: Build::Block(Contents::Paths, |values| Joining {
        join: Branches::from_values(values).join,
        shortcut: None,
    }),
};

/// Begins a block's next path.
pub static PATH: LayerKind = LayerKind {
    name: "path",
    keras: "path",
    help: "The next path of a block, from the block's input.",
    fields: &[],
    build: Build::Path,
};

/// Ends a block.
pub static END: LayerKind = LayerKind {
    name: "end",
    keras: "end",
    help: "The end of a block, where its paths are joined.",
    fields: &[],
    build: Build::End,
};

settings! {
    struct Residual {
        /// auto: a 1×1 convolution with batch_norm where the shapes differ; conv: always; identity: never
        shortcut: Shortcut = Field::choice(Shortcut::NAMES),
    }
}

settings! {
    struct Branches {
        /// concat: the paths' channels side by side; add: the sum of the paths, which must have the same shape
        join: Join = Field::choice(Join::NAMES),
    }
}

/// What a residual block adds to the output of its layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    /// The block's input; a 1×1 convolution and batch norm of it, where its shape is another.
    Auto,
    /// The block's input.
    Identity,
    /// A 1×1 convolution and batch norm of the block's input.
    Conv,
}

choices! { Shortcut { Auto => "auto", Identity => "identity", Conv => "conv" } }

choices! { Join { Concat => "concat", Add => "add" } }

/// How a block's paths are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Joining {
    /// How they become one volume.
    pub join: Join,
    /// The path that a residual block has besides its layers.
    pub shortcut: Option<Shortcut>,
}

/// What a block holds in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contents {
    /// One list of layers, under `layers`.
    Layers,
    /// Lists of layers, under `paths`.
    Paths,
}

impl Contents {
    /// Its key in files.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Layers => "layers",
            Self::Paths => "paths",
        }
    }
}

/// The end of a block as a layer of its own, whose input are the paths as [`Fork`](crate::ops::Fork) has joined them.
impl Layer for Join {
    fn joins(&self) -> Option<Join> {
        Some(*self)
    }

    fn output(&self, input: Shape) -> Result<Shape, Misfit> {
        Ok(input)
    }

    fn reads(&self, _input: Shape, place: Place) -> Block {
        Block::one(place, 0)
    }

    fn combination(&self) -> Combination {
        Combination::Joined
    }

    fn forward(&self, flow: Flow, _parameters: &mut [Vector], _pass: &Pass) -> Flow {
        flow
    }
}
