//! Activations: one image, and what a layer makes of it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect, Size};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::super::action::Action;
use super::super::format::{count, width_of};
use super::super::keys::Key;
use super::super::panel::{empty, footnote, panel};
use super::super::theme::Theme;
use super::super::widgets::{MapGrid, PixelImage};
use super::Pane;
use super::bars::probabilities;
use super::view::{color_map, split_name};
use crate::shape::Shape;
use crate::state::facts::overlay;
use crate::state::{Activations, Lab, Message, PaneId, Part, Run};

/// Columns of the part with the image.
const IMAGE_WIDTH: u16 = 32;
/// Rows above the maps: the strip of layers and a free one.
const STRIP: u16 = 2;

pub struct ActivationsPane;

impl Pane for ActivationsPane {
    fn id(&self) -> PaneId {
        PaneId::Activations
    }

    fn title(&self) -> &'static str {
        "Activations"
    }

    fn about(&self) -> &'static str {
        "what each layer makes of an image"
    }

    fn actions(&self, lab: &Lab) -> Vec<Action> {
        let blocked = match lab.chosen_set() {
            None => Some("no data is loaded".to_owned()),
            Some(_) => lab.misfit(),
        };
        let class = |key, name: &str, help: &str, message| {
            Action::new(Key::char(key), name, help, message)
                .blocked_unless(
                    lab.explaining.method.is_some(),
                    "press w first: it explains a class",
                )
                .quiet()
        };
        vec![
            Action::moves(
                "←→",
                "layer",
                "left and right go through the layers, up and down through the maps of one",
            )
            .blocked_by(blocked.clone()),
            Action::moves("↑↓", "maps", "page through the maps of the layer")
                .blocked_by(blocked.clone()),
            Action::new(
                Key::char('r'),
                "random image",
                "look at another image",
                Message::RandomImage,
            )
            .blocked_by(blocked.clone()),
            Action::new(
                Key::char('t'),
                "train/test",
                "take the image from the training or the test images",
                Message::ToggleSplit,
            )
            .blocked_by(blocked.clone()),
            Action::new(
                Key::char('w'),
                "why",
                "lay over the image what speaks for a class (orange) and against it (blue); each press takes the next method",
                Message::NextExplanation,
            )
            .blocked_by(blocked),
            class(
                'n',
                "next class",
                "explain the score of the next class instead of the most probable one",
                Message::ExplainNextClass,
            ),
            class(
                'N',
                "previous class",
                "explain the score of the class before",
                Message::ExplainPreviousClass,
            ),
            Action::new(
                Key::char('c'),
                "colours",
                "the next colour map: viridis, grey, cividis",
                Message::NextColorMap,
            ),
        ]
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        let image_zoomed = lab.zoomed && lab.part() == Part::Image;
        if image_zoomed {
            return draw_image(lab, area, buffer, theme);
        }
        if lab.zoomed {
            return draw_maps(lab, area, buffer, theme);
        }
        let [image, maps] = areas(area);
        draw_image(lab, image, buffer, theme);
        draw_maps(lab, maps, buffer, theme);
    }
}

/// Where the image and where the maps lie.
fn areas(area: Rect) -> [Rect; 2] {
    Layout::horizontal([Constraint::Length(IMAGE_WIDTH), Constraint::Fill(1)]).areas(area)
}

/// Maps of the shown layer that find room on the pane.
pub fn map_capacity(lab: &Lab, body: Rect) -> usize {
    let [_, maps] = areas(body);
    let area = if lab.zoomed && lab.pane == PaneId::Activations {
        body
    } else {
        maps
    };
    let room = Rect {
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(2 + STRIP),
        ..area
    };
    lab.activations
        .shown
        .as_ref()
        .map_or(1, |shown| MapGrid::capacity(room, shown.maps.shape).max(1))
}

