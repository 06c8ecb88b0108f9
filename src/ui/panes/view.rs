//! View: a page of images, and one of them enlarged.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::super::action::Action;
use super::super::format::count;
use super::super::keys::Key;
use super::super::panel::{empty, footnote, panel};
use super::super::theme::{ColorMap, Theme};
use super::super::widgets::{ImageGrid, PixelImage, Scale, Tile};
use super::Pane;
use crate::shape::Shape;
use crate::state::facts::Order;
use crate::state::facts::SplitName;
use crate::state::{Colors, Lab, Message, PaneId, PickerKind};

/// A page should show at least as many images as this, where the screen allows.
const ENOUGH: usize = 8;
/// Columns below which nothing can be seen on an image.
const NARROWEST: u16 = 6;

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
        let no_data = lab
            .chosen_set()
            .is_none()
            .then(|| "no data is loaded".to_owned());
        let no_image = no_data.clone().or_else(|| {
            lab.view
                .current()
                .is_none()
                .then(|| "there is no image here".to_owned())
        });
        let action = |key, name: &str, help: &str, message| {
            Action::new(key, name, help, message).blocked_by(no_data.clone())
        };
        let on_image = |key, name: &str, help: &str, message| {
            Action::new(key, name, help, message).blocked_by(no_image.clone())
        };
        let (larger, smaller) = size_limits(lab);
        vec![
            action(
                Key::char('r'),
                "random",
                "a new random page",
                Message::RandomPage,
            ),
            action(
                Key::char('n'),
                "next",
                "the next page, in the order of the set",
                Message::NextPage,
            ),
            action(
                Key::char('p'),
                "previous",
                "the page before, in the order of the set",
                Message::PreviousPage,
            ),
            action(
                Key::char('/'),
                "class",
                "show the images of one class only",
                Message::Pick(PickerKind::Class),
            ),
            action(
                Key::char('t'),
                "train/test",
                "switch between training and test images",
                Message::ToggleSplit,
            ),
            on_image(
                Key::code(KeyCode::Enter),
                "enlarge",
                "let the image under the cursor fill the pane; Esc leads back",
                Message::Enter,
            ),
            Action::new(
                Key::char('c'),
                "colours",
                "the next colour map: viridis, grey, cividis",
                Message::NextColorMap,
            ),
            action(
                Key::char('+'),
                "larger",
                "fewer and larger images",
                Message::LargerImages,
            )
            .or(Key::char('='))
            .blocked_by(larger)
            .quiet(),
            action(
                Key::char('-'),
                "smaller",
                "more and smaller images",
                Message::SmallerImages,
            )
            .blocked_by(smaller)
            .quiet(),
            on_image(
                Key::char('a'),
                "activations",
                "what the network makes of the image under the cursor",
                Message::ShowActivations,
            )
            .quiet(),
            Action::moves(
                "←↓↑→",
                "move",
                "go from image to image; a page is a page of images in order",
            )
            .quiet(),
        ]
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        let inner = panel(&title(lab), true, area, buffer, theme);
        let Some(page) = lab.view.page.as_ref() else {
            let (headline, advice) = match (lab.chosen_set(), &lab.opening) {
                (None, None) => ("No data", "Open a set on the Data pane: press 1, then o."),
                _ => ("Loading …", "The images come as soon as the set is here."),
            };
            return empty(headline, advice, inner, buffer, theme);
        };
        if page.images.is_empty() {
            return empty(
                "No image matches",
                "Press / to choose another class, or t for the other split.",
                inner,
                buffer,
                theme,
            );
        }
        if lab.view.enlarged {
            draw_enlarged(lab, area, inner, buffer, theme);
        } else {
            let shown = lab.view.shown(lab.fits);
            let tiles: Vec<Tile> = shown
                .iter()
                .map(|image| {
                    Tile::new(
                        image.pixels.as_slice(),
                        lab.class_name(usize::from(image.label)),
                    )
                })
                .collect();
            ImageGrid::new(&tiles, page.shape, theme)
                .map(color_map(lab.colors))
                .scale(scale(lab, page.shape, inner))
                .cursor(Some(lab.view.cursor))
                .render(inner, buffer);
            footnote(&position(lab, shown.len()), area, buffer, theme.dim);
        }
    }
}

