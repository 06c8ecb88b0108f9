//! The drawing pad, without a screen: a canvas with a soft brush, and what makes of a drawing, or of a picture from elsewhere, what the
//! network knows.

mod brush;
mod canvas;
mod centre;
mod paper;

pub use brush::{Brush, Point};
pub use canvas::Canvas;
pub use centre::centred;
pub use paper::{Adjustment, Habit};
