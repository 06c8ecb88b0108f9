//! What the View pane shows: a page of pictures of the chosen set, one of them enlarged, what was measured of the set, or what
//! augmentation makes of a picture.

mod measures;
mod preview;

use crate::data::SplitName;
use crate::worker::{ImagePage, LabelledImage, Order};
pub use measures::{Face, Measures};
pub use preview::Preview;
pub(super) use preview::PreviewQuery;

/// How many pictures fit on the screen, as the panes that draw them measured it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fits {
    /// Columns and rows of a grid of images that are as large as the person wants them.
    pub images: (usize, usize),
    /// The same for the View pane, where the person may want a certain number of them.
    pub page: (usize, usize),
    /// Columns and rows of the classes' mean images.
    pub classes: (usize, usize),
    /// Versions of an augmented image.
    pub versions: usize,
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

/// What fills the View pane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ViewMode {
    /// A page of pictures.
    #[default]
    Grid,
    /// The picture under the cursor, pixel by pixel.
    Enlarged,
    /// What was measured of the set.
    Statistics,
    /// What augmentation makes of the picture under the cursor.
    Preview,
}

/// What a person does on the View pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewMessage {
    /// So many pictures a page; `None` for as many as fit.
    Number(Option<usize>),
    Open(ViewMode),
    /// The picture after the one under the cursor, on the next page if need be, or the one before.
    NextImage,
    PreviousImage,
    /// Whether the histogram's bars grow with the logarithm of their counts.
    ToggleLogarithm,
    /// The next way to show what was measured.
    NextFace,
    /// Other versions of the augmented picture.
    NewVersions,
    /// Opens the form of the augmentation's settings.
    EditAugmentation,
    /// Takes the settings that are shown into the training.
    TakeAugmentation,
}

/// How many pictures a person may ask for: the squares of 1 to 20.
pub const NUMBERS: std::ops::RangeInclusive<usize> = 1..=20;

/// What is looked at and what has come.
#[derive(Clone, Debug)]
pub struct ViewState {
    pub split: SplitName,
    pub class: Option<usize>,
    pub order: Order,
    /// Pictures to show; `None` for as many as fit.
    pub number: Option<usize>,
    /// Steps larger or smaller than the size that suits the screen; the pane says which can be drawn.
    pub size_step: i8,
    /// The pictures on the screen.
    pub page: Option<ImagePage>,
    /// Among the pictures of the page.
    pub cursor: usize,
    pub mode: ViewMode,
    /// Row and column of the pixel under the cursor of the enlarged picture.
    pub pixel: (usize, usize),
    /// The enlarged picture's pixels in [0, 1], exactly, once they have come: `[height, width, channels]`.
    pub values: Option<Vec<f32>>,
    /// Whether the histogram's bars grow with the logarithm of their counts.
    pub is_logarithmic: bool,
    pub measures: Measures,
    pub preview: Preview,
    /// The latest request and what it asked for.
    pub(super) asked: Option<(u64, PageQuery)>,
    pub(super) asked_values: Option<(u64, ImageQuery)>,
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

/// One picture of a loaded set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ImageQuery {
    pub dataset: String,
    pub split: SplitName,
    pub image: usize,
}

impl ViewState {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            split: SplitName::Train,
            class: None,
            order: Order::Random { seed, from: 0 },
            number: None,
            size_step: 0,
            page: None,
            cursor: 0,
            mode: ViewMode::Grid,
            pixel: (0, 0),
            values: None,
            is_logarithmic: false,
            measures: Measures::default(),
            preview: Preview::default(),
            asked: None,
            asked_values: None,
        }
    }

    /// The same choices for another set.
    pub(super) fn of_another_set(&self, seed: u64) -> Self {
        Self {
            split: self.split,
            number: self.number,
            size_step: self.size_step,
            mode: match self.mode {
                ViewMode::Statistics => ViewMode::Statistics,
                _ => ViewMode::Grid,
            },
            is_logarithmic: self.is_logarithmic,
            measures: Measures {
                face: self.measures.face,
                ..Measures::default()
            },
            ..Self::new(seed)
        }
    }

    /// Pictures that a page has room for.
    pub fn room(&self, fits: Fits) -> usize {
        let room = (fits.page.0 * fits.page.1).max(1);
        self.number.map_or(room, |number| number.min(room))
    }

    /// The pictures that fit, of those that came.
    pub fn shown(&self, fits: Fits) -> &[LabelledImage] {
        self.page.as_ref().map_or(&[], |page| {
            &page.images[..page.images.len().min(self.room(fits))]
        })
    }

    /// The picture under the cursor.
    pub fn current(&self) -> Option<&LabelledImage> {
        self.page.as_ref()?.images.get(self.cursor)
    }

    /// Where the picture under the cursor lies.
    pub(super) fn current_query(&self) -> Option<ImageQuery> {
        let page = self.page.as_ref()?;
        Some(ImageQuery {
            dataset: page.dataset.clone(),
            split: page.split,
            image: self.current()?.index,
        })
    }
}
