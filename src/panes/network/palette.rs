//! The palette of layers: a letter adds its layer immediately, / filters the list by typing.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::text::{Line, Span};

use super::layer_form;
use crate::lab::{Action, Edit, HasActions, Lab, LineInput, Overlay};
use crate::layers::LAYERS;
use crate::network::LayerSpec;
use crate::ui::Key;
use crate::ui::format::fit;
use crate::ui::keys::{FIELD_KEYS, LIST_KEYS, PAGE};
use crate::ui::panel::{dialog, draw_input, empty, list, paragraph};
use crate::ui::search::best_match;
use crate::ui::theme::Theme;

/// Columns of the names.
const NAMES: usize = 20;
/// Where a new layer goes, relative to the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Before,
    After,
}

#[derive(Clone, Debug, PartialEq)]
pub struct LayerPalette {
    side: Side,
    /// `None` while a letter adds a layer.
    filter: Option<LineInput>,
    /// Among the layers that match.
    cursor: usize,
}

impl LayerPalette {
    pub(super) fn new(side: Side) -> Self {
        Self {
            side,
            filter: None,
            cursor: 0,
        }
    }

    fn sought(&self) -> &str {
        self.filter.as_ref().map_or("", LineInput::text).trim()
    }

    /// The positions of the layers that match the filter, those whose name matches first.
    fn matching(&self) -> Vec<usize> {
        let typed = self.sought().to_lowercase();
        let is_named = |position: &usize| LAYERS[*position].name.contains(&typed);
        let is_told = |position: &usize| LAYERS[*position].help.to_lowercase().contains(&typed);
        let (mut found, others): (Vec<_>, Vec<_>) = (0..LAYERS.len()).partition(is_named);
        found.extend(others.into_iter().filter(is_told));
        found
    }

    /// Adds the layer at this position of the list of layers; one with settings opens its form first.
    fn take(&mut self, position: usize, lab: &mut Lab) {
        lab.close();
        let kind = LAYERS[position];
        let at = match self.side {
            Side::Before => lab.cursors.layer,
            Side::After => lab.cursors.layer + 1,
        };
        let index = at.min(lab.preset.layers.len());
        let layer = LayerSpec::proposed(kind);
        // A form of nothing but what hardly anyone changes would only be one more key.
        if kind.fields.iter().all(|field| field.is_addition) {
            lab.insert_layer(index, layer);
        } else {
            layer_form::open(index, layer, true, lab);
        }
    }
}

impl HasActions for LayerPalette {
    fn actions(&self, _lab: &Lab) -> Vec<Action<Self>> {
        let mut actions = vec![
            Action::along(
                "palette.move",
                ("↑↓", LIST_KEYS.into_iter().chain(FIELD_KEYS)),
                "select",
                |palette: &mut Self, _, motion| {
                    let found = palette.matching().len();
                    palette.cursor = motion.along(palette.cursor, found, PAGE);
                },
            )
            .help("select a layer"),
            Action::of("palette.take", KeyCode::Enter, "add")
                .help("add the selected layer")
                .does(
                    |palette: &mut Self, lab| match palette.matching().get(palette.cursor) {
                        Some(position) => palette.take(*position, lab),
                        None => lab.refuse("no layer matches"),
                    },
                ),
            Action::of("palette.close", KeyCode::Esc, "close")
                .help("close without adding a layer")
                .does(|_, lab| lab.close()),
        ];
        if self.filter.is_none() {
            actions.push(
                Action::of("palette.search", '/', "search")
                    .help("filter the list by typing")
                    .does(|palette: &mut Self, _| {
                        palette.filter = Some(LineInput::default());
                        palette.cursor = 0;
                    }),
            );
        }
        actions
    }
}

impl Overlay for LayerPalette {
    fn edit(&mut self, edit: &Edit, _lab: &mut Lab) -> bool {
        let Some(filter) = &mut self.filter else {
            return false;
        };
        filter.apply(edit);
        let found = self.matching().into_iter();
        let names = found.map(|position| LAYERS[position].name);
        self.cursor = best_match(names, self.sought());
        true
    }

    fn is_typing(&self) -> bool {
        let filter = self.filter.as_ref();
        filter.is_some_and(|filter| !filter.text().is_empty())
    }

    fn typed(&mut self, key: Key, lab: &mut Lab) {
        let mut letters = letters().into_iter();
        let taken = letters.position(|letter| key == Key::char(letter));
        match taken.filter(|_| self.filter.is_none()) {
            Some(position) => self.take(position, lab),
            None => lab.refuse(format!(
                "No layer has the letter {key}; / searches by name."
            )),
        }
    }

    fn draw(&self, lab: &Lab, area: Rect, buffer: &mut Buffer, theme: &Theme) {
        let layer = lab.summary.row_of(lab.cursors.layer);
        let title = match (layer, self.side) {
            (None, _) => "Add a layer".to_owned(),
            (Some(layer), Side::Before) => format!("Insert before {}", layer.name),
            (Some(layer), Side::After) => format!("Add after {}", layer.name),
        };
        let size = (area.width.min(100), LAYERS.len() as u16 + 6);
        let inner = dialog(&title, size, area, buffer, theme);
        let [input, rows, _, help] =
            Layout::vertical([Length(1), Fill(1), Length(1), Length(2)]).areas(inner);
        match &self.filter {
            Some(filter) => draw_input(filter, "type to search", input, buffer, theme),
            None => {
                let text = "Press a letter to add its layer, / to search.";
                paragraph(text, theme.dim, input, buffer);
            }
        }
        let found = self.matching();
        if found.is_empty() {
            let advice = "Delete some letters with Backspace.";
            return empty("No layer matches", advice, rows, buffer, theme);
        }
        let letters = letters();
        let room = usize::from(rows.width).saturating_sub(NAMES + 4);
        let row = |place: usize| {
            let kind = LAYERS[found[place]];
            let letter = match self.filter {
                Some(_) => ' ',
                None => letters[found[place]],
            };
            let fields = kind.fields.iter().map(|field| field.name);
            let fields = fields.collect::<Vec<_>>().join(", ");
            Line::from(vec![
                Span::styled(format!("{letter:<3}"), theme.key),
                Span::styled(format!("{:<NAMES$}", kind.name), theme.text),
                Span::styled(fit(&fields, room), theme.dim),
            ])
        };
        let shown = list(found.len(), (self.cursor, true), row, rows, buffer, theme);
        let places = shown.zip(rows.rows());
        lab.spots.cursor(places, |palette: &mut Self, _, layer| {
            palette.cursor = layer
        });
        if let Some(position) = found.get(self.cursor) {
            paragraph(LAYERS[*position].help, theme.text, help, buffer);
        }
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
