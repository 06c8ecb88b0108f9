//! What has room on the screen, and the colours of pictures.

use crate::ui::theme::ColorMap;

/// How many pictures fit on the screen, as the panes that draw them measured it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fits {
    /// Columns and rows of a grid of images that are as large as the person wants them.
    pub images: (usize, usize),
}

/// The colours of single-channel pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colors {
    #[default]
    Viridis,
    Grey,
    Cividis,
}

impl Colors {
    pub fn next(self) -> Self {
        match self {
            Self::Viridis => Self::Grey,
            Self::Grey => Self::Cividis,
            Self::Cividis => Self::Viridis,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Viridis => "viridis",
            Self::Grey => "grey",
            Self::Cividis => "cividis",
        }
    }

    /// The theme's map.
    pub fn map(self) -> ColorMap {
        match self {
            Self::Viridis => ColorMap::Viridis,
            Self::Grey => ColorMap::Grey,
            Self::Cividis => ColorMap::Cividis,
        }
    }
}
