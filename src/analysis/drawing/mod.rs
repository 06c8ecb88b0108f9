//! The drawing pad, without a screen: a canvas with a soft brush, and the conversion of drawings and pictures to images like those of
//! the training set.

mod brush;
mod canvas;
mod centre;
mod paper;

pub use brush::{Brush, Point};
pub use canvas::Canvas;
pub use centre::centred;
pub use paper::{Adjustment, Habit};
