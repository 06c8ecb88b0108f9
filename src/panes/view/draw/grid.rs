//! A page of images with their labels.

use ratatui::buffer::Buffer;
use ratatui::widgets::Widget;

use super::Shown;
use crate::panes::view::layout::PageLayout;
use crate::panes::view::{ImagePage, Order, ViewPane};
use crate::ui::format::count;
use crate::ui::panel::empty;
use crate::ui::widgets::{ImageGrid, Scale, Tile};

impl Shown<'_> {
    pub(super) fn draw_grid(&self, page: &ImagePage, buffer: &mut Buffer) {
        let (pane, lab, inner) = (self.pane, self.lab, self.inner);
        if page.images.is_empty() {
            let advice = "Press / to choose another class, or t for another split.";
            return empty("No matching images", advice, inner, buffer, self.theme);
        }
        let layout = PageLayout::new(pane.number, lab.image_size, page.shape, inner);
        let tiles = pane.shown().iter().map(|image| {
            let label = match layout.label_rows {
                0 => String::new(),
                _ => self.class_name(image.label),
            };
            Tile::new(image.pixels.as_slice(), label)
        });
        let tiles: Vec<Tile> = tiles.collect();
        let grid = ImageGrid {
            scale: Some(layout.scale),
            places: layout.room(),
            cursor: Some(pane.cursor),
            ..ImageGrid::new(&tiles, page.shape, lab.colors.images, self.theme)
        };
        let places = grid.places(inner);
        lab.spots
            .cursor(places, |pane: &mut ViewPane, _, image| pane.cursor = image);
        grid.render(inner, buffer);
        self.note(&self.position(page, &layout), buffer);
    }

    /// The range of the images shown, their total, and whether their pixels are averaged.
    fn position(&self, page: &ImagePage, layout: &PageLayout) -> String {
        let pane = self.pane;
        let (shown, matching) = (pane.shown().len(), page.matching);
        let mut text = match pane.order {
            Order::Random { from, .. } => match pane.number.map(|number| number.min(matching)) {
                Some(number) if number > layout.room() => {
                    format!("{}–{} of {number}, PgDn: more", from + 1, from + shown)
                }
                _ => format!("{shown} of {}", count(matching)),
            },
            Order::Sequential { from } => format!(
                "{}–{} of {}",
                count(from + 1),
                count(from + shown),
                count(matching)
            ),
        };
        if matches!(layout.scale, Scale::Reduced(_)) {
            text += &format!(" · {}, averaged", size(layout.scale));
        }
        text
    }
}

/// How large images are drawn.
pub fn size(scale: Scale) -> String {
    match scale {
        Scale::Reduced(halves) => format!("1/{} size", f64::from(halves) / 2.0),
        Scale::Enlarged(1) => "full size".to_owned(),
        Scale::Enlarged(times) => format!("{times}× size"),
    }
}
