//! Activations: one image, and what a layer makes of it.

mod exciting;
mod health;
mod image;
mod map;
mod maps;
mod products;

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use super::super::action::Action;
use super::super::format::count;
use super::super::keys::Key;
use super::super::panel::{empty, panel};
use super::super::theme::Theme;
use super::Pane;
use crate::state::facts::Subject;
use crate::state::{Depth, InsideMessage, Lab, Message, Part};

pub use maps::map_places;

/// Columns of the part with the image.
const IMAGE_WIDTH: u16 = 32;

pub struct ActivationsPane;

impl Pane for ActivationsPane {
    fn title(&self) -> &'static str {
        "Activations"
    }

    fn about(&self) -> &'static str {
        "what each layer makes of an image"
    }

    fn actions(&self, lab: &Lab) -> Vec<Action> {
        let blocked = lab.look_blocked();
        if lab.health.is_open {
            return health::actions();
        }
        let mut actions = depth_actions(lab, blocked.as_ref());
        actions.extend(image_actions(lab, blocked.as_ref()));
        actions
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        if lab.health.is_open {
            return health::draw(lab, area, buffer, theme);
        }
        if lab.activations.depth == Depth::Products && lab.look_blocked().is_none() {
            return products::draw(lab, area, buffer, theme);
        }
        if lab.zoomed && lab.part() == Part::Image {
            return image::draw(lab, area, buffer, theme);
        }
        if lab.zoomed {
            return draw_inside(lab, area, buffer, theme);
        }
        let [image, inside] = areas(area);
        image::draw(lab, image, buffer, theme);
        draw_inside(lab, inside, buffer, theme);
    }
}

/// What the keys do at the present depth.
fn depth_actions(lab: &Lab, blocked: Option<&String>) -> Vec<Action> {
    let blocked = || blocked.cloned();
    let inside = |key: char, name: &str, help: &str, message| {
        Action::new(Key::char(key), name, help, Message::Inside(message))
    };
    let maps = [
        inside(
            'L',
            "next map",
            "put the cursor on the next map",
            InsideMessage::NextMap,
        )
        .blocked_by(blocked())
        .quiet(),
        inside(
            'H',
            "previous map",
            "put the cursor on the map before",
            InsideMessage::PreviousMap,
        )
        .blocked_by(blocked())
        .quiet(),
    ];
    let excite = inside(
        'x',
        "excites",
        "what excites the map's filter most: images of the set, and one made for it by gradient ascent",
        InsideMessage::Excite,
    )
    .blocked_by(blocked());
    let back = Action::new(
        Key::code(KeyCode::Esc),
        "back",
        "one step out",
        Message::Back,
    );
    let mut actions = match lab.activations.depth {
        Depth::Maps => vec![
            Action::moves(
                "←→",
                "layer",
                "left and right go through the layers, up and down through the maps of one, page by page with PgUp and PgDn",
            )
            .blocked_by(blocked()),
            Action::new(
                Key::code(KeyCode::Enter),
                "enlarge",
                "the map under the cursor, large, beside the weights of its filter",
                Message::Enter,
            )
            .blocked_by(blocked()),
        ],
        Depth::Map => vec![
            Action::moves("←↓↑→", "value", "go from value to value of the map"),
            Action::new(
                Key::code(KeyCode::Enter),
                "its sum",
                "the arithmetic of the value under the cursor: its window, weights, products, sum and bias",
                Message::Enter,
            )
            .blocked_by(blocked()),
            excite,
            back,
        ],
        Depth::Exciting => vec![
            Action::moves("←→", "filter", "the filter before and the next"),
            back,
        ],
        Depth::Products => vec![
            Action::moves("↑↓", "products", "go through the input channels"),
            back,
        ],
    };
    actions.extend(maps);
    actions
}

