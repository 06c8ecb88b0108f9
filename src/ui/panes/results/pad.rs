//! The drawing pad: a drawing, what the network sees of it, and what it takes it for.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Position, Rect, Size};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::super::super::action::Action;
use super::super::super::format::mark;
use super::super::super::keys::Key;
use super::super::super::panel::{empty, footnote, inside, lines, panel, paragraph};
use super::super::super::theme::{ColorMap, Theme};
use super::super::super::widgets::probabilities;
use super::super::super::widgets::{BrailleImage, ImageGrid, PixelImage, Tile};
use super::kept;
use crate::state::facts::Prediction;
use crate::state::{Lab, Message, PadMessage, Run};

/// Rows below the drawing: pen and tools.
const TOOLS: u16 = 3;
/// Columns that the predictions need beside the drawing.
const BESIDE: u16 = 40;

/// The key that opens the pad, on the Results pane and from the palette.
pub fn open_action(lab: &Lab) -> Action {
    Action::new(
        Key::char('d'),
        "draw",
        "the drawing pad: draw an image by keyboard and see at each stroke what the network takes it for",
        Message::Pad(PadMessage::Open),
    )
    .blocked_by(lab.pad_blocked())
}

/// What can be done on the pad.
pub fn actions(lab: &Lab) -> Vec<Action> {
    let pad = &lab.pad;
    let action = |key: char, name: &str, help: &str, message| {
        Action::new(Key::char(key), name, help, Message::Pad(message))
    };
    let pen = if pad.is_pen_down() {
        "pen up"
    } else {
        "pen down"
    };
    let mut actions = vec![
        Action::moves("←↓↑→", "go", "move the pen; while it is down it draws"),
        action(
            ' ',
            pen,
            "put the pen down, or lift it; a stroke is one step of undo",
            PadMessage::PenUpOrDown,
        ),
        action('u', "undo", "take the last stroke back", PadMessage::Undo),
        action('x', "clear", "take all ink away", PadMessage::Clear),
        action(
            'c',
            "centre",
            "scale and move drawings as the makers of MNIST did before the network sees them, or leave them as they are",
            PadMessage::ToggleCentre,
        ),
        action(
            '+',
            "larger brush",
            "a larger brush",
            PadMessage::LargerBrush,
        )
        .or(Key::char('='))
        .quiet(),
        action(
            '-',
            "smaller brush",
            "a smaller brush",
            PadMessage::SmallerBrush,
        )
        .quiet(),
        action('>', "more ink", "stronger ink", PadMessage::MoreInk)
            .or(Key::char('.'))
            .quiet(),
        action('<', "less ink", "fainter ink", PadMessage::LessInk)
            .or(Key::char(','))
            .quiet(),
        action(
            'e',
            "eraser",
            "draw with the eraser, or with ink again",
            PadMessage::ToggleEraser,
        ),
        action(
            's',
            "line",
            "begin a straight line here; pressed again, draw it to here",
            PadMessage::Line,
        ),
        action(
            'f',
            "fill",
            "fill what is connected with the pixel under the pen",
            PadMessage::Fill,
        ),
        action(
            'o',
            "load",
            "start from the image under the cursor of the View pane; pressed again, from the next one",
            PadMessage::LoadImage,
        ),
        action(
            'a',
            "activations",
            "pin the drawing as the network sees it, and show what each layer makes of it",
            PadMessage::LookInside,
        )
        .blocked_unless(pad.shown.is_some(), "nothing is drawn yet"),
        action(
            't',
            "keep",
            "keep the drawing with its class, in a small test set of your own",
            PadMessage::AskClass,
        )
        .blocked_unless(pad.shown.is_some(), "nothing is drawn yet"),
        action(
            'v',
            "your drawings",
            "how the network reads the drawings that you keep, in place of the nearest training images",
            PadMessage::ToggleKept,
        ),
        action(
            'w',
            "write PNG",
            "write the drawing as drawing-1.png, or the next free number, in the folder in which the program was started",
            PadMessage::Save,
        )
        .blocked_unless(!pad.canvas.is_blank(), "nothing is drawn yet")
        .quiet(),
        Action::new(
            Key::ctrl('r'),
            "redo",
            "do again what was undone last",
            Message::Pad(PadMessage::Redo),
        )
        .quiet(),
        Action::new(
            Key::code(KeyCode::Esc),
            "back",
            "leave the pad; the drawing stays",
            Message::Back,
        )
        .quiet(),
    ];
    if pad.color().is_some() {
        actions.insert(
            5,
            action(
                'p',
                "colour",
                "the next colour of ink",
                PadMessage::NextColor,
            ),
        );
    }
    actions
}

