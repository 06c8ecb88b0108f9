//! The drawing pad, without a screen: a canvas with a soft brush, and what makes of a drawing what the network knows.

mod brush;
mod canvas;
mod centre;

pub use brush::{Brush, Point};
pub use canvas::Canvas;
pub use centre::centred;