fn image_actions(lab: &Lab, blocked: Option<&String>) -> Vec<Action> {
    let blocked = || blocked.cloned();
    let no_set = || {
        lab.chosen_set()
            .is_none()
            .then(|| "no data is loaded".to_owned())
            .or_else(|| lab.misfit())
    };
    let inside = |key: char, name: &str, help: &str, message| {
        Action::new(Key::char(key), name, help, Message::Inside(message))
    };
    let class = |key, name: &str, help: &str, message| {
        Action::new(Key::char(key), name, help, message)
            .blocked_unless(
                lab.explaining.method.is_some(),
                "press w first: it explains a class",
            )
            .quiet()
    };
    let pin = match lab.activations.pin {
        Some(_) => "unpin",
        None => "pin",
    };
    vec![
        inside(
            'p',
            pin,
            "hold the image, whatever pane, set or training comes, or let it go",
            InsideMessage::PinOrUnpin,
        )
        .blocked_by(match lab.activations.pin {
            Some(_) => None,
            None => no_set(),
        }),
        Action::new(
            Key::char('w'),
            "why",
            "lay over the image what speaks for a class (orange) and against it (blue); each press takes the next method",
            Message::NextExplanation,
        )
        .blocked_by(blocked()),
        inside(
            'i',
            "health",
            "how the network is: dead ReLUs, weights, values and gradients of each layer over the epochs",
            InsideMessage::Health,
        )
        .blocked_by(lab.misfit()),
        inside(
            '<',
            "earlier",
            "the weights of an earlier epoch of the run",
            InsideMessage::EarlierEpoch,
        )
        .or(Key::char(','))
        .quiet(),
        inside(
            '>',
            "later",
            "the weights of a later epoch, up to the latest",
            InsideMessage::LaterEpoch,
        )
        .or(Key::char('.'))
        .quiet(),
        Action::new(
            Key::char('r'),
            "random image",
            "look at another image",
            Message::RandomImage,
        )
        .blocked_by(no_set()),
        Action::new(
            Key::char('t'),
            "train/test",
            "take the image from the training or the test images",
            Message::ToggleSplit,
        )
        .blocked_by(no_set()),
        Action::new(
            Key::char('e'),
            "settings",
            "the settings of the method that explains",
            Message::AskMethod,
        )
        .blocked_unless(
            lab.explaining.current().is_some_and(|method| !method.values().is_empty()),
            "press w until a method with settings explains the image",
        )
        .quiet(),
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
        inside(
            'v',
            "range",
            "colour each map by its own values, or all by the range of their layer, to compare them",
            InsideMessage::ToggleRange,
        )
        .quiet(),
        Action::new(
            Key::char('c'),
            "colours",
            "the next colour map: viridis, grey, cividis",
            Message::NextColorMap,
        )
        .quiet(),
    ]
}

/// Where the image and where the maps lie.
fn areas(area: Rect) -> [Rect; 2] {
    Layout::horizontal([Constraint::Length(IMAGE_WIDTH), Constraint::Fill(1)]).areas(area)
}

/// What the pane is about, for the title of the image.
fn subject_title(lab: &Lab) -> String {
    match &lab.activations.pin {
        Some(pin) => match &pin.subject {
            Subject::OfSet { split, index, .. } => {
                format!("pinned · {} image {}", split.word(), count(*index))
            }
            Subject::Drawing { .. } => "pinned · drawing".to_owned(),
        },
        None => format!(
            "{} image {}",
            lab.activations.split.word(),
            count(lab.activations.image)
        ),
    }
}

fn draw_inside(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let focused = lab.has_focus(Part::Maps);
    let layer = lab.summary.layers.get(lab.activations.layer);
    let name = layer.map_or("", |layer| layer.name.as_str());
    let output = layer.and_then(|layer| layer.output);
    let map = lab.activations.map;
    let title = match (lab.activations.depth, output) {
        (Depth::Maps, Some(output)) => format!("{name} · {output}"),
        (Depth::Exciting, Some(_)) => format!("{name} · what excites filter {map}"),
        (_, Some(output)) => format!("{name} · map {map} · {}×{}", output.height, output.width),
        (_, None) => name.to_owned(),
    };
    let inner = panel(&title, focused, area, buffer, theme);
    if let Some(misfit) = lab.look_blocked().filter(|_| lab.chosen_set().is_some()) {
        return empty("The network does not fit", &misfit, inner, buffer, theme);
    }
    if lab.activations.shown.is_none() {
        let (headline, advice) = match (lab.chosen_set(), lab.opening()) {
            (None, None) => ("No data", "Open a set on the Data pane: press 1, then o."),
            (None, Some(_)) => ("Loading the data …", "The maps come when it is here."),
            _ => (
                "Looking …",
                "The maps come as soon as the network has seen the image.",
            ),
        };
        return empty(headline, advice, inner, buffer, theme);
    }
    match lab.activations.depth {
        Depth::Maps => maps::draw(lab, area, inner, buffer, theme),
        Depth::Map | Depth::Products => map::draw(lab, area, inner, buffer, theme),
        Depth::Exciting => exciting::draw(lab, area, inner, buffer, theme),
    }
}
