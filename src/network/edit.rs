//! The builder's edits of a network, valid or not: each returns the network after it, or the reason why it is not possible.

use std::ops::Range;

use super::inference::{Part, infer};
use super::lines;
use super::spec::{LayerSpec, NetworkSpec};
use crate::layers::{Build, LayerKind, PATH};

/// An edit of a network. Where there is no such layer, or no place for it, the constructors return a sentence instead.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// Its name for undo: `delete relu`, `insert flatten before dense`.
    pub name: String,
    /// The line that it changes, adds or deletes.
    pub index: usize,
    /// The network after it.
    pub network: NetworkSpec,
}

impl Edit {
    pub(super) fn new(
        name: String,
        index: usize,
        network: &NetworkSpec,
        change: impl FnOnce(&mut Vec<LayerSpec>),
    ) -> Self {
        let mut network = network.clone();
        change(&mut network.layers);
        Self {
            name,
            index,
            network,
        }
    }

    /// Inserts a layer, or a block without layers, before the line `index`, which may be the number of lines.
    pub fn insert(network: &NetworkSpec, index: usize, layer: LayerSpec) -> Result<Self, String> {
        if index > network.layers.len() {
            return Err(no_layer(network, index));
        }
        let name = format!("add {}", layer.kind().name);
        Ok(Self::new(name, index, network, |layers| {
            let closing = lines::closing(layer.kind());
            layers.splice(index..index, std::iter::once(layer).chain(closing));
        }))
    }

    /// Replaces a layer, as a form with several fields does.
    pub fn set(network: &NetworkSpec, index: usize, layer: LayerSpec) -> Result<Self, String> {
        let name = format!("edit {}", checked_name(network, index)?);
        Ok(Self::new(name, index, network, |layers| {
            layers[index] = layer;
        }))
    }

    /// Deletes a layer, a block with all that is inside it, or a path of a block.
    pub fn delete(network: &NetworkSpec, index: usize) -> Result<Self, String> {
        let name = format!("delete {}", checked_name(network, index)?);
        let lines = lines::contents_at(&network.layers, index);
        Ok(Self::new(name, lines.start, network, |layers| {
            layers.drain(lines);
        }))
    }

    /// Inserts a copy of a layer or a block after it.
    pub fn duplicate(network: &NetworkSpec, index: usize) -> Result<Self, String> {
        let name = format!("duplicate {}", checked_name(network, index)?);
        let lines = lines::contents_at(&network.layers, index);
        let end = lines.end;
        Ok(Self::new(name, end, network, |layers| {
            let copy = layers[lines].to_vec();
            layers.splice(end..end, copy);
        }))
    }

    /// Makes a block of a layer, or of neighbouring lines; those of a block that is only partly among them are taken whole.
    pub fn wrap(
        network: &NetworkSpec,
        lines: Range<usize>,
        kind: &'static LayerKind,
    ) -> Result<Self, String> {
        // The first and the last one exist, and so do those between them.
        checked_name(network, lines.start)?;
        checked_name(network, lines.end.saturating_sub(1).max(lines.start))?;
        let lines = lines::whole(&network.layers, lines)?;
        let name = format!("wrap {} in {}", name_of(network, lines.start), kind.name);
        Ok(Self::new(name, lines.start, network, |layers| {
            layers.splice(lines.end..lines.end, lines::closing(kind));
            layers.insert(lines.start, LayerSpec::with_defaults(kind));
        }))
    }

    /// Replaces a block, at its beginning or its end, by its layers, one path after the other.
    pub fn unwrap(network: &NetworkSpec, index: usize) -> Result<Self, String> {
        let name = checked_name(network, index)?;
        if matches!(network.layers[index].kind().build, Build::Layer(_)) {
            return Err(format!("{name} is not a block; choose one's first row"));
        }
        let start = lines::start_of(&network.layers, index);
        let name = format!("unwrap {}", name_of(network, start));
        Ok(Self::new(name, start, network, |layers| {
            lines::unwrap(layers, start);
        }))
    }

    /// Adds a path at the end of the innermost block of paths around a line.
    pub fn add_path(network: &NetworkSpec, index: usize) -> Result<Self, String> {
        checked_name(network, index)?;
        let end = lines::end_of_paths(&network.layers, index)
            .ok_or("paths are added inside a block of branches; wrap a layer in one first")?;
        let name = format!(
            "add a path to {}",
            name_of(network, lines::start_of(&network.layers, end))
        );
        Ok(Self::new(name, end, network, |layers| {
            layers.insert(end, LayerSpec::with_defaults(&PATH));
        }))
    }

    /// Moves a layer or a block one up, into the block that ends there or out of the one that begins there.
    pub fn move_up(network: &NetworkSpec, index: usize) -> Result<Self, String> {
        let name = checked_name(network, index)?;
        let moved = lines::unit(&network.layers, index);
        let Some(above) = moved.start.checked_sub(1) else {
            return Err(format!("{name} is already the first layer"));
        };
        let above = lines::step(&network.layers, &moved, above)?;
        let by = moved.start - above.start;
        Ok(Self::new(
            format!("move {name} up"),
            index - by,
            network,
            |layers| layers[above.start..moved.end].rotate_left(by),
        ))
    }

    /// Moves a layer or a block one down, into the block that begins there or out of the one that ends there.
    pub fn move_down(network: &NetworkSpec, index: usize) -> Result<Self, String> {
        let name = checked_name(network, index)?;
        let moved = lines::unit(&network.layers, index);
        if moved.end == network.layers.len() {
            return Err(format!("{name} is already the last layer"));
        }
        let below = lines::step(&network.layers, &moved, moved.end)?;
        let by = below.end - moved.end;
        Ok(Self::new(
            format!("move {name} down"),
            index + by,
            network,
            |layers| layers[moved.start..below.end].rotate_right(by),
        ))
    }
}

/// The name of a line in the table: `conv2d_1`, `residual`.
pub(super) fn name_of(network: &NetworkSpec, line: usize) -> String {
    let rows = infer(network).rows;
    let row = rows
        .into_iter()
        .find(|row| row.line == line && row.part != Part::Shortcut);
    row.map_or_else(String::new, |row| row.name)
}

fn checked_name(network: &NetworkSpec, line: usize) -> Result<String, String> {
    let is_there = line < network.layers.len();
    is_there
        .then(|| name_of(network, line))
        .ok_or_else(|| no_layer(network, line))
}

fn no_layer(network: &NetworkSpec, index: usize) -> String {
    format!(
        "no layer {}: the network has {}",
        index + 1,
        network.layers.len()
    )
}
