//! What panes are drawn with: ratatui widgets over plain data, safe in an area of any size.

mod bars;
mod blocks;
mod braille_image;
mod confusion_grid;
mod confusion_layout;
mod curves;
mod grid_layout;
mod heat_table;
mod histogram;
mod image_grid;
mod image_size;
mod map_grid;
mod pixel_image;
mod probabilities;
mod progress;
mod sparkline;
mod text;
mod unit_bars;
mod volumes;

#[cfg(test)]
mod gallery;
#[cfg(test)]
pub(crate) mod testing;

pub use bars::{Bar, Bars};
pub use braille_image::BrailleImage;
pub use confusion_grid::{CellText, ConfusionGrid};
pub use curves::{Curves, Series, Stroke};
pub use grid_layout::{GridLayout, Scale};
pub use histogram::Histogram;
pub use image_grid::{ImageGrid, Mark, Tile};
pub use image_size::{NARROWEST, fitting, largest, scale, smallest};
pub use map_grid::MapGrid;
pub use pixel_image::PixelImage;
pub use probabilities::probabilities;
pub use progress::Progress;
pub use sparkline::Sparkline;
pub use text::{abbreviations, fitted};
pub use unit_bars::UnitBars;
pub use volumes::{Volume, Volumes};

use crate::shape::Shape;
