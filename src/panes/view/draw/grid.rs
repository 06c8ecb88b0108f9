//! A page of images with their labels.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

use super::class_name;
use crate::lab::Lab;
use crate::panes::view::layout::PageLayout;
use crate::panes::view::{ImagePage, Order, ViewPane};
use crate::ui::format::count;
use crate::ui::panel::{empty, footnote};
use crate::ui::theme::Theme;
use crate::ui::widgets::{ImageGrid, Scale, Tile};

/// Draws the page in the room inside the pane's frame; `area` is the pane with its frame.
pub fn draw(
    pane: &ViewPane,
    lab: &Lab,
    page: &ImagePage,
    (area, inner): (Rect, Rect),
    buffer: &mut Buffer,
    theme: &Theme,
) {
    if page.images.is_empty() {
        return empty(
            "No image matches",
            "Press / to choose another class, or t for the other split.",
            inner,
            buffer,
            theme,
        );
    }
    let layout = PageLayout::new(pane.number, lab.image_size, page.shape, inner);
    let shown = pane.shown();
    let tiles: Vec<Tile> = shown
        .iter()
        .map(|image| {
            let label = match layout.label_rows {
                0 => String::new(),
                _ => class_name(pane, lab, image.label),
            };
            Tile::new(image.pixels.as_slice(), label)
        })
        .collect();
    ImageGrid::new(&tiles, page.shape, theme)
        .map(lab.colors)
        .scale(layout.scale)
        .places(layout.room())
        .cursor(Some(pane.cursor))
        .render(inner, buffer);
    footnote(&position(pane, page, &layout), area, buffer, theme.dim);
}

/// How large images are drawn.
pub fn size(scale: Scale) -> String {
    match scale {
        Scale::Reduced(halves) => format!("1/{} size", f64::from(halves) / 2.0),
        Scale::Enlarged(1) => "full size".to_owned(),
        Scale::Enlarged(times) => format!("{times} times as large"),
    }
}

/// Which images these are, of how many, and that their pixels are averaged where they are.
fn position(pane: &ViewPane, page: &ImagePage, layout: &PageLayout) -> String {
    let shown = pane.shown().len();
    let matching = page.matching;
    let mut text = match pane.order {
        Order::Random { from, .. } => match pane.number.map(|number| number.min(matching)) {
            Some(number) if number > layout.room() => {
                format!("{}–{} of {number}, PgDn goes on", from + 1, from + shown)
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
