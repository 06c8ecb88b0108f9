//! The builder's edits of a network, legal or not: each gives the network after it, and says why where it cannot be done.

use super::checked::layer_names;
use super::spec::{LayerSpec, NetworkSpec};

/// An edit of a network. Where there is no such layer, or no place for it, there is a sentence instead.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// What it does, as undo calls it: `delete relu`, `insert flatten before dense`.
    pub name: String,
    /// The place of the layer that it changes, brings or takes away.
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

    /// Puts a layer before the one that has `index` now; `index` may be the number of layers.
    pub fn insert(network: &NetworkSpec, index: usize, layer: LayerSpec) -> Result<Self, String> {
        if index > network.layers.len() {
            return Err(no_layer(network, index));
        }
        let name = format!("add {}", layer.kind().name);
        Ok(Self::new(name, index, network, |layers| {
            layers.insert(index, layer);
        }))
    }

    /// Puts another layer in a layer's place, as a form with several fields does.
    pub fn set(network: &NetworkSpec, index: usize, layer: LayerSpec) -> Result<Self, String> {
        let name = format!("edit {}", name_of(network, index)?);
        Ok(Self::new(name, index, network, |layers| {
            layers[index] = layer;
        }))
    }

    /// Takes a layer out.
    pub fn delete(network: &NetworkSpec, index: usize) -> Result<Self, String> {
        let name = format!("delete {}", name_of(network, index)?);
        Ok(Self::new(name, index, network, |layers| {
            layers.remove(index);
        }))
    }

    /// Puts a copy of a layer behind it.
    pub fn duplicate(network: &NetworkSpec, index: usize) -> Result<Self, String> {
        let name = format!("duplicate {}", name_of(network, index)?);
        Ok(Self::new(name, index + 1, network, |layers| {
            layers.insert(index + 1, layers[index].clone());
        }))
    }

    /// Puts a layer before the one above it.
    pub fn move_up(network: &NetworkSpec, index: usize) -> Result<Self, String> {
        let name = name_of(network, index)?;
        let Some(above) = index.checked_sub(1) else {
            return Err(format!("{name} is the first layer already"));
        };
        Ok(Self::new(
            format!("move {name} up"),
            above,
            network,
            |layers| layers.swap(above, index),
        ))
    }

    /// Puts a layer behind the one below it.
    pub fn move_down(network: &NetworkSpec, index: usize) -> Result<Self, String> {
        let (name, below) = (name_of(network, index)?, index + 1);
        if below == network.layers.len() {
            return Err(format!("{name} is the last layer already"));
        }
        Ok(Self::new(
            format!("move {name} down"),
            below,
            network,
            |layers| layers.swap(index, below),
        ))
    }
}

/// As the table calls a layer: `conv2d_1`.
fn name_of(network: &NetworkSpec, index: usize) -> Result<String, String> {
    let name = layer_names(&network.layers).into_iter().nth(index);
    name.ok_or_else(|| no_layer(network, index))
}

fn no_layer(network: &NetworkSpec, index: usize) -> String {
    format!(
        "there is no layer {}: the network has {}",
        index + 1,
        network.layers.len()
    )
}
