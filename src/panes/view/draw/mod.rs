//! How the pane looks.

mod enlarged;
mod grid;
mod preview;
mod statistics;

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::layout::{PageLayout, inside};
use super::{Face, Mode, Order, ViewPane};
use crate::lab::Lab;
use crate::shape::Shape;
use crate::ui::panel::{empty, panel};
use crate::ui::theme::Theme;
use crate::ui::widgets::PixelImage;

pub(super) use preview::capacity as version_capacity;
pub(super) use statistics::grid as class_grid;

pub(super) fn draw(pane: &ViewPane, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let inner = panel(&title(pane, lab), true, area, buffer, theme);
    let areas = (area, inner);
    if lab.chosen_set().is_some() && pane.mode == Mode::Statistics {
        return statistics::draw(pane, lab, areas, buffer, theme);
    }
    let page = pane.page.answer().filter(|_| lab.chosen_set().is_some());
    let Some(page) = page else {
        let (headline, advice) = match (lab.chosen_set(), lab.opening()) {
            (None, None) => ("No data", "Open a set on the Data pane: press 1, then o."),
            _ => ("Loading …", "The images come as soon as the set is here."),
        };
        return empty(headline, advice, inner, buffer, theme);
    };
    match pane.mode {
        Mode::Grid | Mode::Statistics => grid::draw(pane, lab, page, areas, buffer, theme),
        Mode::Enlarged => enlarged::draw(pane, lab, page, areas, buffer, theme),
        Mode::Preview => preview::draw(pane, lab, page, areas, buffer, theme),
    }
}

/// What so many images would look like, in half a sentence.
pub(super) fn foretold(lab: &Lab, number: Option<usize>) -> String {
    let Some(set) = lab.chosen_set() else {
        return String::new();
    };
    let inner = inside(Rect::new(0, 1, lab.columns, lab.rows.saturating_sub(3)));
    let layout = PageLayout::new(number, lab.image_size, set.shape, inner);
    let mut parts = Vec::new();
    match number {
        Some(number) if number > layout.room() => parts.push(format!("{} a page", layout.room())),
        Some(_) => {}
        None => parts.push(layout.room().to_string()),
    }
    parts.push(grid::size(layout.scale));
    if layout.label_rows == 0 {
        parts.push("no labels".to_owned());
    }
    parts.join(", ")
}

/// An image as large as fits with its caption right below it, in the middle of the area.
fn draw_captioned(image: PixelImage, shape: Shape, caption: Line, area: Rect, buffer: &mut Buffer) {
    let room = Size::new(area.width, area.height.saturating_sub(1));
    let height = PixelImage::size(shape, room).height;
    let above = (room.height - height) / 2;
    let picture = Rect {
        y: area.y + above,
        height,
        ..area
    };
    image.render(picture, buffer);
    let below = Rect {
        y: picture.bottom(),
        height: 1,
        ..area
    };
    caption.centered().render(below.intersection(area), buffer);
}

/// The name that a class has in the set that the page is of.
fn class_name(pane: &ViewPane, lab: &Lab, label: u16) -> String {
    let asked = pane.page.answered().map(|(asked, _)| &asked.dataset);
    let set = lab.sets.iter().find(|set| Some(&set.name) == asked);
    let name = set.and_then(|set| set.class_names.get(usize::from(label)));
    name.cloned().unwrap_or_else(|| label.to_string())
}

fn title(pane: &ViewPane, lab: &Lab) -> String {
    let Some(set) = lab.chosen_set() else {
        return "Images".to_owned();
    };
    match pane.mode {
        Mode::Statistics => {
            let face = match pane.face {
                Face::Table => "classes",
                Face::Means => "mean images",
                Face::Spreads => "spreads",
            };
            return format!("{} · {face} · {} images", set.name, pane.split.word());
        }
        Mode::Preview => return format!("{} · augmentation", set.name),
        Mode::Grid | Mode::Enlarged => {}
    }
    let split = pane.split.word();
    let class = pane
        .class
        .map_or("all classes".to_owned(), |class| lab.class_name(class));
    let order = match pane.order {
        Order::Random { .. } => "random",
        Order::Sequential { .. } => "in order",
    };
    format!("{} · {split} · {class} · {order}", set.name)
}
