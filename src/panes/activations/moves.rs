//! Moving from layer to layer, map to map and value to value, and between levels of detail.

use super::{ActivationsPane, Depth, ShownMaps};
use crate::lab::{Lab, Motion, Part};
use crate::shape::Shape;

impl ActivationsPane {
    /// Moves to a layer; the cursor stays on its map if the layer is the same.
    pub(super) fn go_to_layer(&mut self, layer: usize) {
        if layer != self.layer {
            self.layer = layer;
            self.first_map = 0;
            self.map = 0;
            self.depth = Depth::Maps;
        }
    }

    pub(super) fn step_map(&mut self, lab: &mut Lab, forward: bool) {
        let at = self.map;
        let to = if forward { at + 1 } else { at.wrapping_sub(1) };
        if to >= self.count() {
            let end = if forward { "last" } else { "first" };
            return lab.refuse(format!("This is the {end} map."));
        }
        self.put_map(to);
    }

    /// Moves the cursor to a map, and shows its page.
    pub(super) fn put_map(&mut self, map: usize) {
        let (page, _) = self.page();
        self.map = map;
        self.first_map = map / page * page;
        self.product = 0;
    }

    /// Number of maps of the layer, or 0 before they arrive.
    fn count(&self) -> usize {
        self.shape().map_or(0, |shape| shape.channels)
    }

    /// Moves the cursor at the current depth.
    pub(super) fn go(&mut self, lab: &mut Lab, motion: Motion) {
        if self.health.is_open {
            return self.health.go(lab, motion);
        }
        match self.depth {
            Depth::Maps => self.go_in_maps(lab, motion),
            Depth::Map => self.go_in_map(lab, motion),
            Depth::Exciting => match motion {
                Motion::Right | Motion::Down | Motion::PageDown => self.step_map(lab, true),
                Motion::Left | Motion::Up | Motion::PageUp => self.step_map(lab, false),
                Motion::First => self.put_map(0),
                Motion::Last => self.put_map(self.count().saturating_sub(1)),
            },
            Depth::Products => {
                // One line per channel, or one per product if the window is flat.
                let origin = self.origin.answer().and_then(|origin| origin.as_ref().ok());
                let lines = origin.map_or(0, |origin| origin.arithmetic.window.channels);
                self.product = motion.along(self.product, lines, 10);
            }
        }
    }

    fn go_in_maps(&mut self, lab: &mut Lab, motion: Motion) {
        let layers = lab.summary.layers.len();
        let (page, columns) = self.page();
        let (maps, at) = (self.count(), self.map);
        let to = motion.in_grid(at, columns, maps, page);
        match motion {
            Motion::Left | Motion::Right => self.go_to_layer(motion.along(self.layer, layers, 1)),
            Motion::First => self.go_to_layer(0),
            Motion::Last => self.go_to_layer(layers.saturating_sub(1)),
            Motion::Down | Motion::Up if to != at => self.put_map(to),
            Motion::PageDown if self.first_map + page < maps => self.put_map(self.first_map + page),
            Motion::PageUp if self.first_map > 0 => {
                self.put_map(self.first_map.saturating_sub(page));
            }
            Motion::Down | Motion::PageDown => lab.refuse("These are the last maps."),
            Motion::Up | Motion::PageUp => lab.refuse("These are the first maps."),
        }
    }

    fn go_in_map(&mut self, lab: &mut Lab, motion: Motion) {
        let Some(shape) = self.shape() else { return };
        let (row, column) = self.place;
        match motion {
            Motion::PageDown => self.step_map(lab, true),
            Motion::PageUp => self.step_map(lab, false),
            Motion::Left | Motion::Right | Motion::First | Motion::Last => {
                self.place.1 = motion.along(column, shape.width, 1);
            }
            Motion::Up | Motion::Down => self.place.0 = motion.along(row, shape.height, 1),
        }
    }

    /// Goes one level deeper.
    pub(super) fn enter(&mut self, lab: &mut Lab) {
        if self.health.is_open {
            self.health.is_open = false;
            self.go_to_layer(self.health.layer);
        } else if lab.has_focus(Part::Image) {
            lab.zoomed = true;
        } else if let (Some((_, shown)), Some(shape)) = (self.shown(), self.shape()) {
            match self.depth {
                Depth::Maps => {
                    self.place = strongest(shown, shape, self.map);
                    self.depth = Depth::Map;
                }
                Depth::Map => {
                    self.depth = Depth::Products;
                    self.product = 0;
                }
                // These are the deepest levels.
                Depth::Exciting | Depth::Products => {}
            }
        }
    }
}

/// Row and column of the largest value of a map.
fn strongest(shown: &ShownMaps, shape: Shape, map: usize) -> (usize, usize) {
    let map = shown.maps.values.iter().skip(map);
    let values = map.step_by(shape.channels.max(1)).enumerate();
    let largest = values.rev().max_by(|one, other| one.1.total_cmp(other.1));
    let place = largest.map_or(0, |(place, _)| place);
    (place / shape.width.max(1), place % shape.width.max(1))
}
