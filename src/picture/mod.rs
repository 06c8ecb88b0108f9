//! Pictures for papers and reports: a [`Chart`] or a [`Screen`] becomes a [`Picture`], and a picture becomes SVG or PNG. A chart can also
//! be written as TeX.
//!
//! Nothing here knows a run or a terminal: a caller turns what it has into series of points, or into cells with colours.

pub mod cells;
pub mod chart;
mod font;
#[cfg(test)]
mod goldens;
mod png;
mod scene;
mod svg;
mod tex;

pub use cells::{Cell, Screen};
pub use chart::{Chart, Ground, Pattern, Series};
pub use font::{Face, Weight, text_width};
pub use png::{PngError, to_png};
pub use scene::{Anchor, Line, Picture, Point, Polygon, Rectangle, Rgb, Shape, Text};
pub use svg::to_svg;
pub use tex::to_tex;