fn draw_image(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let focused = lab.has_focus(Part::Image);
    let title = format!(
        "{} image {}",
        split_name(lab.activations.split),
        count(lab.activations.image)
    );
    let inner = panel(&title, focused, area, buffer, theme);
    let Some(shown) = &lab.activations.shown else {
        return;
    };
    let classes = shown.maps.probabilities.len().min(10) as u16;
    let below = classes + 2;
    let most = Size::new(inner.width, inner.height.saturating_sub(below).max(4));
    let size = PixelImage::size(shown.input, most);
    let [picture, label, _, bars] = Layout::vertical([
        Constraint::Length(size.height),
        Constraint::Length(1),
        Constraint::Length(u16::from(inner.height > size.height + classes + 1)),
        Constraint::Fill(1),
    ])
    .areas(inner);
    let paint = theme.paint(color_map(lab.colors));
    match lab.explaining.of(shown) {
        Some(explained) => {
            let explanation = &explained.explanation;
            let painted = overlay(&shown.pixels, shown.input, &explanation.heat);
            let shape = Shape::new(shown.input.height, shown.input.width, 3);
            PixelImage::new(&painted, shape, paint).render(picture, buffer);
            let name = explanation.method.kind().name.replace('_', " ");
            let note = format!("{name}: {}", lab.class_name(explanation.class));
            footnote(&note, area, buffer, theme.accent);
        }
        None => {
            PixelImage::new(&shown.pixels, shown.input, paint).render(picture, buffer);
            if lab.explaining.method.is_some() {
                footnote("explaining …", area, buffer, theme.dim);
            }
        }
    }
    draw_label(lab, shown, label, buffer, theme);
    probabilities(
        &shown.maps.probabilities,
        Some(usize::from(shown.label)),
        |class| lab.class_name(class),
        bars,
        buffer,
        theme,
    );
}

fn draw_label(lab: &Lab, shown: &Activations, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let truth = usize::from(shown.label);
    let line = Line::from(vec![
        Span::styled("true ", theme.dim),
        Span::styled(lab.class_name(truth), theme.title),
    ]);
    line.centered().render(area, buffer);
}

fn draw_maps(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let focused = lab.has_focus(Part::Maps);
    let layer = lab.summary.layers.get(lab.activations.layer);
    let name = layer.map_or("", |layer| layer.name.as_str());
    let output = layer.and_then(|layer| layer.output);
    let title = output.map_or(name.to_owned(), |output| format!("{name} · {output}"));
    let inner = panel(&title, focused, area, buffer, theme);
    let [strip, _, maps] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(STRIP - 1),
        Constraint::Fill(1),
    ])
    .areas(inner);
    if let Some(misfit) = lab.misfit() {
        return empty("The network does not fit", &misfit, inner, buffer, theme);
    }
    let Some(shown) = &lab.activations.shown else {
        let (headline, advice) = match (lab.chosen_set(), &lab.opening) {
            (None, None) => ("No data", "Open a set on the Data pane: press 1, then o."),
            (None, Some(_)) => ("Loading the data …", "The maps come when it is here."),
            _ => (
                "Looking …",
                "The maps come as soon as the network has seen the image.",
            ),
        };
        return empty(headline, advice, inner, buffer, theme);
    };
    draw_strip(lab, strip, buffer, theme);
    let first = lab.activations.first_map;
    MapGrid::new(&shown.maps.values, shown.maps.shape, theme)
        .map(color_map(lab.colors))
        .first(first)
        .render(maps, buffer);
    let channels = shown.maps.shape.channels;
    let end = (first + lab.fits.maps).min(channels);
    let what = if shown.maps.shape.height * shown.maps.shape.width == 1 {
        "values"
    } else {
        "maps"
    };
    let weights = match shown.trained_epochs {
        0 if lab.run_of_network().is_some_and(Run::is_active) => "in its first epoch".to_owned(),
        0 => "untrained weights".to_owned(),
        1 => "after 1 epoch".to_owned(),
        epochs => format!("after {epochs} epochs"),
    };
    let note = format!(
        "{what} {}–{} of {} · {weights}",
        count(first),
        count(end.saturating_sub(1)),
        count(channels)
    );
    footnote(&note, area, buffer, theme.dim);
}

/// The layers in a row, the shown one marked and in sight.
fn draw_strip(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let names: Vec<&str> = lab
        .summary
        .layers
        .iter()
        .map(|layer| layer.name.as_str())
        .collect();
    let at = lab.activations.layer.min(names.len().saturating_sub(1));
    let width = usize::from(area.width).saturating_sub(4);
    let (mut first, mut end) = (at, (at + 1).min(names.len()));
    let taken = |first: usize, end: usize| -> usize {
        names[first..end]
            .iter()
            .map(|name| width_of(name) + 2)
            .sum()
    };
    loop {
        let before = (first, end);
        if end < names.len() && taken(first, end + 1) <= width {
            end += 1;
        }
        if first > 0 && taken(first - 1, end) <= width {
            first -= 1;
        }
        if (first, end) == before {
            break;
        }
    }
    let arrow =
        |there: bool, arrow: &'static str| Span::styled(if there { arrow } else { " " }, theme.key);
    let mut spans = vec![arrow(first > 0, "‹")];
    for (position, name) in names.iter().enumerate().take(end).skip(first) {
        let style = if position == at {
            theme.selected
        } else {
            theme.dim
        };
        spans.push(Span::styled(format!(" {name} "), style));
    }
    spans.push(arrow(end < names.len(), "›"));
    buffer.set_line(area.x, area.y, &Line::from(spans), area.width);
}
