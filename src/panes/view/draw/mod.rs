//! Drawing the pane.

mod enlarged;
mod grid;
mod preview;
mod statistics;

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::layout::{PageLayout, room};
use super::{Face, Mode, Order, ViewPane};
use crate::lab::Lab;
use crate::shape::Shape;
use crate::ui::panel::{below, empty, footnote, panel};
use crate::ui::theme::Theme;
use crate::ui::widgets::PixelImage;

pub(super) use preview::capacity as version_capacity;
pub(super) use statistics::grid as class_grid;

/// The pane and what is needed to draw it.
struct Shown<'a> {
    pane: &'a ViewPane,
    lab: &'a Lab,
    theme: &'a Theme,
    /// The pane with its frame, and the room inside.
    area: Rect,
    inner: Rect,
}

pub(super) fn draw(pane: &ViewPane, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let inner = panel(&title(pane, lab), true, area, buffer, theme);
    let shown = Shown {
        pane,
        lab,
        theme,
        area,
        inner,
    };
    let has_set = lab.chosen_set().is_some();
    if has_set && pane.mode == Mode::Statistics {
        return shown.draw_statistics(buffer);
    }
    let Some(page) = pane.page.answer().filter(|_| has_set) else {
        let (headline, advice) = match has_set || lab.opening().is_some() {
            false => ("No data", "Open a set on the Data pane: press 1, then o."),
            true => ("Loading …", "Images appear once the set is loaded."),
        };
        return empty(headline, advice, inner, buffer, theme);
    };
    match (pane.mode, pane.current()) {
        (Mode::Enlarged, Some(image)) => shown.draw_enlarged(image, page.shape, buffer),
        (Mode::Preview, Some(image)) => shown.draw_preview(image, page.shape, buffer),
        _ => shown.draw_grid(page, buffer),
    }
}

impl Shown<'_> {
    /// A hint on the lower right of the frame.
    fn note(&self, text: &str, buffer: &mut Buffer) {
        footnote(text, self.area, buffer, self.theme.dim);
    }

    fn picture<'a>(&self, pixels: &'a [u8], shape: Shape) -> PixelImage<'a> {
        PixelImage::new(pixels, shape, self.theme.paint(self.lab.colors.images))
    }

    /// An image as large as fits with its caption right below it, in the middle of the area.
    fn draw_captioned(
        &self,
        (pixels, shape): (&[u8], Shape),
        caption: Line,
        area: Rect,
        buffer: &mut Buffer,
    ) {
        let room = captioned(area);
        let (Size { height, .. }, fills) = PixelImage::largest(shape, room);
        let from = below(area, (room.height - height) / 2);
        let place = Rect { height, ..from };
        let mut picture = self.picture(pixels, shape);
        picture.fills = fills;
        picture.render(place, buffer);
        caption.centered().render(below(from, height), buffer);
    }

    /// The name of a class in the page's set.
    fn class_name(&self, label: u16) -> String {
        let asked = self.pane.page.answered();
        let dataset = asked.map_or("", |(asked, _)| asked.dataset.as_str());
        self.lab.class_name_in(dataset, label.into())
    }
}

/// The room for an image above its caption.
fn captioned(area: Rect) -> Size {
    Size::new(area.width, area.height.saturating_sub(1))
}

/// How this number of images would be drawn, in a few words.
pub(super) fn foretold(lab: &Lab, number: Option<usize>) -> String {
    let Some(set) = lab.chosen_set() else {
        return String::new();
    };
    let layout = PageLayout::new(number, lab.image_size, set.shape, room(lab));
    let mut parts = Vec::new();
    match number {
        Some(number) if number > layout.room() => parts.push(format!("{} per page", layout.room())),
        Some(_) => {}
        None => parts.push(layout.room().to_string()),
    }
    parts.push(grid::size(layout.scale));
    if layout.label_rows == 0 {
        parts.push("no labels".to_owned());
    }
    parts.join(", ")
}

fn title(pane: &ViewPane, lab: &Lab) -> String {
    let Some(set) = lab.chosen_set() else {
        return "Images".to_owned();
    };
    let (name, split) = (&set.name, pane.split.word());
    match (pane.mode, pane.face) {
        (Mode::Statistics, face) => {
            let face = match face {
                Face::Table => "classes",
                Face::Means => "mean images",
                Face::Spreads => "spreads",
            };
            format!("{name} · {face} · {split} images")
        }
        (Mode::Preview, _) => format!("{name} · augmentation"),
        (Mode::Grid | Mode::Enlarged, _) => {
            let class = pane.class.map(|class| lab.class_name(class));
            let class = class.as_deref().unwrap_or("all classes");
            let order = match pane.order {
                Order::Random { .. } => "random",
                Order::Sequential { .. } => "in order",
            };
            format!("{name} · {split} · {class} · {order}")
        }
    }
}
