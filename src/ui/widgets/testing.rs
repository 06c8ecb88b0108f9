//! Buffers as text, colours included, for snapshots; and areas of every size for property tests.

use std::fmt::Write;

use proptest::prelude::*;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};
use ratatui::widgets::Widget;

/// Draws into a buffer of exactly this size.
pub fn drawn(widget: impl Widget, width: u16, height: u16) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    widget.render(area, &mut buffer);
    buffer
}

/// The text of the buffer, below it a letter a cell for its style (`.` where there is none), and what the letters mean.
pub fn snapshot(buffer: &Buffer) -> String {
    const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let mut styles: Vec<String> = Vec::new();
    let mut text = String::new();
    let mut letters = String::new();
    for row in buffer.area.rows() {
        for position in row.positions() {
            let cell = &buffer[position];
            text.push_str(cell.symbol());
            let style = described(cell);
            letters.push(if style.is_empty() {
                '.'
            } else {
                let index = styles
                    .iter()
                    .position(|known| *known == style)
                    .unwrap_or_else(|| {
                        styles.push(style);
                        styles.len() - 1
                    });
                LETTERS.chars().nth(index).unwrap_or('?')
            });
        }
        text.truncate(text.trim_end_matches(' ').len());
        text.push_str("⏎\n");
        letters.push('\n');
    }
    let mut snapshot = format!("{text}\n{letters}\n");
    for (style, letter) in styles.iter().zip(LETTERS.chars()) {
        writeln!(snapshot, "{letter}: {style}").unwrap();
    }
    snapshot
}

fn described(cell: &Cell) -> String {
    let named = |color: Color| match color {
        Color::Rgb(red, green, blue) => format!("#{red:02x}{green:02x}{blue:02x}"),
        other => format!("{other}"),
    };
    let mut parts = Vec::new();
    if cell.fg != Color::Reset {
        parts.push(named(cell.fg));
    }
    if cell.bg != Color::Reset {
        parts.push(format!("on {}", named(cell.bg)));
    }
    if cell.modifier != Modifier::empty() {
        parts.push(format!("{:?}", cell.modifier));
    }
    parts.join(" ")
}

/// An area inside a screen of at most 130×60 cells.
pub fn any_area() -> impl Strategy<Value = Rect> {
    (0u16..10, 0u16..6, 0u16..=120, 0u16..=54)
        .prop_map(|(x, y, width, height)| Rect::new(x, y, width, height))
}

/// Draws into part of a larger screen and fails where a cell outside that part was touched.
pub fn stays_inside(widget: impl Widget, area: Rect) -> Result<(), TestCaseError> {
    let mut untouched = Cell::default();
    untouched.set_symbol("x");
    let screen = Rect::new(0, 0, area.right() + 3, area.bottom() + 3);
    let mut buffer = Buffer::filled(screen, untouched.clone());
    widget.render(area, &mut buffer);
    for position in screen.positions() {
        if !area.contains(position) {
            prop_assert_eq!(
                &buffer[position],
                &untouched,
                "{:?} of {:?}",
                position,
                area
            );
        }
    }
    Ok(())
}