/// The size of the drawing, and where it with its tools, and what the network makes of it, lie.
fn places(lab: &Lab, area: Rect) -> (Size, [Rect; 2]) {
    let shape = lab.pad.canvas.shape();
    let most = Size::new(
        area.width.saturating_sub(BESIDE + 4),
        area.height.saturating_sub(2 + TOOLS),
    );
    let size = BrailleImage::size(shape, most);
    let sides = Layout::horizontal([
        Constraint::Length(size.width.max(24) + 4),
        Constraint::Fill(1),
    ]);
    (size, sides.areas(area))
}

/// Where the drawing lies in its part, and where the tools.
fn canvas_places(size: Size, inner: Rect) -> [Rect; 3] {
    Layout::vertical([
        Constraint::Length(size.height),
        Constraint::Length(1),
        Constraint::Fill(1),
    ])
    .areas(inner)
}

/// Row and column of the pixel that the pad shows at a position of the screen.
pub fn pixel_at(lab: &Lab, area: Rect, position: Position) -> Option<(usize, usize)> {
    let (size, [left, _]) = places(lab, area);
    let [picture, _, _] = canvas_places(size, inside(left));
    BrailleImage::pixel_at(lab.pad.canvas.shape(), picture, lab.pad.cursor, position)
}

pub fn draw(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let (size, [left, right]) = places(lab, area);
    draw_canvas(lab, size, left, buffer, theme);
    let classes = lab.preset.classes.min(10) as u16;
    let [bars, below] =
        Layout::vertical([Constraint::Length(classes + 2), Constraint::Fill(1)]).areas(right);
    draw_prediction(lab, bars, buffer, theme);
    let seen_width = (below.width * 2 / 5).max(18).min(below.width);
    let [seen, near] =
        Layout::horizontal([Constraint::Length(seen_width), Constraint::Fill(1)]).areas(below);
    draw_seen(lab, seen, buffer, theme);
    if lab.pad.shows_kept {
        kept::draw(lab, near, buffer, theme);
    } else {
        draw_neighbours(lab, near, buffer, theme);
    }
}

fn draw_canvas(lab: &Lab, size: Size, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let pad = &lab.pad;
    let title = format!("{}Drawing pad", mark(pad.is_unsaved()));
    let inner = panel(&title, true, area, buffer, theme);
    let [picture, _, tools] = canvas_places(size, inner);
    let (row, column) = pad.cursor;
    let mark = if pad.is_pen_down() {
        theme.good
    } else {
        theme.accent
    };
    BrailleImage::new(
        pad.canvas.pixels(),
        pad.canvas.shape(),
        theme.paint(ColorMap::Grey),
    )
    .cursor(row, column, mark)
    .render(picture, buffer);
    let pen = match (pad.is_pen_down(), pad.line_from) {
        (_, Some((row, column))) => Span::styled(format!("line from {row}, {column}"), theme.good),
        (true, None) => Span::styled("pen down", theme.good),
        (false, None) => Span::styled("pen up", theme.dim),
    };
    let ink = match (pad.is_erasing, pad.color()) {
        (true, _) => "eraser".to_owned(),
        (false, Some((name, _))) => format!("{name} {}", pad.level()),
        (false, None) => format!("ink {}", pad.level()),
    };
    let keys = |keys: &str, what: &str| {
        vec![
            Span::styled(format!("   {keys}"), theme.key),
            Span::styled(what.to_owned(), theme.dim),
        ]
    };
    let mut inks = vec![pen, Span::styled(" · ", theme.dim), Span::raw(ink)];
    if let Some((_, [red, green, blue])) = pad.color().filter(|_| !pad.is_erasing)
        && let Some(color) = theme.paint(ColorMap::Grey).rgb([red, green, blue])
    {
        inks.push(Span::styled(" ██", Style::new().fg(color)));
    }
    let brush = format!("brush {:.1} px", pad.diameter());
    let mut brushes = vec![Span::styled(brush, theme.dim)];
    brushes.extend(keys("- +", ""));
    let mut levels = keys("< >", " ink");
    levels[0] = Span::styled("< >", theme.key);
    if pad.color().is_some() {
        levels.extend(keys("p", " colour"));
    }
    levels.extend(keys("w", " PNG"));
    let tools_lines = [inks, brushes, levels].map(Line::from);
    lines(tools_lines, tools, buffer);
    footnote(
        &format!("row {row}, column {column}"),
        area,
        buffer,
        theme.dim,
    );
}