/// Columns and rows of images that find room on the pane.
pub fn grid(lab: &Lab, body: Rect) -> (usize, usize) {
    let shape = lab
        .chosen_set()
        .map_or(Shape::new(28, 28, 1), |set| set.shape);
    let inner = inside(body);
    let (columns, rows) = ImageGrid::capacity(inner, shape, scale(lab, shape, inner));
    (columns.max(1), rows.max(1))
}

/// The room inside the pane's frame.
fn inside(body: Rect) -> Rect {
    Rect {
        x: body.x + 2,
        y: body.y + 1,
        width: body.width.saturating_sub(4),
        height: body.height.saturating_sub(2),
    }
}

/// The theme's map for the person's choice.
pub fn color_map(colors: Colors) -> ColorMap {
    match colors {
        Colors::Viridis => ColorMap::Viridis,
        Colors::Grey => ColorMap::Grey,
        Colors::Cividis => ColorMap::Cividis,
    }
}

/// The largest scale at which enough images fit, then as many steps from there as were asked for.
pub fn scale(lab: &Lab, shape: Shape, inner: Rect) -> Scale {
    let room = |scale: Scale| {
        let (columns, rows) = ImageGrid::capacity(inner, shape, scale);
        columns * rows
    };
    let mut scale = Scale::FULL;
    while room(scale.larger()) >= ENOUGH {
        scale = scale.larger();
    }
    while room(scale) < ENOUGH && scale.smaller().cells(shape).width >= NARROWEST {
        scale = scale.smaller();
    }
    for _ in 0..lab.view.size_step.abs() {
        let next = if lab.view.size_step > 0 {
            scale.larger()
        } else {
            scale.smaller()
        };
        if room(next) == 0 || next.cells(shape).width < NARROWEST {
            break;
        }
        scale = next;
    }
    scale
}

/// Why images cannot get larger, and why not smaller.
fn size_limits(lab: &Lab) -> (Option<String>, Option<String>) {
    let Some(set) = lab.chosen_set() else {
        let reason = Some("no data is loaded".to_owned());
        return (reason.clone(), reason);
    };
    let inner = inside(Rect::new(0, 1, lab.columns, lab.rows.saturating_sub(3)));
    let scale = scale(lab, set.shape, inner);
    let (columns, rows) = ImageGrid::capacity(inner, set.shape, scale.larger());
    let larger = (columns * rows == 0)
        .then(|| "no larger image fits; Enter enlarges one as far as it goes".to_owned());
    let smaller = (scale.smaller().cells(set.shape).width < NARROWEST)
        .then(|| "smaller images would show nothing".to_owned());
    (larger, smaller)
}

fn title(lab: &Lab) -> String {
    let Some(set) = lab.chosen_set() else {
        return "Images".to_owned();
    };
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

/// `training` or `test`, as it stands before `images`.
pub fn split_name(split: SplitName) -> &'static str {
    match split {
        SplitName::Train => "training",
        SplitName::Test => "test",
    }
}

fn position(lab: &Lab, shown: usize) -> String {
    let matching = lab.view.page.as_ref().map_or(0, |page| page.matching);
    match lab.view.order {
        Order::Random { .. } => format!("{shown} of {}", count(matching)),
        Order::Sequential { from } => format!(
            "{}–{} of {}",
            count(from + 1),
            count(from + shown),
            count(matching)
        ),
    }
}

fn draw_enlarged(lab: &Lab, area: Rect, inner: Rect, buffer: &mut Buffer, theme: &Theme) {
    let (Some(page), Some(image)) = (&lab.view.page, lab.view.current()) else {
        return;
    };
    let [picture, caption] =
        Layout::vertical([Constraint::Fill(1), Constraint::Length(1)]).areas(inner);
    let paint = theme.paint(color_map(lab.colors));
    PixelImage::new(&image.pixels, page.shape, paint).render(picture, buffer);
    let label = usize::from(image.label);
    let line = Line::from(vec![
        Span::styled(lab.class_name(label), theme.title),
        Span::styled(
            format!(
                "   class {label}   {} image {}   {}",
                split_name(page.split),
                count(image.index),
                page.shape
            ),
            theme.dim,
        ),
    ])
    .centered();
    line.render(caption, buffer);
    let hint = format!(
        "{} of {} on this page",
        lab.view.cursor + 1,
        lab.view.shown(lab.fits).len()
    );
    footnote(&hint, area, buffer, theme.dim);
}
