//! The widgets of the panes: ratatui widgets over plain data, safe in an area of any size.

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
mod interval;
mod map_grid;
mod parallel;
mod pixel_image;
mod progress;
mod sparkline;
mod text;
mod unit_bars;
mod volumes;

#[cfg(test)]
mod gallery;
#[cfg(test)]
pub(crate) mod testing;

pub use bars::{Bar, Bars, draw_probabilities};
pub use blocks::{across, up};
pub use braille_image::BrailleImage;
pub use confusion_grid::{CellText, ConfusionGrid};
pub use curves::{Curves, Series, Stroke};
pub use grid_layout::{GridLayout, Scale};
pub use histogram::Histogram;
pub use image_grid::{ImageGrid, Mark, Tile};
pub use interval::Span95;
pub use map_grid::MapGrid;
pub use parallel::{Parallel, ParallelAxis, ParallelLine};
pub use pixel_image::PixelImage;
pub use progress::Progress;
pub use sparkline::Sparkline;
pub use text::abbreviations;
pub use unit_bars::UnitBars;
pub use volumes::{Volume, Volumes};

use ratatui::layout::{Rect, Size};

use crate::shape::Shape;

/// A place of this size in the middle of an area that is as large at least.
fn centred(size: Size, area: Rect) -> Rect {
    let left = area.x + (area.width - size.width) / 2;
    let top = area.y + (area.height - size.height) / 2;
    Rect::new(left, top, size.width, size.height)
}
