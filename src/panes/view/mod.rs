//! View: a page of images, one image pixel by pixel, the set's statistics, and a preview of augmentation.

mod actions;
mod augmentation;
mod draw;
mod layout;
mod moves;
mod page;
mod pickers;
mod pixels;
mod statistics;
#[cfg(test)]
mod tests;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

pub use page::{ImagePage, Order, Page};
pub use pixels::{AugmentedImages, Pixels, Versions};
pub use statistics::{Measured, Statistics};

use crate::data::SplitName;
use crate::lab::{Browsed, Gloss, Lab, Pane, PaneId};
use crate::shape::Shape;
use crate::ui::panel::inside;
use crate::ui::theme::Theme;
use crate::worker::{Asked, LabelledImage};
use layout::PageLayout;

/// What fills the pane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// A page of images.
    #[default]
    Grid,
    /// The image under the cursor, pixel by pixel.
    Enlarged,
    /// The statistics of the set.
    Statistics,
    /// Augmented versions of the image under the cursor.
    Preview,
}

/// The ways to show statistics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Face {
    /// A row for each class, and the pictures of the one under the cursor.
    #[default]
    Table,
    /// The mean image of every class.
    Means,
    /// The standard deviation of each pixel of every class.
    Spreads,
}

/// The pane's choices and the answers received so far.
#[derive(Debug, Default)]
pub struct ViewPane {
    pub mode: Mode,
    pub split: SplitName,
    pub class: Option<usize>,
    pub order: Order,
    /// Images to show; `None` for as many as fit.
    pub number: Option<usize>,
    pub page: Asked<Page>,
    /// Among the images of the page.
    pub cursor: usize,
    /// Row and column of the pixel under the cursor of the enlarged image.
    pub pixel: (usize, usize),
    /// Exact pixel values of the enlarged image.
    pub pixels: Asked<Pixels>,
    /// Whether the histogram's bars grow with the logarithm of their counts.
    pub is_logarithmic: bool,
    pub statistics: Asked<Statistics>,
    pub face: Face,
    /// The class under the cursor of the statistics.
    pub measured_class: usize,
    pub versions: Asked<Versions>,
    /// Finished epochs before the first version that is shown.
    pub epoch: u64,
    room: Room,
    /// The lab's count of chosen sets when the pane last followed it.
    followed: u64,
}

/// What fits on the screen.
#[derive(Debug, Default)]
struct Room {
    /// Columns and rows of a page.
    page: (usize, usize),
    /// Columns and rows of the classes' mean images.
    classes: (usize, usize),
    versions: usize,
}

impl ViewPane {
    /// Number of images that fit on a page.
    fn room(&self) -> usize {
        let room = (self.room.page.0 * self.room.page.1).max(1);
        self.number.map_or(room, |number| number.min(room))
    }

    /// The received images that fit.
    pub fn shown(&self) -> &[LabelledImage] {
        self.page.answer().map_or(&[], |page| {
            &page.images[..page.images.len().min(self.room())]
        })
    }

    /// The image under the cursor.
    pub fn current(&self) -> Option<&LabelledImage> {
        self.page.answer()?.images.get(self.cursor)
    }

    /// The position of the image under the cursor.
    fn current_place(&self) -> Option<Pixels> {
        let (asked, _) = self.page.answered()?;
        Some(Pixels {
            dataset: asked.dataset.clone(),
            split: asked.split,
            image: self.current()?.index,
        })
    }

    /// The split of the page.
    fn page_split(&self) -> SplitName {
        let asked = self.page.answered();
        asked.map_or(self.split, |(asked, _)| asked.split)
    }

    fn next_face(&mut self) {
        self.face = match self.face {
            Face::Table => Face::Means,
            Face::Means => Face::Spreads,
            Face::Spreads => Face::Table,
        };
    }

    /// Shows the activations of the image under the cursor.
    fn show_activations(&mut self, lab: &mut Lab) {
        if let Some(place) = self.current_place() {
            lab.look_at(&place.dataset, place.split, place.image);
        }
    }