fn draw_prediction(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let Some(shown) = lab.pad.shown.as_ref() else {
        let inner = panel("Prediction", false, area, buffer, theme);
        let advice = match lab.mouse {
            true => {
                "Space puts the pen down and the arrows draw, or the mouse does; o loads an image."
            }
            false => "Space puts the pen down, the arrows draw; o loads an image.",
        };
        return empty("Draw something", advice, inner, buffer, theme);
    };
    let inner = panel(&title(lab, shown), false, area, buffer, theme);
    probabilities(
        &shown.probabilities,
        None,
        |class| lab.network_class_name(class),
        inner,
        buffer,
        theme,
    );
    let (weights, style) = match shown.trained_epochs {
        0 if lab.run_of_network().is_some_and(Run::is_active) => {
            ("in its first epoch".to_owned(), theme.warning)
        }
        0 => (
            "untrained: these are guesses, 4 trains it".to_owned(),
            theme.warning,
        ),
        1 => ("after 1 epoch".to_owned(), theme.dim),
        epochs => (format!("after {epochs} epochs"), theme.dim),
    };
    footnote(&weights, area, buffer, style);
}

/// The most probable class.
fn title(lab: &Lab, shown: &Prediction) -> String {
    let best = shown
        .probabilities
        .iter()
        .enumerate()
        .max_by(|one, other| one.1.total_cmp(other.1));
    best.map_or("Prediction".to_owned(), |(class, probability)| {
        format!(
            "{} · {:.1} %",
            lab.network_class_name(class),
            100.0 * probability
        )
    })
}

/// What the network sees; beside it, where there is room, the drawing that this was made from.
fn draw_seen(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let shape = lab.pad.canvas.shape();
    let inner = panel("Network sees", false, area, buffer, theme);
    let note = if lab.is_centred() {
        "centred"
    } else {
        "as drawn"
    };
    footnote(note, area, buffer, theme.dim);
    let Some(shown) = lab.pad.shown.as_ref() else {
        return;
    };
    if shown.seen.len() != shape.len() {
        return;
    }
    let paint = theme.paint(lab.colors.map());
    let stacked = lab.is_centred() && inner.height >= 16;
    if !stacked {
        return PixelImage::new(&shown.seen, shape, paint).render(inner, buffer);
    }
    let [before_title, before, after_title, after] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Fill(1),
    ])
    .areas(inner);
    paragraph("drawn", theme.dim, before_title, buffer);
    PixelImage::new(lab.pad.canvas.pixels(), shape, paint).render(before, buffer);
    paragraph("centred", theme.dim, after_title, buffer);
    PixelImage::new(&shown.seen, shape, paint).render(after, buffer);
}

fn draw_neighbours(lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let title = match area.width {
        ..28 => "Nearest images",
        _ => "Nearest training images",
    };
    let inner = panel(title, false, area, buffer, theme);
    if lab.pad.shown.is_none() {
        return;
    }
    let shape = lab.pad.canvas.shape();
    // Two where only small images fit; more where all of them are large enough to see.
    let count = if inner.height >= 14 { 6 } else { 2 };
    let tiles: Vec<Tile> = lab
        .pad
        .neighbours
        .iter()
        .filter(|image| image.pixels.len() == shape.len())
        .take(count)
        .map(|image| {
            Tile::new(
                image.pixels.as_slice(),
                lab.class_name(usize::from(image.label)),
            )
        })
        .collect();
    if tiles.is_empty() {
        let advice = "Choose a set whose images have the network's input shape.";
        return empty("None", advice, inner, buffer, theme);
    }
    ImageGrid::new(&tiles, shape, theme)
        .map(lab.colors.map())
        .render(inner, buffer);
}
