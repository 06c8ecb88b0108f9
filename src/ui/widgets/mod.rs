//! Widgets.
mod bars;
mod blocks;
mod grid_layout;
mod heat_table;
mod image_grid;
mod map_grid;
mod pixel_image;
mod progress;
mod sparkline;
#[cfg(test)]
pub(crate) mod testing;
mod text;
pub use bars::{Bar, Bars};
pub use grid_layout::{GridLayout, Scale};
pub use image_grid::{ImageGrid, Mark, Tile};
pub use map_grid::{MapGrid, Normalisation};
pub use pixel_image::PixelImage;
pub use progress::Progress;
pub use sparkline::Sparkline;
pub use text::{abbreviations, fitted};

use crate::shape::Shape;
