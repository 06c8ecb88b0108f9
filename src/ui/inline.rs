//! Pictures in the output of a command on a terminal, drawn with the widgets of the screen.

use std::env;
use std::fmt::Write;
use std::io::{self, IsTerminal};

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};
use ratatui::widgets::Widget;

use super::theme::{Background, ColorDepth, ColorMap, Theme};
use super::widgets::{GridLayout, ImageGrid, Tile};
use crate::shape::Shape;

/// Maximum height of a picture, so that the lines printed before it stay visible.
const MOST_ROWS: u16 = 32;
/// Rows of a terminal that are left for a command's text.
const LEFT_ROWS: u16 = 4;
/// Assumed if a terminal does not report its size.
const USUAL_SIZE: (u16, u16) = (80, 24);

/// A terminal that a command prints to.
#[derive(Clone, Copy, Debug)]
pub struct Inline {
    theme: Theme,
    columns: u16,
    rows: u16,
}

impl Inline {
    /// For stdout; `None` if that is not a terminal.
    pub fn of_stdout() -> Option<Self> {
        let variable = |name: &str| env::var(name).ok();
        let theme = Theme::new(ColorDepth::detect(variable), Background::detect(variable));
        let size = || {
            crossterm::terminal::size()
                .ok()
                .filter(|(columns, _)| *columns > 0)
        };
        io::stdout()
            .is_terminal()
            .then(|| Self::new(theme, size().unwrap_or(USUAL_SIZE)))
    }

    /// For a terminal of this size.
    fn new(theme: Theme, (columns, rows): (u16, u16)) -> Self {
        Self {
            theme,
            columns,
            rows: rows.saturating_sub(LEFT_ROWS).clamp(1, MOST_ROWS),
        }
    }

    /// Whether the terminal shows colours.
    pub fn has_colors(&self) -> bool {
        self.theme.depth > ColorDepth::None
    }

    /// Images of one shape, each above its label, as large as all have room for, and how many of them are shown.
    pub fn images(&self, tiles: &[Tile<'_>], shape: Shape, map: ColorMap) -> (String, usize) {
        let area = Rect::new(0, 0, self.columns, self.rows);
        let has_labels = tiles.iter().any(|tile| !tile.label.is_empty());
        let layout = GridLayout::filling(area, shape, u16::from(has_labels), tiles.len());
        let shown = layout.capacity().min(tiles.len());
        let Some((first, last)) = layout
            .image(0)
            .zip(shown.checked_sub(1).and_then(|last| layout.image(last)))
        else {
            return (String::new(), 0);
        };
        let mut buffer = Buffer::empty(area);
        ImageGrid::new(tiles, shape, map, &self.theme).render(area, &mut buffer);
        let height = last.bottom() + u16::from(has_labels) - first.y;
        let left = first.x.saturating_sub(1);
        let drawn = Rect::new(left, first.y, self.columns - left, height).intersection(area);
        (ansi(&buffer, drawn), shown)
    }
}

/// A part of a buffer as ANSI text, line by line, with escapes only where the style changes and without unstyled trailing
/// spaces.
pub fn ansi(buffer: &Buffer, area: Rect) -> String {
    let mut lines = Vec::new();
    for row in area.rows() {
        let cells: Vec<&Cell> = row.positions().map(|position| &buffer[position]).collect();
        let is_drawn = |cell: &&Cell| cell.symbol() != " " || style(cell) != style(&Cell::EMPTY);
        let length = cells.iter().rposition(is_drawn).map_or(0, |last| last + 1);
        let mut line = String::new();
        let mut current = style(&Cell::EMPTY);
        for cell in &cells[..length] {
            let style = style(cell);
            if style != current {
                line += &escape(style);
                current = style;
            }
            line += cell.symbol();
        }
        if current != style(&Cell::EMPTY) {
            line += "\x1b[0m";
        }
        lines.push(line);
    }
    lines.join("\n")
}

type Style = (Color, Color, Modifier);

fn style(cell: &Cell) -> Style {
    (cell.fg, cell.bg, cell.modifier)
}

/// The escape sequence that sets this style; source: ECMA-48, Select Graphic Rendition.
fn escape((foreground, background, modifiers): Style) -> String {
    const MODIFIERS: [(Modifier, u8); 4] = [
        (Modifier::BOLD, 1),
        (Modifier::DIM, 2),
        (Modifier::UNDERLINED, 4),
        (Modifier::REVERSED, 7),
    ];
    let mut text = String::from("\x1b[0");
    for (modifier, code) in MODIFIERS {
        if modifiers.contains(modifier) {
            let _ = write!(text, ";{code}");
        }
    }
    for (color, base) in [(foreground, 30), (background, 40)] {
        if color != Color::Reset {
            text += &format!(";{}", color_code(color, base));
        }
    }
    text + "m"
}

fn color_code(color: Color, base: u8) -> String {
    let named = |code: u8| (base + code).to_string();
    match color {
        Color::Rgb(red, green, blue) => format!("{};2;{red};{green};{blue}", base + 8),
        Color::Indexed(index) => format!("{};5;{index}", base + 8),
        Color::Reset => named(9),
        Color::Black => named(0),
        Color::Red => named(1),
        Color::Green => named(2),
        Color::Yellow => named(3),
        Color::Blue => named(4),
        Color::Magenta => named(5),
        Color::Cyan => named(6),
        Color::Gray => named(7),
        Color::DarkGray => named(60),
        Color::LightRed => named(61),
        Color::LightGreen => named(62),
        Color::LightYellow => named(63),
        Color::LightBlue => named(64),
        Color::LightMagenta => named(65),
        Color::LightCyan => named(66),
        Color::White => named(67),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(depth: ColorDepth, columns: u16, images: usize) -> (String, usize) {
        let shape = Shape::new(4, 4, 1);
        let pixels: Vec<u8> = (0..16).map(|pixel| 17 * pixel).collect();
        let labels = (0..images).map(|index| format!("image {index}"));
        let tiles: Vec<Tile> = labels.map(|label| Tile::new(&pixels, label)).collect();
        let inline = Inline::new(Theme::new(depth, Background::Dark), (columns, 12));
        inline.images(&tiles, shape, ColorMap::Grey)
    }

    #[test]
    fn images_stand_above_their_labels_in_every_depth() {
        for (depth, part) in [
            (ColorDepth::TrueColor, "\x1b[0;38;2;"),
            (ColorDepth::Indexed256, ";38;5;"),
            (ColorDepth::Basic16, "▀"),
            (ColorDepth::None, "█"),
        ] {
            let (text, shown) = drawn(depth, 60, 2);
            assert_eq!(shown, 2);
            assert!(text.contains(part), "{depth:?}: {text:?}");
            let last = text.lines().last().unwrap();
            assert!(
                last.contains("image 0") && last.contains("image 1"),
                "{last:?}"
            );
            assert_eq!(text.contains('\x1b'), depth != ColorDepth::None, "{text:?}");
            for line in text.lines() {
                assert!(
                    !line.contains('\x1b') || line.ends_with("\x1b[0m"),
                    "{line:?}"
                );
            }
        }
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_and_what_finds_no_room_is_counted() {
        let (text, shown) = drawn(ColorDepth::None, 30, 100);
        assert!(0 < shown && shown < 100, "{shown}");
        assert!(
            text.lines().all(|line| line.chars().count() <= 30),
            "{text}"
        );
        assert_eq!(drawn(ColorDepth::None, 60, 0), (String::new(), 0));
    }
}
