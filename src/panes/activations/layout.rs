//! The layout of image and maps, and how many maps have room.

use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect, Size};

use super::ActivationsPane;
use crate::lab::{Lab, PaneId};
use crate::shape::Shape;
use crate::ui::panel::{below, inside};
use crate::ui::widgets::{MapGrid, PixelImage, UnitBars};

/// Columns of the part with the image, at least.
const IMAGE_WIDTH: u16 = 32;
/// Rows of its frame and of the text below the image: its class, and the probabilities.
const IMAGE_WORDS: u16 = 14;
/// Rows above the maps: the strip of layers and an empty one.
pub(super) const STRIP: u16 = 2;

/// The areas of an image of this shape and of the maps: the image as large as possible in two fifths of the width.
pub(super) fn areas(area: Rect, input: Shape) -> [Rect; 2] {
    let most = Size::new(
        (area.width * 2 / 5).saturating_sub(4),
        area.height.saturating_sub(IMAGE_WORDS),
    );
    let width = PixelImage::size(input, most).width + 4;
    Layout::horizontal([Length(width.max(IMAGE_WIDTH)), Fill(1)]).areas(area)
}

/// The area of the maps inside their frame.
pub(super) fn room_of_maps(lab: &Lab, body: Rect) -> Rect {
    let [_, maps] = areas(body, lab.preset.input);
    let is_alone = lab.zoomed && lab.pane == PaneId::Activations;
    below(inside(if is_alone { body } else { maps }), STRIP)
}

/// Units per row, if the layer is flat and all its units have room as bars.
pub(super) fn bars(area: Rect, shape: Shape) -> Option<usize> {
    UnitBars::columns(area, shape.channels).filter(|_| shape.is_flat())
}

impl ActivationsPane {
    /// How many maps of the current layer have room on the pane, and how many per row.
    pub(super) fn page(&self) -> (usize, usize) {
        let (page, columns) = self.shown().map_or((1, 1), |(_, shown)| {
            let shape = shown.maps.shape;
            match bars(self.room, shape) {
                Some(columns) => (shape.channels, columns),
                None => MapGrid::page(self.room, shape),
            }
        });
        (page.max(1), columns.max(1))
    }
}
