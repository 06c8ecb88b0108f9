//! View: a page of images, one of them pixel by pixel, what was measured of the set, and what augmentation makes of an image.

mod actions;
mod enlarged;
mod grid;
mod layout;
mod preview;
mod statistics;

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::Line;
use ratatui::widgets::Widget;

use super::super::action::Action;
use super::super::panel::{empty, panel};
use super::super::theme::{ColorMap, Theme};
use super::super::widgets::{ImageGrid, PixelImage};
use super::{Pane, suspects_room};
use crate::shape::Shape;
use crate::state::facts::{ImagePage, Order, SplitName};
use crate::state::{Colors, Face, Fits, Lab, PaneId, ViewMode};
pub use layout::scale;
use layout::{PageLayout, inside};

pub struct ViewPane;

impl Pane for ViewPane {
    fn id(&self) -> PaneId {
        PaneId::View
    }

    fn title(&self) -> &'static str {
        "View"
    }

    fn about(&self) -> &'static str {
        "the images of the chosen set"
    }

    fn actions(&self, lab: &Lab) -> Vec<Action> {
        actions::actions(lab)
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        let inner = panel(&title(lab), true, area, buffer, theme);
        let areas = (area, inner);
        if lab.chosen_set().is_some() && lab.view.mode == ViewMode::Statistics {
            return statistics::draw(lab, areas, buffer, theme);
        }
        let page = lab
            .view
            .page
            .as_ref()
            .filter(|_| lab.chosen_set().is_some());
        let Some(page) = page else {
            let (headline, advice) = match (lab.chosen_set(), lab.opening()) {
                (None, None) => ("No data", "Open a set on the Data pane: press 1, then o."),
                _ => ("Loading …", "The images come as soon as the set is here."),
            };
            return empty(headline, advice, inner, buffer, theme);
        };
        match lab.view.mode {
            ViewMode::Grid | ViewMode::Statistics => grid::draw(lab, page, areas, buffer, theme),
            ViewMode::Enlarged => enlarged::draw(lab, page, areas, buffer, theme),
            ViewMode::Preview => preview::draw(lab, page, areas, buffer, theme),
        }
    }
}

/// How many pictures find room on the pane.
pub fn fits(lab: &Lab, body: Rect) -> Fits {
    let shape = lab
        .chosen_set()
        .map_or(Shape::new(28, 28, 1), |set| set.shape);
    let inner = inside(body);
    let grid = suspects_room(lab, inner);
    let (columns, rows) = ImageGrid::capacity(grid, shape, scale(lab, shape, grid), 1);
    Fits {
        images: (columns.max(1), rows.max(1)),
        page: PageLayout::new(lab.view.number, lab, shape, inner).grid,
        classes: statistics::grid(lab, body),
        versions: preview::capacity(lab, body),
        ..Fits::default()
    }
}

/// What so many images would look like, in half a sentence.
pub fn foretold(lab: &Lab, number: Option<usize>) -> String {
    let Some(set) = lab.chosen_set() else {
        return String::new();
    };
    let inner = inside(Rect::new(0, 1, lab.columns, lab.rows.saturating_sub(3)));
    let layout = PageLayout::new(number, lab, set.shape, inner);
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

/// The theme's map for the person's choice.
pub fn color_map(colors: Colors) -> ColorMap {
    match colors {
        Colors::Viridis => ColorMap::Viridis,
        Colors::Grey => ColorMap::Grey,
        Colors::Cividis => ColorMap::Cividis,
    }
}

/// `training` or `test`, as it stands before `images`.
pub fn split_name(split: SplitName) -> &'static str {
    match split {
        SplitName::Train => "training",
        SplitName::Test => "test",
    }
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
fn class_name(lab: &Lab, page: &ImagePage, label: u16) -> String {
    let set = lab.sets.iter().find(|set| set.name == page.dataset);
    let name = set.and_then(|set| set.class_names.get(usize::from(label)));
    name.cloned().unwrap_or_else(|| label.to_string())
}

fn title(lab: &Lab) -> String {
    let Some(set) = lab.chosen_set() else {
        return "Images".to_owned();
    };
    match lab.view.mode {
        ViewMode::Statistics => {
            let face = match lab.view.measures.face {
                Face::Table => "classes",
                Face::Means => "mean images",
                Face::Spreads => "spreads",
            };
            return format!(
                "{} · {face} · {} images",
                set.name,
                split_name(lab.view.split)
            );
        }
        ViewMode::Preview => return format!("{} · augmentation", set.name),
        ViewMode::Grid | ViewMode::Enlarged => {}
    }
    let split = split_name(lab.view.split);
    let class = lab
        .view
        .class
        .map_or("all classes".to_owned(), |class| lab.class_name(class));
    let order = match lab.view.order {
        Order::Random { .. } => "random",
        Order::Sequential { .. } => "in order",
    };
    format!("{} · {split} · {class} · {order}", set.name)
}
