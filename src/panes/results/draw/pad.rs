//! The drawing pad: a drawing, what the network sees of it, and what it takes it for.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Position, Rect, Size};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::kept;
use crate::analysis::most_probable;
use crate::lab::Lab;
use crate::lab::Run;
use crate::panes::results::{Pad, Prediction};
use crate::ui::format::mark;
use crate::ui::panel::{empty, footnote, inside, lines, panel, paragraph};
use crate::ui::theme::{ColorMap, Theme};
use crate::ui::widgets::{BrailleImage, ImageGrid, PixelImage, Tile, draw_probabilities};

/// Rows below the drawing: pen and tools.
const TOOLS: u16 = 3;
/// Columns that the predictions need beside the drawing.
const BESIDE: u16 = 40;

/// The size of the drawing, and where it with its tools, and what the network makes of it, lie.
fn places(pad: &Pad, area: Rect) -> (Size, [Rect; 2]) {
    let shape = pad.canvas.shape();
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
pub fn pixel_at(pad: &Pad, area: Rect, position: Position) -> Option<(usize, usize)> {
    let (size, [left, _]) = places(pad, area);
    let [picture, _, _] = canvas_places(size, inside(left));
    BrailleImage::pixel_at(pad.canvas.shape(), picture, pad.cursor, position)
}

pub fn draw(pad: &Pad, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let (size, [left, right]) = places(pad, area);
    draw_canvas(pad, size, left, buffer, theme);
    let classes = lab.preset.classes.min(10) as u16;
    let [bars, below] =
        Layout::vertical([Constraint::Length(classes + 2), Constraint::Fill(1)]).areas(right);
    draw_prediction(pad, lab, bars, buffer, theme);
    let seen_width = (below.width * 2 / 5).max(18).min(below.width);
    let [seen, near] =
        Layout::horizontal([Constraint::Length(seen_width), Constraint::Fill(1)]).areas(below);
    draw_seen(pad, lab, seen, buffer, theme);
    if pad.shows_kept {
        kept::draw(pad, lab, near, buffer, theme);
    } else {
        draw_neighbours(pad, lab, near, buffer, theme);
    }
}

fn draw_canvas(pad: &Pad, size: Size, area: Rect, buffer: &mut Buffer, theme: &Theme) {
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
    let ink = match (pad.tools.is_erasing, pad.tools.color()) {
        (true, _) => "eraser".to_owned(),
        (false, Some((name, _))) => format!("{name} {}", pad.tools.level()),
        (false, None) => format!("ink {}", pad.tools.level()),
    };
    let keys = |keys: &str, what: &str| {
        vec![
            Span::styled(format!("   {keys}"), theme.key),
            Span::styled(what.to_owned(), theme.dim),
        ]
    };
    let mut inks = vec![pen, Span::styled(" · ", theme.dim), Span::raw(ink)];
    if let Some((_, [red, green, blue])) = pad.tools.color().filter(|_| !pad.tools.is_erasing)
        && let Some(color) = theme.paint(ColorMap::Grey).rgb([red, green, blue])
    {
        inks.push(Span::styled(" ██", Style::new().fg(color)));
    }
    let brush = format!("brush {:.1} px", pad.tools.diameter());
    let mut brushes = vec![Span::styled(brush, theme.dim)];
    brushes.extend(keys("- +", ""));
    let mut levels = keys("< >", " ink");
    levels[0] = Span::styled("< >", theme.key);
    if pad.tools.color().is_some() {
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

fn draw_prediction(pad: &Pad, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let Some(shown) = pad.shown() else {
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
    draw_probabilities(
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
    let (class, probability) = most_probable(&shown.probabilities);
    let name = lab.network_class_name(class);
    format!("{name} · {:.1} %", 100.0 * probability)
}

/// What the network sees; beside it, where there is room, the drawing that this was made from.
fn draw_seen(pad: &Pad, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let shape = pad.canvas.shape();
    let inner = panel("Network sees", false, area, buffer, theme);
    let note = if pad.is_centred(lab) {
        "centred"
    } else {
        "as drawn"
    };
    footnote(note, area, buffer, theme.dim);
    let Some(shown) = pad.shown() else {
        return;
    };
    if shown.seen.len() != shape.len() {
        return;
    }
    let paint = theme.paint(lab.colors);
    let stacked = pad.is_centred(lab) && inner.height >= 16;
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
    PixelImage::new(pad.canvas.pixels(), shape, paint).render(before, buffer);
    paragraph("centred", theme.dim, after_title, buffer);
    PixelImage::new(&shown.seen, shape, paint).render(after, buffer);
}

fn draw_neighbours(pad: &Pad, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let title = match area.width {
        ..28 => "Nearest images",
        _ => "Nearest training images",
    };
    let inner = panel(title, false, area, buffer, theme);
    if pad.shown().is_none() {
        return;
    }
    let shape = pad.canvas.shape();
    // Two where only small images fit; more where all of them are large enough to see.
    let count = if inner.height >= 14 { 6 } else { 2 };
    let tiles: Vec<Tile> = pad
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
        .map(lab.colors)
        .render(inner, buffer);
}
