//! The builder's edits of a network, valid or not: each returns the network after it, or the reason why it is not possible.

use super::checked::layer_names;
use super::spec::{LayerSpec, NetworkSpec};

/// An edit of a network. Where there is no such layer, or no place for it, the constructors return a sentence instead.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// Its name for undo: `delete relu`, `insert flatten before dense`.
    pub name: String,
    /// The position of the layer that it changes, adds or deletes.
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

    /// Inserts a layer before the one at `index`; `index` may be the number of layers.
    pub fn insert(network: &NetworkSpec, index: usize, layer: LayerSpec) -> Result<Self, String> {
        if index > network.layers.len() {
            return Err(no_layer(network, index));
        }
        let name = format!("add {}", layer.kind().name);
        Ok(Self::new(name, index, network, |layers| {
            layers.insert(index, layer);
        }))
    }

    /// Replaces a layer, as a form with several fields does.
    pub fn set(network: &NetworkSpec, index: usize, layer: LayerSpec) -> Result<Self, String> {
        let name = format!("edit {}", name_of(network, index)?);
        Ok(Self::new(name, index, network, |layers| {
            layers[index] = layer;
        }))
    }

    /// Deletes a layer.
    pub fn delete(network: &NetworkSpec, index: usize) -> Result<Self, String> {
        let name = format!("delete {}", name_of(network, index)?);
        Ok(Self::new(name, index, network, |layers| {
            layers.remove(index);
        }))
    }

    /// Inserts a copy of a layer after it.
    pub fn duplicate(network: &NetworkSpec, index: usize) -> Result<Self, String> {
        let name = format!("duplicate {}", name_of(network, index)?);
        Ok(Self::new(name, index + 1, network, |layers| {
            layers.insert(index + 1, layers[index].clone());
        }))
    }

    /// Moves a layer one up.
    pub fn move_up(network: &NetworkSpec, index: usize) -> Result<Self, String> {
        let name = name_of(network, index)?;
        let Some(above) = index.checked_sub(1) else {
            return Err(format!("{name} is already the first layer"));
        };
        Ok(Self::new(
            format!("move {name} up"),
            above,
            network,
            |layers| layers.swap(above, index),
        ))
    }

    /// Moves a layer one down.
    pub fn move_down(network: &NetworkSpec, index: usize) -> Result<Self, String> {
        let (name, below) = (name_of(network, index)?, index + 1);
        if below == network.layers.len() {
            return Err(format!("{name} is already the last layer"));
        }
        Ok(Self::new(
            format!("move {name} down"),
            below,
            network,
            |layers| layers.swap(index, below),
        ))
    }
}

/// The name of a layer in the table: `conv2d_1`.
fn name_of(network: &NetworkSpec, index: usize) -> Result<String, String> {
    let name = layer_names(&network.layers).into_iter().nth(index);
    name.ok_or_else(|| no_layer(network, index))
}

fn no_layer(network: &NetworkSpec, index: usize) -> String {
    format!(
        "no layer {}: the network has {}",
        index + 1,
        network.layers.len()
    )
}
