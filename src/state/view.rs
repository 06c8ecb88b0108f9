//! The colours of pictures.

use crate::ui::theme::ColorMap;

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
