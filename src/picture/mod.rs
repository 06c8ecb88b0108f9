//! Pictures for papers and reports: a [`Chart`], a [`Table`], a [`Screen`] or the [`Stages`] of a network becomes a [`Picture`], and a
//! picture becomes SVG or PNG. Charts and tables can also be written as TeX.
//!
//! Nothing here knows a run or a terminal: a caller turns what it has into series of points, or into cells with colours.

pub mod cells;
pub mod chart;
mod font;
#[cfg(test)]
mod goldens;
mod intervals;
mod png;
mod scene;
mod stages;
mod svg;
mod table;
mod tex;

pub use cells::{Cell, Screen};
pub use chart::{Chart, Ground, Pattern, Series};
pub use font::{Face, Weight, text_width};
pub use intervals::{IntervalRow, Intervals};
pub use png::{PngError, to_png};
pub use scene::{Anchor, Line, Picture, Point, Polygon, Rectangle, Rgb, Shape, Text};
pub use stages::{Stage, Stages};
pub use svg::to_svg;
pub use table::{Column, Entry, Table, Tint};
pub use tex::to_tex;
