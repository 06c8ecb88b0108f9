//! The palette of layers.

use super::Side;
use crate::layers::{LAYERS, LayerKind};
use crate::state::LineInput;

/// The palette of layers.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerPalette {
    pub side: Side,
    /// Nothing as long as a letter takes a layer.
    pub filter: Option<LineInput>,
    /// Among the layers that match.
    pub cursor: usize,
}

impl LayerPalette {
    pub(in crate::state) fn new(side: Side) -> Self {
        Self {
            side,
            filter: None,
            cursor: 0,
        }
    }

    /// The layers that match what was typed, by their positions in the list of layers: those whose name matches first.
    pub fn matching(&self) -> Vec<usize> {
        let typed = self.filter.as_ref().map_or("", LineInput::text).trim();
        let typed = typed.to_lowercase();
        let named = |kind: &LayerKind| kind.name.contains(&typed);
        let told = |kind: &LayerKind| kind.help.to_lowercase().contains(&typed);
        let positions = |wanted: &dyn Fn(&LayerKind) -> bool| {
            let found = LAYERS.iter().enumerate().filter(|(_, kind)| wanted(kind));
            found.map(|(position, _)| position).collect::<Vec<_>>()
        };
        let mut found = positions(&named);
        found.extend(positions(&|kind| told(kind) && !named(kind)));
        found
    }
}
