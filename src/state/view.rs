//! What the View pane shows: a page of pictures of the chosen set.

use crate::data::SplitName;
use crate::worker::{ImagePage, LabelledImage, Order};

/// How many pictures fit on the screen, as the panes that draw them measured it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fits {
    /// Columns and rows of the grid of images.
    pub images: (usize, usize),
    /// Feature maps on a page.
    pub maps: usize,
    /// Feature maps in a row.
    pub map_columns: usize,
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
}

/// What is looked at and what has come.
#[derive(Clone, Debug)]
pub struct ViewState {
    pub split: SplitName,
    pub class: Option<usize>,
    pub order: Order,
    /// Steps larger or smaller than the size that suits the screen; the pane says which can be drawn.
    pub size_step: i8,
    /// The pictures on the screen.
    pub page: Option<ImagePage>,
    /// Among the pictures of the page.
    pub cursor: usize,
    /// Whether the picture under the cursor fills the pane.
    pub enlarged: bool,
    /// The latest request and what it asked for.
    pub(super) asked: Option<(u64, PageQuery)>,
}

/// What decides which pictures come.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PageQuery {
    pub dataset: String,
    pub split: SplitName,
    pub class: Option<usize>,
    pub order: Order,
    pub count: usize,
}

impl PageQuery {
    /// Whether the pictures that `other` brings hold those of this one.
    pub fn is_covered_by(&self, other: &Self) -> bool {
        self.count <= other.count
            && Self {
                count: other.count,
                ..self.clone()
            } == *other
    }
}

impl ViewState {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            split: SplitName::Train,
            class: None,
            order: Order::Random { seed },
            size_step: 0,
            page: None,
            cursor: 0,
            enlarged: false,
            asked: None,
        }
    }

    /// The pictures that fit, of those that came.
    pub fn shown(&self, fits: Fits) -> &[LabelledImage] {
        let room = (fits.images.0 * fits.images.1).max(1);
        self.page
            .as_ref()
            .map_or(&[], |page| &page.images[..page.images.len().min(room)])
    }

    /// The picture under the cursor.
    pub fn current(&self) -> Option<&LabelledImage> {
        self.page.as_ref()?.images.get(self.cursor)
    }
}