    /// The same choices for another set.
    fn start_over(&mut self, lab: &mut Lab) {
        let seed = lab.next_seed();
        let set = lab.chosen_set();
        *self = Self {
            order: Order::Random { seed, from: 0 },
            split: set.map_or(self.split, |set| set.split_or(self.split, SplitName::Train)),
            number: self.number,
            mode: match self.mode {
                Mode::Statistics => Mode::Statistics,
                _ => Mode::Grid,
            },
            is_logarithmic: self.is_logarithmic,
            face: self.face,
            followed: lab.choosings,
            ..Self::default()
        };
    }

    /// Asks for a page as soon as a set is loaded, so that it is ready when the pane is shown.
    fn ask_page(&mut self, lab: &mut Lab) {
        let set = lab.chosen_set().filter(|_| self.room.page != (0, 0));
        let Some(set) = set else {
            self.page.receive(&mut lab.out);
            return;
        };
        let mut page = Page {
            dataset: set.name.clone(),
            split: self.split,
            class: self.class,
            count: self.room(),
            order: self.order,
        };
        if let Some(asked) = self.page.wanted().filter(|asked| page.is_part_of(asked)) {
            page.count = asked.count;
        }
        self.page.want(Some(page), &mut lab.out);
        let images = self.page.answer().map_or(0, |page| page.images.len());
        self.cursor = self.cursor.min(images.saturating_sub(1));
        if matches!(self.mode, Mode::Enlarged | Mode::Preview) && images == 0 {
            self.mode = Mode::Grid;
        }
        lab.browsed = self.page.answer().map(|page| Browsed {
            shape: page.shape,
            images: page.images.clone(),
            cursor: self.cursor,
        });
    }
}

const GLOSSES: &[Gloss] = &[
    (
        "spread",
        "the standard deviation of each pixel over the images: bright where they differ",
    ),
    (
        "0.29 ±0.35",
        "mean and standard deviation of the pixels, from 0 for black to 1 for white",
    ),
];

impl Pane for ViewPane {
    fn follow(&mut self, lab: &mut Lab) {
        if self.followed != lab.choosings {
            self.start_over(lab);
        }
        if let Some(wish) = lab.images_wish.take() {
            self.split = wish.split.unwrap_or(self.split);
            self.show_class(Some(wish.class));
        }
    }

    fn lay_out(&mut self, lab: &mut Lab, area: Rect) {
        let set = lab.chosen_set();
        let shape = set.map_or(Shape::new(28, 28, 1), |set| set.shape);
        let inner = inside(area);
        self.room = Room {
            page: PageLayout::new(self.number, lab.image_size, shape, inner).grid,
            classes: draw::class_grid(self, lab, area),
            versions: draw::version_capacity(lab, area),
        };
    }

    fn ask(&mut self, lab: &mut Lab) {
        self.ask_page(lab);
        let is_shown = lab.pane == PaneId::View;
        let in_mode = |mode| is_shown && self.mode == mode;
        if in_mode(Mode::Enlarged) {
            self.pixels.want(self.current_place(), &mut lab.out);
        }
        if in_mode(Mode::Statistics) {
            let set = lab.chosen_set();
            let statistics = set.map(|set| Statistics {
                dataset: set.name.clone(),
            });
            self.statistics.want(statistics, &mut lab.out);
        }
        if in_mode(Mode::Preview) && self.room.versions > 0 {
            let versions = self.current_place().map(|image| Versions {
                image,
                settings: self.previewed_augmentation(lab),
                seed: lab.preset.seed,
                epoch: self.epoch,
                count: self.room.versions,
            });
            self.versions.want(versions, &mut lab.out);
        }
    }

    fn glosses(&self) -> &'static [Gloss] {
        GLOSSES
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        draw::draw(self, lab, area, buffer, theme);
    }
}
