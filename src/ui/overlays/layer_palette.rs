//! The palette of layers: a letter takes one at once, / narrows the list by typing.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use super::super::action::Action;
use super::super::format::fit;
use super::super::keys::Key;
use super::super::panel::{dialog, empty, highlight, paragraph, window};
use super::super::theme::Theme;
use super::draw_input;
use crate::state::facts::LAYERS;
use crate::state::{BuilderMessage, Lab, LayerPalette, Message, Motion, Side};

/// Columns of the names.
const NAMES: usize = 20;

pub fn actions(palette: &LayerPalette) -> Vec<Action> {
    let found = palette.matching();
    let go = |motion: Motion| {
        let to = motion.along(palette.cursor, found.len(), 10);
        Message::Builder(BuilderMessage::PaletteAt(to))
    };
    let moves = Action::list_moves_and_tab("go through the layers", go);
    let take = match found.get(palette.cursor) {
        Some(position) => Message::Builder(BuilderMessage::Take(*position)),
        None => Message::Explain("no layer matches what was typed".to_owned()),
    };
    let mut actions = vec![
        moves,
        Action::new(
            Key::code(KeyCode::Enter),
            "take it",
            "take the layer under the cursor",
            take,
        ),
        Action::new(
            Key::code(KeyCode::Esc),
            "close",
            "leave the network as it is",
            Message::Back,
        ),
    ];
    if palette.filter.is_none() {
        actions.push(Action::new(
            Key::char('/'),
            "search",
            "narrow the list by typing",
            Message::Builder(BuilderMessage::FilterPalette),
        ));
    }
    actions
}

/// What a letter does while nothing is typed.
pub fn letter(palette: &LayerPalette, key: Key) -> Message {
    let taken = letters()
        .into_iter()
        .position(|letter| key == Key::char(letter));
    match taken {
        Some(position) if palette.filter.is_none() => {
            Message::Builder(BuilderMessage::Take(position))
        }
        _ => Message::Explain(format!("{key} is no layer's letter; / searches by name.")),
    }
}

/// A letter for each layer: the first of its name that no layer above it has.
fn letters() -> Vec<char> {
    let mut letters: Vec<char> = Vec::with_capacity(LAYERS.len());
    for kind in LAYERS {
        let mut own = kind.name.chars().chain('a'..='z');
        let free = own.find(|letter| letter.is_ascii_lowercase() && !letters.contains(letter));
        letters.push(free.unwrap_or(' '));
    }
    letters
}

pub fn draw(palette: &LayerPalette, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
    let layer = lab.summary.layers.get(lab.cursors.layer);
    let title = match (layer, palette.side) {
        (None, _) => "Add a layer".to_owned(),
        (Some(layer), Side::Before) => format!("Insert before {}", layer.name),
        (Some(layer), Side::After) => format!("Add after {}", layer.name),
    };
    let rows = LAYERS.len() as u16 + 6;
    let inner = dialog(&title, (area.width.min(100), rows), area, buffer, theme);
    let [input, list, _, help] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(2),
    ])
    .areas(inner);
    match &palette.filter {
        Some(filter) => draw_input(filter, "type to search", input, buffer, theme),
        None => {
            let text = "A letter takes the layer at once; / searches.";
            paragraph(text, theme.dim, input, buffer);
        }
    }
    let found = palette.matching();
    if found.is_empty() {
        let advice = "Take back some letters with Backspace.";
        return empty("No such layer", advice, list, buffer, theme);
    }
    let letters = letters();
    let shown = window(palette.cursor, found.len(), usize::from(list.height));
    for (place, y) in shown.zip(list.y..) {
        let kind = LAYERS[found[place]];
        let letter = match palette.filter {
            Some(_) => String::new(),
            None => letters[found[place]].to_string(),
        };
        let fields = kind.fields.iter().map(|field| field.name);
        let fields = fields.collect::<Vec<_>>().join(", ");
        let room = usize::from(list.width).saturating_sub(NAMES + 4);
        let line = Line::from(vec![
            Span::styled(format!("{letter:<3}"), theme.key),
            Span::styled(format!("{:<NAMES$}", kind.name), theme.text),
            Span::styled(fit(&fields, room), theme.dim),
        ]);
        buffer.set_line(list.x, y, &line, list.width);
        if place == palette.cursor {
            let row = Rect::new(list.x, y, list.width, 1);
            highlight(row, buffer, theme.selected);
        }
    }
    if let Some(position) = found.get(palette.cursor) {
        paragraph(LAYERS[*position].help, theme.text, help, buffer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layer_has_a_letter_of_its_own() {
        let letters = letters();
        assert_eq!(letters.len(), LAYERS.len());
        for (position, letter) in letters.iter().enumerate() {
            assert!(letter.is_ascii_lowercase());
            assert!(!letters[..position].contains(letter), "{letter}");
        }
    }
}
